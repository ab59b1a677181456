import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Box, Detection } from '../../../../src/core/inspection/inspection.ts';
import { cropOf, largest } from '../../../../src/engine/segmenting/crop.ts';
import type { PreparedImage } from '../../../../src/engine/task/imagePreparer.ts';

const UPRIGHT = { width: 1000, height: 500 };

function object(id: string, [x, y, width, height]: [number, number, number, number], more: Partial<Detection> = {}): Detection {
  const box = { x: x / UPRIGHT.width, y: y / UPRIGHT.height, width: width / UPRIGHT.width, height: height / UPRIGHT.height };
  return { id, label: id, imageIndex: 0, box, pixelBox: { x, y, width, height }, ...more };
}

function sent(stored = UPRIGHT, region?: Box): Pick<PreparedImage, 'image'> {
  const image = { upright: UPRIGHT, stored, ...(region === undefined ? {} : { region }) };
  return { image: image as PreparedImage['image'] };
}

/** In pixels of the upright picture, rounded. */
function pixels(box: Box | undefined): number[] | undefined {
  const { width, height } = UPRIGHT;
  return box && [box.x * width, box.y * height, box.width * width, box.height * height].map(Math.round);
}

test('a tenth of the box stands around it on each side', () => {
  const crop = cropOf(object('1', [400, 200, 200, 100]), sent());
  assert.deepEqual(pixels(crop?.region), [380, 190, 240, 120]);
});

test('the margin ends at the edges of the picture', () => {
  assert.deepEqual(pixels(cropOf(object('1', [0, 0, 200, 100]), sent())?.region), [0, 0, 220, 110]);
  assert.deepEqual(pixels(cropOf(object('1', [800, 400, 200, 100]), sent())?.region), [780, 390, 220, 110]);
});

test('nothing outside of the region that was sent goes out', () => {
  const region = { x: 0.4, y: 0.4, width: 0.2, height: 0.2 };
  const stored = { width: 200, height: 100 };
  assert.deepEqual(pixels(cropOf(object('1', [400, 200, 200, 100]), sent(stored, region))?.region), [400, 200, 200, 100]);
  assert.deepEqual(pixels(cropOf(object('1', [300, 200, 200, 50]), sent(stored, region))?.region), [400, 200, 120, 55]);
  assert.equal(cropOf(object('1', [100, 100, 100, 50]), sent(stored, region)), undefined);
});

test('nothing finer than what was sent goes out', () => {
  const half = { width: 500, height: 250 };
  assert.equal(cropOf(object('1', [400, 200, 200, 100]), sent(half))?.maxDimension, 120);
  assert.equal(cropOf(object('1', [400, 200, 1, 1]), sent(half))?.maxDimension, 1);
  const region = { x: 0, y: 0, width: 0.5, height: 1 };
  assert.equal(cropOf(object('1', [100, 100, 200, 100]), sent({ width: 250, height: 250 }, region))?.maxDimension, 120);
  assert.equal(cropOf(object('1', [400, 200, 200, 100]), sent())?.maxDimension, 4096);
});

test('the largest boxes are chosen; points have none', () => {
  const objects = [
    object('small', [0, 0, 10, 10]),
    object('point', [0, 0, 0, 0], { point: { x: 0, y: 0 } }),
    object('large', [0, 0, 100, 100]),
    object('flat', [0, 0, 500, 1]),
  ];
  const { chosen, others } = largest(objects, 2);
  assert.deepEqual(
    [chosen, others].map((list) => list.map(({ id }) => id)),
    [['large', 'flat'], ['small']],
  );
});
