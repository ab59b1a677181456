import type { Inspection } from '../../../core/inspection/inspection.ts';
import type { Review, SetLine, SetRow } from '../../../core/sets/inspectionSet.ts';
import { asAnswered, type ReviewRecord, type SetImage } from '../../../core/sets/journal.ts';
import { rowOf, rowResult } from '../../../core/sets/setRows.ts';
import type { SetFiles } from './setFiles.ts';
import { lineWithoutResult, readLineOf } from './setLines.ts';

/** Which images are corrected, how far that is, and what ends it between two of them. */
export interface CorrectionCourse {
  isWanted(row: SetRow): boolean;
  signal?: AbortSignal;
  onProgress?(done: number, of: number): void;
}

/** What was corrected, and what takes it back. */
export interface CorrectionsMade {
  /** How many. */
  images: number;
  undo(): Promise<void>;
}

/** What reviews take of their set. */
export interface ReviewedSet {
  /** Does something that writes to the set; rejects with `unsupported` where another process has it. */
  during<T>(work: () => Promise<T>): Promise<T>;
  changed(images: readonly number[]): void;
}

/** What people say of the results of a set, and what they make of them. */
export class SetReviews {
  readonly #files: SetFiles;
  readonly #set: ReviewedSet;

  constructor(files: SetFiles, set: ReviewedSet) {
    this.#files = files;
    this.#set = set;
  }

  /** Says what a person thinks of results; null takes it back. */
  async judge(keys: readonly string[], review: Review | null): Promise<void> {
    const named = new Set(keys);
    await this.#record(() => this.#done(({ key }) => named.has(key)).map(({ image }) => ({ kind: 'review', image, review })));
  }

  /**
   * Puts results of a person in the place of those that hold, one image after the other; `make` gives undefined where one stays as it is. Each line is on disk before
   * the journal names it, and what was answered stays beside it. Where it is ended in between, or the disk takes no more and it rejects, what was made until then is kept.
   */
  async correct(
    make: (inspection: Inspection) => Inspection | undefined,
    { isWanted, signal, onProgress }: CorrectionCourse,
  ): Promise<CorrectionsMade> {
    const before: ReviewRecord[] = [];
    await this.#set
      .during(async () => {
        const wanted = this.#done((image) => isWanted(rowOf(image)));
        for (const [done, { image: index }] of wanted.entries()) {
          if (signal?.aborted) break;
          onProgress?.(done, wanted.length);
          // As it is by now: more may be said of it meanwhile.
          const image = this.#files.state.images[index];
          if (image === undefined) continue;
          const line = await readLineOf(this.#files, image);
          const inspection = line.inspection && make(line.inspection);
          if (inspection === undefined) continue;
          await this.#replace(index, line, inspection);
          const { review = null, corrected = null } = image;
          before.push({ kind: 'review', image: index, review, corrected });
        }
      })
      .finally(() => this.#set.changed(before.map(({ image }) => image)));
    return { images: before.length, undo: () => this.#record(() => before) };
  }

  /** Puts what a person has found in the place of an answer that failed: the image is done with that. Resolves to false, and changes nothing, for any other image. */
  async annotate(key: string, inspection: Inspection): Promise<boolean> {
    const failed = () => this.#files.state.images.find((image) => image.key === key && asAnswered(image).state === 'failed');
    if (failed() === undefined) return false;
    return this.#set.during(async () => {
      const image = failed();
      if (image === undefined) return false;
      await this.#replace(image.image, lineWithoutResult({ ...image, state: 'done' }), inspection);
      this.#set.changed([image.image]);
      return true;
    });
  }

  async #replace(image: number, line: SetLine, inspection: Inspection): Promise<void> {
    const place = await this.#files.addLine({ ...line, inspection, review: 'corrected' });
    const corrected = { ...place, result: rowResult(inspection) };
    await this.#files.recordReviews({ kind: 'review', image, review: 'corrected', corrected });
  }

  /** The answer of an image holds again, or that it failed. */
  async takeBack(key: string): Promise<void> {
    const corrected = (image: SetImage) => image.key === key && image.corrected !== undefined;
    await this.#record(() => this.#done(corrected).map(({ image }) => ({ kind: 'review', image, review: null, corrected: null })));
  }

  /** Images with an answer. */
  #done(which: (image: SetImage) => boolean): SetImage[] {
    return this.#files.state.images.filter((image) => image.state === 'done' && which(image));
  }

  #record(records: () => ReviewRecord[]): Promise<void> {
    return this.#set.during(async () => {
      // Asked for in here: opening the set may have read it anew.
      const all = records();
      await this.#files.recordReviews(...all);
      this.#set.changed(all.map(({ image }) => image));
    });
  }
}
