import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Inspection, wasAsked } from '../../core/inspection/inspection.ts';
import type { SetTask } from '../../core/sets/inspectionSet.ts';
import { asAnswered, type JournalState } from '../../core/sets/journal.ts';
import { wordsOf } from '../task/taskPlanner.ts';

/** What is asked, whatever the image. */
export type SetQuestion = Pick<SetTask, 'task' | 'query' | 'labels' | 'model' | 'mediaResolution'>;

/** The words of a question as an inspection has them. */
export function promptOf({ task, query, labels }: Pick<SetQuestion, 'task' | 'query' | 'labels'>): string {
  return wordsOf({ task, query, options: labels === undefined ? {} : { labels: [...labels] } }).query;
}

/** True for a result that answers the question about the whole image. */
export function answers(inspection: Inspection, question: SetQuestion): boolean {
  const { task, prompt, model, mediaResolution = 'default', images, complete, follows } = inspection;
  const [image, ...others] = images;
  const isWhole = image?.sent?.region === undefined && (image?.sent?.redactions ?? []).length === 0;
  return (
    wasAsked(inspection) &&
    complete &&
    follows === undefined &&
    others.length === 0 &&
    isWhole &&
    task === question.task &&
    prompt === promptOf(question) &&
    model === question.model &&
    mediaResolution === question.mediaResolution
  );
}

/** Results that there are already, by what tells that an image may have one. */
export class KnownResults {
  /** Bytes of files of which there are results: of one of another size there is none that is known before it is hashed. */
  readonly sizes = new Set<number>();
  /** False where there are results of files whose size is not known any more. */
  isComplete = true;
  readonly #hashes = new Set<string>();
  readonly #stored: (sha256: string) => Promise<readonly Inspection[]>;
  readonly #question: SetQuestion;

  /** @param stored results of an image by its hash */
  constructor(question: SetQuestion, stored: (sha256: string) => Promise<readonly Inspection[]>) {
    this.#question = question;
    this.#stored = stored;
  }

  /** Takes the results of an earlier set up, if it asked the same. */
  addSet({ head, images }: JournalState): void {
    if (head === undefined || !isSameQuestion(head.task, this.#question)) return;
    for (const { state, bytes, sha256 } of images.map(asAnswered)) {
      if (state !== 'done' || sha256 === undefined) continue;
      this.sizes.add(bytes);
      this.#hashes.add(sha256);
    }
  }

  /** Takes up the sizes of files whose results are in a folder of stored results, as far as they are where they were. */
  async addStored(folder: string): Promise<void> {
    const images = await readdir(folder).catch((): string[] => []);
    for (const sha256 of images) {
      const size = await sizeOfSource(join(folder, sha256));
      if (size === undefined) this.isComplete = false;
      else this.sizes.add(size);
    }
  }

  async has(sha256: string): Promise<boolean> {
    return this.#hashes.has(sha256) || (await this.#stored(sha256)).some((inspection) => answers(inspection, this.#question));
  }
}

function isSameQuestion(a: SetQuestion, b: SetQuestion): boolean {
  return a.task === b.task && a.model === b.model && a.mediaResolution === b.mediaResolution && promptOf(a) === promptOf(b);
}

/** Characters at the beginning of an inspection among which the address of its image is looked for. */
const BEGINNING = 8192;

/** Bytes of the file of which a folder holds results, if that is on this computer still. */
async function sizeOfSource(folder: string): Promise<number | undefined> {
  const name = (await readdir(folder).catch((): string[] => [])).find((entry) => entry.endsWith('.json'));
  if (name === undefined) return undefined;
  try {
    const file = await open(join(folder, name), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
      const [, address] = /"images":\[\{"uri":"(file:[^"\\]+)"/.exec(buffer.toString('utf8', 0, bytesRead)) ?? [];
      return address === undefined ? undefined : (await stat(fileURLToPath(address))).size;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
