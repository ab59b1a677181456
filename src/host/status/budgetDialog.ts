import * as vscode from 'vscode';
import { formatUsd } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';

/** Asks whether to go on past the user's own limit. Resolves to true only when the user chose to. */
export async function askPastLimit(spent: number, next: number, limit: number): Promise<boolean> {
  const send = { title: t('Send Anyway') };
  const detail = [
    t('Spent today: {0} of {1}', formatUsd(spent), formatUsd(limit)),
    t('This would cost about {0}', formatUsd(next)),
    '',
    t("You won't be asked again today."),
  ].join('\n');
  const message = t('This exceeds your daily limit.');
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, send)) === send;
}
