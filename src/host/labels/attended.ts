import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import type { Reading } from '../../engine/labels/readLabels.ts';
import { onCancelled } from '../base/onCancelled.ts';

/** Milliseconds that need no notification: one that comes and goes at once only draws the eye. */
const QUICK = 500;

/** Does what may take a while: from the interface with its progress where it takes that, to be cancelled there. `extension`: where it is installed. */
export async function attended<Result>(
  { fromCode, options }: Pick<CommandCall, 'fromCode' | 'options'>,
  extension: vscode.Uri,
  work: (reading: Reading) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const entry = pathToFileURL(vscode.Uri.joinPath(extension, 'dist/labelThread.js').fsPath);
  const thread = { entry, translations: vscode.l10n.bundle };
  const cancel = () => controller.abort(new InspectorError('cancelled', t('Cancelled.')));
  if (fromCode) {
    const subscription = onCancelled(options.token, cancel);
    return work({ thread, signal: controller.signal }).finally(() => subscription?.dispose());
  }
  let share = 0;
  let tell: (() => void) | undefined;
  const done = work({
    thread,
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
