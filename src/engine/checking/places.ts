import type { Affine, Size } from '../../core/base/geometry.ts';
import { mapPoint } from '../../core/base/geometry.ts';
import type { Box, Detection } from '../../core/inspection/inspection.ts';

/** The box of an object in fractions of the picture that is sent; undefined for a point, and where nothing of it was sent. */
export function boxIn({ box, point }: Pick<Detection, 'box' | 'point'>, toImage: Affine): Box | undefined {
  if (point !== undefined) return undefined;
  const back = inverse(toImage);
  const p = mapPoint(back, box.x, box.y);
  const q = mapPoint(back, box.x + box.width, box.y + box.height);
  const [left, right] = [within(Math.min(p.x, q.x)), within(Math.max(p.x, q.x))];
  const [top, bottom] = [within(Math.min(p.y, q.y)), within(Math.max(p.y, q.y))];
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : undefined;
}

/** A box with as much around it on each side as it is long, in whole pixels of the picture. */
export function enlargedPart({ x, y, width, height }: Box, size: Size): Box {
  const margin = Math.max(width * size.width, height * size.height, 8);
  const left = Math.max(0, Math.floor(x * size.width - margin));
  const top = Math.max(0, Math.floor(y * size.height - margin));
  const right = Math.min(size.width, Math.ceil((x + width) * size.width + margin));
  const bottom = Math.min(size.height, Math.ceil((y + height) * size.height + margin));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function inverse({ a, b, c, d, e, f }: Affine): Affine {
  const determinant = a * d - b * c;
  return {
    a: d / determinant,
    b: -b / determinant,
    c: -c / determinant,
    d: a / determinant,
    e: (c * f - d * e) / determinant,
    f: (b * e - a * f) / determinant,
  };
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value));
}
