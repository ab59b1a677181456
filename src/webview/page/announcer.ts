const QUIET = 2000;

/** Says things to screen readers through a polite live region: the latest text, at most once in two seconds. */
export class Announcer {
  readonly #region: HTMLElement;
  #next: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #followed = '';

  constructor(region: HTMLElement) {
    this.#region = region;
  }

  /** Says the state of things when it has become another; the empty string is nothing to say. */
  follow(text: string): void {
    if (text === '' || text === this.#followed) return;
    this.#followed = text;
    this.say(text);
  }

  say(text: string): void {
    this.#next = text;
    if (this.#timer === undefined) this.#flush();
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#next === undefined) return;
    this.#region.textContent = this.#next;
    this.#next = undefined;
    this.#timer = setTimeout(() => this.#flush(), QUIET);
  }
}
