import * as vscode from 'vscode';
import type { FailureAction } from '../../core/base/failure.ts';

/** Actions that can be done wherever their button stands. */
const COMMANDS: Partial<Record<FailureAction, readonly [command: string, ...args: string[]]>> = {
  setApiKey: ['imageInspector.setApiKey'],
  selectModel: ['imageInspector.selectModel'],
  openLog: ['imageInspector.showLog'],
  openSettings: ['workbench.action.openSettings', '@ext:image-inspector.gemini-image-inspector'],
  openBudget: ['imageInspector.showBudget'],
};

/** The actions that `act` does. */
export const ACTIONS_ANYWHERE: readonly FailureAction[] = ['getApiKey', 'enableApi', ...(Object.keys(COMMANDS) as FailureAction[])];

/** Does what the button of a message says, where that needs no image. `enableUrl`: of the failure. Resolves to what came of it. */
export async function act(action: FailureAction, enableUrl?: string): Promise<unknown> {
  if (action === 'getApiKey') return (await import('./apiKey.ts')).openKeyPage();
  if (action === 'enableApi') return enableUrl !== undefined && vscode.env.openExternal(vscode.Uri.parse(enableUrl, true));
  const command = COMMANDS[action];
  return command && vscode.commands.executeCommand(...command);
}
