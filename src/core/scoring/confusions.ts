import type { ScoredObject } from './evaluation.ts';
import { overlapOf, sureness } from './matchImage.ts';

/** Missed objects that are all looked at: sorting them by their places would take longer. */
const FEW = 16;

/**
 * Pairs what was found and is not right with what was missed, whatever their labels: the surest first, each with the one that it covers best. Looks only at boxes that
 * begin near by, so that many objects take no time squared. Gives places in the lists.
 */
export function confusedPairs(found: readonly ScoredObject[], missed: readonly ScoredObject[], iou: number): Map<number, number> {
  const least = Math.max(iou, 1e-10);
  const pairs = new Map<number, number>();
  if (found.length === 0 || missed.length === 0) return pairs;
  const rows = missed.length > FEW ? new Rows(missed.map(({ box }) => box)) : undefined;
  const order = [...found.keys()].sort((a, b) => sureness(found[b] as ScoredObject) - sureness(found[a] as ScoredObject));
  const taken = new Uint8Array(missed.length);
  for (const place of order) {
    const { box } = found[place] as ScoredObject;
    let best = -1;
    let most = 0;
    const look = (other: number) => {
      if (taken[other] === 1) return;
      const overlap = overlapOf(box, (missed[other] as ScoredObject).box, undefined);
      if (overlap < least || overlap < most || (overlap === most && other < best)) return;
      best = other;
      most = overlap;
    };
    if (rows === undefined) for (let other = 0; other < missed.length; other++) look(other);
    else rows.near(box, least, look);
    if (best < 0) continue;
    taken[best] = 1;
    pairs.set(place, best);
  }
  return pairs;
}

type Box = ScoredObject['box'];

/** Boxes by rows in which their upper edges lie, in each by their left edges. */
class Rows {
  readonly #height: number;
  readonly #rows = new Map<number, { left: number[]; places: number[] }>();

  constructor(boxes: readonly Box[]) {
    this.#height = boxes.reduce((sum, { height }) => sum + height, 0) / Math.max(1, boxes.length) || 1;
    const byLeft = [...boxes.keys()].sort((a, b) => (boxes[a] as Box).x - (boxes[b] as Box).x);
    for (const place of byLeft) {
      const { x, y } = boxes[place] as Box;
      const at = Math.floor(y / this.#height);
      const row = this.#rows.get(at) ?? { left: [], places: [] };
      this.#rows.set(at, row);
      row.left.push(x);
      row.places.push(place);
    }
  }

  /** Gives the places of boxes that may have so much in common with that box. */
  near(box: Box, least: number, take: (place: number) => void): void {
    const top = Math.floor((box.y - before(box.height, least, box.y)) / this.#height);
    const bottom = Math.floor((box.y + box.height) / this.#height);
    const inRow = (row: { left: number[]; places: number[] }) => {
      const end = box.x + box.width;
      let at = firstFrom(row.left, box.x - before(box.width, least, box.x));
      for (; at < row.left.length && (row.left[at] as number) < end; at++) take(row.places[at] as number);
    };
    if (bottom - top > this.#rows.size) {
      for (const [at, row] of this.#rows) if (at >= top && at <= bottom) inRow(row);
      return;
    }
    for (let at = top; at <= bottom; at++) {
      const row = this.#rows.get(at);
      if (row !== undefined) inRow(row);
    }
  }
}

/** How far before an edge that of a box may lie that has so much in common with it; a little more, for the rounding of sums. */
function before(length: number, least: number, edge: number): number {
  return (1 - least) * (length / least) + 1e-9 * (1 + Math.abs(edge));
}

/** The place of the first that is not smaller. */
function firstFrom(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
