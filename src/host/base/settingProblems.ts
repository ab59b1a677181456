/** Settings that cannot be used as they are written: each is told once as long as the window is open, however often it is read. */
export class SettingProblems {
  readonly #told = new Set<string>();
  #tell: (problem: string, isFirst: boolean) => void = () => undefined;

  /** @param tell is told each problem, and whether it is the first of all */
  set listener(tell: (problem: string, isFirst: boolean) => void) {
    this.#tell = tell;
  }

  add(problem: string | undefined): void {
    if (problem === undefined || this.#told.has(problem)) return;
    this.#told.add(problem);
    this.#tell(problem, this.#told.size === 1);
  }
}
