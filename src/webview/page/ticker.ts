/** Calls back at each full second, counted from a moment, for figures that count seconds. */
export class Ticker {
  readonly #tick: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #moment: number | undefined;

  constructor(tick: () => void) {
    this.#tick = tick;
  }

  /** Counts from or towards a moment in milliseconds since 1970, or stops. */
  follow(moment: number | undefined): void {
    if (moment === this.#moment) return;
    this.#moment = moment;
    clearTimeout(this.#timer);
    this.#next();
  }

  #next(): void {
    if (this.#moment === undefined) return;
    const past = (Date.now() - this.#moment) % 1000;
    this.#timer = setTimeout(
      () => {
        this.#tick();
        this.#next();
      },
      // A little after the second, or a figure rounded down would still be the old one.
      (past < 0 ? -past : 1000 - past) + 5,
    );
  }
}
