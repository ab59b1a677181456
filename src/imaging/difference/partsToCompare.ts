import type { Rectangle, Size } from '../../core/base/geometry.ts';

/** An upright picture: red, green, blue and alpha of each pixel, row by row. */
export interface Pixels {
  data: Uint8Array;
  size: Size;
}

/** Pixels: what has no other value in such a tile is not looked at any closer. */
const TILE = { width: 128, height: 32 };
/** So far pixelmatch looks around a pixel to tell whether it is anti-aliased: at its neighbors, and at theirs. */
const REACH = 2;
/** Where more of the tiles have other values, all is compared at once: what lies around each of them would be compared twice. */
const MOST_TILES = 0.5;

/** The parts of two pictures of one size in which values differ; together with what is around them they tell as much as the whole. */
export function partsToCompare(before: Pixels, after: Pixels): Rectangle[] {
  const { width, height } = before.size;
  const whole = [{ x: 0, y: 0, width, height }];
  const [a, b] = [valuesOf(before), valuesOf(after)];
  const columns = Math.ceil(width / TILE.width);
  const most = MOST_TILES * columns * Math.ceil(height / TILE.height);
  const parts: Rectangle[] = [];
  let tiles = 0;
  for (let y = 0; y < height; y += TILE.height) {
    const rows = Math.min(TILE.height, height - y);
    let last: Rectangle | undefined;
    for (let x = 0; x < width; x += TILE.width) {
      const tile = { x, y, width: Math.min(TILE.width, width - x), height: rows };
      const found = differenceIn(a, b, width, tile);
      // The library compares what shines through by where in the picture it is.
      if (found === 'transparent') return whole;
      if (found === 'none') {
        last = undefined;
        continue;
      }
      tiles++;
      if (last) {
        last.width += tile.width;
        continue;
      }
      last = tile;
      parts.push(tile);
    }
    if (tiles > most) return whole;
  }
  return parts;
}

/** A part with what has to be known around it, cut off at the picture's edges. */
export function withReach({ x, y, width, height }: Rectangle, size: Size): Rectangle {
  const [left, top] = [Math.max(0, x - REACH), Math.max(0, y - REACH)];
  const [right, bottom] = [Math.min(size.width, x + width + REACH), Math.min(size.height, y + height + REACH)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function valuesOf({ data, size }: Pixels): Uint32Array {
  return new Uint32Array(data.buffer, data.byteOffset, size.width * size.height);
}

function differenceIn(a: Uint32Array, b: Uint32Array, stride: number, tile: Rectangle): 'none' | 'opaque' | 'transparent' {
  let found: 'none' | 'opaque' = 'none';
  for (let y = tile.y; y < tile.y + tile.height; y++) {
    const end = y * stride + tile.x + tile.width;
    for (let at = end - tile.width; at < end; at++) {
      if (a[at] === b[at]) continue;
      // Alpha is the last byte of four, the highest on machines of this order.
      if (((a[at] as number) & (b[at] as number)) >>> 24 !== 255) return 'transparent';
      found = 'opaque';
    }
  }
  return found;
}
