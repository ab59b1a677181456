import * as vscode from 'vscode';
import { titleOfAddress } from '../../core/base/addresses.ts';
import { failureView, InspectorError, isSilent } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { Inspection, Task } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import type { Job } from '../../engine/sending/job.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import { readSettings } from '../base/settings.ts';
import { taskTitle } from '../base/taskTitles.ts';

/** An image of which a task brought nothing. */
interface Failed {
  call: TaskCall;
  error: unknown;
}

/** What became of a task on many images: the results in the order of the images, and what failed. */
export interface ManyResults {
  inspections: Inspection[];
  failed: Failed[];
}

type Run = (call: TaskCall, job: Job, onProgress: (running: RunningTask) => void) => Promise<Inspection>;

/**
 * Runs a task on each of several images, some at a time, asked about once; all are tried even when one fails. For someone at the screen with progress and
 * Cancel. `sum`: what all of it is expected to cost, said before the first goes, also where nothing is asked.
 */
export async function runOnMany(calls: readonly TaskCall[], job: Job, { run, sum }: { run: Run; sum: string }): Promise<ManyResults> {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency: readSettings().maxConcurrency });
  let done = 0;
  const failed: Failed[] = [];
  const runAll = (progress?: vscode.Progress<{ message: string; increment?: number }>) =>
    Promise.all(
      calls.map((call) =>
        queue.add(async () => {
          try {
            job.throwIfCancelled();
            return await run(call, job, ({ phase, retry }) => {
              if (phase === 'retrying' && retry !== undefined) progress?.report({ message: describeWait(retry) });
            });
          } catch (error) {
            failed.push({ call, error });
            return undefined;
          } finally {
            done += 1;
            progress?.report({ message: t('{0} of {1} images', done, calls.length), increment: 100 / calls.length });
          }
        }),
      ),
    );
  const results = job.fromCode ? await runAll() : await withProgress(`${titleOf(calls)} · ${sum}`, job, runAll);
  const order = new Map(calls.map((call, index) => [call, index]));
  failed.sort((a, b) => (order.get(a.call) ?? 0) - (order.get(b.call) ?? 0));
  return { inspections: results.filter((result) => result !== undefined), failed };
}

function withProgress<Result>(
  title: string,
  job: Job,
  run: (progress: vscode.Progress<{ message: string; increment?: number }>) => Promise<Result>,
): Thenable<Result> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
    token.onCancellationRequested(() => job.cancel());
    return run(progress);
  });
}

function titleOf([first]: readonly TaskCall[]): string {
  return taskTitle(first?.task ?? 'caption');
}

/** What can be done once a task on many images has ended. */
export interface ManyActions {
  open: (addresses: readonly string[]) => Promise<void>;
  retry: (calls: readonly TaskCall[]) => Promise<unknown>;
}

/** Tells the user how a task on many images ended. The first result is open by now; the others open when asked for. Every failure can be seen, and tried again. */
export async function reportMany(task: Task, { inspections, failed }: ManyResults, actions: ManyActions): Promise<void> {
  const title = taskTitle(task);
  const addresses = inspections.flatMap(({ images: [image] }) => (image === undefined ? [] : [image.uri]));
  // What the user has cancelled or not permitted is no news.
  const known = failed.filter(({ error }) => !(error instanceof InspectorError && isSilent(error.reason)));
  const openAll = { title: t('Open All') };
  if (known.length === 0) {
    if (inspections.length < 2) return;
    const message = t('{0}: {1} images done.', title, inspections.length);
    if ((await vscode.window.showInformationMessage(message, openAll)) === openAll) await actions.open(addresses);
    return;
  }
  const [retry, show] = [{ title: t('Retry Failed') }, { title: t('Show Failures…') }];
  const heading = t('{0}: {1} of {2} images failed.', title, known.length, inspections.length + failed.length);
  const message = `${heading} ${known.slice(0, 1).map(describeFailure).join('')}`;
  const buttons = inspections.length > 1 ? [retry, show, openAll] : [retry, show];
  const answer = await vscode.window.showWarningMessage(message, ...buttons);
  if (answer === openAll) await actions.open(addresses);
  else if (answer === retry) await actions.retry(known.map(({ call }) => call));
  else if (answer === show) await showFailures(heading, known, actions);
}

/** Such as "cat.png: The request took too long." */
function describeFailure({ call, error }: Failed): string {
  return sanitizeForUi(`${titleOfAddress(call.images[0])}: ${failureView(error).message}`, 300);
}

/** An image in the list of failures; without an address: all of them, to be tried again. */
interface FailureItem extends vscode.QuickPickItem {
  address?: string;
}

/** Every failure with its reason; one that is chosen opens its image. */
async function showFailures(title: string, failed: readonly Failed[], { open, retry }: ManyActions): Promise<void> {
  const again: FailureItem = { label: `$(refresh) ${t('Retry Failed')}`, alwaysShow: true };
  const items = failed.map(({ call, error }): FailureItem => {
    const { message, detail } = failureView(error);
    const [address] = call.images;
    return { label: sanitizeForUi(titleOfAddress(address)), detail: sanitizeForUi(`${message} ${detail}`.trim(), 300), address };
  });
  const chosen = await vscode.window.showQuickPick([again, ...items], { title, matchOnDetail: true });
  if (chosen === undefined) return;
  if (chosen.address === undefined) await retry(failed.map(({ call }) => call));
  else await open([chosen.address]);
}

function describeWait({ from, until, attempt, attempts }: NonNullable<RunningTask['retry']>): string {
  return t('Waiting {0} s · attempt {1} of {2}', Math.ceil((until - from) / 1000), attempt, attempts);
}

/** For a program: the first failure, with its image and the count of all. */
export function manyFailed({ call, error }: Failed, failed: number, of: number): unknown {
  if (!(error instanceof InspectorError) || error.reason === 'cancelled' || error.reason === 'notConfirmed') return error;
  const { reason, message, detail, actions, cause } = error;
  const name = titleOfAddress(call.images[0]);
  return new InspectorError(reason, t('{0} of {1} images failed. The first is {2}: {3}', failed, of, name, message), {
    detail,
    actions,
    cause,
  });
}
