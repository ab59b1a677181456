import { titleOfAddress } from '../../core/base/addresses.ts';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { Job } from '../../engine/sending/job.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import { readSettings } from '../base/settings.ts';

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

type Run = (call: TaskCall, job: Job) => Promise<Inspection>;

/** Runs a task on each of several images, some at a time, asked about once; all are tried even when one fails. */
export async function runOnMany(calls: readonly TaskCall[], job: Job, run: Run): Promise<ManyResults> {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency: readSettings().maxConcurrency });
  const failed: Failed[] = [];
  const results = await Promise.all(
    calls.map((call) =>
      queue.add(async () => {
        try {
          job.throwIfCancelled();
          return await run(call, job);
        } catch (error) {
          failed.push({ call, error });
          return undefined;
        }
      }),
    ),
  );
  const order = new Map(calls.map((call, index) => [call, index]));
  failed.sort((a, b) => (order.get(a.call) ?? 0) - (order.get(b.call) ?? 0));
  return { inspections: results.filter((result) => result !== undefined), failed };
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
