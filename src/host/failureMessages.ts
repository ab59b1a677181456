import * as vscode from 'vscode';
import { actionTitle, type FailureAction, type FailureView, failureView, isSilent } from '../core/failure.ts';
import { plain } from '../core/plain.ts';

/** Shows a failure as a notification with its buttons; resolves to the button chosen. Silent failures are not shown. */
export async function showFailure(error: unknown, possible: readonly FailureAction[]): Promise<FailureAction | undefined> {
  const failure = failureView(error);
  if (isSilent(failure.reason)) return undefined;
  const items = failure.actions.filter((action) => possible.includes(action)).map((action) => ({ title: actionTitle(action), action }));
  const chosen = await vscode.window.showErrorMessage(sentence(failure), ...items);
  return chosen?.action;
}

function sentence({ message, detail }: FailureView): string {
  return plain(detail === '' ? message : `${message} ${detail}`, 400);
}
