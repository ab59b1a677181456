import * as vscode from 'vscode';
import { type FailureAction, type FailureView, failureView, isSilent } from '../core/failure.ts';
import { t } from '../core/l10n.ts';
import { plain } from '../core/plain.ts';

/** The words on the button of an action. */
export function actionTitle(action: FailureAction): string {
  const titles: Readonly<Record<FailureAction, string>> = {
    setApiKey: t('Set API Key…'),
    getApiKey: t('Get a Key'),
    selectModel: t('Choose Model…'),
    openLog: t('Open Log'),
    openSettings: t('Open Settings'),
    openAsText: t('Open as Text'),
    tryAgain: t('Try Again'),
    editPrompt: t('Edit Prompt'),
  };
  return titles[action];
}

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
