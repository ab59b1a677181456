import pixelmatch from 'pixelmatch';
import { around, type Rectangle, type Size } from '../../core/base/geometry.ts';
import { type Alignment, placeOfOlder } from '../../core/inspection/imageDifference.ts';
import { type Pixels, partsToCompare, withReach } from './partsToCompare.ts';

/** Which pixels differ. */
export interface ChangedPixels {
  /** The least area that holds both pictures, in pixels of the newer one. */
  canvas: Rectangle;
  /** A byte for each pixel of the canvas: 1 where the pictures differ, or only one of them has a pixel. */
  mask: Uint8Array;
  /** Outside of them, in pixels of the mask, nothing differs. */
  parts: Rectangle[];
  count: number;
}

/** Of OKLab's largest distance, which is that of black and white: colors that are nearer are the same. The contract's. */
const THRESHOLD = 0.1;

/** Compares two pictures pixel by pixel. What differs by anti-aliasing only is the same. */
export function comparePixels(older: Pixels, newer: Pixels, alignment: Alignment): ChangedPixels {
  const place = { ...older.size, ...placeOfOlder(older.size, newer.size, alignment) };
  const whole = { x: 0, y: 0, ...newer.size };
  const canvas = around(place, whole);
  const both = common(place, whole);
  const mask = onlyOne(canvas, place, whole);
  const before = { data: partOf(older, { ...both, x: both.x - place.x, y: both.y - place.y }), size: both };
  const after = { data: partOf(newer, both), size: both };
  let differing = 0;
  const compared = partsToCompare(before, after);
  for (const part of compared) differing += compareParts(before, after, part, { mask, canvas, both });
  const count = differing + areaOf(place) + areaOf(whole) - 2 * areaOf(both);
  const isSameSize = areaOf(both) === areaOf(canvas);
  return { canvas, mask, parts: isSameSize ? compared : [{ ...canvas, x: 0, y: 0 }], count };
}

/** Compares a part of two pictures of one size, marks what differs in the mask of the canvas, and counts it. */
function compareParts(
  before: Pixels,
  after: Pixels,
  part: Rectangle,
  { mask, canvas, both }: { mask: Uint8Array; canvas: Rectangle; both: Rectangle },
): number {
  const seen = withReach(part, before.size);
  const output = new Uint8Array(4 * seen.width * seen.height);
  pixelmatch(partOf(before, seen), partOf(after, seen), output, seen.width, seen.height, { threshold: THRESHOLD, diffMask: true });
  const differs = new Uint32Array(output.buffer);
  let count = 0;
  for (let row = 0; row < part.height; row++) {
    const from = (part.y - seen.y + row) * seen.width + part.x - seen.x;
    const to = (both.y - canvas.y + part.y + row) * canvas.width + both.x - canvas.x + part.x;
    for (let column = 0; column < part.width; column++) {
      if (differs[from + column] === 0) continue;
      mask[to + column] = 1;
      count++;
    }
  }
  return count;
}

function areaOf({ width, height }: Size): number {
  return width * height;
}

/** What two areas share that lie over each other by a corner or the center. */
function common(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return { x, y, width: Math.min(a.x + a.width, b.x + b.width) - x, height: Math.min(a.y + a.height, b.y + b.height) - y };
}

/** A byte for each pixel of the canvas: 1 where it lies in one of the two areas, not in both. */
function onlyOne(canvas: Rectangle, a: Rectangle, b: Rectangle): Uint8Array {
  const mask = new Uint8Array(canvas.width * canvas.height);
  if (a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height) return mask;
  const both = common(a, b);
  for (const { area, value } of [
    { area: a, value: 1 },
    { area: b, value: 1 },
    { area: both, value: 0 },
  ]) {
    for (let y = area.y - canvas.y; y < area.y - canvas.y + area.height; y++) {
      const start = y * canvas.width + area.x - canvas.x;
      mask.fill(value, start, start + area.width);
    }
  }
  return mask;
}

/** A part of a picture's pixels, which begin where four bytes can be read at once: the library does. */
function partOf({ data, size }: Pixels, { x, y, width, height }: Rectangle): Uint8Array {
  if (width === size.width && height === size.height && data.byteOffset % 4 === 0) return data;
  const part = new Uint8Array(4 * width * height);
  for (let row = 0; row < height; row++) {
    const from = 4 * ((y + row) * size.width + x);
    part.set(data.subarray(from, from + 4 * width), 4 * row * width);
  }
  return part;
}
