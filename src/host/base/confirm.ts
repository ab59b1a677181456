import * as vscode from 'vscode';

/** How long a success is confirmed, in milliseconds. */
const SHOWN_FOR = 3000;

/** Says in the status bar for a moment, behind a check mark, that something was done. `text`: fit to be shown. */
export function confirm(text: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${text}`, SHOWN_FOR);
}
