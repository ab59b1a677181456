import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { PNG } from 'pngjs';
import { readPlainPng } from '../../../../src/imaging/plain/readPng.ts';
import { random } from '../../../fixtures/exportImages.ts';

/** More bytes than are inflated at a time. */
const SIZE = { width: 700, height: 901 };
const next = random(8);
const RGBA = new PNG({ ...SIZE });
for (let at = 0; at < RGBA.data.length; at++) RGBA.data[at] = at % 4 === 3 ? 255 : (at / 3000 + next() * 40) & 255;

for (const [name, colorType, channels] of [
  ['opaque', 2, 3],
  ['with alpha', 6, 4],
] as const) {
  for (const filterType of [0, 1, 2, 3, 4, -1]) {
    test(`a PNG of several pieces, ${name}, filter ${filterType}: every pixel`, async () => {
      const raster = await readPlainPng(PNG.sync.write(RGBA, { colorType, filterType }));
      assert.deepEqual(raster?.size, SIZE);
      assert.equal(raster.channels, channels);
      const expected = channels === 4 ? RGBA.data : RGBA.data.filter((_, at) => at % 4 < 3);
      assert.ok(Buffer.from(raster.data).equals(expected));
    });
  }
}

test('a PNG of a few pixels: every pixel', async () => {
  const few = new PNG({ width: 3, height: 2 });
  few.data.set([9, 8, 7, 255, 6, 5, 4, 255, 3, 2, 1, 255, 10, 20, 30, 255, 40, 50, 60, 255, 70, 80, 90, 255]);
  const raster = await readPlainPng(PNG.sync.write(few, { colorType: 2 }));
  assert.deepEqual([...(raster?.data ?? [])], [9, 8, 7, 6, 5, 4, 3, 2, 1, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
});

test('more or fewer rows than its header says are none of the usual kind', async () => {
  for (const height of [SIZE.height - 1, SIZE.height + 1, 1, 100_000]) {
    const bytes = PNG.sync.write(RGBA, { colorType: 2 });
    bytes.writeUInt32BE(height, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    assert.equal(await readPlainPng(bytes), undefined, `${height} rows`);
  }
});
