import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assertKnownBmp, readBmpHeader } from '../../../../src/imaging/formats/bmp.ts';
import { decodeBmp } from '../../../../src/imaging/pixels/bmpPixels.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { HeaderBytes } from '../../../../src/imaging/reading/headerBytes.ts';

/** A picture of 5 x 3 in four colours: what each bitmap below shows. Letters are colours. */
const PICTURE = ['rgbwr', 'wwggb', 'brgwr'];
const COLOURS: Readonly<Record<string, readonly [number, number, number]>> = {
  r: [255, 0, 0],
  g: [0, 255, 0],
  b: [0, 0, 255],
  w: [255, 255, 255],
};
const ORDER = ['r', 'g', 'b', 'w'];
const WIDTH = 5;
const HEIGHT = 3;

interface Bitmap {
  bits: number;
  storage?: number;
  /** Of the header; 12 for the oldest kind. */
  headerSize?: number;
  fromTop?: boolean;
  masks?: readonly number[];
  /** The stored rows, in the order of the file. */
  data: Uint8Array;
}

function bitmap({ bits, storage = 0, headerSize = 40, fromTop = false, masks = [], data }: Bitmap): Uint8Array {
  const colours = bits <= 8 ? ORDER.map((name) => COLOURS[name] ?? [0, 0, 0]) : [];
  const palette = colours.flatMap(([red, green, blue]) => (headerSize === 12 ? [blue, green, red] : [blue, green, red, 0]));
  // The masks of the plain header stand behind it.
  const masksAt = 54;
  const start = Math.max(14 + headerSize, masks.length > 0 ? masksAt + masks.length * 4 : 0) + palette.length;
  const file = new Uint8Array(start + data.length);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  view.setUint32(10, start, true);
  view.setUint32(14, headerSize, true);
  if (headerSize === 12) {
    view.setUint16(18, WIDTH, true);
    view.setUint16(20, HEIGHT, true);
    view.setUint16(24, bits, true);
  } else {
    view.setInt32(18, WIDTH, true);
    view.setInt32(22, fromTop ? -HEIGHT : HEIGHT, true);
    view.setUint16(28, bits, true);
    view.setUint32(30, storage, true);
  }
  for (const [index, mask] of masks.entries()) view.setUint32(masksAt + index * 4, mask, true);
  file.set(palette, start - palette.length);
  file.set(data, start);
  return file;
}

/** The rows from the bottom, each by `row` and padded to four bytes. */
function rows(row: (line: string) => number[], fromTop = false): Uint8Array {
  const lines = fromTop ? PICTURE : PICTURE.toReversed();
  return Uint8Array.from(lines.flatMap((line) => padded(row(line))));
}

const padded = (bytes: number[]) => [...bytes, ...Array<number>((4 - (bytes.length % 4)) % 4).fill(0)];
const indices = (line: string) => [...line].map((name) => ORDER.indexOf(name));
const bytesOf = (line: string, encode: (colour: readonly [number, number, number]) => number[]) =>
  [...line].flatMap((name) => encode(COLOURS[name] ?? [0, 0, 0]));
const little = (value: number, size: number) => Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** index) % 256);

async function shown(file: Uint8Array): Promise<string[]> {
  const target = new Uint8Array(WIDTH * HEIGHT * 4);
  const size = { width: WIDTH, height: HEIGHT };
  const bytes = await HeaderBytes.open(memorySource(file));
  const header = await readBmpHeader(bytes);
  await assertKnownBmp(header, size, bytes);
  decodeBmp(file, header, size, target);
  return Array.from({ length: HEIGHT }, (_, line) =>
    Array.from({ length: WIDTH }, (_, x) => {
      const [red, green, blue, alpha] = target.subarray((line * WIDTH + x) * 4, (line * WIDTH + x) * 4 + 4);
      return ORDER.find((name) => COLOURS[name]?.join() === [red, green, blue].join() && alpha === 255) ?? '?';
    }).join(''),
  );
}

