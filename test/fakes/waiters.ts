/** Promises for something that is to appear in a list which others fill. */
export class Waiters<T> {
  readonly #list: () => readonly T[];
  readonly #waiting = new Set<{ matches: (item: T) => boolean; resolve: (item: T) => void; reject: (error: Error) => void }>();

  constructor(list: () => readonly T[]) {
    this.#list = list;
  }

  /** The first item that matches, now or later. */
  wait(matches: (item: T) => boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add({ matches, resolve, reject });
      this.check();
    });
  }

  /** To be called after each change of the list or of one of its items. */
  check(): void {
    for (const waiter of this.#waiting) {
      const item = this.#list().find(waiter.matches);
      if (item === undefined) continue;
      this.#waiting.delete(waiter);
      waiter.resolve(item);
    }
  }

  /** Rejects whoever still waits. */
  end(reason: string): void {
    for (const waiter of this.#waiting) waiter.reject(new Error(reason));
    this.#waiting.clear();
  }
}
