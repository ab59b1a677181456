import type { Inspection } from '../../core/inspection/inspection.ts';
import { missingObjects, objectsOfVersions } from '../../core/inspection/versionResults.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { SessionState } from '../../protocol.ts';

/** What a pair takes of its session. */
interface PairParts {
  /** Address of the session's own image, the older one. */
  own: string;
  runs: () => readonly Inspection[];
  /** The stored results of a further image, by its address. */
  runsOf: (address: string) => Promise<Inspection[]>;
  changed: () => void;
}

/** The newer image that a session's own is looked at beside, without a run, and what is known of the objects of both. */
export class VersionPair {
  readonly #parts: PairParts;
  #pair: SessionState['pair'];
  #pairs = 0;
  /** Results come in without their being shown in place of the pair. */
  isKept = false;

  constructor(parts: PairParts) {
    this.#parts = parts;
  }

  get state(): SessionState['pair'] {
    return this.#pair;
  }

  open(newer: string): void {
    this.#pair = { id: ++this.#pairs, newer };
    this.#parts.changed();
    void this.read();
  }

  close(): void {
    this.#pair = undefined;
  }

  /** What has to be asked so that both images have objects, and of which of them; undefined where there is no pair. */
  async missing(): Promise<(Pick<TaskCall, 'task' | 'query'> & { images: string[] }) | undefined> {
    const pair = this.#pair;
    if (pair === undefined) return undefined;
    const { own, runs, runsOf } = this.#parts;
    const { task, prompt, older, newer } = missingObjects(runs(), await runsOf(pair.newer));
    return { task, query: prompt, images: [...(older ? [own] : []), ...(newer ? [pair.newer] : [])] };
  }

  /** Goes on being shown while work brings in results. Rejects like that. */
  async keepDuring(work: () => Thenable<void>): Promise<void> {
    this.isKept = true;
    try {
      await work();
    } finally {
      this.isKept = false;
    }
  }

  /** Takes the results of both that there are now. */
  async read(): Promise<void> {
    const pair = this.#pair;
    if (pair === undefined) return;
    const objects = objectsOfVersions(this.#parts.runs(), await this.#parts.runsOf(pair.newer));
    const isSame = objects?.older.id === pair.objects?.older.id && objects?.newer.id === pair.objects?.newer.id;
    if (this.#pair !== pair || isSame) return;
    this.#pair = { id: pair.id, newer: pair.newer, ...(objects === undefined ? {} : { objects }) };
    this.#parts.changed();
  }
}
