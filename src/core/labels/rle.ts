import type { Rectangle, Size } from '../base/geometry.ts';

/** Pixels of an image whose masks are unpacked. */
const MOST_PIXELS = 400_000_000;

/**
 * The lengths of runs out of COCO's compressed form, in which each number is written in digits of five bits, from the third on as its difference from the last but one.
 * Source: pycocotools, `rleFrString`. Undefined for what is no such text.
 */
export function unpackedCounts(text: string): number[] | undefined {
  const counts: number[] = [];
  let value = 0;
  let shift = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 63 || shift > 25) return undefined;
    value |= (digit & 0x1f) << shift;
    shift += 5;
    if ((digit & 0x20) !== 0) continue;
    if ((digit & 0x10) !== 0) value |= -1 << shift;
    const count = counts.length > 2 ? value + (counts[counts.length - 2] as number) : value;
    if (count < 0) return undefined;
    counts.push(count);
    value = 0;
    shift = 0;
  }
  return shift === 0 ? counts : undefined;
}

/** True for runs that fill an image of that size at most. */
export function areRuns(counts: readonly unknown[], { width, height }: Size): counts is number[] {
  const pixels = width * height;
  if (!(width >= 1 && height >= 1 && pixels <= MOST_PIXELS)) return false;
  let sum = 0;
  for (const count of counts) {
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) return false;
    sum += count;
  }
  return sum <= pixels;
}

/** Takes the pixels of column `x` from `top` to before `bottom`. */
type TakeColumn = (x: number, top: number, bottom: number) => void;

/** Gives the pixels of an object column by column. */
export function runColumns(counts: readonly number[], { height }: Size, take: TakeColumn): void {
  let at = 0;
  for (const [place, count] of counts.entries()) {
    const end = at + count;
    if (place % 2 === 1) {
      while (at < end) {
        const top = at % height;
        const length = Math.min(height - top, end - at);
        take((at - top) / height, top, top + length);
        at += length;
      }
    }
    at = end;
  }
}

/** What the pixels of an object span; without size where there are none. */
export function runsBox(counts: readonly number[], size: Size): Rectangle {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  runColumns(counts, size, (x, from, to) => {
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, from);
    bottom = Math.max(bottom, to);
  });
  return right === 0 ? { x: 0, y: 0, width: 0, height: 0 } : { x: left, y: top, width: right - left, height: bottom - top };
}
