import { Scorer } from './evaluate.ts';
import type { Evaluation, ScoredImage } from './evaluation.ts';
import { cellEntries, cellKey } from './objectCells.ts';

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
  readonly #places = new Map<string, number[]>();
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
    for (const entry of cellEntries(image, this.#scorer.add(image))) {
      const key = cellKey(entry);
      const places = this.#places.get(key);
      if (places === undefined) this.#places.set(key, [place]);
      else if (places.at(-1) !== place) places.push(place);
    }
  }

  end(): SetEvaluation {
    const evaluation = this.#scorer.end();
    const places = evaluation.confusion.map((cell) => this.#places.get(cellKey(cell)) ?? []);
    return { evaluation, places, hasConfidences: this.#hasConfidences };
  }
}
