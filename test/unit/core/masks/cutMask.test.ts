import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutMask, hasShapeOf } from '../../../../src/core/masks/cutMask.ts';

/** 4 x 3 cells, each with its own value. */
const map = { width: 4, height: 3, data: Uint8Array.from({ length: 12 }, (_, at) => at) };

test('what lies outside of the box is cut off', () => {
  assert.deepEqual(cutMask(map, { x: 0.25, y: 1 / 3, width: 0.5, height: 2 / 3 }), {
    width: 2,
    height: 2,
    data: Uint8Array.from([5, 6, 9, 10]),
  });
  assert.deepEqual(cutMask(map, { x: 0, y: 0, width: 1, height: 1 }), map);
});

test('edges go to the nearest cell, and one cell is left in any case', () => {
  assert.deepEqual([...cutMask(map, { x: 0.3, y: 0.3, width: 0.4, height: 0.4 }).data], [5, 6]);
  assert.deepEqual([...cutMask(map, { x: 0.99, y: 0.99, width: 0.005, height: 0.005 }).data], [11]);
  assert.deepEqual([...cutMask(map, { x: 0.5, y: 0, width: 0.001, height: 0.001 }).data], [2]);
});

for (const [size, isSame] of [
  [{ width: 400, height: 300 }, true],
  [{ width: 800, height: 600 }, true],
  // Rounded.
  [{ width: 133, height: 100 }, true],
  [{ width: 300, height: 400 }, false],
  [{ width: 256, height: 256 }, false],
  [{ width: 1, height: 300 }, false],
] as const) {
  test(`a map of ${size.width} x ${size.height} ${isSame ? 'has' : 'has not'} the shape of a picture of 400 x 300`, () => {
    assert.equal(hasShapeOf(size, { width: 400, height: 300 }), isSame);
  });
}
