/**
 * A second way to compare results with labels, by the words of the contract and nothing else: no index, no bits, everything looked at every time. It shares no code with
 * `src/core/scoring` but the spelling of labels.
 */
import { labelKey } from '../../src/core/base/labelKey.ts';
import type { Evaluation, ScoredImage, ScoredObject } from '../../src/core/scoring/evaluation.ts';

/** What is compared of two evaluations. */
export interface NaiveScore {
  counts: number[];
  ratios: number[];
  perLabel: Record<string, number[]>;
  confusion: Record<string, number>;
}

interface Found {
  object: ScoredObject;
  image: ScoredImage;
}

/** Which objects of an image count: with an area, and of those found the 100 surest. */
function countedOf({ key, truth, found }: ScoredImage): ScoredImage {
  const withArea = (objects: readonly ScoredObject[]) => objects.filter(({ box }) => box.width > 0 && box.height > 0);
  const ranked = withArea(found).map((object, order) => ({ object, order }));
  ranked.sort((a, b) => sure(b.object) - sure(a.object) || a.order - b.order);
  return { key, truth: withArea(truth), found: ranked.slice(0, 100).map(({ object }) => object) };
}

function sure(object: ScoredObject): number {
  return object.confidence ?? 0;
}

function overlap(a: ScoredObject, b: ScoredObject, isCrowd: boolean): number {
  const across = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
  const down = Math.min(a.box.y + a.box.height, b.box.y + b.box.height) - Math.max(a.box.y, b.box.y);
  if (across <= 0 || down <= 0) return 0;
  const [own, other] = [a.box.width * a.box.height, b.box.width * b.box.height];
  return (across * down) / (isCrowd ? own : own + other - across * down);
}

/** What each found object of one label in one image is, at an IoU: an object of the labels, a part of a crowd, or nothing. */
function matchesOf(image: ScoredImage, label: string, iou: number): Map<ScoredObject, ScoredObject | 'crowd' | undefined> {
  const own = (object: ScoredObject) => labelKey(object.label) === label;
  const left = new Set(image.truth.filter((object) => own(object) && object.crowd !== true));
  const crowds = image.truth.filter((object) => own(object) && object.crowd === true);
  const matches = new Map<ScoredObject, ScoredObject | 'crowd' | undefined>();
  // A ratio that is as good as one is one.
  const least = Math.min(iou, 1 - 1e-10);
  for (const object of image.found.filter(own)) {
    let best: ScoredObject | undefined;
    for (const candidate of left) {
      const share = overlap(object, candidate, false);
      // Of equals the last, as COCO's program has it.
      if (share >= least && (best === undefined || share >= overlap(object, best, false))) best = candidate;
    }
    if (best !== undefined) left.delete(best);
    const isInCrowd = best === undefined && crowds.some((crowd) => overlap(object, crowd, true) >= least);
    matches.set(object, best ?? (isInCrowd ? 'crowd' : undefined));
  }
  return matches;
}

function averagePrecision(images: readonly ScoredImage[], label: string, iou: number): number {
  const all: (Found & { match: ScoredObject | 'crowd' | undefined; order: number })[] = [];
  for (const image of images)
    for (const [object, match] of matchesOf(image, label, iou)) all.push({ object, image, match, order: all.length });
  all.sort(
    (a, b) => sure(b.object) - sure(a.object) || (a.image.key < b.image.key ? -1 : a.image.key > b.image.key ? 1 : 0) || a.order - b.order,
  );
  const counted = all.filter(({ match }) => match !== 'crowd');
  const count = truthOf(images, label);
  const points = counted.map((_, last) => {
    const right = counted.slice(0, last + 1).filter(({ match }) => match !== undefined).length;
    return { recall: right / count, precision: right / (last + 1) };
  });
  let sum = 0;
  for (let step = 0; step <= 100; step++)
    // As numpy's `linspace` has them: 0.01 times the step.
    sum += Math.max(0, ...points.filter(({ recall }) => recall >= (step === 100 ? 1 : step * 0.01)).map(({ precision }) => precision));
  return sum / 101;
}

