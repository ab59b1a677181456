import { labelKey } from '../base/labelKey.ts';
import { allAtOnce, Scorer } from './evaluate.ts';
import type { Evaluation, ScoredImage } from './evaluation.ts';
import { type ConfusionCell, cellEntries } from './objectCells.ts';

/** How the images of a set agree with their labels, and in which of them the objects of each cell of the confusion matrix are. */
export interface SetEvaluation {
  evaluation: Evaluation;
  /** For each entry of `evaluation.confusion`: the places of the images that hold its objects. */
  places: number[][];
  /** False where no object has a confidence: all count as equally sure then. */
  hasConfidences: boolean;
}

/** Compares the images of a set with their labels, one after the other. */
export class SetScorer {
  readonly #scorer: Scorer;
  /** By the labels as they are spelled, in the labels and in the results. */
  readonly #places = new Map<string | null, Map<string | null, number[]>>();
  #hasConfidences = false;

  /** @param iou from which on an object counts as found, 0..1 */
  constructor(iou: number) {
    this.#scorer = new Scorer(iou);
  }

  get images(): number {
    return this.#scorer.images;
  }

  /** @param place of the image in the set */
  add(place: number, image: ScoredImage): void {
    this.#hasConfidences ||= image.found.some(({ confidence }) => confidence !== undefined);
    for (const { label, as } of cellEntries(image, this.#scorer.add(image))) {
      const row = this.#places.get(label) ?? new Map<string | null, number[]>();
      if (row.size === 0) this.#places.set(label, row);
      const places = row.get(as);
      if (places === undefined) row.set(as, [place]);
      else if (places.at(-1) !== place) places.push(place);
    }
  }

  end(): SetEvaluation {
    return allAtOnce(this.ending());
  }

  /** The same in steps of some milliseconds at most. */
  *ending(): Generator<undefined, SetEvaluation> {
    const evaluation = yield* this.#scorer.ending();
    yield;
    const cells = new Cells();
    for (const [label, row] of this.#places) {
      for (const [as, list] of row) cells.of({ label, as }).push(list);
      yield;
    }
    const places = evaluation.confusion.map((cell) => inOrder(cells.of(cell)));
    return { evaluation, places, hasConfidences: this.#hasConfidences };
  }
}

/** The lists of each cell, whatever the spelling of its labels. */
class Cells {
  readonly #rows = new Map<string | null, Map<string | null, number[][]>>();
  /** Each spelling is worked out once. */
  readonly #keys = new Map<string | null, string | null>([[null, null]]);

  of({ label, as }: ConfusionCell): number[][] {
    const [key, asKey] = [this.#keyOf(label), this.#keyOf(as)];
    const row = this.#rows.get(key) ?? new Map<string | null, number[][]>();
    if (row.size === 0) this.#rows.set(key, row);
    const lists = row.get(asKey) ?? [];
    if (lists.length === 0) row.set(asKey, lists);
    return lists;
  }

  #keyOf(label: string | null): string | null {
    const key = this.#keys.get(label) ?? (label === null ? null : labelKey(label));
    this.#keys.set(label, key);
    return key;
  }
}

/** The places of all spellings of a cell, each once. */
function inOrder(lists: readonly number[][]): number[] {
  const [first = [], ...others] = lists;
  return others.length === 0 ? first : [...new Set(lists.flat())].sort((a, b) => a - b);
}
