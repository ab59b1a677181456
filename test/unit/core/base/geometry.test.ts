import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intersectionOverUnion, sharedArea } from '../../../../src/core/base/geometry.ts';

const square = { x: 0, y: 0, width: 2, height: 2 };

test('rectangles share an area, or none where they only touch', () => {
  assert.equal(sharedArea(square, { ...square, x: 1, y: 1 }), 1);
  assert.equal(sharedArea(square, { ...square, x: 2 }), 0);
  assert.equal(sharedArea(square, { ...square, x: 5, y: 5 }), 0);
});

test('intersection over union is 1 for the same place and 0 apart', () => {
  assert.equal(intersectionOverUnion(square, square), 1);
  assert.equal(intersectionOverUnion(square, { ...square, x: 1 }), 1 / 3);
  assert.equal(intersectionOverUnion(square, { ...square, x: 2 }), 0);
  assert.equal(intersectionOverUnion({ ...square, width: 0 }, { ...square, width: 0 }), 0);
});
