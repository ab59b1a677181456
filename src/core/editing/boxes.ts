import type { Size } from '../base/geometry.ts';
import type { Box } from '../inspection/inspection.ts';

/** The edges of a box that are held, by the points of the compass. */
export type Edges = 'n' | 's' | 'e' | 'w' | 'ne' | 'nw' | 'se' | 'sw';

/** The box nearest to one, in whole pixels, inside the picture and of at least one pixel. All boxes here are in pixels of the upright picture. */
export function snappedBox({ x, y, width, height }: Box, size: Size): Box {
  const [left, right] = snappedSpan(x, x + width, size.width);
  const [top, bottom] = snappedSpan(y, y + height, size.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The box between two corners. */
export function boxBetween(a: { x: number; y: number }, b: { x: number; y: number }, size: Size): Box {
  return snappedBox({ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) }, size);
}

/** A box after it was moved: it keeps its size, and stays inside the picture. */
export function movedBox(box: Box, dx: number, dy: number, size: Size): Box {
  const { x, y, width, height } = box.width === 0 && box.height === 0 ? box : snappedBox(box, size);
  const within = (start: number, length: number, most: number) => Math.min(most - length, Math.max(0, Math.round(start)));
  return { x: within(x + dx, width, size.width), y: within(y + dy, height, size.height), width, height };
}

/** A box after the held edges were moved: past the opposite ones it turns over. */
export function resizedBox(box: Box, edges: Edges, dx: number, dy: number, size: Size): Box {
  const { x, y, width, height } = snappedBox(box, size);
  const held = (edge: string, place: number, by: number) => (edges.includes(edge) ? place + by : place);
  const from = { x: held('w', x, dx), y: held('n', y, dy) };
  const to = { x: held('e', x + width, dx), y: held('s', y + height, dy) };
  return boxBetween(from, to, size);
}

function snappedSpan(from: number, to: number, most: number): [number, number] {
  const within = (place: number, least: number, greatest: number) => Math.min(greatest, Math.max(least, Math.round(place)));
  const start = within(from, 0, most - 1);
  return [start, within(to, start + 1, most)];
}
