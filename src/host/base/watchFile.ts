import * as vscode from 'vscode';
import { nameOf } from './imageFile.ts';

/** Calls when a file is changed, made or deleted, until disposed of. */
export function onDidChangeFile(uri: vscode.Uri, changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), escapeGlob(nameOf(uri))),
  );
  return vscode.Disposable.from(watcher, watcher.onDidChange(changed), watcher.onDidCreate(changed), watcher.onDidDelete(changed));
}

/** A file name as a glob that means just this name. */
function escapeGlob(name: string): string {
  return name.replace(/[[\]{}*?]/g, (character) => `[${character}]`);
}
