import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../files/wholeFile.ts';

const FILE = 'running.json';
/** How often it is written anew because another window has written at the same time. */
const MOST_TRIES = 5;

/** The sets that are at work, or were when their window ended: a small file that is read at each start, `{"sets": [ids]}`. */
export class RunningSets {
  readonly #folder: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async ids(): Promise<string[]> {
    try {
      const value: unknown = JSON.parse(await readFile(join(this.#folder, FILE), 'utf8'));
      const { sets } = value as { sets?: unknown };
      return Array.isArray(sets) ? sets.filter((id) => typeof id === 'string') : [];
    } catch {
      return [];
    }
  }

  add(id: string): Promise<void> {
    return this.#change((ids) => (ids.includes(id) ? ids : [...ids, id]));
  }

  remove(id: string): Promise<void> {
    return this.#change((ids) => (ids.includes(id) ? ids.filter((other) => other !== id) : ids));
  }

  /** Other windows write too: what was written is looked at once more. */
  #change(change: (ids: string[]) => string[]): Promise<void> {
    const work = async () => {
      for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
        const ids = await this.ids();
        const changed = change(ids);
        if (changed === ids) return;
        await mkdir(this.#folder, { recursive: true });
        await writeWhole(join(this.#folder, FILE), JSON.stringify({ sets: changed }));
      }
    };
    this.#writing = this.#writing.then(work, work);
    return this.#writing;
  }
}
