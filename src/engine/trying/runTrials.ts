import PQueue from 'p-queue';
import { type FailureReason, failureView, InspectorError } from '../../core/base/failure.ts';
import type { Inspection, Task } from '../../core/inspection/inspection.ts';
import type { Trial, TrialOutcome } from '../../core/scoring/trials.ts';
import type { Job } from '../sending/job.ts';
import type { TaskCall } from '../task/taskCall.ts';

/** Failures that every further request would end by as well. */
const ENDS_ALL: readonly FailureReason[] = ['cancelled', 'notConfirmed', 'noApiKey', 'invalidApiKey', 'overBudget'];

export interface TrialRunParts {
  run(call: TaskCall, job: Job): Promise<Inspection>;
  job: Job;
  /** Requests at a time. */
  concurrency: number;
  /** Called with what a trial has brought for an image, by their places. */
  onOutcome(trial: number, image: number, outcome: NonNullable<TrialOutcome>): void;
}

/**
 * Asks each way about each image, image by image, so that trials can be compared from the first on. What fails is an outcome of its own; rejects where nothing more can
 * be asked: when it is cancelled, not agreed to, without a key, or over the budget.
 */
export async function runTrials(
  task: Task,
  trials: readonly Trial[],
  addresses: readonly string[],
  { run, job, concurrency, onOutcome }: TrialRunParts,
): Promise<void> {
  const queue = new PQueue({ concurrency });
  let end: { error: unknown } | undefined;
  const ask = async (trial: number, image: number) => {
    if (end !== undefined) return;
    const { model, mediaResolution, query } = trials[trial] as Trial;
    try {
      job.throwIfCancelled();
      const call: TaskCall = { task, images: [addresses[image] as string], query, options: { model, mediaResolution } };
      onOutcome(trial, image, { inspection: await run(call, job) });
    } catch (error) {
      if (error instanceof InspectorError && !ENDS_ALL.includes(error.reason)) {
        const { reason, message } = failureView(error);
        onOutcome(trial, image, { reason, message });
      } else end ??= { error };
    }
  };
  await queue.addAll(addresses.flatMap((_, image) => trials.map((__, trial) => () => ask(trial, image))));
  if (end !== undefined) throw end.error;
}
