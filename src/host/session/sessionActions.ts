import * as vscode from 'vscode';
import type { FailureAction } from '../../core/base/failure.ts';
import { SMALLER_SIDE } from '../../core/request/largeImage.ts';
import { act } from '../base/actions.ts';
import type { Session } from './session.ts';

/** Does what the button of a message says, for the session it stands in. The session shows a failure of the task itself. */
export async function actOn(session: Session, action: FailureAction): Promise<void> {
  switch (action) {
    case 'setApiKey':
      // Once there is a key, what failed for want of it is done.
      if (await act(action)) await session.calls.again()?.catch(() => undefined);
      return;
    case 'openAsText':
      await vscode.commands.executeCommand('vscode.openWith', session.uri, 'default');
      return;
    case 'tryAgain':
      await session.calls.again()?.catch(() => undefined);
      return;
    case 'sendSmaller':
      await session.calls.again({ maxDimension: SMALLER_SIDE })?.catch(() => undefined);
      return;
    case 'sendFullSize':
      await session.calls.again({ maxDimension: 0 })?.catch(() => undefined);
      return;
    case 'editPrompt':
      // The page gives the focus to the prompt by itself.
      return;
    default:
      await act(action, session.state.failure?.enableUrl);
  }
}
