import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { type Trial, type TrialOutcome, trialsOf } from '../../../../src/core/scoring/trials.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { TaskCall } from '../../../../src/engine/task/taskCall.ts';
import { runTrials } from '../../../../src/engine/trying/runTrials.ts';

const TRIALS = trialsOf({ models: ['a', 'b'], resolutions: ['low'], queries: ['', 'cats'] });
const IMAGES = ['file:///1.png', 'file:///2.png', 'file:///3.png'];

/** Tries all, and gives what was asked and what came of it. */
async function tried(run: (call: TaskCall, job: Job) => Promise<Inspection>, job = new Job(), trials: readonly Trial[] = TRIALS) {
  const outcomes = new Map<string, TrialOutcome>();
  const end = await runTrials('detect', trials, IMAGES, {
    run,
    job,
    concurrency: 2,
    onOutcome: (trial, image, outcome) => outcomes.set(`${trial} ${image}`, outcome),
  }).then(
    () => undefined,
    (error: unknown) => (error as InspectorError).reason,
  );
  return { outcomes, end };
}

const found = (call: TaskCall) => ({ id: `${call.options.model} ${call.query}` }) as Inspection;

suite('trials', () => {
  test('ask every way about every image, image by image, within the limit of requests at a time', async () => {
    const asked: string[] = [];
    let [running, most] = [0, 0];
    const { outcomes, end } = await tried(async (call) => {
      asked.push(`${call.images[0]} ${call.options.model} ${call.options.mediaResolution} ${call.query}`);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return found(call);
    });
    assert.equal(end, undefined);
    assert.equal(outcomes.size, 12);
    assert.equal(most, 2);
    assert.deepEqual(asked.slice(0, 5), [
      'file:///1.png a low ',
      'file:///1.png a low cats',
      'file:///1.png b low ',
      'file:///1.png b low cats',
      'file:///2.png a low ',
    ]);
    assert.deepEqual(outcomes.get('3 1'), { inspection: { id: 'b cats' } });
  });

  test('go on past what fails, with its reason', async () => {
    const { outcomes, end } = await tried(async (call) => {
      if (call.options.model === 'b') throw new InspectorError('modelNotFound', 'No such model.');
      return found(call);
    });
    assert.equal(end, undefined);
    assert.equal(outcomes.size, 12);
    assert.deepEqual(outcomes.get('2 0'), { reason: 'modelNotFound', message: 'No such model.' });
  });

  test('end where no request can be made any more: not agreed to, cancelled, over the budget', async () => {
    for (const reason of ['notConfirmed', 'noApiKey', 'overBudget'] as const) {
      let asked = 0;
      const { outcomes, end } = await tried(async () => {
        asked += 1;
        throw new InspectorError(reason, '');
      });
      assert.deepEqual([end, outcomes.size], [reason, 0]);
      assert.ok(asked <= 2);
    }
    const job = new Job();
    let asked = 0;
    const { end } = await tried(async (call) => {
      asked += 1;
      if (asked === 3) job.cancel();
      return found(call);
    }, job);
    assert.equal(end, 'cancelled');
    assert.ok(asked <= 4);
  });
});
