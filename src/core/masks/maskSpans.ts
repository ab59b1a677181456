import type { Size } from '../base/geometry.ts';
import type { Box, Mask } from '../inspection/inspection.ts';
import { decodeMask, type MaskPixels } from './mask.ts';

/** Takes the pixels of row `y` from `from` to before `to`. */
export type TakeSpan = (y: number, from: number, to: number) => void;

/**
 * Gives the pixels of an object in an image of the given size (pixels), row by row from the top, as runs from left to right.
 * A map is stretched over `pixelBox`; what is above the threshold (0..255) after that is object. A polygon is filled by the even-odd rule.
 * @throws Error if the map's PNG is damaged.
 */
export function maskSpans(mask: Mask, pixelBox: Box, size: Size, threshold: number, take: TakeSpan): void {
  if (mask.kind === 'polygon') {
    polygonSpans(mask.points, size, take);
  } else {
    mapSpans(decodeMask(mask.png), pixelBox, threshold, take);
  }
}

/**
 * Between the middles of its cells a map is linear on each row, so that a row is worked out from the few cells where the object may begin or end.
 * Values count as rounded to whole numbers, like those of a map that was stretched as a picture: from `threshold` + 0.5 on they are object.
 */
function mapSpans(map: MaskPixels, box: Box, threshold: number, take: TakeSpan): void {
  const { width, height, data } = shrunk(map, box);
  const level = threshold + 0.5;
  let row = -1;
  let below = changes(data, 0, width, level);
  let cells: number[] = [];
  for (let y = 0; y < box.height; y++) {
    const place = Math.min(height - 1, Math.max(0, ((y + 0.5) * height) / box.height - 0.5));
    const share = place % 1;
    const upper = Math.floor(place) * width;
    const lower = Math.ceil(place) * width;
    if (Math.floor(place) !== row) {
      row = Math.floor(place);
      const above = below;
      below = row + 1 < height ? changes(data, upper + width, width, level) : above;
      cells = changesBetween(above, below, width);
    }
    let from = 0;
    let isObject = mixed(data, upper, lower, share) >= level;
    for (const cell of cells) {
      const before = mixed(data, upper + cell - 1, lower + cell - 1, share) - level;
      const here = mixed(data, upper + cell, lower + cell, share) - level;
      if (before >= 0 === here >= 0) {
        continue;
      }
      const crossing = ((cell - 0.5 + before / (before - here)) * box.width) / width - 0.5;
      isObject = here >= 0;
      if (isObject) {
        from = Math.ceil(crossing);
      } else if (crossing >= from) {
        take(box.y + y, box.x + from, box.x + Math.floor(crossing) + 1);
      }
    }
    if (isObject) {
      take(box.y + y, box.x + from, box.x + box.width);
    }
  }
}

/** The value between two places of a map; `share` of the second, 0..1. */
function mixed(data: GreyMap['data'], first: number, second: number, share: number): number {
  return (data[first] ?? 0) * (1 - share) + (data[second] ?? 0) * share;
}

/** The cells of a row at which it becomes object or ceases to be; 0 if it begins as object. */
function changes(data: GreyMap['data'], start: number, width: number, level: number): number[] {
  const cells: number[] = [];
  let isObject = false;
  for (let cell = 0; cell < width; cell++) {
    if ((data[start + cell] ?? 0) >= level !== isObject) {
      isObject = !isObject;
      cells.push(cell);
    }
  }
  return cells;
}

/** The cells, but for the first, that a border may lie before in a row between two rows: where one of them changes, or they differ. */
function changesBetween(upper: readonly number[], lower: readonly number[], width: number): number[] {
  const cells: number[] = [];
  let i = 0;
  let j = 0;
  while (i < upper.length || j < lower.length) {
    const cell = Math.min(upper[i] ?? width, lower[j] ?? width);
    i += upper[i] === cell ? 1 : 0;
    j += lower[j] === cell ? 1 : 0;
    const next = Math.min(upper[i] ?? width, lower[j] ?? width);
    const differ = i % 2 !== j % 2;
    for (let at = cell; at < (differ ? next : cell + 1); at++) {
      if (at > 0) {
        cells.push(at);
      }
    }
  }
  return cells;
}

