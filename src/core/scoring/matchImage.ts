import type { ScoredImage, ScoredObject } from './evaluation.ts';

/** Found objects that count in an image. COCO counts as many of each label. */
export const MOST_FOUND = 100;
/** IoUs at which average precision is taken, bit for bit as numpy's `linspace(0.5, 0.95, 10)` has them. */
export const IOUS: readonly number[] = Array.from({ length: 10 }, (_, step) => (step === 9 ? 0.95 : 0.5 + step * ((0.95 - 0.5) / 9)));

/** The IoUs at which objects are matched, and the least of them. */
export interface Thresholds {
  ious: readonly number[];
  least: number;
}

/** At COCO's IoUs and at this one, which is the last. */
export function thresholdsWith(iou: number): Thresholds {
  const ious = [...IOUS, iou].map((each) => Math.min(each, MOST_IOU));
  return { ious, least: Math.min(...ious) };
}

/** How much two boxes must have in common at most, as pycocotools has it: rounding keeps no box from being its own. */
const MOST_IOU = 1 - 1e-10;

/** What the found objects of one label in one image come to, in their order. Bits are by place of the IoU. */
export interface Matched {
  /** At which IoUs it is an object of the labels. */
  hits: number;
  /** At which it counts for nothing, since it lies in a crowd. */
  ignored: number;
  /** The place in the labels of the object that it is at the last IoU; -1: none. */
  truth: number;
}

/** The surest objects of an image, as many as count; of equally sure ones those that were named first. In their order. */
export function countedObjects(found: readonly ScoredObject[]): { counted: readonly ScoredObject[]; beyond: readonly ScoredObject[] } {
  if (found.length <= MOST_FOUND) return { counted: found, beyond: [] };
  const surest = new Set(found.toSorted((a, b) => sureness(b) - sureness(a)).slice(0, MOST_FOUND));
  return { counted: found.filter((object) => surest.has(object)), beyond: found.filter((object) => !surest.has(object)) };
}

/** How sure a result is of an object, where some of its objects say so: one that does not comes last. */
export function sureness({ confidence = 0 }: ScoredObject): number {
  return confidence;
}

const NO_MATCH: Matched = { hits: 0, ignored: 0, truth: -1 };

/** The places of objects as they are matched: the surest first, of equally sure ones those that come first. */
export function surestFirst(places: number[], found: readonly ScoredObject[]): number[] {
  if (places.length < 2) return places;
  return places.toSorted((a, b) => sureness(found[b] as ScoredObject) - sureness(found[a] as ScoredObject));
}

/**
 * Matches the objects of one label in one image at each of the IoUs, as pycocotools does: the surest first, each with the object that it covers best of those that
 * are left; a crowd takes any number, and what it takes is ignored. `found` and `truth`: the places of those of the label, the surest first.
 */
export function matchLabel(
  image: Pick<ScoredImage, 'found' | 'truth'>,
  { found, truth }: { found: readonly number[]; truth: readonly number[] },
  thresholds: Thresholds,
): readonly Matched[] {
  const { ious, least } = thresholds;
  if (truth.length === 0) return found.map(() => NO_MATCH);
  // Most labels have one object in an image: what it may be needs no lists.
  if (found.length === 1 && truth.length === 1) return [single(image, found[0] as number, truth[0] as number, thresholds)];
  const near = found.map((place) => candidates(image.found[place] as ScoredObject, image.truth, truth, least));
  if (!isShared(near)) return near.map(([only]) => (only === undefined ? NO_MATCH : alone(only, ious)));
  const matched = near.map(() => ({ ...NO_MATCH }));
  for (const [bit, iou] of ious.entries()) {
    const taken = new Set<number>();
    for (const [at, list] of near.entries()) {
      const match = matched[at] as Matched;
      const best = bestOf(list, taken, iou);
      match.truth = best?.truth ?? -1;
      if (best === undefined) continue;
      taken.add(best.truth);
      if (best.isCrowd) match.ignored |= 1 << bit;
      else match.hits |= 1 << bit;
    }
  }
  return matched;
}

function single(
  { found, truth }: Pick<ScoredImage, 'found' | 'truth'>,
  place: number,
  other: number,
  { ious, least }: Thresholds,
): Matched {
  const { box, crowd } = truth[other] as ScoredObject;
  const iou = overlapOf((found[place] as ScoredObject).box, box, crowd);
  return iou < least ? NO_MATCH : alone({ truth: other, iou, isCrowd: crowd === true }, ious);
}

/** An object of the labels that a found one may be. */
interface Candidate {
  truth: number;
  iou: number;
  isCrowd: boolean;
}

/** Crowds last. */
function candidates({ box }: ScoredObject, objects: readonly ScoredObject[], truth: readonly number[], least: number): Candidate[] {
  const list: Candidate[] = [];
  let crowds = 0;
  for (const place of truth) {
    const { box: other, crowd } = objects[place] as ScoredObject;
    const iou = overlapOf(box, other, crowd);
    if (iou < least) continue;
    if (crowd) crowds += 1;
    list.push({ truth: place, iou, isCrowd: crowd === true });
  }
  return crowds === 0 ? list : [...list.filter(({ isCrowd }) => !isCrowd), ...list.filter(({ isCrowd }) => isCrowd)];
}

/** True where an object has a choice, or two have the same one: their order matters then. */
function isShared(near: readonly (readonly Candidate[])[]): boolean {
  for (const list of near) if (list.length > 1) return true;
  if (near.length < 2) return false;
  const places = near.flatMap(([only]) => (only === undefined || only.isCrowd ? [] : only.truth));
  return new Set(places).size < places.length;
}

function alone({ truth, iou, isCrowd }: Candidate, ious: readonly number[]): Matched {
  let bits = 0;
  let last = -1;
  for (let bit = 0; bit < ious.length; bit++) {
    const isMet = iou >= (ious[bit] as number);
    if (isMet) bits |= 1 << bit;
    last = isMet ? truth : -1;
  }
  return isCrowd ? { hits: 0, ignored: bits, truth: last } : { hits: bits, ignored: 0, truth: last };
}

function bestOf(list: readonly Candidate[], taken: ReadonlySet<number>, least: number): Candidate | undefined {
  let best: Candidate | undefined;
  let most = least;
  for (const candidate of list) {
    if (taken.has(candidate.truth) && !candidate.isCrowd) continue;
    // Crowds come last: an object that was found is no part of one.
    if (best?.isCrowd === false && candidate.isCrowd) break;
    if (candidate.iou < most) continue;
    [best, most] = [candidate, candidate.iou];
  }
  return best;
}

/** Intersection over union of two boxes; of a crowd, the share of the found box that lies in it. Computed in the order in which pycocotools does. */
export function overlapOf(found: ScoredObject['box'], truth: ScoredObject['box'], crowd: true | undefined): number {
  const width = Math.min(found.x + found.width, truth.x + truth.width) - Math.max(found.x, truth.x);
  if (width <= 0) return 0;
  const height = Math.min(found.y + found.height, truth.y + truth.height) - Math.max(found.y, truth.y);
  if (height <= 0) return 0;
  const both = width * height;
  const own = found.width * found.height;
  return both / (crowd ? own : own + truth.width * truth.height - both);
}
