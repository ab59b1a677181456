import * as vscode from 'vscode';
import type { FailureAction } from '../../core/base/failure.ts';
import { SMALLER_SIDE } from '../../core/request/largeImage.ts';
import type { Session } from '../session/session.ts';

/** Does what the button of a message says, for the session it stands in, if any. */
export async function act(action: FailureAction, session?: Session): Promise<void> {
  switch (action) {
    case 'getApiKey':
      return (await import('../base/apiKey.ts')).openKeyPage();
    case 'setApiKey':
      // Once there is a key, what failed for want of it is done.
      if (await vscode.commands.executeCommand('imageInspector.setApiKey')) await session?.again()?.catch(() => undefined);
      return;
    case 'selectModel':
      return vscode.commands.executeCommand('imageInspector.selectModel');
    case 'openLog':
      return vscode.commands.executeCommand('imageInspector.showLog');
    case 'openSettings':
      return vscode.commands.executeCommand('workbench.action.openSettings', '@ext:image-inspector.gemini-image-inspector');
    case 'openBudget':
      return vscode.commands.executeCommand('imageInspector.showBudget');
    case 'openAsText':
      if (session !== undefined) await vscode.commands.executeCommand('vscode.openWith', session.uri, 'default');
      return;
    case 'tryAgain':
      // The session shows a failure of the task itself.
      await session?.again()?.catch(() => undefined);
      return;
    case 'sendSmaller':
      await session?.again({ maxDimension: SMALLER_SIDE })?.catch(() => undefined);
      return;
    case 'sendFullSize':
      await session?.again({ maxDimension: 0 })?.catch(() => undefined);
      return;
    case 'editPrompt':
      // The page gives the focus to the prompt by itself.
      return;
  }
}
