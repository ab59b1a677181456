import assert from 'node:assert/strict';
import { mock, type TestContext, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { Task } from '../../../../src/core/inspection/inspection.ts';
import type { RunningTask } from '../../../../src/core/inspection/runningTask.ts';
import { ReplyFollower } from '../../../../src/engine/task/replyFollower.ts';
import { SQUARE } from '../../../fixtures/replies/make.ts';

/** A follower with a clock that stands until it is moved, and what it has shown. */
function following(context: TestContext, task: Task) {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  const running: RunningTask = { task, prompt: '', images: [], model: 'm', phase: 'waiting', startedAt: 0, detections: [], text: '' };
  const shown: string[] = [];
  const reports: RunningTask[] = [];
  const follower = new ReplyFollower(task, [SQUARE], running, (report) => {
    reports.push(report);
    shown.push(report.text);
  });
  let text = '';
  const come = (delta: string) => {
    text += delta;
    follower.progress({ text, delta, thinking: false });
  };
  return { follower, shown, last: () => reports.at(-1), come, pass: (ms: number) => context.mock.timers.tick(ms) };
}

test('the first words are shown at once, then they are read ten times a second however often they come', (context) => {
  const { shown, come, pass } = following(context, 'caption');
  come('one');
  assert.deepEqual(shown, ['one']);
  for (let i = 0; i < 1000; i++) {
    come(` ${i}`);
    pass(1);
  }
  assert.ok(shown.length <= 11, `${shown.length} times in a second`);
  pass(100);
  assert.match(shown.at(-1) ?? '', /999$/, 'nothing that came stays behind');
});

test('an answer of many pieces costs no more than its length', (context) => {
  const { last, come, pass } = following(context, 'readText');
  const read = mock.method(String.prototype, 'replaceAll');
  try {
    for (let i = 0; i < 20_000; i++) come('a line of dots ..............\n');
    pass(100);
    assert.ok(read.mock.callCount() <= 3, `read ${read.mock.callCount()} times`);
  } finally {
    read.mock.restore();
  }
  assert.equal(last()?.text.length, 400_000 - 1);
});

test('what comes late is kept when the task is cancelled, and nothing is shown after its end', (context) => {
  const { follower, shown, come, pass } = following(context, 'ask');
  come('It is');
  come(' a cup.');
  assert.deepEqual(follower.keptAfter(new InspectorError('cancelled', 'x')), {
    text: 'It is a cup.',
    blockedCategories: [],
    cut: true,
    cutBy: 'cancelled',
  });
  follower.end();
  pass(1000);
  assert.deepEqual(shown, ['It is']);
});

test('objects are shown as they come', (context) => {
  const { last, shown, come } = following(context, 'compare');
  come('Two cups.\n');
  for (let i = 0; i < 3; i++) come(`{"box_2d": [${i}, 2, 300, 400], "label": "cup"}\n`);
  assert.equal(last()?.detections.length, 3);
  assert.equal(shown.length, 4);
});
