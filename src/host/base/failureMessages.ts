import * as vscode from 'vscode';
import { actionTitle, type FailureAction, type FailureView, failureView, InspectorError, isSilent } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';

/** Shows a failure as a notification with its buttons; resolves to the button chosen. Silent failures are not shown. */
export async function showFailure(error: unknown, possible: readonly FailureAction[]): Promise<FailureAction | undefined> {
  const failure = failureView(error);
  if (isSilent(failure.reason)) return undefined;
  const items = failure.actions.filter((action) => possible.includes(action)).map((action) => ({ title: actionTitle(action), action }));
  const chosen = await vscode.window.showErrorMessage(sentence(failure), ...items);
  return chosen?.action;
}

/** A failure for whoever called from code: VS Code shows its message as it is where the call came from a key, so it is made fit for that. */
export function forCallers(error: unknown): InspectorError {
  const failure = failureView(error);
  const { reason, detail, actions } = failure;
  const cause = error instanceof InspectorError ? error.cause : error;
  // What a button would do, code does by an option.
  const said = actions.includes('sendFullSize')
    ? { ...failure, detail: `${detail} ${t('From code: the option maxDimension, 0 for full size.')}` }
    : failure;
  return new InspectorError(reason, sentence(said), { detail, actions, cause });
}

function sentence({ message, detail }: FailureView): string {
  return sanitizeForUi(detail === '' ? message : `${message} ${detail}`, 400);
}
