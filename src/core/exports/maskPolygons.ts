import type { MaskBitmap } from './maskBitmap.ts';

export type PixelPoint = [x: number, y: number];
type Ring = PixelPoint[];

/** Sides of pixels at which object and not object meet; noise has so many that a polygon of it would serve nobody. */
const MOST_SIDES = 1_000_000;

/**
 * The outlines of an object along the sides of its pixels, in pixels of the image, clockwise as seen: one polygon for each part whose pixels share
 * sides. A hole is reached by a cut without width, since label formats have no holes. Filling them by the even-odd rule gives the very pixels again.
 * Undefined for noise.
 */
export function maskPolygons(bitmap: MaskBitmap): Ring[] | undefined {
  // Each pixel has two at most that are its own.
  if (2 * bitmap.data.length > MOST_SIDES && sides(bitmap) > MOST_SIDES) return undefined;
  const { outer, holes } = traced(bitmap);
  const polygons = holes.length === 0 ? outer : withCuts(bitmap, outer, holes);
  const { x, y } = bitmap.region;
  return polygons.map((ring) => ring.map(([px, py]): PixelPoint => [px + x, py + y]));
}

/** All parts as one polygon, each reached from the first by a cut without width. */
export function joinedPolygon(polygons: readonly Ring[]): Ring {
  const [first = [], ...others] = polygons;
  const start = first[0];
  return [...first, ...others.flatMap((ring) => (start === undefined || ring[0] === undefined ? ring : [start, ...ring, ring[0]]))];
}

function sides({ region: { width }, data }: MaskBitmap): number {
  let count = 0;
  for (let start = 0; start < data.length; start += width)
    for (let at = start + 1; at < start + width; at++) if (data[at] !== data[at - 1]) count += 1;
  for (let at = width; at < data.length; at++) if (data[at] !== data[at - width]) count += 1;
  return count;
}

/** Right, down, left, up: the object lies at the right hand. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;
/** Bits of a pixel: it is object; its upper side is part of a ring already. */
const OBJECT = 1;
const SEEN = 2;

function traced({ region: { width, height }, data }: MaskBitmap): { outer: Ring[]; holes: Ring[] } {
  // With a pixel that is not object on each side, so that the way around never looks beyond.
  const stride = width + 2;
  const pixels = new Uint8Array(stride * (height + 2));
  for (let y = 0; y < height; y++) pixels.set(data.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
  // From the corner at the left and above a pixel, by direction: to the next corner, and to the pixels ahead at the left and the right hand.
  const steps = [1, stride, -1, -stride] as const;
  const leftAhead = [-stride, 0, -1, -stride - 1] as const;
  const rightAhead = [0, -1, -stride - 1, -stride] as const;
  const outer: Ring[] = [];
  const holes: Ring[] = [];
  for (let start = pixels.indexOf(OBJECT); start >= 0; start = pixels.indexOf(OBJECT, start + 1)) {
    // Every ring runs along the upper side of some pixel.
    if (((pixels[start - stride] as number) & OBJECT) !== 0) continue;
    const ring: Ring = [];
    let [x, y] = [(start % stride) - 1, Math.floor(start / stride) - 1];
    let [at, direction, area] = [start, 0, 0];
    do {
      if (direction === 0) pixels[at] = OBJECT | SEEN;
      const [dx, dy] = STEPS[direction] as (typeof STEPS)[0];
      area += dx * -y;
      x += dx;
      y += dy;
      at += steps[direction] as number;
      const isRight = ((pixels[at + (rightAhead[direction] as number)] as number) & OBJECT) !== 0;
      const isLeft = ((pixels[at + (leftAhead[direction] as number)] as number) & OBJECT) !== 0;
      // Where two pixels touch by a corner only, the way stays at its own pixel.
      const turn = !isRight ? 1 : isLeft ? 3 : 0;
      if (turn !== 0) ring.push([x, y]);
      direction = (direction + turn) % 4;
    } while (at !== start || direction !== 0);
    if (area > 0) outer.push(ring);
    else holes.push(ring);
  }
  return { outer, holes };
}

/** Each hole becomes part of the polygon around it, reached by a cut to the left of its leftmost corner. */
function withCuts({ region: { width, height }, data }: MaskBitmap, outer: readonly Ring[], holes: readonly Ring[]): Ring[] {
  const rings = [...outer, ...holes];
  const polygons = rings.map((ring) => [...ring]);
  /** Whose left side a pixel's left side is; rings count from 1. */
  const leftSide = new Int32Array(width * height);
  for (const [index, ring] of rings.entries()) {
    for (const [place, [x, y]] of ring.entries()) {
      const [, nextY] = ring[(place + 1) % ring.length] as PixelPoint;
      for (let row = nextY; row < y; row++) leftSide[row * width + x] = index + 1;
    }
  }
  /** The place in `polygons` of the polygon that a ring has become part of. */
  const owner = rings.map((_, index) => index);
  const byLeft = holes
    .map((ring, index) => ({ index: outer.length + index, place: leftmost(ring) }))
    .sort((a, b) => corner(a)[0] - corner(b)[0]);
  for (const { index, place } of byLeft) {
    const hole = rings[index] as Ring;
    const [holeX, y] = hole[place] as PixelPoint;
    let x = holeX - 1;
    while (x > 0 && data[y * width + x - 1] === 1) x -= 1;
    const target = owner[(leftSide[y * width + x] ?? 0) - 1] ?? 0;
    const polygon = polygons[target] as Ring;
    const at = sideThrough(polygon, x, y);
    const way = [...hole.slice(place), ...hole.slice(0, place + 1)];
    polygon.splice(at + 1, 0, [x, y], ...way, [x, y]);
    owner[index] = target;
  }
  return polygons.slice(0, outer.length);

  function corner({ index, place }: { index: number; place: number }): PixelPoint {
    return rings[index]?.[place] ?? [0, 0];
  }
}

/** The place of the leftmost corner, the uppermost of these. */
function leftmost(ring: Ring): number {
  let best = 0;
  for (const [place, [x, y]] of ring.entries()) {
    const [bestX, bestY] = ring[best] as PixelPoint;
    if (x < bestX || (x === bestX && y < bestY)) best = place;
  }
  return best;
}

/** The place of the corner behind which an upward side goes along the left of pixel (x, y). */
function sideThrough(ring: Ring, x: number, y: number): number {
  return ring.findIndex(([fromX, fromY], place) => {
    const [toX, toY] = ring[(place + 1) % ring.length] as PixelPoint;
    return fromX === x && toX === x && toY <= y && y < fromY;
  });
}
