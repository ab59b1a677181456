import { encode } from 'fast-png';
import type { Rectangle, Size } from '../base/geometry.ts';
import type { Mask } from '../inspection/inspection.ts';
import { encodeBase64 } from '../masks/base64.ts';
import { MAX_SIDE } from '../masks/boundedPng.ts';
import { maskSpans } from '../masks/maskSpans.ts';
import type { LabelShape } from './labels.ts';
import { runColumns, runsBox } from './rle.ts';

/** A mask, and the box over which it lies where that is not the object's own. */
export interface PlacedMask {
  mask: Mask;
  /** Whole pixels of the image in which the shape is. */
  region?: Rectangle;
}

/**
 * A shape as results have it. One ring stays a polygon; several, and runs, become a bitmap in whole pixels. `size`: of the image in which the shape is, in
 * pixels. Undefined for one without pixels.
 */
export function shapeMask(shape: Exclude<LabelShape, { kind: 'mask' }>, size: Size): PlacedMask | undefined {
  if (shape.kind === 'rings') {
    const [ring, ...others] = shape.rings;
    const rings = shape.rings.map((points) => points.map(([x, y]): [number, number] => [x / size.width, y / size.height]));
    if (ring !== undefined && others.length === 0) return { mask: { kind: 'polygon', points: rings[0] ?? [] } };
    return filled(rings, size);
  }
  const region = runsBox(shape.counts, shape.size);
  if (region.width === 0) return undefined;
  const map = new Uint8Array(region.width * region.height);
  runColumns(shape.counts, shape.size, (x, top, bottom) => {
    for (let y = top; y < bottom; y++) map[(y - region.y) * region.width + x - region.x] = 255;
  });
  return { mask: bitmap(map, region), region };
}

/** Each ring by the even-odd rule; what is in one of them is object. */
function filled(rings: readonly [number, number][][], size: Size): PlacedMask | undefined {
  const spans: [y: number, from: number, to: number][] = [];
  let [left, top, right, bottom] = [size.width, size.height, 0, 0];
  for (const points of rings) {
    maskSpans({ kind: 'polygon', points }, { x: 0, y: 0, ...size }, size, 0, (y, from, to) => {
      spans.push([y, from, to]);
      left = Math.min(left, from);
      right = Math.max(right, to);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    });
  }
  if (spans.length === 0) return undefined;
  const region = { x: left, y: top, width: right - left, height: bottom - top };
  const map = new Uint8Array(region.width * region.height);
  for (const [y, from, to] of spans) map.fill(255, (y - top) * region.width + from - left, (y - top) * region.width + to - left);
  return { mask: bitmap(map, region), region };
}

/** A map larger than what is read of maps loses pixels evenly. */
function bitmap(map: Uint8Array, { width, height }: Size): Mask {
  const step = Math.ceil(Math.max(width, height) / MAX_SIDE);
  const small = { width: Math.ceil(width / step), height: Math.ceil(height / step) };
  const data = step === 1 ? map : new Uint8Array(small.width * small.height);
  if (step > 1)
    for (let y = 0; y < small.height; y++)
      for (let x = 0; x < small.width; x++) data[y * small.width + x] = map[y * step * width + x * step] ?? 0;
  const png = encode({ ...small, data, channels: 1, depth: 8 });
  return { kind: 'bitmap', ...small, png: encodeBase64(png) };
}
