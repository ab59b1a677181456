import type { FailureReason } from '../../core/base/failure.ts';

/** Failures that every image of a set would meet: the set waits for the user instead. */
const OF_ALL: ReadonlySet<FailureReason> = new Set([
  'noApiKey',
  'invalidApiKey',
  'permissionDenied',
  'modelNotFound',
  'quotaExhausted',
  'notConfirmed',
  'overBudget',
  'unsupported',
]);

/** Failures that pass: the image is asked about again later. */
const PASSING: ReadonlySet<FailureReason> = new Set(['rateLimited', 'overloaded', 'network', 'server']);

/** What to do with an image that failed: `again`: it waits for another turn, `pause`: so does the whole set, `failed`: it has failed. */
export type ImageVerdict = 'again' | 'pause' | 'failed';

/** Turns of an image that only met failures that pass. */
const MOST_TURNS = 3;
/** Images in a row that failed by what passes, after which it does not pass. */
const MOST_IN_A_ROW = 24;
/** Requests that went well after which one more is tried at a time. */
const CALM = 10;

/** Learns from how requests end how many may be under way, and when there is no point in going on. */
export class RunControl {
  readonly #most: () => number;
  readonly #turns = new Map<number, number>();
  #concurrency: number;
  #calm = 0;
  #inARow = 0;

  /** @param most requests at a time */
  constructor(most: () => number) {
    this.#most = most;
    this.#concurrency = Math.max(1, most());
  }

  /** Requests that may be under way now. */
  get concurrency(): number {
    return Math.min(this.#concurrency, Math.max(1, this.#most()));
  }

  /** Seconds to wait before the next request. */
  get pauseSeconds(): number {
    return this.#inARow === 0 ? 0 : Math.min(60, 2 ** Math.min(this.#inARow, 6) / 2);
  }

  answered(): void {
    this.#inARow = 0;
    this.#calm += 1;
    if (this.#calm < CALM) return;
    this.#calm = 0;
    this.#concurrency = Math.min(this.#concurrency + 1, Math.max(1, this.#most()));
  }

  /** The API wants fewer requests. */
  held(): void {
    // Those that were under way together are held together, and count once.
    if (this.#calm > 0 || this.#concurrency === Math.max(1, this.#most()))
      this.#concurrency = Math.max(1, Math.floor(this.#concurrency / 2));
    this.#calm = 0;
  }

  failed(image: number, reason: FailureReason | undefined): ImageVerdict {
    if (reason !== undefined && OF_ALL.has(reason)) return 'pause';
    if (reason === undefined || !PASSING.has(reason)) {
      this.#inARow = 0;
      return 'failed';
    }
    this.#inARow += 1;
    if (this.#inARow >= MOST_IN_A_ROW) return 'pause';
    const turns = (this.#turns.get(image) ?? 0) + 1;
    this.#turns.set(image, turns);
    return turns < MOST_TURNS ? 'again' : 'failed';
  }
}
