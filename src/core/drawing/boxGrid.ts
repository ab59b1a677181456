import type { Box } from '../inspection/inspection.ts';

/** The side of a cell, in the unit of the boxes: a few times a tag. */
const CELL = 96;

/** Boxes by the cells of a frame that they lie in, so that those near a place are found without looking at all of them. What lies outside is kept at the edge. */
export class BoxGrid {
  readonly #frame: Box;
  readonly #columns: number;
  readonly #rows: number;
  readonly #cells: number[][];
  readonly #boxes: Box[] = [];
  /** The search that has seen a box last: a box lies in several cells. */
  readonly #seen: number[] = [];
  #search = 0;

  constructor(frame: Box) {
    this.#frame = frame;
    this.#columns = Math.max(1, Math.ceil(frame.width / CELL));
    this.#rows = Math.max(1, Math.ceil(frame.height / CELL));
    this.#cells = Array.from({ length: this.#columns * this.#rows }, () => []);
  }

  add(box: Box): void {
    const index = this.#boxes.push(box) - 1;
    this.#seen.push(0);
    const { left, right, top, bottom } = this.#cellsOf(box);
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) this.#cells[row * this.#columns + column]?.push(index);
    }
  }

  /** All boxes that share a cell with the place, each once. */
  near(place: Box): Box[] {
    const found: Box[] = [];
    const search = ++this.#search;
    const { left, right, top, bottom } = this.#cellsOf(place);
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        for (const index of this.#cells[row * this.#columns + column] ?? []) {
          if (this.#seen[index] === search) continue;
          this.#seen[index] = search;
          found.push(this.#boxes[index] as Box);
        }
      }
    }
    return found;
  }

  #cellsOf({ x, y, width, height }: Box): { left: number; right: number; top: number; bottom: number } {
    const within = (place: number, start: number, most: number) => Math.min(most - 1, Math.max(0, Math.floor((place - start) / CELL)));
    return {
      left: within(x, this.#frame.x, this.#columns),
      right: within(x + width, this.#frame.x, this.#columns),
      top: within(y, this.#frame.y, this.#rows),
      bottom: within(y + height, this.#frame.y, this.#rows),
    };
  }
}
