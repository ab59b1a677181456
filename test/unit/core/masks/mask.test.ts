import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { decodeMask } from '../../../../src/core/masks/mask.ts';
import { discMask, toBase64 } from '../../../fixtures/replies/make.ts';
import { chunk, pngOf } from '../../../fixtures/replies/png.ts';

/** One line for each, with the filter byte for "none" before it. */
function compressed(...lines: number[][]): Buffer {
  return deflateSync(Buffer.from(lines.flatMap((line) => [0, ...line])));
}

function pixels(png: Buffer): number[] {
  return [...decodeMask(toBase64(png)).data];
}

test('8-bit grey comes back as it is', () => {
  const { width, height, data } = decodeMask(discMask(64));
  assert.equal(width, 64);
  assert.equal(height, 64);
  const independent = PNG.sync.read(Buffer.from(discMask(64), 'base64')).data;
  assert.deepEqual(
    data,
    Uint8Array.from({ length: 64 * 64 }, (_, i) => independent[i * 4] ?? 0),
  );
  assert.ok(data.includes(0) && data.includes(255));
});

test('8-bit grey comes back whatever its lines are filtered by', () => {
  const map = new PNG({ width: 9, height: 7 });
  const wanted = Array.from({ length: 63 }, (_, i) => (i * i * 7 + 31 * i) % 256);
  for (const [i, value] of wanted.entries()) map.data.set([value, value, value, 255], i * 4);
  for (const filterType of [0, 1, 2, 3, 4]) {
    assert.deepEqual(pixels(PNG.sync.write(map, { filterType, colorType: 0 })), wanted, `filter ${filterType}`);
  }
});

test('fewer bits are scaled to 0..255, lines start on a byte', () => {
  assert.deepEqual(pixels(pngOf(3, 2, compressed([0b10100000], [0b01000000]), { depth: 1 })), [255, 0, 255, 0, 255, 0]);
  assert.deepEqual(pixels(pngOf(5, 1, compressed([0b00011011, 0b11000000]), { depth: 2 })), [0, 85, 170, 255, 255]);
  assert.deepEqual(pixels(pngOf(3, 1, compressed([0x0f, 0x80]), { depth: 4 })), [0, 255, 136]);
});

test('16 bits are scaled to 0..255', () => {
  assert.deepEqual(pixels(pngOf(3, 1, compressed([0, 0, 0x80, 0x80, 0xff, 0xff]), { depth: 16 })), [0, 128, 255]);
});

test('colour becomes its brightness', () => {
  assert.deepEqual(pixels(pngOf(4, 1, compressed([255, 255, 255, 0, 0, 0, 255, 0, 0, 10, 10, 10]), { colourType: 2 })), [255, 0, 76, 10]);
});

test('where all pixels share one colour, the alpha channel is the mask', () => {
  assert.deepEqual(pixels(pngOf(3, 1, compressed([255, 0, 0, 0, 255, 0, 0, 128, 255, 0, 0, 255]), { colourType: 6 })), [0, 128, 255]);
  assert.deepEqual(pixels(pngOf(2, 1, compressed([0, 0, 0, 200]), { colourType: 4 })), [0, 200]);
});

test('an empty and a full mask with an alpha channel stay what they are', () => {
  assert.deepEqual(pixels(pngOf(2, 1, compressed([0, 255, 0, 255]), { colourType: 4 })), [0, 0]);
  assert.deepEqual(pixels(pngOf(2, 1, compressed([255, 255, 255, 255]), { colourType: 4 })), [255, 255]);
});

test('colour that is see-through counts less', () => {
  assert.deepEqual(pixels(pngOf(3, 1, compressed([255, 255, 255, 0, 0, 255]), { colourType: 4 })), [255, 0, 0]);
});

test('a palette is looked up, with its alpha', () => {
  const palette = chunk('PLTE', Buffer.from([0, 0, 0, 255, 255, 255, 255, 0, 0]));
  assert.deepEqual(pixels(pngOf(4, 1, compressed([0b00011001]), { depth: 2, colourType: 3, before: [palette] })), [0, 255, 76, 255]);
  const red = chunk('PLTE', Buffer.from([255, 0, 0, 255, 0, 0]));
  const alpha = chunk('tRNS', Buffer.from([0, 250]));
  assert.deepEqual(pixels(pngOf(3, 1, compressed([1, 0, 1]), { colourType: 3, before: [red, alpha] })), [250, 0, 250]);
});

test('what is no readable PNG is refused', () => {
  const palette = chunk('PLTE', Buffer.from([0, 0, 0]));
  const damaged = Buffer.from(discMask(8), 'base64');
  // The last byte of IHDR's checksum.
  damaged[32] = (damaged[32] ?? 0) ^ 1;
  const bad: [string, string][] = [
    ['nothing', ''],
    ['no base64', '***'],
    ['no PNG', toBase64(Buffer.alloc(100))],
    ['too little data', toBase64(pngOf(3, 2, compressed([1, 2, 3])))],
    ['too much data', toBase64(pngOf(3, 1, compressed([1, 2, 3], [1, 2, 3])))],
    ['no pixels', toBase64(pngOf(0, 1, compressed([])))],
    ['data that cannot be inflated', toBase64(pngOf(3, 1, Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])))],
    ['a filter that is none', toBase64(pngOf(1, 1, deflateSync(Buffer.from([5, 1]))))],
    ['a wrong checksum', toBase64(damaged)],
    ['an unknown colour type', toBase64(pngOf(3, 1, compressed([1, 2, 3]), { colourType: 5 }))],
    ['a palette that is missing', toBase64(pngOf(3, 1, compressed([1, 2, 3]), { colourType: 3 }))],
    ['a colour that the palette lacks', toBase64(pngOf(1, 1, compressed([4]), { colourType: 3, before: [palette] }))],
  ];
  for (const [name, png] of bad) {
    assert.throws(() => decodeMask(png), Error, name);
  }
});
