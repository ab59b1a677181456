import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** A page of ours: our own HTML, our script and our styles, and nothing else may load or run. `script` and `sheet`: files of `dist`. */
export function ownPage(webview: vscode.Webview, extensionUri: vscode.Uri, script: string, body: string, sheet = 'inspector.css'): string {
  const nonce = randomBytes(16).toString('base64url');
  const address = (...path: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
  const { cspSource } = webview;
  const policy = `default-src 'none'; img-src ${cspSource} blob: data:; style-src ${cspSource}; font-src ${cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link id="vscode-codicon-stylesheet" rel="stylesheet" href="${address('dist', 'codicon.css')}">
<link rel="stylesheet" href="${address('dist', sheet)}">
<title>Image Inspector</title>
</head>
<body>
${body}
<script nonce="${nonce}" type="module" src="${address('dist', script)}"></script>
</body>
</html>`;
}
