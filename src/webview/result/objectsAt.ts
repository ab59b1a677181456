import type { Box, Detection } from '../../core/inspection/inspection.ts';

export interface Target {
  id: string;
  /** Image pixels. */
  box: Box;
  /** True if the object's mask, where one is drawn, covers the point. */
  covers?(x: number, y: number): boolean;
}

/** The objects at a point (image pixels), the smallest first; objects whose box but not whose mask is hit come last. `reach`: how far beside a box still counts. */
export function objectsAt(targets: readonly Target[], x: number, y: number, reach = 0): Target[] {
  return targets
    .filter(({ box }) => x >= box.x - reach && x <= box.x + box.width + reach && y >= box.y - reach && y <= box.y + box.height + reach)
    .map((target) => ({ target, missed: target.covers?.(x, y) === false, area: target.box.width * target.box.height }))
    .sort((a, b) => Number(a.missed) - Number(b.missed) || a.area - b.area)
    .map(({ target }) => target);
}

/** The object to select at a point: the smallest, or the next below if that one is selected already. */
export function nextAt(targets: readonly Target[], x: number, y: number, selected: string | undefined, reach = 0): string | undefined {
  const found = objectsAt(targets, x, y, reach);
  const place = found.findIndex(({ id }) => id === selected);
  return found[(place + 1) % Math.max(1, found.length)]?.id;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The object nearest to `from` in a direction (a quarter of the circle), by the middles of the boxes; distance across counts double. */
export function nearestTowards(targets: readonly Target[], from: Box, direction: Direction): string | undefined {
  const [fromX, fromY] = middle(from);
  const sideways = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  let best: { id: string; distance: number } | undefined;
  for (const { id, box } of targets) {
    const [x, y] = middle(box);
    const along = sign * (sideways ? x - fromX : y - fromY);
    const across = Math.abs(sideways ? y - fromY : x - fromX);
    const distance = along + 2 * across;
    if (along > 0 && along >= across && (!best || distance < best.distance)) best = { id, distance };
  }
  return best?.id;
}

/** Objects as one reads: rows from top to bottom, each from left to right. */
export function readingOrder(targets: readonly Target[]): Target[] {
  const rows: Target[][] = [];
  for (const target of [...targets].sort((a, b) => middle(a.box)[1] - middle(b.box)[1])) {
    const first = rows.at(-1)?.[0];
    if (first && middle(target.box)[1] < first.box.y + first.box.height) rows.at(-1)?.push(target);
    else rows.push([target]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.box.x - b.box.x));
}

function middle({ x, y, width, height }: Box): [number, number] {
  return [x + width / 2, y + height / 2];
}

/** The box of an object in pixels of an image of the given size, not rounded. */
export function boxInPixels({ box }: Detection, size: { width: number; height: number }): Box {
  return { x: box.x * size.width, y: box.y * size.height, width: box.width * size.width, height: box.height * size.height };
}
