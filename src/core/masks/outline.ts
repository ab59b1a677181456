import type { Box } from '../inspection/inspection.ts';
import { type GreyMap, isolines } from './isolines.ts';

/** The outline of an object in image pixels. */
export interface Outline {
  /** SVG path data, to be filled by the even-odd rule. */
  path: string;
  /** Outermost points, for the tag. */
  tips: Tips;
  /** How thick it is in the mean, in image pixels: a strip as wide as the strip is, a disc half its diameter. */
  thickness: number;
  /** Share of the box that the object covers, 0..1; unset for polygons. */
  coverage?: number;
  /** Whether its map has values between 0 and 255. */
  soft?: boolean;
}

type Point = readonly [number, number];
export type Tips = Record<'top' | 'bottom' | 'left' | 'right', Point>;

/** Larger maps are drawn from a smaller copy: an outline finer than this cannot be seen and would take long. */
const MAX_SIDE = 1024;
/** Neighbours of which one is object and the other not; noise has so many that its outline would block the page. */
const MAX_CROSSINGS = 20_000;

/** The outline of the values above the threshold, the map stretched over the box (image pixels). Undefined if there are none. */
export function outlineOfMap(map: GreyMap, threshold: number, box: Box): Outline | undefined {
  let small = map;
  let factor = 1;
  while (Math.max(small.width, small.height) > MAX_SIDE || crossings(small, threshold) > MAX_CROSSINGS) {
    factor *= 2;
    small = halved(small);
  }
  const rings = isolines(small, threshold + 0.5);
  if (rings.length === 0) return undefined;
  // A value stands for the middle of its cell and the outline ends at the cells' edges, so 0..width is the whole box. The last cells of a smaller
  // copy may reach over the edge.
  const x = (value: number) => box.x + (Math.min(map.width, value * factor) / map.width) * box.width;
  const y = (value: number) => box.y + (Math.min(map.height, value * factor) / map.height) * box.height;
  const outline = outlineOfRings(rings.map((ring) => ring.map(([px, py]) => [x(px), y(py)] as const)));
  return { ...outline, coverage: coverage(map, threshold), soft: isSoft(map) };
}

/** The outline through points given in fractions of the image, which has the given size in pixels. */
export function outlineOfPolygon(points: readonly Point[], size: { width: number; height: number }): Outline | undefined {
  if (points.length < 3) return undefined;
  return outlineOfRings([points.map(([x, y]) => [x * size.width, y * size.height] as const)]);
}

function outlineOfRings(rings: readonly (readonly Point[])[]): Outline {
  const first = rings[0]?.[0] ?? [0, 0];
  const tips = { top: first, bottom: first, left: first, right: first };
  let path = '';
  // Holes run the other way round, so that their area counts against the rest.
  let doubleArea = 0;
  let length = 0;
  for (const ring of rings) {
    let before = ring.at(-1) ?? first;
    let sign = 'M';
    for (const [index, point] of ring.entries()) {
      if (point[1] < tips.top[1]) tips.top = point;
      if (point[1] > tips.bottom[1]) tips.bottom = point;
      if (point[0] < tips.left[0]) tips.left = point;
      if (point[0] > tips.right[0]) tips.right = point;
      const after = ring[index + 1] ?? ring[0] ?? point;
      // Points on straight runs, of which outlines of maps have many, are left out.
      doubleArea += point[0] * after[1] - after[0] * point[1];
      length += Math.hypot(after[0] - point[0], after[1] - point[1]);
      const turn = (point[0] - before[0]) * (after[1] - before[1]) - (point[1] - before[1]) * (after[0] - before[0]);
      before = point;
      if (Math.abs(turn) <= 1e-9) continue;
      path += `${sign}${round(point[0])},${round(point[1])}`;
      sign = 'L';
    }
    if (sign === 'L') path += 'Z';
  }
  return { path, tips, thickness: length === 0 ? 0 : Math.abs(doubleArea) / length };
}

/** Thousandths of an image pixel are enough at the largest zoom. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function crossings({ width, height, data }: GreyMap, threshold: number): number {
  let count = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const here = (data[i] ?? 0) > threshold;
      if (x > 0 && here !== (data[i - 1] ?? 0) > threshold) count++;
      if (y > 0 && here !== (data[i - width] ?? 0) > threshold) count++;
    }
  }
  return count;
}

function coverage({ data }: GreyMap, threshold: number): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if ((data[i] ?? 0) > threshold) count++;
  return count / data.length;
}

function isSoft({ data }: GreyMap): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] !== 0 && data[i] !== 255) return true;
  return false;
}

/** Half the size, each value the mean of (up to) four. */
function halved({ width, height, data }: GreyMap): GreyMap {
  const w = Math.ceil(width / 2);
  const h = Math.ceil(height / 2);
  const half = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    const upper = 2 * y * width;
    const lower = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < w; x++) {
      const left = 2 * x;
      const right = Math.min(2 * x + 1, width - 1);
      half[y * w + x] =
        ((data[upper + left] ?? 0) + (data[upper + right] ?? 0) + (data[lower + left] ?? 0) + (data[lower + right] ?? 0)) / 4;
    }
  }
  return { width: w, height: h, data: half };
}
