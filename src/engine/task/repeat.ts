import type { Inspection } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import type { Job } from '../sending/job.ts';

/** Makes one request and gives its result, which is stored by then; reports its progress. */
type Once = (follow: (running: RunningTask) => void) => Promise<Inspection>;

/**
 * Makes a request several times and gives what came of it. The progress of one of those at work is reported, with how many are done.
 * A failure keeps further ones from being made: each costs money. Rejects with the first failure; a cancel only if nothing has come.
 */
export async function repeat(
  once: Once,
  follow: (running: RunningTask) => void,
  { job, times, concurrency }: { job: Job; times: number; concurrency: number },
): Promise<Inspection[]> {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency });
  const results: Inspection[] = [];
  const failed: unknown[] = [];
  let told: number | undefined;
  const one = async (index: number) => {
    if (failed.length > 0 || job.signal.aborted) return;
    try {
      const result = await once((running) => {
        told ??= index;
        if (told === index) follow({ ...running, repeat: { done: results.length, of: times } });
      });
      results.push(result);
    } catch (error) {
      failed.push(error);
    } finally {
      if (told === index) told = undefined;
    }
  };
  await Promise.all(Array.from({ length: times }, (_, index) => queue.add(() => one(index))));
  if (results.length === 0) job.throwIfCancelled();
  if (failed.length > 0 && !job.signal.aborted) throw failed[0];
  return results;
}
