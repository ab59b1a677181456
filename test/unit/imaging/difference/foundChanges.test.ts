import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import pixelmatch from 'pixelmatch';
import type { Rectangle } from '../../../../src/core/base/geometry.ts';
import { changedRegions } from '../../../../src/imaging/difference/changedRegions.ts';
import { comparePixels } from '../../../../src/imaging/difference/comparePixels.ts';
import type { Pixels } from '../../../../src/imaging/difference/partsToCompare.ts';
import { partsToCompare } from '../../../../src/imaging/difference/partsToCompare.ts';
import { pseudoRandom } from '../../../tools/pseudoRandom.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** Disks with smoothed edges on squares of many colors; each has a square of that side to itself. */
const SIDE = 80;
const COLUMNS = 20;
const ROWS = 20;
const SIZE = { width: SIDE * COLUMNS, height: SIDE * ROWS };
const DISK = { x: 20, y: 20, radius: 14 };

/** @param smoothing how wide the edges of the disks are smoothed, in pixels */
function painted(smoothing: number, roughness: (x: number, y: number) => number): Pixels {
  const data = new Uint8Array(4 * SIZE.width * SIZE.height);
  for (let y = 0, at = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++, at += 4) {
      const far = Math.hypot((x % SIDE) - DISK.x, (y % SIDE) - DISK.y) - DISK.radius;
      const cover = Math.min(1, Math.max(0, 0.5 - far / smoothing));
      const ground: Colour = [190 + Math.floor(x / SIDE), 200, 210 - Math.floor(y / SIDE)];
      for (const [channel, value] of ground.entries()) data[at + channel] = Math.round(value * (1 - cover) + 60 * cover) + roughness(x, y);
      data[at + 3] = 255;
    }
  }
  return { data, size: SIZE };
}

function fill({ data }: Pixels, { x, y, width, height }: Rectangle, colour: Colour): void {
  for (let row = y; row < y + height; row++)
    for (let column = x; column < x + width; column++) data.set(colour, 4 * (row * SIZE.width + column));
}

/** Two hundred changes, each in the free part of every other square: words in other colors, lines, dots, blocks. */
function change(picture: Pixels): Rectangle[] {
  const random = pseudoRandom(1911);
  const kinds = [
    () => ({ width: 1 + Math.floor(3 * random()), height: 1 + Math.floor(3 * random()) }),
    () => ({ width: 1, height: 8 + Math.floor(20 * random()) }),
    () => ({ width: 8 + Math.floor(20 * random()), height: 1 }),
    () => ({ width: 4 + Math.floor(22 * random()), height: 4 + Math.floor(22 * random()) }),
  ];
  return Array.from({ length: 200 }, (_, number) => {
    const [column, row] = [(2 * number) % COLUMNS, Math.floor((2 * number) / COLUMNS)];
    const area = {
      x: column * SIDE + 44 + Math.floor(4 * random()),
      y: row * SIDE + 44 + Math.floor(4 * random()),
      ...(kinds[number % kinds.length] as () => { width: number; height: number })(),
    };
    fill(picture, area, [Math.floor(120 * random()), Math.floor(120 * random()), Math.floor(160 * random())]);
    return area;
  });
}

const touches = (a: Rectangle, b: Rectangle) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

suite('two hundred made-up changes among what is no change', () => {
  test('are found: recall at least 0.98, false at most 2 %', () => {
    const noise = pseudoRandom(4);
    const rough = Int8Array.from({ length: SIZE.width * SIZE.height }, () => Math.floor(3 * noise()) - 1);
    // The same disks, smoothed another way, and between them another grain.
    const older = painted(1, () => 0);
    const newer = painted(1.6, (x, y) => (x % SIDE < 40 ? 0 : (rough[y * SIZE.width + x] ?? 0)));
    assert.notDeepEqual(partsToCompare(older, newer), []);
    const changes = change(newer);
    const { mask, canvas, parts } = comparePixels(older, newer, 'corner');
    const regions = changedRegions(mask, canvas, parts);
    assert.deepEqual(regions, changedRegions(mask, canvas));
    const found = changes.filter((one) => regions.some((region) => touches(region, one)));
    const wrong = regions.filter((region) => !changes.some((one) => touches(region, one)));
    assert.equal(changes.length, 200);
    assert.ok(found.length >= 0.98 * changes.length, `${found.length} of ${changes.length} found`);
    assert.ok(wrong.length <= 0.02 * regions.length, `${wrong.length} of ${regions.length} regions are no change`);
    console.log(`# ${found.length} of ${changes.length} changes found, ${wrong.length} of ${regions.length} regions false`);
  });
});

suite('what is compared in parts', () => {
  const exact = (older: Pixels, newer: Pixels) => {
    const output = new Uint8Array(older.data.length);
    const { width, height } = older.size;
    const count = pixelmatch(older.data, newer.data, output, width, height, { threshold: 0.1, diffMask: true });
    return { count, mask: Uint8Array.from({ length: width * height }, (_, at) => (output[4 * at + 3] === 0 ? 0 : 1)) };
  };
  const older = painted(1, () => 0);

  test('is what the whole picture comes to, to the pixel, also at the seams', () => {
    const random = pseudoRandom(99);
    const newer = { size: SIZE, data: older.data.slice() };
    // Over tiles' corners and edges, and at the edges of the picture.
    for (const area of [
      { x: 120, y: 24, width: 16, height: 16 },
      { x: 0, y: 0, width: 3, height: 3 },
      { x: SIZE.width - 2, y: SIZE.height - 40, width: 2, height: 40 },
      { x: 1272, y: 700, width: 20, height: 1 },
    ])
      fill(newer, area, [0, 0, 0]);
    for (let at = 0; at < 3000; at++) newer.data[4 * Math.floor(random() * 400 * SIZE.width)] = Math.floor(256 * random());
    assert.ok(partsToCompare(older, newer).length > 1, 'in parts');
    const { count, mask } = comparePixels(older, newer, 'corner');
    const whole = exact(older, newer);
    assert.equal(count, whole.count);
    assert.ok(Buffer.from(mask).equals(Buffer.from(whole.mask)));
  });

  test('is the whole picture where much of it has other values, or something shines through', () => {
    const whole = [{ x: 0, y: 0, ...SIZE }];
    const other = painted(3, () => 5);
    assert.deepEqual(partsToCompare(older, other), whole);
    const clear = { size: SIZE, data: older.data.slice() };
    for (let at = 0; at < 40; at++) clear.data[4 * (500 * SIZE.width + 300 + at) + 3] = 40 + 3 * at;
    assert.deepEqual(partsToCompare(older, clear), whole);
    assert.equal(comparePixels(older, clear, 'corner').count, exact(older, clear).count);
    assert.deepEqual(partsToCompare(older, older), []);
  });
});
