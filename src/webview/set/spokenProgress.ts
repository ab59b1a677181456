/** Milliseconds between what is said of the progress. */
const QUIET = 10_000;

/** Says the progress of a set to screen readers through a polite live region: the latest text, at most once in ten seconds. The end is said at once. */
export class SpokenProgress {
  readonly #region: () => Element | null;
  #text = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(region: () => Element | null) {
    this.#region = region;
  }

  /** Follows the progress; `isLast`: nothing more will come. */
  follow(text: string, isLast: boolean): void {
    if (text === this.#text) return;
    this.#text = text;
    if (isLast) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    if (this.#timer === undefined) this.#say();
  }

  #say(): void {
    const region = this.#region();
    if (region === null || region.textContent === this.#text) {
      this.#timer = undefined;
      return;
    }
    region.textContent = this.#text;
    this.#timer = setTimeout(() => this.#say(), QUIET);
  }
}
