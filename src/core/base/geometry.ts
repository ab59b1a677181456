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

/** With its upper left corner. */
export interface Rectangle extends Size {
  x: number;
  y: number;
}

/** The area that two rectangles have in common. */
export function sharedArea(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** Intersection over union of two rectangles, 0..1: the share of what they cover together that both cover. */
export function intersectionOverUnion(a: Rectangle, b: Rectangle): number {
  const both = sharedArea(a, b);
  return both === 0 ? 0 : Math.min(1, both / (a.width * a.height + b.width * b.height - both));
}

/** The least rectangle that holds both. */
export function around(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
}

/** Rectangles that overlap, or are nearer to each other than a gap, become the one around them. */
export function joinedNear(rectangles: readonly Rectangle[], gap = 0): Rectangle[] {
  const apart: Rectangle[] = [];
  const waiting = [...rectangles];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const here = one;
    const other = apart.findIndex((each) => areNear(each, here, gap));
    if (other < 0) apart.push(here);
    else waiting.push(...apart.splice(other, 1).map((each) => around(each, here)));
  }
  return apart;
}

function areNear(a: Rectangle, b: Rectangle, gap: number): boolean {
  return a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;
}
