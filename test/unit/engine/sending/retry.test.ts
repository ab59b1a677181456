import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FailureReason, InspectorError } from '../../../../src/core/base/failure.ts';
import { ATTEMPTS, Retries, type RetryWait } from '../../../../src/engine/sending/retry.ts';

/** Fails with the given failures in turn, then answers. Waits take no time, but the clock goes on. */
function attempts(failures: readonly Error[]) {
  const left = [...failures];
  const waits: RetryWait[] = [];
  let now = 0;
  const retries = new Retries({ now: () => now, random: () => 0 });
  const run = (lane = 'a') =>
    retries.run(
      lane,
      async () => {
        const failure = left.shift();
        if (failure !== undefined) throw failure;
        return 'answer';
      },
      async (wait) => {
        waits.push(wait);
        now += wait.seconds * 1000;
      },
    );
  return { run, waits };
}
const failure = (reason: FailureReason, options: { retryAfterSeconds?: number; isTransient?: boolean } = {}) =>
  new InspectorError(reason, reason, options);

test('a busy API is asked again, with waits that double', async () => {
  const { run, waits } = attempts([failure('overloaded'), failure('server', { isTransient: true }), failure('rateLimited')]);
  assert.equal(await run(), 'answer');
  assert.deepEqual(
    waits.map(({ attempt, attempts: of, seconds }) => [attempt, of, seconds]),
    [
      [2, 5, 1],
      [3, 5, 2],
      [4, 5, 4],
    ],
  );
});

test('the wait is as long as the API asks, and jitter makes others longer only', async () => {
  const { run, waits } = attempts([failure('rateLimited', { retryAfterSeconds: 47 })]);
  await run();
  assert.deepEqual(
    waits.map(({ seconds }) => seconds),
    [47],
  );
  const seconds: number[] = [];
  const failed = [failure('overloaded'), failure('overloaded')];
  await new Retries({ now: () => 0, random: () => 1 }).run(
    'a',
    async () => {
      const error = failed.shift();
      if (error !== undefined) throw error;
    },
    async (wait) => void seconds.push(wait.seconds),
  );
  assert.deepEqual(seconds, [1.5, 3]);
});

test('where the API asks for no wait, it is told all the same that the attempt was refused', async () => {
  const { run, waits } = attempts([failure('rateLimited', { retryAfterSeconds: 0 }), failure('rateLimited', { retryAfterSeconds: 0 })]);
  assert.equal(await run(), 'answer');
  assert.deepEqual(
    waits.map(({ attempt, seconds }) => [attempt, seconds]),
    [
      [2, 0],
      [3, 0],
    ],
  );
});

test('after the last attempt its failure is thrown, and says that there were others', async () => {
  const { run, waits } = attempts(Array.from({ length: 9 }, () => failure('overloaded')));
  await assert.rejects(run(), { reason: 'overloaded', message: 'Gemini is still busy after 5 attempts.' });
  assert.equal(waits.length, ATTEMPTS - 1);
});

test('what waiting does not help is thrown at once, and so is a wait that nobody would sit out', async () => {
  for (const hopeless of [
    failure('quotaExhausted', { retryAfterSeconds: 1 }),
    failure('invalidApiKey'),
    failure('blocked'),
    failure('cancelled'),
    failure('timeout'),
    failure('network'),
    failure('server'),
    failure('rateLimited', { retryAfterSeconds: 3600 }),
    new Error('bug'),
  ]) {
    const { run, waits } = attempts([hopeless]);
    await assert.rejects(run(), hopeless);
    assert.deepEqual(waits, []);
  }
});

test('one wait counts for all on its lane, and for no other lane', async () => {
  let now = 0;
  const waited: [string, number][] = [];
  const retries = new Retries({ now: () => now, random: () => 0 });
  let refused = false;
  const once = async () => {
    if (refused) return;
    refused = true;
    throw failure('rateLimited', { retryAfterSeconds: 30 });
  };
  const { promise: waiting, resolve: release } = Promise.withResolvers<void>();
  const first = retries.run('model', once, async ({ seconds }) => {
    waited.push(['first', seconds]);
    await waiting;
  });
  await new Promise(setImmediate);
  now = 10_000;
  const second = retries.run('model', once, async ({ seconds }) => {
    waited.push(['second', seconds]);
    await waiting;
  });
  await retries.run('other', once, async ({ seconds }) => void waited.push(['other', seconds]));
  release();
  await Promise.all([first, second]);
  assert.deepEqual(waited, [
    ['first', 30],
    ['second', 20],
  ]);
});
