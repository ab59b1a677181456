import { labelKey } from '../base/labelKey.ts';
import { averagePrecision } from './averagePrecision.ts';
import { confusedPairs } from './confusions.ts';
import type { Confusion, Evaluation, ImageVerdicts, LabelEvaluation, ScoredImage, ScoredObject } from './evaluation.ts';
import { type Judged, unjudged, verdictsOf } from './judged.ts';
import {
  countedObjects,
  IOUS,
  type Matched,
  MOST_FOUND,
  matchLabel,
  sureness,
  surestFirst,
  type Thresholds,
  thresholdsWith,
} from './matchImage.ts';

/** The IoU from which on an object counts as found, where none is given. */
export const USUAL_IOU = 0.5;

/** Compares results with labels. See {@link Scorer}. */
export function evaluate(images: Iterable<ScoredImage>, { iou = USUAL_IOU }: { iou?: number } = {}): Evaluation {
  const scorer = new Scorer(iou);
  for (const image of images) scorer.add(image);
  return scorer.end();
}

/** Of one label: what was found of it in all images. */
interface LabelScore {
  /** Its place among all labels. */
  id: number;
  /** As it is spelled where it was first seen, in labels if it is there. */
  label: string;
  isInTruth: boolean;
  count: number;
  right: number;
  wrong: number;
  /** One entry for each found object. */
  images: number[];
  sureness: number[];
  /** Bits by place of the IoU. */
  hits: number[];
  ignored: number[];
  /** Places of its objects in the image at hand. */
  found: number[];
  truth: number[];
}

/** A cell of the confusion matrix while it is counted. */
interface Cell {
  count: number;
  /** The images in which it was counted, by their order. */
  images: number[];
}

/** What stands in the matrix where no object is. */
const NONE = -1;

/**
 * Compares results with labels over boxes, image by image, so that none is held: by the rules of pycocotools (`COCOeval` of boxes, all areas), but for one: at most 100 found
 * objects of an image count, whatever their labels. Of equally sure ones those of the image with the lesser key come first, in an image those that were named first. Labels are the same whatever
 * their case and what stands between their words. Source: github.com/ppwwyyxx/cocoapi, `cocoeval.py`.
 */
export class Scorer {
  readonly #iou: number;
  readonly #thresholds: Thresholds;
  /** The bit of the IoU that was asked for. */
  readonly #last: number;
  readonly #labels: LabelScore[] = [];
  readonly #byKey = new Map<string, LabelScore>();
  /** Each spelling is worked out once. */
  readonly #bySpelling = new Map<string, LabelScore>();
  /** By the label in the labels, then by that in the results. */
  readonly #confusion = new Map<number, Map<number, Cell>>();
  readonly #keys: string[] = [];
  #detections = 0;

  /** @param iou from which on an object counts as found, 0..1 */
  constructor(iou: number) {
    this.#iou = iou;
    this.#thresholds = thresholdsWith(iou);
    this.#last = 1 << (this.#thresholds.ious.length - 1);
  }

  get images(): number {
    return this.#keys.length;
  }

  /** Takes an image, and says what each of its objects is. Objects without an area do not take part. */
  add(image: ScoredImage): ImageVerdicts {
    return verdictsOf(image, this.count(image));
  }

  /** The same, by the places of its objects. */
  count(image: ScoredImage): Judged {
    const { key, truth } = image;
    this.#keys.push(key);
    const judged = unjudged(image);
    const wrong: number[] = [];
    const missed: number[] = [];
    for (const score of this.#grouped(image, judged)) {
      const matched = this.#matched(image, score);
      for (const [at, place] of score.found.entries()) {
        const { truth: of, ignored } = matched[at] as Matched;
        judged.of[place] = of;
        judged.found[place] = of < 0 ? 'false' : ignored & this.#last ? 'ignored' : 'true';
        if (of < 0) wrong.push(place);
        else if ((ignored & this.#last) === 0) {
          judged.truth[of] = 'true';
          judged.by[of] = place;
        }
      }
      for (const place of score.truth) {
        if (judged.truth[place] !== undefined) continue;
        const isCrowd = truth[place]?.crowd === true;
        judged.truth[place] = isCrowd ? 'ignored' : 'missed';
        if (!isCrowd) missed.push(place);
      }
      score.found.length = 0;
      score.truth.length = 0;
    }
    this.#confuseOthers(image, judged, { wrong, missed });
    return judged;
  }

  /** The labels of an image, with the places of their objects in it. */
  #grouped({ truth, found }: ScoredImage, judged: Judged): readonly LabelScore[] {
    const scores: LabelScore[] = [];
    for (let place = 0; place < truth.length; place++) {
      const object = truth[place] as ScoredObject;
      if (!hasArea(object)) continue;
      const score = this.#scoreOf(object.label);
      if (score.truth.length === 0) scores.push(score);
      score.truth.push(place);
      if (score.isInTruth) continue;
      score.isInTruth = true;
      score.label = object.label;
    }
    const beyond = new Set(found.length > MOST_FOUND ? countedObjects(found.filter(hasArea)).beyond : []);
    for (let place = 0; place < found.length; place++) {
      const object = found[place] as ScoredObject;
      if (!hasArea(object)) continue;
      if (beyond.has(object)) {
        judged.found[place] = 'ignored';
        continue;
      }
      const score = this.#scoreOf(object.label);
      if (score.truth.length === 0 && score.found.length === 0) scores.push(score);
      score.found.push(place);
    }
    return scores;
  }

