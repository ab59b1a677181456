import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Rectangle, Size } from '../../../../src/core/base/geometry.ts';
import type { ImageDifference } from '../../../../src/core/inspection/imageDifference.ts';
import type { PartOfImage } from '../../../../src/core/inspection/imageParts.ts';
import { changedParts, MOST_PARTS } from '../../../../src/core/request/changedParts.ts';
import { pseudoRandom } from '../../../tools/pseudoRandom.ts';

const SIZE = { width: 1000, height: 800 };

function difference(regions: Rectangle[], older: Size | null = SIZE, newer: Size | null = SIZE): ImageDifference {
  return { changed: regions.length > 0, sizes: [older, newer], share: 0.1, regions };
}

/** Of a part in pixels. */
function pixels({ region: { x, y, width, height } }: PartOfImage, size: Size): Rectangle {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return { x: round(x * size.width), y: round(y * size.height), width: round(width * size.width), height: round(height * size.height) };
}

const holds = (a: Rectangle, b: Rectangle) =>
  a.x <= b.x && a.y <= b.y && a.x + a.width >= b.x + b.width && a.y + a.height >= b.y + b.height;

suite('the parts of two versions that tell what changed', () => {
  test('are the changed regions with what is around them, of the older version first', () => {
    const parts = changedParts(difference([{ x: 400, y: 300, width: 40, height: 20 }]), 'corner');
    assert.deepEqual(
      parts.map((part) => [part.image, pixels(part, SIZE)]),
      [0, 1].map((image) => [image, { x: 368, y: 268, width: 104, height: 84 }]),
    );
  });

  test('are joined where they overlap, and never leave the picture', () => {
    const parts = changedParts(
      difference([
        { x: 0, y: 0, width: 10, height: 10 },
        { x: 60, y: 0, width: 10, height: 10 },
        { x: 990, y: 790, width: 10, height: 10 },
      ]),
      'corner',
    );
    assert.deepEqual(
      parts.map((part) => pixels(part, SIZE)),
      [
        { x: 0, y: 0, width: 102, height: 42 },
        { x: 0, y: 0, width: 102, height: 42 },
        { x: 958, y: 758, width: 42, height: 42 },
        { x: 958, y: 758, width: 42, height: 42 },
      ],
    );
  });

  test('are few, however many regions there are, and hold all of them', () => {
    const random = pseudoRandom(3);
    for (const count of [7, 60, 500]) {
      const large = { width: 6000, height: 4000 };
      const regions = Array.from({ length: count }, () => ({
        x: Math.floor(5900 * random()),
        y: Math.floor(3900 * random()),
        width: 1 + Math.floor(90 * random()),
        height: 1 + Math.floor(90 * random()),
      }));
      const parts = changedParts(difference(regions, large, large), 'corner').filter(({ image }) => image === 1);
      assert.ok(parts.length > 0 && parts.length <= MOST_PARTS, `${parts.length} parts`);
      for (const region of regions) assert.ok(parts.some((part) => holds(pixels(part, large), region)));
    }
  });

  test('are no more of the picture than has to be: two far changes stay two parts', () => {
    const parts = changedParts(
      difference([
        { x: 10, y: 10, width: 30, height: 30 },
        { x: 900, y: 700, width: 30, height: 30 },
      ]),
      'corner',
    );
    assert.equal(parts.length, 4);
    assert.ok(parts.every(({ region }) => region.width * region.height < 0.02));
  });

  test('lie where each version has them, by the corner and by the center', () => {
    const older = { width: 800, height: 600 };
    const region = { x: 500, y: 400, width: 40, height: 40 };
    const at = (alignment: 'corner' | 'center') =>
      changedParts(difference([region], older, SIZE), alignment).map((part) => pixels(part, part.image === 0 ? older : SIZE));
    assert.deepEqual(at('corner'), [
      { x: 468, y: 368, width: 104, height: 104 },
      { x: 468, y: 368, width: 104, height: 104 },
    ]);
    assert.deepEqual(at('center'), [
      { x: 368, y: 268, width: 104, height: 104 },
      { x: 468, y: 368, width: 104, height: 104 },
    ]);
  });

  test('hold a pixel at least of a version that ends before', () => {
    const small = { width: 100, height: 100 };
    const parts = changedParts(difference([{ x: 600, y: 0, width: 100, height: 100 }], small, SIZE), 'corner');
    assert.ok(parts.every(({ region }) => region.width > 0 && region.height > 0 && region.x + region.width <= 1));
  });

  test('are none where nothing changed, or there is one version only', () => {
    assert.deepEqual(changedParts(difference([]), 'corner'), []);
    assert.deepEqual(changedParts(difference([{ x: 0, y: 0, ...SIZE }], null), 'corner'), []);
    assert.deepEqual(changedParts(difference([{ x: 0, y: 0, ...SIZE }], SIZE, null), 'corner'), []);
  });
});
