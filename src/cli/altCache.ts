import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { recordOf } from '../core/base/shape.ts';
import { writeWhole } from '../engine/files/wholeFile.ts';
import { UsageError } from './cliArguments.ts';

/** What was written before, by image and context. */
export class AltCache {
  readonly #path: string | undefined;
  readonly #texts: Map<string, string>;
  #isChanged = false;

  private constructor(path: string | undefined, texts: Map<string, string>) {
    this.#path = path;
    this.#texts = texts;
  }

  static async read(path: string | undefined): Promise<AltCache> {
    const text = path === undefined ? '' : await readFile(path, 'utf8').catch(() => '');
    if (text.trim() === '') return new AltCache(path, new Map());
    let kept: unknown;
    try {
      kept = JSON.parse(text);
    } catch {
      throw new UsageError(`"${path}" is no cache of this program.`);
    }
    return new AltCache(
      path,
      new Map(Object.entries(recordOf(kept)).filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    );
  }

  /** What tells an image in a context from any other. Without a file to keep texts in there is nothing to find, and the image is not read. */
  async keyOf(image: string, context: unknown): Promise<string | undefined> {
    if (this.#path === undefined) return undefined;
    const hash = createHash('sha256').update(await readFile(image));
    return hash.update(JSON.stringify(context)).digest('hex');
  }

  get(key: string | undefined): string | undefined {
    return key === undefined ? undefined : this.#texts.get(key);
  }

  set(key: string | undefined, text: string): void {
    if (key === undefined || this.#texts.get(key) === text) return;
    this.#texts.set(key, text);
    this.#isChanged = true;
  }

  /** In the order of the keys, so that it can be committed. */
  async write(): Promise<void> {
    if (this.#path === undefined || !this.#isChanged) return;
    const sorted = Object.fromEntries([...this.#texts].sort(([a], [b]) => (a < b ? -1 : 1)));
    await writeWhole(resolve(this.#path), `${JSON.stringify(sorted, undefined, 2)}\n`);
    this.#isChanged = false;
  }
}
