/** Follows how the pictures of a comparison stand where the style sheet decides: beside each other, or one above the other. */
export class Arrangement {
  readonly #changed: () => void;
  readonly #observer = new ResizeObserver(() => this.#look());
  #area: Element | null = null;
  #isAbove = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get isAbove(): boolean {
    return this.#isAbove;
  }

  /** `area`: holds the pictures; null where they do not stand apart. */
  follow(area: Element | null): void {
    if (area !== this.#area) {
      this.#observer.disconnect();
      this.#area = area;
      if (area) this.#observer.observe(area);
    }
    this.#look();
  }

  #look(): void {
    const [first, second] = this.#area?.querySelectorAll<HTMLElement>('.pair') ?? [];
    if (!first || !second) return;
    const isAbove = second.offsetTop >= first.offsetTop + first.offsetHeight;
    if (isAbove === this.#isAbove) return;
    this.#isAbove = isAbove;
    this.#changed();
  }
}
