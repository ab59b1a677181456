import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import type { RunningTask } from '../../../../src/core/inspection/runningTask.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import { repeat } from '../../../../src/engine/task/repeat.ts';

/** Requests that are answered, or fail, when the test says so. */
class Requests {
  readonly open: PromiseWithResolvers<Inspection>[] = [];
  made = 0;

  readonly once = (follow: (running: RunningTask) => void): Promise<Inspection> => {
    this.made += 1;
    const request = Promise.withResolvers<Inspection>();
    this.open.push(request);
    follow({ task: 'detect', prompt: `request ${this.made}` } as RunningTask);
    return request.promise;
  };

  async answer(id: string): Promise<void> {
    this.open.shift()?.resolve({ id } as Inspection);
    await settled();
  }

  async fail(error: unknown): Promise<void> {
    this.open.shift()?.reject(error);
    await settled();
  }
}

/** Resolves when everything that follows without waiting has been done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function begin(times: number, concurrency: number) {
  const requests = new Requests();
  const told: string[] = [];
  const job = new Job(1, times);
  const follow = ({ prompt, repeat: course }: RunningTask) => told.push(`${prompt}: ${course?.done} of ${course?.of}`);
  const results = repeat(requests.once, follow, { job, times, concurrency });
  // p-queue is loaded on the first use.
  while (requests.made === 0) await settled();
  await settled();
  return { requests, told, job, results };
}

test('a request is made so many times, no more at a time than allowed, and its course is that of one of those at work', async () => {
  const { requests, told, results } = await begin(3, 2);
  assert.equal(requests.made, 2);
  await requests.answer('first');
  assert.equal(requests.made, 3);
  await requests.answer('second');
  await requests.answer('third');
  assert.deepEqual(
    (await results).map(({ id }) => id),
    ['first', 'second', 'third'],
  );
  assert.deepEqual(told, ['request 1: 0 of 3', 'request 3: 1 of 3']);
});

test('a cancel keeps what has come, and makes no more requests', async () => {
  const { requests, job, results } = await begin(4, 1);
  await requests.answer('first');
  job.cancel();
  await requests.fail(job.signal.reason);
  assert.deepEqual(
    (await results).map(({ id }) => id),
    ['first'],
  );
  assert.equal(requests.made, 2);
});

test('a cancel before anything has come is a cancel', async () => {
  const { requests, job, results } = await begin(2, 1);
  const rejected = assert.rejects(results, (error) => error instanceof InspectorError && error.reason === 'cancelled');
  job.cancel();
  await requests.fail(job.signal.reason);
  await rejected;
  assert.equal(requests.made, 1);
});

test('a failure keeps further requests from being made, and is told', async () => {
  const { requests, results } = await begin(5, 2);
  const rejected = assert.rejects(results, { message: 'used up' });
  await requests.fail(new InspectorError('quotaExhausted', 'used up'));
  await requests.answer('second');
  await rejected;
  assert.equal(requests.made, 2);
});
