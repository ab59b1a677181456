import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Inspection, Task } from '../../../../src/core/inspection/inspection.ts';
import { foldRepeats } from '../../../../src/webview/panel/results/runHead.ts';
import { beginComparing } from '../../../../src/webview/result/comparison.ts';
import { startsWithBoxes } from '../../../../src/webview/result/shownResult.ts';
import { inspection, MASKED, OBJECTS, session } from '../../../webview/support/sessions.ts';

const run = (id: string, task: Task, prompt = ''): Inspection => inspection(task, { id, prompt, detections: OBJECTS });
const pair = (runs: Inspection[], shown: string) => {
  const comparing = beginComparing(
    session({ runs }),
    runs.find(({ id }) => id === shown),
  );
  return comparing?.kind === 'runs' ? [comparing.a, comparing.b] : undefined;
};

test('runs are compared with the latest that asked the same, else of the same task, else with any', () => {
  const detects = [run('1', 'detect', 'cups'), run('2', 'detect', 'jars'), run('3', 'segment'), run('4', 'detect', 'cups')];
  assert.deepEqual(pair(detects, '4'), ['1', '4'], 'the same words');
  assert.deepEqual(pair(detects, '2'), ['1', '2'], 'the same task');
  assert.deepEqual(pair(detects, '3'), ['2', '3'], 'any');
  assert.deepEqual(pair(detects, '1'), ['1', '4'], 'one after it, where none before it fits as well');
  assert.equal(pair(detects.slice(0, 1), '1'), undefined);
});

test('repeats in a row are one entry, those of the shown run stay apart', () => {
  const runs = [run('1', 'segment'), run('2', 'detect'), run('3', 'detect'), run('4', 'detect'), run('5', 'segment')];
  const entries = (shown: string) =>
    foldRepeats(
      runs,
      runs.find(({ id }) => id === shown),
    ).map(({ run: { id }, times }) => `${id} ${times}`);
  assert.deepEqual(entries('5'), ['1 1', '4 3', '5 1']);
  assert.deepEqual(entries('3'), ['1 1', '2 1', '3 1', '4 1', '5 1']);
});

test('a run that sent other parts of its images, or other words around those of the user, is no repeat', () => {
  const sent = (x: number) => ({
    mimeType: 'image/png',
    width: 10,
    height: 10,
    bytes: 9,
    via: 'inline' as const,
    region: { x, y: 0, width: 0.1, height: 0.1 },
  });
  const parts = (id: string, ...places: number[]): Inspection => {
    const one = run(id, 'compare');
    return { ...one, images: one.images.map((image) => ({ ...image, sent: sent(0), parts: places.map(sent) })) };
  };
  const words = (id: string, text: string): Inspection => ({
    ...run(id, 'caption', 'Alt text'),
    request: { destination: 'https://example.org', texts: [{ from: 'user', text }] },
  });
  const entries = (...runs: Inspection[]) => foldRepeats(runs, undefined).map(({ run: { id }, times }) => `${id} ${times}`);
  assert.deepEqual(entries(parts('1', 0, 0.5), parts('2', 0, 0.5), parts('3', 0, 0.7), parts('4', 0)), ['2 2', '3 1', '4 1']);
  assert.deepEqual(entries(words('1', 'In German'), words('2', 'In Spanish'), words('3', 'In Spanish')), ['1 1', '3 2']);
});

test('boxes begin off where objects have masks, whatever the task', () => {
  assert.equal(startsWithBoxes('caption', MASKED), false);
  assert.equal(startsWithBoxes('detect', OBJECTS), true);
  assert.equal(startsWithBoxes('segment', []), false);
  assert.equal(startsWithBoxes('segment', OBJECTS), true, 'only boxes came');
});
