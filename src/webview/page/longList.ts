import { afterFrame } from '../state/afterFrame.ts';

/** Shorter lists are drawn at once. */
const LONG = 100;
/** Rows that are drawn with the picture: more than are in sight. */
const FIRST = 40;
/** Rows that follow with each frame. */
const STEP = 60;

/** How many rows of a new list are drawn: those in sight together with the picture, the others a frame later. */
export class LongList {
  readonly #more: () => void;
  #key = '';
  /** Rows that stand there: a new list takes them over. */
  #there = 0;
  #drawn = Number.POSITIVE_INFINITY;

  /** `more` is called when further rows may be drawn. */
  constructor(more: () => void) {
    this.#more = more;
  }

  /** `key` tells one list from another; `isWhole` if all rows are needed at once. */
  rows(key: string, count: number, isWhole: boolean): number {
    if (isWhole) this.#drawn = Number.POSITIVE_INFINITY;
    else if (key !== this.#key) {
      this.#drawn = count > LONG ? Math.max(FIRST, this.#there) : Number.POSITIVE_INFINITY;
      this.#follow();
    }
    this.#key = key;
    if (this.#drawn >= count) this.#drawn = Number.POSITIVE_INFINITY;
    this.#there = Math.min(count, this.#drawn);
    return this.#drawn;
  }

  #follow(): void {
    if (this.#drawn === Number.POSITIVE_INFINITY) return;
    afterFrame(() => {
      if (this.#drawn === Number.POSITIVE_INFINITY) return;
      this.#drawn += STEP;
      this.#more();
      this.#follow();
    });
  }
}
