import * as vscode from 'vscode';

/** Opens a text beside the active editor, in a new file that is not saved. */
export async function openText(content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: isJson(content) ? 'json' : 'plaintext', content });
  await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