  #scoreOf(label: string): LabelScore {
    const known = this.#bySpelling.get(label);
    if (known !== undefined) return known;
    const key = labelKey(label);
    let score = this.#byKey.get(key);
    if (score === undefined) {
      const counts = { isInTruth: false, count: 0, right: 0, wrong: 0 };
      score = { id: this.#labels.length, label, ...counts, images: [], sureness: [], hits: [], ignored: [], found: [], truth: [] };
      this.#labels.push(score);
      this.#byKey.set(key, score);
    }
    this.#bySpelling.set(label, score);
    return score;
  }

  /** Matches the objects of a label in an image, and counts them. */
  #matched(image: ScoredImage, score: LabelScore): readonly Matched[] {
    for (const place of score.truth) if (!image.truth[place]?.crowd) score.count += 1;
    if (score.found.length === 0) return [];
    score.found = surestFirst(score.found, image.found);
    const matched = matchLabel(image, score, this.#thresholds);
    for (const [at, { hits, ignored }] of matched.entries()) {
      score.images.push(this.#keys.length - 1);
      score.sureness.push(sureness(image.found[score.found[at] as number] as ScoredObject));
      score.hits.push(hits);
      score.ignored.push(ignored);
      if (hits & this.#last) {
        score.right += 1;
        this.#confuse(score.id, score.id);
      } else if (!(ignored & this.#last)) score.wrong += 1;
    }
    this.#detections += matched.length;
    return matched;
  }

  /** What is wrong and what was missed may be the same object by another name. */
  #confuseOthers({ truth, found }: ScoredImage, judged: Judged, { wrong, missed }: { wrong: number[]; missed: number[] }): void {
    const pairs = confusedPairs(
      wrong.map((place) => found[place] as ScoredObject),
      missed.map((place) => truth[place] as ScoredObject),
      this.#iou,
    );
    for (const [at, place] of wrong.entries()) {
      const other = missed[pairs.get(at) ?? -1];
      if (other !== undefined) {
        judged.of[place] = other;
        judged.by[other] = place;
      }
      this.#confuse(other === undefined ? NONE : this.#idOf(truth[other]), this.#idOf(found[place]));
    }
    for (const place of missed) if (judged.by[place] === -1) this.#confuse(this.#idOf(truth[place]), NONE);
  }

  #idOf(object: ScoredObject | undefined): number {
    return object === undefined ? NONE : this.#scoreOf(object.label).id;
  }

  #confuse(label: number, as: number): void {
    let row = this.#confusion.get(label);
    if (row === undefined) {
      row = new Map();
      this.#confusion.set(label, row);
    }
    const image = this.#keys.length - 1;
    const cell = row.get(as);
    if (cell === undefined) {
      row.set(as, { count: 1, images: [image] });
      return;
    }
    cell.count += 1;
    if (cell.images.at(-1) !== image) cell.images.push(image);
  }

  /** Of all images so far. */
  end(): Evaluation {
    return allAtOnce(this.ending()).evaluation;
  }

