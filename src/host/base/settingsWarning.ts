import * as vscode from 'vscode';
import { actionTitle } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { act } from './actions.ts';

/** Tells that there are settings that cannot be used as they are written. */
export async function warnOfSettings(): Promise<void> {
  const items = (['openSettings', 'openLog'] as const).map((action) => ({ title: actionTitle(action), action }));
  const message = t(
    'Some settings of Image Inspector cannot be used as they are. The log says which; their defaults or limits hold instead.',
  );
  const chosen = await vscode.window.showWarningMessage(message, ...items);
  if (chosen !== undefined) await act(chosen.action);
}
