import { afterFrame } from '../state/afterFrame.ts';

/** Shorter lists are drawn at once. */
const LONG = 100;
/** Rows that are drawn with the picture: more than are in sight. */
const FIRST = 40;
/** Rows that follow with each frame. */
const STEP = 60;
/** Of a longer list those rows only follow when it is scrolled: all of them would keep each letter in the filter waiting. */
const VERY_LONG = 300;

/** How many rows of a new list are drawn: those in sight together with the picture, the others a frame later, or when one scrolls to them. */
export class LongList {
  readonly #more: () => void;
  #key = '';
  /** Rows that stand there: a new list takes them over. */
  #there = 0;
  #drawn = Number.POSITIVE_INFINITY;
  #part: unknown;
  #sight: IntersectionObserver | undefined;
  #watchRest: (rest: Element | undefined) => void = () => undefined;

  /** `more` is called when further rows may be drawn. */
  constructor(more: () => void) {
    this.#more = more;
  }

  /** `key` tells one list from another, `part` of a very long one what is listed of it; `isWhole` if all rows are needed at once. */
  rows(key: string, count: number, isWhole: boolean, part: unknown): number {
    if (count > VERY_LONG) return this.#ofVeryLong(key, count, part);
    this.#part = undefined;
    const isOther = key !== this.#key;
    this.#key = key;
    if (isWhole) this.#drawn = Number.POSITIVE_INFINITY;
    else if (isOther) {
      this.#drawn = count > LONG ? Math.max(FIRST, this.#there) : Number.POSITIVE_INFINITY;
      this.#follow();
    }
    if (this.#drawn >= count) this.#drawn = Number.POSITIVE_INFINITY;
    this.#there = Math.min(count, this.#drawn);
    return this.#drawn;
  }

  #ofVeryLong(key: string, count: number, part: unknown): number {
    if (key !== this.#key || part !== this.#part) {
      this.#drawn = FIRST;
      this.#watchAnew();
    }
    this.#key = key;
    this.#part = part;
    this.#there = Math.min(count, this.#drawn);
    if (this.#drawn >= count) this.#drawn = Number.POSITIVE_INFINITY;
    return this.#drawn;
  }

  /** Takes the elements that stand for rows which are not drawn: as soon as one is in sight, the rows follow. Another function for each list, so that `ref` calls it again. */
  get watchRest(): (rest: Element | undefined) => void {
    return this.#watchRest;
  }

  #watchAnew(): void {
    this.#sight?.disconnect();
    const sight = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      sight.disconnect();
      this.#follow();
    });
    this.#sight = sight;
    this.#watchRest = (rest) => rest && sight.observe(rest);
  }

  #follow(): void {
    if (this.#drawn === Number.POSITIVE_INFINITY) return;
    const [key, part] = [this.#key, this.#part];
    afterFrame(() => {
      if (this.#drawn === Number.POSITIVE_INFINITY || key !== this.#key || part !== this.#part) return;
      this.#drawn += STEP;
      this.#more();
      this.#follow();
    });
  }
}
