/** Milliseconds between two figures while the picture is being scaled: more cannot be read. */
const PAUSE = 250;

/** Shows a scale that changes with each frame, at once when it has been quiet and at the end, else now and then. */
export class ScaleText {
  readonly #show: (scale: number) => void;
  #scale = 1;
  #shown = 1;
  /** When, on the clock of `performance`. */
  #shownAt = Number.NEGATIVE_INFINITY;

  constructor(show: (scale: number) => void) {
    this.#show = show;
  }

  /** The latest scale: CSS pixels for one image pixel. */
  get scale(): number {
    return this.#scale;
  }

  follow(scale: number): void {
    this.#scale = scale;
    if (scale !== this.#shown && performance.now() - this.#shownAt > PAUSE) this.end();
  }

  /** The scale stays as it is. */
  end(): void {
    if (this.#scale === this.#shown) return;
    this.#shown = this.#scale;
    this.#shownAt = performance.now();
    this.#show(this.#scale);
  }
}
