import type { Box } from './inspection.ts';

/** An affine map of points: x' = a·x + c·y + e, y' = b·x + d·y + f (the order of SVG's `matrix(a b c d e f)`). */
export interface Affine {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
}

export const IDENTITY: Affine = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/** The point (x, y) mapped by m. */
export function mapPoint(m: Affine, x: number, y: number): { x: number; y: number } {
  return { x: m.a * x + m.c * y + m.e, y: m.b * x + m.d * y + m.f };
}

export interface Size {
  width: number;
  height: number;
}

/** The box with the given corners in any order, cut to the unit square. Fractions in, fractions out. */
export function boxOfCorners(p: { x: number; y: number }, q: { x: number; y: number }): Box {
  const left = clampUnit(Math.min(p.x, q.x));
  const top = clampUnit(Math.min(p.y, q.y));
  return { x: left, y: top, width: clampUnit(Math.max(p.x, q.x)) - left, height: clampUnit(Math.max(p.y, q.y)) - top };
}

function clampUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
