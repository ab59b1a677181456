import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import type { Reading } from '../../engine/files/readLabels.ts';
import { onCancelled } from '../base/onCancelled.ts';

/** Milliseconds that need no notification: one that comes and goes at once only draws the eye. */
const QUICK = 500;

/** Does what may take a while: from the interface with its progress where it takes that, to be cancelled there. */
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
  let share = 0;
  let tell: (() => void) | undefined;
  const done = work({
    signal: controller.signal,
    progress: (next) => {
      share = next;
      tell?.();
    },
  });
  const isQuick = await Promise.race([done.then(isTrue, isTrue), setTimeout(QUICK, false)]);
  if (isQuick) return done;
  const shown = { location: vscode.ProgressLocation.Notification, cancellable: true, title: t('Reading labels') };
  return vscode.window.withProgress(shown, async (progress, token) => {
    token.onCancellationRequested(cancel);
    let told = 0;
    tell = () => {
      const increment = Math.floor(share * 100) - told;
      if (increment <= 0) return;
      told += increment;
      progress.report({ increment });
    };
    tell();
    return done;
  });
}

const isTrue = () => true;
