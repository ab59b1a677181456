import { setImmediate as others } from 'node:timers/promises';

/** Milliseconds after which the thread goes on with other work. */
const TURN = 10;

/** Takes the steps of a work, and lets others have their turn between them. Rejects with the signal's reason. */
export async function inTurns<T>(steps: Generator<undefined, T>, signal?: AbortSignal): Promise<T> {
  await others();
  let end = performance.now() + TURN;
  let step = steps.next();
  while (!step.done) {
    if (performance.now() > end) {
      await others();
      signal?.throwIfAborted();
      end = performance.now() + TURN;
    }
    step = steps.next();
  }
  return step.value;
}
