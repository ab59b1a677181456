import type { Inspection } from '../../core/inspection/inspection.ts';
import type { SessionState } from '../../protocol.ts';

/** The runs of a session, oldest first, and which of them is shown. */
export class SessionRuns {
  #all: Inspection[] = [];
  #shown: string | undefined;

  get all(): Inspection[] {
    return this.#all;
  }

  get state(): Pick<SessionState, 'runs' | 'shown'> {
    return { runs: this.#all, ...(this.#shown === undefined ? {} : { shown: this.#shown }) };
  }

  get shown(): Inspection | undefined {
    return this.of(this.#shown);
  }

  of(id: string | undefined): Inspection | undefined {
    return this.#all.find((run) => run.id === id);
  }

  show(id: string | undefined): void {
    this.#shown = id;
  }

  /** Shows a run, which may be new. */
  add(run: Inspection): void {
    if (this.of(run.id) === undefined) this.#all = [...this.#all, run];
    this.#shown = run.id;
  }

  /** Takes what the store holds for an image. The run that is shown goes on being shown if it is there. */
  read(stored: readonly Inspection[], sha256: string | undefined): void {
    // A run may have ended while the store was read.
    const since = this.#all.filter(({ id, images }) => images[0]?.sha256 === sha256 && !stored.some((run) => run.id === id));
    this.#all = [...stored, ...since];
    if (this.shown === undefined) this.#showLast();
  }

  remove(run: Inspection): void {
    this.#all = this.#all.filter((candidate) => candidate !== run);
    if (this.#shown === run.id) this.#showLast();
  }

  /** Forgets all, but not which was shown: it may be read again. */
  clear(): void {
    this.#all = [];
  }

  #showLast(): void {
    this.#shown = this.#all.at(-1)?.id;
  }
}
