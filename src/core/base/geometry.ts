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
