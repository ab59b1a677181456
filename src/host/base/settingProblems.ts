/** Settings that cannot be used as they are written: each is reported once as long as the window is open, however often it is read. */
export class SettingProblems {
  readonly #reported = new Set<string>();
  #notify: (problem: string, isFirst: boolean) => void = () => undefined;

  /** @param notify is called with each problem, and whether it is the first of all */
  set listener(notify: (problem: string, isFirst: boolean) => void) {
    this.#notify = notify;
  }

  add(problem: string | undefined): void {
    if (problem === undefined || this.#reported.has(problem)) return;
    this.#reported.add(problem);
    this.#notify(problem, this.#reported.size === 1);
  }
}
