import * as vscode from 'vscode';
import { failureView } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { FromWebviewMessage } from '../../protocol.ts';
import { ownPage } from '../editor/ownPage.ts';
import { openPasted, type PastedImageServices } from './openPasted.ts';
import { pasteBody } from './pasteBody.ts';

let open: vscode.WebviewPanel | undefined;

/** Opens a page that takes the image in the clipboard: VS Code itself reads only text from there. */
export function openPastePage(extensionUri: vscode.Uri, services: PastedImageServices): void {
  open?.dispose();
  const panel = vscode.window.createWebviewPanel('imageInspector.paste', t('Paste Image'), vscode.ViewColumn.Active, {
    enableScripts: true,
    localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')],
  });
  open = panel;
  panel.onDidDispose(() => {
    if (open === panel) open = undefined;
  });
  panel.webview.onDidReceiveMessage(async (message: FromWebviewMessage) => {
    if (message.type !== 'pasteImage') return;
    try {
      await openPasted(services, message);
      panel.dispose();
    } catch (error) {
      const { message: text, detail } = failureView(error);
      void panel.webview.postMessage([text, detail].filter(Boolean).join(' '));
    }
  });
  panel.webview.html = ownPage(panel.webview, extensionUri, 'paste.js', pasteBody(process.platform === 'darwin' ? '⌘V' : 'Ctrl+V'));
}
