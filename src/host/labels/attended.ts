import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import type { Reading } from '../../engine/files/readLabels.ts';
import { onCancelled } from '../base/onCancelled.ts';

/** Does what may take a while: from the interface with its progress, to be cancelled there. */
export async function attended<Result>(
  { fromCode, options }: Pick<CommandCall, 'fromCode' | 'options'>,
  work: (reading: Reading) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const cancel = () => controller.abort(new InspectorError('cancelled', t('Cancelled.')));
  if (fromCode) {
    const subscription = onCancelled(options.token, cancel);
    return work({ signal: controller.signal }).finally(() => subscription?.dispose());
  }
  const shown = { location: vscode.ProgressLocation.Notification, cancellable: true, title: t('Reading labels') };
  return vscode.window.withProgress(shown, async (progress, token) => {
    token.onCancellationRequested(cancel);
    let told = 0;
    return work({
      signal: controller.signal,
      progress: (share) => {
        const increment = Math.floor(share * 100) - told;
        if (increment <= 0) return;
        told += increment;
        progress.report({ increment });
      },
    });
  });
}