const packed = (bits: number) => (line: string) => {
  const perByte = 8 / bits;
  const bytes = Array<number>(Math.ceil(WIDTH / perByte)).fill(0);
  for (const [x, index] of indices(line).entries()) {
    const at = Math.floor(x / perByte);
    bytes[at] = (bytes[at] ?? 0) | (index << (8 - bits * ((x % perByte) + 1)));
  }
  return bytes;
};
const bgr = (line: string) => bytesOf(line, ([red, green, blue]) => [blue, green, red]);
const bgrx = (line: string) => bytesOf(line, ([red, green, blue]) => [blue, green, red, 0]);
const rgb555 = (line: string) => bytesOf(line, ([red, green, blue]) => little((red && 0x7c00) | (green && 0x3e0) | (blue && 0x1f), 2));
const rgb565 = (line: string) => bytesOf(line, ([red, green, blue]) => little((red && 0xf800) | (green && 0x7e0) | (blue && 0x1f), 2));
const rgba = (line: string) => bytesOf(line, ([red, green, blue]) => [red, green, blue, 255]);

const KINDS: Readonly<Record<string, Bitmap>> = {
  '8 bits': { bits: 8, data: rows(indices) },
  '4 bits': { bits: 4, data: rows(packed(4)) },
  '24 bits': { bits: 24, data: rows(bgr) },
  '24 bits, from the top': { bits: 24, fromTop: true, data: rows(bgr, true) },
  '24 bits, OS/2': { bits: 24, headerSize: 12, data: rows(bgr) },
  '8 bits, OS/2': { bits: 8, headerSize: 12, data: rows(indices) },
  '32 bits, the last of each pixel unused': { bits: 32, data: rows(bgrx) },
  '16 bits': { bits: 16, data: rows(rgb555) },
  '16 bits by masks': { bits: 16, storage: 3, masks: [0xf800, 0x7e0, 0x1f], data: rows(rgb565) },
  '32 bits by masks with alpha': { bits: 32, storage: 3, headerSize: 124, masks: [0xff, 0xff00, 0xff0000, 0xff000000], data: rows(rgba) },
  'runs of 8 bits': {
    bits: 8,
    storage: 1,
    // brgwr: five as they are (padded); wwggb: runs of two, two and one; rgbwr: five as they are; end
    data: Uint8Array.from([0, 5, ...indices('brgwr'), 0, 0, 0, 2, 3, 2, 1, 1, 2, 0, 0, 0, 5, ...indices('rgbwr'), 0, 0, 1]),
  },
  'runs of 4 bits, with a move': {
    bits: 4,
    storage: 2,
    // brgwr as it is; wwggb by runs of which one alternates; then r, a move over nothing, and gbwr as it is
    data: Uint8Array.from([0, 5, 0x20, 0x13, 0x00, 0, 0, 0, 2, 0x33, 2, 0x11, 1, 0x20, 0, 0, 1, 0, 0, 2, 0, 0, 0, 4, 0x12, 0x30, 0, 1]),
  },
};

suite('bitmaps', () => {
  for (const [kind, layout] of Object.entries(KINDS))
    test(kind, async () => {
      assert.deepEqual(await shown(bitmap(layout)), PICTURE);
    });

  test('one bit: the first two colours', async () => {
    const data = Uint8Array.from([0b01000_000, 0, 0, 0, 0b11000_000, 0, 0, 0, 0b00001_000, 0, 0, 0]);
    assert.deepEqual(await shown(bitmap({ bits: 1, data })), ['rrrrg', 'ggrrr', 'rgrrr']);
  });

  test('one that ends too early, and one of a kind that does not exist, are not decoded', async () => {
    const whole = bitmap({ bits: 24, data: rows(bgr) });
    await assert.rejects(shown(whole.subarray(0, -1)), RangeError);
    await assert.rejects(shown(bitmap({ bits: 8, storage: 1, data: Uint8Array.from([0, 5, 1]) })), RangeError);
    await assert.rejects(shown(bitmap({ bits: 7, data: rows(indices) })), /7 bits/);
    await assert.rejects(shown(bitmap({ bits: 24, storage: 4, data: rows(bgr) })), /JPEG/);
  });

  test('pixels that its runs leave out: programs agree on them only where the first colour is black', async () => {
    // brgwr, wwggb; then a move over r, and gbwr as it is.
    const data = Uint8Array.from([
      ...[0, 5, 0x20, 0x13, 0x00, 0, 0, 0, 2, 0x33, 2, 0x11, 1, 0x20, 0, 0],
      ...[0, 2, 1, 0, 0, 4, 0x12, 0x30, 0, 1],
    ]);
    const file = bitmap({ bits: 4, storage: 2, data });
    await assert.rejects(shown(file), { reason: 'unsupportedImage' });
    file.fill(0, 54, 57);
    assert.deepEqual(await shown(file), ['?gbw?', 'wwggb', 'b?gw?']);
  });
});
