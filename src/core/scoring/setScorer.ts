import { allAtOnce, Scorer } from './evaluate.ts';
import type { Evaluation, ScoredImage } from './evaluation.ts';

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
  /** Of each image in the set. */
  readonly #places: number[] = [];
  #hasConfidences = false;

  /** @param iou from which on an object counts as found, 0..1 */
  constructor(iou: number) {
    this.#scorer = new Scorer(iou);
  }

  get images(): number {
    return this.#places.length;
  }

  /** @param place of the image in the set */
  add(place: number, image: ScoredImage): void {
    this.#hasConfidences ||= image.found.some(({ confidence }) => confidence !== undefined);
    this.#places.push(place);
    this.#scorer.count(image);
  }

  end(): SetEvaluation {
    return allAtOnce(this.ending());
  }

  /** The same in steps of some milliseconds at most. */
  *ending(): Generator<undefined, SetEvaluation> {
    const { evaluation, images } = yield* this.#scorer.ending();
    const places = images.map((list) => list.map((image) => this.#places[image] as number));
    return { evaluation, places, hasConfidences: this.#hasConfidences };
  }
}
