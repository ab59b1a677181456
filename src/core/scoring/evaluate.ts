import { labelKey } from '../base/labelKey.ts';
import { averagePrecision } from './averagePrecision.ts';
import { confusedPairs } from './confusions.ts';
import type { Confusion, Evaluation, ImageVerdicts, LabelEvaluation, ScoredImage, ScoredObject } from './evaluation.ts';
import { countedObjects, IOUS, type Matched, matchLabel, sureness } from './matchImage.ts';

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
}

/**
 * Compares results with labels over boxes, image by image, so that none is held: by the rules of pycocotools (`COCOeval` of boxes, all areas), but for one: at most 100 found
 * objects of an image count, whatever their labels. Of equally sure ones those of the image with the lesser key come first, in an image those that were named first. Labels are the same whatever
 * their case and what stands between their words. Source: github.com/ppwwyyxx/cocoapi, `cocoeval.py`.
 */
export class Scorer {
  readonly #iou: number;
  readonly #ious: readonly number[];
  readonly #labels = new Map<string, LabelScore>();
  /** How often, by the label in the labels and the one in the results. */
  readonly #confusion = new Map<string | null, Map<string | null, number>>();
  readonly #keys: string[] = [];
  readonly #spellings = new Map<string, string>();
  #detections = 0;

  /** @param iou from which on an object counts as found, 0..1 */
  constructor(iou: number) {
    this.#iou = iou;
    this.#ious = [...IOUS, iou];
  }

  get images(): number {
    return this.#keys.length;
  }

  /** Takes an image, and says what each of its objects is. Objects without an area do not take part. */
  add({ key, truth, found }: ScoredImage): ImageVerdicts {
    const image = this.#keys.push(key) - 1;
    const verdicts: ImageVerdicts = { found: new Map(), truth: new Map() };
    const { counted, beyond } = countedObjects(found.filter(hasArea));
    for (const { id } of beyond) verdicts.found.set(id, { verdict: 'ignored' });
    const byLabel = grouped(truth.filter(hasArea), counted, (label) => this.#keyOf(label));
    const wrong: ScoredObject[] = [];
    const missed: ScoredObject[] = [];
    for (const [name, group] of byLabel) {
      const score = this.#labelOf(name, group);
      const matched = matchLabel(group.found, group.truth, this.#ious);
      this.#count(score, matched, image);
      judge(matched, verdicts, { wrong, missed });
    }
    const pairs = confusedPairs(wrong, missed, this.#iou);
    const confused = new Set(pairs.values());
    for (const [place, object] of wrong.entries()) {
      const other = missed[pairs.get(place) ?? -1];
      if (other !== undefined) {
        verdicts.found.set(object.id, { verdict: 'false', of: other.id });
        verdicts.truth.set(other.id, { verdict: 'missed', by: object.id });
      }
      this.#confuse(other === undefined ? null : this.#keyOf(other.label), this.#keyOf(object.label));
    }
    for (const [place, object] of missed.entries()) if (!confused.has(place)) this.#confuse(this.#keyOf(object.label), null);
    return verdicts;
  }

  #labelOf(name: string, { truth, found }: Group): LabelScore {
    let score = this.#labels.get(name);
    if (score === undefined) {
      score = { label: '', isInTruth: false, count: 0, right: 0, wrong: 0, images: [], sureness: [], hits: [], ignored: [] };
      score.label = (truth[0] ?? found[0])?.label ?? name;
      this.#labels.set(name, score);
    } else if (!score.isInTruth && truth[0] !== undefined) score.label = truth[0].label;
    score.isInTruth ||= truth.length > 0;
    return score;
  }

  #count(score: LabelScore, { found, truth }: Matched, image: number): void {
    const last = this.#ious.length - 1;
    score.count += truth.filter(({ crowd }) => !crowd).length;
    for (const { object, matches } of found) {
      let [hits, ignored] = [0, 0];
      for (let place = 0; place < matches.length; place++) {
        const match = matches[place];
        if (match?.isIgnored) ignored |= 1 << place;
        else if (match !== undefined && match.truth >= 0) hits |= 1 << place;
      }
      score.images.push(image);
      score.sureness.push(sureness(object));
      score.hits.push(hits);
      score.ignored.push(ignored);
      this.#detections += 1;
      if (hits & (1 << last)) {
        score.right += 1;
        const name = this.#keyOf(object.label);
        this.#confuse(name, name);
      } else if (!(ignored & (1 << last))) score.wrong += 1;
    }
  }

  #confuse(label: string | null, as: string | null): void {
    const row = this.#confusion.get(label) ?? new Map<string | null, number>();
    if (row.size === 0) this.#confusion.set(label, row);
    row.set(as, (row.get(as) ?? 0) + 1);
  }