function truthOf(images: readonly ScoredImage[], label: string): number {
  return images.flatMap(({ truth }) => truth).filter((object) => labelKey(object.label) === label && object.crowd !== true).length;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Compares results with labels. */
export function naiveScore(given: readonly ScoredImage[], iou: number): NaiveScore {
  const images = given.map(countedOf);
  const names = [...new Set(images.flatMap(({ truth, found }) => [...truth, ...found]).map(({ label }) => labelKey(label)))];
  const confusion: Record<string, number> = {};
  const confuse = (label: string | null, as: string | null) => {
    const cell = JSON.stringify([label, as]);
    confusion[cell] = (confusion[cell] ?? 0) + 1;
  };
  const sums = new Map(names.map((name) => [name, { right: 0, wrong: 0 }]));
  for (const [place, image] of images.entries()) {
    const wrong = new Set<ScoredObject>();
    const missed = new Set(image.truth.filter(({ crowd }) => crowd !== true));
    for (const name of names) {
      const sum = sums.get(name) ?? { right: 0, wrong: 0 };
      for (const [object, match] of matchesOf(image, name, iou)) {
        if (match === 'crowd') continue;
        if (match === undefined) {
          sum.wrong += 1;
          wrong.add(object);
        } else {
          sum.right += 1;
          missed.delete(match);
          confuse(name, name);
        }
      }
    }
    // Whatever their labels: the surest first, label by label as they first come; each with what it covers best.
    const byLabel = [
      ...new Set(
        [...image.truth, ...(given[place]?.found ?? []).filter((object) => image.found.includes(object))].map(({ label }) =>
          labelKey(label),
        ),
      ),
    ];
    const order = byLabel.flatMap((name) => [...wrong].filter(({ label }) => labelKey(label) === name));
    const rest = byLabel.flatMap((name) => [...missed].filter(({ label }) => labelKey(label) === name));
    order.sort((a, b) => sure(b) - sure(a));
    for (const object of order) {
      let best: ScoredObject | undefined;
      for (const candidate of rest) {
        const share = overlap(object, candidate, false);
        if (missed.has(candidate) && share >= Math.max(iou, 1e-10) && (best === undefined || share >= overlap(object, best, false)))
          best = candidate;
      }
      if (best !== undefined) missed.delete(best);
      confuse(best === undefined ? null : labelKey(best.label), labelKey(object.label));
    }
    for (const { label } of missed) confuse(labelKey(label), null);
  }
  // As numpy's `linspace` has them, to the last bit: boxes of whole pixels lie on them.
  const thresholds = Array.from({ length: 10 }, (_, step) => (step === 9 ? 0.95 : 0.5 + step * ((0.95 - 0.5) / 9)));
  const perLabel: Record<string, number[]> = {};
  const aps: [number, number][] = [];
  for (const name of names) {
    const { right, wrong } = sums.get(name) ?? { right: 0, wrong: 0 };
    const count = truthOf(images, name);
    const all = count === 0 ? [] : thresholds.map((threshold) => averagePrecision(images, name, threshold));
    const [ap50, ap] = count === 0 ? [0, 0] : [all[0] ?? 0, all.reduce((sum, one) => sum + one, 0) / all.length];
    if (count > 0) aps.push([ap50, ap]);
    perLabel[name] = [count, ratio(right, right + wrong), ratio(right, count), ap50, ap];
  }
  const total = (which: 'right' | 'wrong') => [...sums.values()].reduce((sum, one) => sum + one[which], 0);
  const [right, wrong] = [total('right'), total('wrong')];
  const count = names.reduce((sum, name) => sum + truthOf(images, name), 0);
  const mean = (place: 0 | 1) =>
    ratio(
      aps.reduce((sum, one) => sum + one[place], 0),
      aps.length,
    );
  const detections = images.reduce((sum, { found }) => sum + found.length, 0);
  return {
    counts: [images.length, count, detections, right, wrong, count - right],
    ratios: [ratio(right, right + wrong), ratio(right, count), ratio(2 * right, 2 * right + wrong + count - right), mean(0), mean(1)],
    perLabel,
    confusion,
  };
}

/** The same of an evaluation of ours. */
export function comparable({ perLabel, confusion, ...all }: Evaluation): NaiveScore {
  const key = (name: string | null) => (name === null ? null : labelKey(name));
  return {
    counts: [all.images, all.labels, all.detections, all.truePositives, all.falsePositives, all.falseNegatives],
    ratios: [all.precision, all.recall, all.f1, all.ap50, all.ap],
    perLabel: Object.fromEntries(
      perLabel.map(({ label, count, precision, recall, ap50, ap }) => [labelKey(label), [count, precision, recall, ap50, ap]]),
    ),
    confusion: Object.fromEntries(confusion.map(({ label, as, count }) => [JSON.stringify([key(label), key(as)]), count])),
  };
}

/** Where two differ, for people; empty where they agree to 0.000001. */
export function differences(ours: NaiveScore, naive: NaiveScore): string[] {
  const near = (a: number | undefined, b: number | undefined) => a !== undefined && b !== undefined && Math.abs(a - b) < 1e-6;
  const found: string[] = [];
  const compare = (what: string, a: Record<string, number> | number[], b: Record<string, number> | number[]) => {
    const [one, other] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
    for (const key of new Set([...one.keys(), ...other.keys()]))
      if (!near(one.get(key), other.get(key))) found.push(`${what} ${key}: ${one.get(key)}, naively ${other.get(key)}`);
  };
  compare('count', ours.counts, naive.counts);
  compare('ratio', ours.ratios, naive.ratios);
  compare('confusion', ours.confusion, naive.confusion);
  for (const label of new Set([...Object.keys(ours.perLabel), ...Object.keys(naive.perLabel)]))
    compare(`label ${label}`, ours.perLabel[label] ?? [], naive.perLabel[label] ?? []);
  return found;
}
