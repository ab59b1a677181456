import type { Size } from '../../core/base/geometry.ts';
import type { Edges } from '../../core/editing/boxes.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import { regionPixels } from '../../core/request/region.ts';

/** What of an area is held: all of it, or the edges that a handle moves. */
export type Grip = 'move' | Edges;
export const HANDLES: readonly Edges[] = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'];

/** Where an area stands before anybody has drawn it: the middle half, in fractions of the picture. */
export const MIDDLE_HALF: Box = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

/** An area in whole pixels of the picture. `area`: fractions of it. */
export function areaPixels(area: Box, size: Size): Box {
  return regionPixels(area, size);
}

/** The same in fractions, with its edges on pixels. */
export function snapped(area: Box, size: Size): Box {
  return fractions(regionPixels(area, size), size);
}

/** The area between two points of the picture (pixels), in fractions. */
export function areaBetween(from: Point, to: Point, size: Size): Box {
  const [x, right] = span(from.x, to.x, size.width);
  const [y, bottom] = span(from.y, to.y, size.height);
  return snapped(fractions({ x, y, width: right - x, height: bottom - y }, size), size);
}

export interface Point {
  x: number;
  y: number;
}

/** The area after what is held of it was moved by so many pixels of the picture. It stays inside, and may turn over. */
export function changedArea(area: Box, grip: Grip, { x: dx, y: dy }: Point, size: Size): Box {
  const { x, y, width, height } = areaPixels(area, size);
  if (grip === 'move') {
    const within = (start: number, length: number, most: number) => Math.min(most - length, Math.max(0, Math.round(start)));
    return fractions({ x: within(x + dx, width, size.width), y: within(y + dy, height, size.height), width, height }, size);
  }
  const held = (edge: string, place: number, by: number) => (grip.includes(edge) ? place + by : place);
  const from = { x: held('w', x, dx), y: held('n', y, dy) };
  const to = { x: held('e', x + width, dx), y: held('s', y + height, dy) };
  return areaBetween(from, to, size);
}

function span(a: number, b: number, most: number): [number, number] {
  const within = (value: number) => Math.min(most, Math.max(0, value));
  return [within(Math.min(a, b)), within(Math.max(a, b))];
}

function fractions({ x, y, width, height }: Box, size: Size): Box {
  // An area without size would be none; one pixel is what it becomes.
  return {
    x: Math.min(x, size.width - 1) / size.width,
    y: Math.min(y, size.height - 1) / size.height,
    width: Math.max(width, 1e-3) / size.width,
    height: Math.max(height, 1e-3) / size.height,
  };
}
