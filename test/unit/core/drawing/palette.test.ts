import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelOrder, labelStyle } from '../../../../src/core/drawing/palette.ts';

const run = (...labels: string[]) => ({
  detections: labels.map((label, index) => ({
    id: String(index + 1),
    label,
    imageIndex: 0,
    box: { x: 0, y: 0, width: 1, height: 1 },
    pixelBox: { x: 0, y: 0, width: 1, height: 1 },
  })),
});
const letters = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const places = (order: ReadonlyMap<string, number>) => [...order.values()];

test('a label keeps its colour from run to run, also in a run that has it alone', () => {
  const runs = [run('cup', 'jar'), run('lid', 'jar'), run('jar')];
  assert.deepEqual(labelOrder(runs, runs[1]).get('jar'), labelOrder(runs, runs[0]).get('jar'));
  assert.deepEqual(labelOrder(runs, runs[2]), new Map([['jar', 1]]));
  assert.deepEqual(labelOrder(runs, run('jar', 'new')).get('jar'), 1, 'also in what is arriving');
});

test('a later run begins with colours of its own, not with dashes: freed colours are used again', () => {
  const runs = [run(...letters('a', 10)), run(...letters('b', 13)), run(...letters('c', 13))];
  for (const shown of runs.slice(1)) {
    const styles = places(labelOrder(runs, shown)).map((place) => labelStyle(place, false));
    assert.equal(styles.filter(({ line }) => line === 'solid').length, 10);
    assert.equal(new Set(styles.map(({ colour, line }) => `${colour} ${line}`)).size, 13, 'no two labels look alike');
  }
});

test('two labels that had the same colour in different runs have different ones where they meet', () => {
  const runs = [run(...letters('a', 10)), run('b'), run('a0', 'b')];
  assert.equal(new Set(places(labelOrder(runs, runs[2]))).size, 2);
  assert.equal(labelOrder(runs, runs[2]).get('a0'), labelOrder(runs, runs[0]).get('a0'));
});

test('seventy labels are told apart, and none is white', () => {
  const styles = places(labelOrder([run(...letters('a', 70))])).map((place) => labelStyle(place, false));
  assert.equal(new Set(styles.map(({ colour, line }) => `${colour} ${line}`)).size, 70);
  assert.ok(styles.every(({ colour }) => colour !== '#FFFFFF'));
  assert.ok(styles.every(({ line, hollow }) => hollow === (line !== 'solid')));
});

test('high contrast varies the line at once', () => {
  assert.equal(new Set([0, 1, 2, 3].map((place) => labelStyle(place, true).line)).size, 4);
});
