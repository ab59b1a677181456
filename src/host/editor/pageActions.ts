import * as vscode from 'vscode';
import type { FromWebviewMessage } from '../../protocol.ts';
import { confirmCopiedText } from '../base/copied.ts';
import type { Session } from '../session/session.ts';
import { actOn } from '../session/sessionActions.ts';
import { openText } from './openText.ts';

/** Google's terms for the API. */
const TERMS = 'https://ai.google.dev/gemini-api/terms';

/** Does what a button of a page stands for. */
export async function actForPage(session: Session, { action, text = '' }: Extract<FromWebviewMessage, { type: 'act' }>): Promise<void> {
  if (action === 'copyText') {
    await vscode.env.clipboard.writeText(text);
    confirmCopiedText(text);
  } else if (action === 'textCopied') confirmCopiedText(text);
  else if (action === 'openText') await openText(text);
  else if (action === 'openTerms') await vscode.env.openExternal(vscode.Uri.parse(TERMS));
  else if (action === 'openSample') await vscode.commands.executeCommand('imageInspector.openSample');
  else if (action === 'changeKeys')
    await vscode.commands.executeCommand('workbench.action.openGlobalKeybindings', '@ext:image-inspector.gemini-image-inspector');
  else await actOn(session, action);
}