interface GreyMap extends Size {
  data: Uint8Array | Float64Array;
}

/** The map with no more cells than the box has pixels, so that none is passed over. */
function shrunk({ width, height, data }: MaskPixels, box: Box): GreyMap {
  const columns = Math.min(width, box.width);
  const rows = Math.min(height, box.height);
  const narrow = columns < width ? narrowed(data, { from: width, to: columns }, height) : data;
  return { width: columns, height: rows, data: rows < height ? lowered(narrow, { from: height, to: rows }, columns) : narrow };
}

/** The lines of a map with fewer cells. */
function narrowed(data: GreyMap['data'], sides: { from: number; to: number }, lines: number): Float64Array {
  const { from, to } = sides;
  const result = new Float64Array(lines * to);
  const cells = weighted(sides);
  let at = 0;
  for (let line = 0; line < lines; line++) {
    for (const { first, weights, sum } of cells) {
      const start = line * from + first;
      let value = 0;
      for (let i = 0; i < weights.length; i++) value += (weights[i] as number) * (data[start + i] as number);
      result[at++] = value / sum;
    }
  }
  return result;
}

/** A map with fewer lines, of so many columns. */
function lowered(data: GreyMap['data'], sides: { from: number; to: number }, columns: number): Float64Array {
  const result = new Float64Array(sides.to * columns);
  for (const [cell, { first, weights, sum }] of weighted(sides).entries()) {
    const line = result.subarray(cell * columns, (cell + 1) * columns);
    // Line by line, as they lie in memory.
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i] as number;
      const start = (first + i) * columns;
      for (let x = 0; x < columns; x++) line[x] = (line[x] as number) + weight * (data[start + x] as number);
    }
    for (let x = 0; x < columns; x++) line[x] = (line[x] as number) / sum;
  }
  return result;
}

/**
 * Of each new cell the old ones of which it is the mean, from the first on, weighted by how near they are (a triangle, as wide as two new cells), and the
 * sum of their weights.
 */
function weighted({ from, to }: { from: number; to: number }): { first: number; weights: Float64Array; sum: number }[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, cell) => {
    const centre = (cell + 0.5) * scale;
    const first = Math.max(0, Math.ceil(centre - scale - 0.5));
    const weights: number[] = [];
    for (let i = first; i < from && i + 0.5 < centre + scale; i++) weights.push(1 - Math.abs(i + 0.5 - centre) / scale);
    return { first, weights: Float64Array.from(weights), sum: weights.reduce((total, weight) => total + weight, 0) };
  });
}

/** A pixel is inside if its middle is. */
function polygonSpans(points: readonly (readonly [number, number])[], { width, height }: Size, take: TakeSpan): void {
  const crossings: number[][] = Array.from({ length: height }, () => []);
  for (const [index, [x1, y1]] of points.entries()) {
    const [x2, y2] = points[(index + 1) % points.length] ?? [x1, y1];
    const [left, top, right, bottom] = y1 < y2 ? [x1, y1, x2, y2] : [x2, y2, x1, y1];
    const end = Math.min(height, firstMiddle(bottom * height));
    for (let y = Math.max(0, firstMiddle(top * height)); y < end; y++) {
      const share = ((y + 0.5) / height - top) / (bottom - top);
      crossings[y]?.push((left + share * (right - left)) * width);
    }
  }
  for (const [y, row] of crossings.entries()) {
    row.sort((a, b) => a - b);
    for (let i = 0; i + 1 < row.length; i += 2) {
      const from = Math.max(0, firstMiddle(row[i] ?? 0));
      const to = Math.min(width, firstMiddle(row[i + 1] ?? 0));
      if (from < to) {
        take(y, from, to);
      }
    }
  }
}

/** The first pixel whose middle is at or beyond a place. */
function firstMiddle(place: number): number {
  return Math.ceil(place - 0.5);
}
