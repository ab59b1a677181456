import type { Size } from '../base/geometry.ts';
import type { Box } from '../inspection/inspection.ts';
import type { MaskPixels } from './mask.ts';

/** True where a map shows a picture of that size, larger or smaller, and does not squeeze it: then its cells lie where those of the picture do. */
export function hasShapeOf(map: Size, picture: Size): boolean {
  const ratio = map.width / picture.width;
  // One side is rounded by the other.
  return Math.abs(map.height - picture.height * ratio) <= Math.max(1, ratio);
}

/** The cells of a map within a box in fractions of it, at least one: edges are rounded to the nearest ones. What lies outside is cut off. */
export function cutMask({ width, height, data }: MaskPixels, box: Box): MaskPixels {
  const [left, right] = cells(box.x, box.x + box.width, width);
  const [top, bottom] = cells(box.y, box.y + box.height, height);
  const part = { width: right - left, height: bottom - top, data: new Uint8Array((right - left) * (bottom - top)) };
  for (let row = top; row < bottom; row++) part.data.set(data.subarray(row * width + left, row * width + right), (row - top) * part.width);
  return part;
}

function cells(from: number, to: number, length: number): [number, number] {
  const start = Math.min(length - 1, Math.max(0, Math.round(from * length)));
  return [start, Math.min(length, Math.max(start + 1, Math.round(to * length)))];
}
