import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants } from 'node:zlib';
import { effortFor, packingFor } from '../../../../src/imaging/png/packing.ts';
import { encodePng } from '../../../../src/imaging/png/pngBands.ts';
import type { Raster } from '../../../../src/imaging/png/raster.ts';
import { random } from '../../../fixtures/exportImages.ts';

const SIZE = { width: 200, height: 160 };

function pictureOf(value: (x: number, y: number, channel: number) => number): Raster {
  const data = Uint8Array.from({ length: SIZE.width * SIZE.height * 3 }, (_, at) =>
    value(Math.floor(at / 3) % SIZE.width, Math.floor(at / 3 / SIZE.width), at % 3),
  );
  return { data, size: SIZE, channels: 3 };
}

test('grain, in which nothing repeats, is packed in the quickest way', async () => {
  const next = random(3);
  const { effort, quicker } = await packingFor(pictureOf((x, y) => x / 4 + y / 4 + next() * 40));
  assert.equal(effort.strategy, constants.Z_HUFFMAN_ONLY);
  assert.deepEqual(quicker, []);
});

test('a pattern, which repeats, is not: quickly packed it would be several times as large', async () => {
  const next = random(4);
  const tile = Array.from({ length: 16 * 16 * 3 }, () => next() * 256);
  const pattern = pictureOf((x, y, channel) => tile[((y % 16) * 16 + (x % 16)) * 3 + channel] as number);
  const packing = await packingFor(pattern);
  assert.equal(packing.effort.strategy, constants.Z_DEFAULT_STRATEGY);
  const [quickest] = packing.quicker;
  assert.ok(quickest !== undefined && quickest.larger > 1.5, `${quickest?.larger}`);
  const small = (await encodePng(pattern)).length;
  const large = (await encodePng(pattern, { packing: { ...packing, effort: quickest.effort } })).length;
  assert.ok(large > small * 1.5, `${large} and ${small} bytes`);
});

test('of what is made anew a small part is packed quickly, a large one as small as the rest', () => {
  const [quick, usual] = [
    { level: 1, strategy: constants.Z_HUFFMAN_ONLY },
    { level: 1, strategy: constants.Z_DEFAULT_STRATEGY },
  ];
  const packing = { filters: 'up', effort: usual, size: 1, quicker: [{ effort: quick, larger: 1.4 }] } as const;
  assert.equal(effortFor(packing, 0.1), quick);
  assert.equal(effortFor(packing, 0.5), usual);
  // The smaller the picture is beside those of other programs, the more.
  assert.equal(effortFor({ ...packing, size: 0.9 }, 0.5), quick);
  assert.equal(effortFor({ ...packing, size: 1.14 }, 0.1), usual);
});
