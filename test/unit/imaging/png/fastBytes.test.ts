import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { useFastBytes } from '../../../../src/core/masks/boundedPng.ts';
import { decodeMask } from '../../../../src/core/masks/mask.ts';
import { FAST_BYTES } from '../../../../src/imaging/png/fastBytes.ts';
import { mapPng } from '../../../fixtures/exportImages.ts';
import { toBase64 } from '../../../fixtures/replies/make.ts';
import { pngOf } from '../../../fixtures/replies/png.ts';

const asked = { inflated: 0, crc32: 0 };
useFastBytes({
  inflated: (data, expected) => {
    asked.inflated += 1;
    return FAST_BYTES.inflated(data, expected);
  },
  crc32: (bytes) => {
    asked.crc32 += 1;
    return FAST_BYTES.crc32(bytes);
  },
});

// What holds of masks holds of those that are decoded so, damaged ones too.
suite('masks by Node’s own zlib', async () => {
  await import('../../core/masks/mask.test.ts');
});

test('it is asked', () => {
  const before = { ...asked };
  decodeMask(mapPng(20, 10, (x, y) => x * y));
  assert.equal(asked.inflated, before.inflated + 1);
  assert.ok(asked.crc32 > before.crc32);
});

test('a few bytes are taken too', () => {
  for (const length of [1, 16, 63, 64]) assert.equal(FAST_BYTES.inflated([deflateSync(Buffer.alloc(length, 7))], length)?.length, length);
});

test('what is more or less than it should be, or cut, is not taken', () => {
  const bytes = deflateSync(Buffer.alloc(5000, 7));
  assert.equal(FAST_BYTES.inflated([bytes.subarray(0, 5), bytes.subarray(5)], 5000)?.length, 5000);
  assert.equal(FAST_BYTES.inflated([bytes], 4999), undefined);
  assert.equal(FAST_BYTES.inflated([bytes], 5001), undefined);
  assert.equal(FAST_BYTES.inflated([bytes.subarray(0, -3)], 5000), undefined);
  assert.equal(FAST_BYTES.inflated([], 1), undefined);
});

test('of a bomb no more is inflated than its size calls for', () => {
  const bomb = deflateSync(Buffer.alloc(64e6));
  assert.throws(() => decodeMask(toBase64(pngOf(10, 10, bomb))), RangeError);
  const before = process.memoryUsage().external;
  assert.equal(FAST_BYTES.inflated([bomb], 110), undefined);
  assert.ok(process.memoryUsage().external - before < 2e6);
});
