import * as vscode from 'vscode';
import { formatNumber, formatUsd } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import { Job } from '../../engine/sending/job.ts';
import { repeat } from '../../engine/task/repeat.ts';
import type { Session } from './session.ts';

const LEAST = 2;
const MOST = 10;

/** Asks how often the request of a run is to be made again, telling what that would cost, and makes it: some at a time, asked about once. Failures are shown in the session. */
export async function repeatForUser(session: Session, id: string, concurrency: number): Promise<void> {
  const run = session.state.runs.find((candidate) => candidate.id === id);
  const times = run && (await askHowOften(run));
  if (times === undefined) return;
  const job = new Job(1, times);
  await session.calls
    .repeat(run as Inspection, job, (once, follow) => repeat(once, follow, { job, times, concurrency }))
    .catch(() => undefined);
}

/** @returns undefined when the user gave up */
async function askHowOften(run: Inspection): Promise<number | undefined> {
  const items = Array.from({ length: MOST - LEAST + 1 }, (_, index) => {
    const times = LEAST + index;
    return { label: t('{0} more times', times), description: costOf(run, times), times };
  });
  const chosen = await vscode.window.showQuickPick(items, { title: t('Repeat the Run'), placeHolder: t('Each result is kept') });
  return chosen?.times;
}

/** What so many runs like this one would cost, by what it did. */
function costOf({ tokens: { total, prompt, estimated, costUsd } }: Inspection, times: number): string {
  const tokens = t('about {0} tokens', formatNumber((total ?? prompt ?? estimated) * times));
  return costUsd === undefined ? tokens : `${tokens}, ${formatUsd(costUsd * times)}`;
}
