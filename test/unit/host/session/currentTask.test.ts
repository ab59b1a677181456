import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import type { RunningTask } from '../../../../src/core/inspection/runningTask.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import { CurrentTask } from '../../../../src/host/session/currentTask.ts';

const CALL = { task: 'detect' as const, images: ['file:///cat.png'] as const, query: '', options: {} };
const INSPECTION = { id: 'one' } as Inspection;
const running = (startedAt: string, count: number) => ({ startedAt, detections: Array(count).fill({}) }) as unknown as RunningTask;

function watched() {
  const events: string[] = [];
  const current = new CurrentTask({
    progressed: (_, isNew) => events.push(isNew ? 'new' : 'more'),
    finished: ({ id }) => events.push(`finished ${id}`),
    ended: () => events.push('ended'),
    shown: () => undefined,
  });
  return { events, current };
}

suite('the task at work', () => {
  test('tells its course: what is new, and what only brings more objects', async () => {
    const { events, current } = watched();
    const job = new Job();
    const inspections = await current.run(CALL, job, async (follow) => {
      assert.ok(current.owns(job));
      for (const [startedAt, count] of [
        ['a', 0],
        ['a', 1],
        ['b', 1],
        ['b', 0],
      ] as const)
        follow(running(startedAt, count));
      assert.equal(current.state.running?.startedAt, 'b');
      return [INSPECTION];
    });
    assert.deepEqual(inspections, [INSPECTION]);
    assert.deepEqual(events, ['new', 'more', 'new', 'new', 'finished one', 'ended']);
    assert.deepEqual(current.state, {});
    assert.equal(current.call, CALL);
  });

  test('offers to edit the prompt only where there is one', async () => {
    const { current } = watched();
    const refused = () => Promise.reject(new InspectorError('blocked', 'Refused.', { actions: ['editPrompt', 'openLog'] }));
    await assert.rejects(current.run(CALL, new Job(), refused));
    assert.deepEqual(current.state.failure?.actions, ['openLog']);
    await assert.rejects(current.run({ ...CALL, query: 'cats' }, new Job(), refused));
    assert.deepEqual(current.state.failure?.actions, ['editPrompt', 'openLog']);
  });

  test('keeps its failure until the next one begins, or it is forgotten', async () => {
    const { events, current } = watched();
    const fail = () => current.run(CALL, new Job(), () => Promise.reject(new InspectorError('server', 'Broken.')));
    await assert.rejects(fail(), { reason: 'server' });
    assert.equal(current.state.failure?.message, 'Broken.');
    assert.deepEqual(events, ['ended']);
    await current.run(CALL, new Job(), async () => {
      assert.equal(current.hasFailed, false);
      return [];
    });
    await assert.rejects(fail());
    current.forgetEnd();
    assert.deepEqual(current.state, {});
  });

  test('is cancelled by the next one, of which it says nothing any more', async () => {
    const { events, current } = watched();
    const first = new Job();
    const outcome = current.run(CALL, first, async (follow) => {
      await first.cancelled().catch(() => undefined);
      follow(running('a', 0));
      return [INSPECTION];
    });
    const second = new Job();
    await current.run(CALL, second, async () => {
      await outcome;
      assert.ok(current.owns(second));
      return [];
    });
    assert.ok(first.signal.aborted);
    assert.deepEqual(events, ['ended']);
  });
});