  /** Each spelling is worked out once. */
  #keyOf(label: string): string {
    let key = this.#spellings.get(label);
    if (key === undefined) {
      key = labelKey(label);
      this.#spellings.set(label, key);
    }
    return key;
  }

  /** Of all images so far. */
  end(): Evaluation {
    return allAtOnce(this.ending());
  }

  /** The same in steps of some milliseconds at most. */
  *ending(): Generator<undefined, Evaluation> {
    const ranks = ranksOf(this.#keys);
    yield;
    const scores = [...this.#labels.values()];
    const perLabel: LabelEvaluation[] = [];
    for (const score of scores) {
      perLabel.push({ ...(yield* evaluationOf(score, ranks)), count: score.count });
      yield;
    }
    yield;
    perLabel.sort(byCount);
    const [count, right, wrong] = [sum(scores, 'count'), sum(scores, 'right'), sum(scores, 'wrong')];
    const withTruth = perLabel.filter((one) => one.count > 0);
    return {
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
      perLabel,
      confusion: this.#confusions(new Map(perLabel.map(({ label }, place) => [labelKey(label), place]))),
    };
  }

  /** In the order of the labels; what is none comes last. */
  #confusions(places: ReadonlyMap<string, number>): Confusion[] {
    const placeOf = (name: string | null) => (name === null ? places.size : (places.get(name) ?? 0));
    const labelOf = (name: string | null) => (name === null ? null : (this.#labels.get(name)?.label ?? name));
    return [...this.#confusion]
      .sort(([a], [b]) => placeOf(a) - placeOf(b))
      .flatMap(([label, row]) =>
        [...row].sort(([a], [b]) => placeOf(a) - placeOf(b)).map(([as, count]) => ({ label: labelOf(label), as: labelOf(as), count })),
      );
  }
}

/** Takes all the steps of a work, one after the other. */
export function allAtOnce<T>(steps: Generator<undefined, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

interface Group {
  truth: ScoredObject[];
  found: ScoredObject[];
}

function grouped(truth: readonly ScoredObject[], found: readonly ScoredObject[], keyOf: (label: string) => string): Map<string, Group> {
  const groups = new Map<string, Group>();
  const groupOf = (label: string): Group => {
    const key = keyOf(label);
    let group = groups.get(key);
    if (group === undefined) {
      group = { truth: [], found: [] };
      groups.set(key, group);
    }
    return group;
  };
  for (const object of truth) groupOf(object.label).truth.push(object);
  for (const object of found) groupOf(object.label).found.push(object);
  return groups;
}

function judge(
  { found, truth }: Matched,
  verdicts: ImageVerdicts,
  { wrong, missed }: { wrong: ScoredObject[]; missed: ScoredObject[] },
): void {
  for (const { object, matches } of found) {
    const match = matches.at(-1);
    const other = match && truth[match.truth];
    if (match === undefined || other === undefined) {
      verdicts.found.set(object.id, { verdict: 'false' });
      wrong.push(object);
    } else if (match.isIgnored) verdicts.found.set(object.id, { verdict: 'ignored', of: other.id });
    else {
      verdicts.found.set(object.id, { verdict: 'true', of: other.id });
      verdicts.truth.set(other.id, { verdict: 'true', by: object.id });
    }
  }
  for (const object of truth) {
    if (verdicts.truth.has(object.id)) continue;
    verdicts.truth.set(object.id, { verdict: object.crowd ? 'ignored' : 'missed' });
    if (!object.crowd) missed.push(object);
  }
}

function* evaluationOf(score: LabelScore, ranks: readonly number[]): Generator<undefined, Omit<LabelEvaluation, 'count'>> {
  const { label, count, right, wrong } = score;
  const figures = { label, precision: ratio(right, right + wrong), recall: ratio(right, count) };
  if (count === 0) return { ...figures, ap50: 0, ap: 0 };
  const order = [...score.images.keys()].sort((a, b) => {
    const bySureness = (score.sureness[b] as number) - (score.sureness[a] as number);
    return bySureness || (ranks[score.images[a] as number] as number) - (ranks[score.images[b] as number] as number);
  });
  const hits = new Uint8Array(order.length);
  const aps: number[] = [];
  for (let place = 0; place < IOUS.length; place++) {
    yield;
    const bit = 1 << place;
    let counted = 0;
    for (const at of order)
      if (((score.ignored[at] as number) & bit) === 0) hits[counted++] = ((score.hits[at] as number) & bit) === 0 ? 0 : 1;
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