  /** The same in steps of some milliseconds at most; `images`: for each entry of the confusion matrix those that have it, by their order. */
  *ending(): Generator<undefined, { evaluation: Evaluation; images: number[][] }> {
    const ranks = ranksOf(this.#keys);
    yield;
    const scores = this.#labels;
    const perLabel: { id: number; figures: LabelEvaluation }[] = [];
    for (const score of scores) {
      perLabel.push({ id: score.id, figures: { ...(yield* evaluationOf(score, ranks)), count: score.count } });
      yield;
    }
    yield;
    perLabel.sort((a, b) => byCount(a.figures, b.figures));
    const [count, right, wrong] = [sum(scores, 'count'), sum(scores, 'right'), sum(scores, 'wrong')];
    const withTruth = perLabel.flatMap(({ figures }) => (figures.count > 0 ? [figures] : []));
    const cells = this.#cells(perLabel.map(({ id }) => id));
    const evaluation: Evaluation = {
      version: 1,
      images: this.#keys.length,
      labels: count,
      detections: this.#detections,
      iou: this.#iou,
      truePositives: right,
      falsePositives: wrong,
      falseNegatives: count - right,
      precision: ratio(right, right + wrong),
      recall: ratio(right, count),
      f1: ratio(2 * right, count + right + wrong),
      ap50: mean(withTruth.map(({ ap50 }) => ap50)),
      ap: mean(withTruth.map(({ ap }) => ap)),
      perLabel: perLabel.map(({ figures }) => figures),
      confusion: cells.map(({ confusion }) => confusion),
    };
    return { evaluation, images: cells.map(({ images }) => images) };
  }

  /** In the order of the labels, which is that of these ids; what is none comes last. */
  #cells(ids: readonly number[]): { confusion: Confusion; images: number[] }[] {
    const places = new Map(ids.map((id, place) => [id, place]));
    const placeOf = (id: number) => places.get(id) ?? ids.length;
    const labelOf = (id: number) => this.#labels[id]?.label ?? null;
    const sorted = <Value>(map: ReadonlyMap<number, Value>) => [...map].sort(([a], [b]) => placeOf(a) - placeOf(b));
    return sorted(this.#confusion).flatMap(([label, row]) =>
      sorted(row).map(([as, { count, images }]) => ({ confusion: { label: labelOf(label), as: labelOf(as), count }, images })),
    );
  }
}

/** Takes all the steps of a work, one after the other. */
export function allAtOnce<T>(steps: Generator<undefined, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

function* evaluationOf(score: LabelScore, ranks: readonly number[]): Generator<undefined, Omit<LabelEvaluation, 'count'>> {
  const { label, count, right, wrong } = score;
  const figures = { label, precision: ratio(right, right + wrong), recall: ratio(right, count) };
  if (count === 0) return { ...figures, ap50: 0, ap: 0 };
  const order = [...score.images.keys()].sort((a, b) => {
    const bySureness = (score.sureness[b] as number) - (score.sureness[a] as number);
    return bySureness || (ranks[score.images[a] as number] as number) - (ranks[score.images[b] as number] as number);
  });
  // In their order once, not again for each IoU.
  const all = new Uint16Array(order.length);
  const ignored = new Uint16Array(order.length);
  for (let at = 0; at < order.length; at++) {
    all[at] = score.hits[order[at] as number] as number;
    ignored[at] = score.ignored[order[at] as number] as number;
  }
  const hits = new Uint8Array(order.length);
  const aps: number[] = [];
  for (let place = 0; place < IOUS.length; place++) {
    yield;
    let counted = 0;
    for (let at = 0; at < all.length; at++)
      if ((((ignored[at] as number) >> place) & 1) === 0) hits[counted++] = ((all[at] as number) >> place) & 1;
    aps.push(averagePrecision(hits.subarray(0, counted), count));
  }
  return { ...figures, ap50: aps[0] ?? 0, ap: mean(aps) };
}

/** The place of each key among all, sorted by their characters. */
function ranksOf(keys: readonly string[]): number[] {
  const ranks: number[] = [];
  const order = [...keys.keys()].sort((a, b) =>
    (keys[a] as string) < (keys[b] as string) ? -1 : (keys[a] as string) > (keys[b] as string) ? 1 : a - b,
  );
  for (const [rank, place] of order.entries()) ranks[place] = rank;
  return ranks;
}

function hasArea({ box }: ScoredObject): boolean {
  return box.width > 0 && box.height > 0;
}

function byCount(a: LabelEvaluation, b: LabelEvaluation): number {
  return b.count - a.count || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0);
}

function sum(scores: readonly LabelScore[], member: 'count' | 'right' | 'wrong'): number {
  return scores.reduce((total, score) => total + score[member], 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
