import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FailureReason, InspectorError } from '../../src/core/failure.ts';
import { ATTEMPTS, type Wait, withRetries } from '../../src/host/retry.ts';

/** Fails with the given failures in turn, then answers. */
function attempts(failures: readonly Error[]) {
  const left = [...failures];
  const waits: Wait[] = [];
  const run = () =>
    withRetries(
      async () => {
        const failure = left.shift();
        if (failure !== undefined) throw failure;
        return 'answer';
      },
      async (wait) => void waits.push(wait),
      () => 0,
    );
  return { run, waits };
}
const failure = (reason: FailureReason, retryAfterSeconds?: number) => new InspectorError(reason, reason, { retryAfterSeconds });

test('a busy API is asked again, with waits that double', async () => {
  const { run, waits } = attempts([failure('overloaded'), failure('overloaded'), failure('rateLimited')]);
  assert.equal(await run(), 'answer');
  assert.deepEqual(
    waits.map(({ attempt, seconds }) => [attempt, seconds]),
    [
      [2, 2],
      [3, 4],
      [4, 8],
    ],
  );
});

test('the wait is as long as the API asks', async () => {
  const { run, waits } = attempts([failure('rateLimited', 47)]);
  await run();
  assert.deepEqual(
    waits.map(({ seconds }) => seconds),
    [47],
  );
});

test('after the last attempt its failure is thrown', async () => {
  const { run, waits } = attempts(Array.from({ length: 9 }, () => failure('overloaded')));
  await assert.rejects(run(), { reason: 'overloaded' });
  assert.equal(waits.length, ATTEMPTS - 1);
});

test('what waiting does not help is thrown at once, and so is a wait that nobody would sit out', async () => {
  for (const hopeless of [
    failure('quotaExhausted'),
    failure('invalidApiKey'),
    failure('blocked'),
    failure('cancelled'),
    failure('rateLimited', 3600),
    new Error('bug'),
  ]) {
    const { run, waits } = attempts([hopeless]);
    await assert.rejects(run(), hopeless);
    assert.deepEqual(waits, []);
  }
});
