const QUIET = 2000;

/** Says things to screen readers through a polite live region: the latest text, at most once in two seconds. */
export class Announcer {
  readonly #region: HTMLElement;
  #next: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #said = '';

  constructor(region: HTMLElement) {
    this.#region = region;
  }

  say(text: string): void {
    if (text === '' || text === (this.#next ?? this.#said)) return;
    this.#next = text;
    if (this.#timer === undefined) this.#flush();
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#next === undefined) return;
    this.#said = this.#next;
    this.#region.textContent = this.#next;
    this.#next = undefined;
    this.#timer = setTimeout(() => this.#flush(), QUIET);
  }
}
