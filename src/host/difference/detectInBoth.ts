import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { Job } from '../../engine/sending/job.ts';
import type { Session } from '../session/session.ts';
import type { Tasks } from '../session/tasks.ts';

/** Asks for the objects of the versions that lack them, in one go and with one question whether they may be sent; the comparison goes on being shown. */
export async function detectInBoth(tasks: Tasks, session: Session): Promise<void> {
  const missing = await session.versions.missing();
  if (missing === undefined || missing.images.length === 0) return;
  const { task, query, images } = missing;
  const job = new Job(images.length);
  const options = {
    location: vscode.ProgressLocation.Notification,
    cancellable: true,
    title: t('Detecting objects in both versions…'),
  };
  await session.versions.keepDuring(() =>
    vscode.window.withProgress(options, async (_progress, cancelled) => {
      cancelled.onCancellationRequested(() => job.cancel());
      for (const image of images) await tasks.run({ task, images: [image], query, options: {} }, job);
    }),
  );
}
