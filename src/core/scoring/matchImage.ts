import type { ScoredObject } from './evaluation.ts';

/** Found objects that count in an image. COCO counts as many of each label. */
const MOST_FOUND = 100;
/** IoUs at which average precision is taken, bit for bit as numpy's `linspace(0.5, 0.95, 10)` has them. */
export const IOUS: readonly number[] = Array.from({ length: 10 }, (_, step) => (step === 9 ? 0.95 : 0.5 + step * ((0.95 - 0.5) / 9)));

/** What a found object comes to at an IoU: the place of the object that it is, or none; `ignored` where it counts for nothing. */
interface Match {
  truth: number;
  isIgnored: boolean;
}

const NO_MATCH: Match = { truth: -1, isIgnored: false };

/** The objects of one label in one image, matched at several IoUs. */
export interface Matched {
  /** In the order in which they were matched: the surest first. */
  found: { object: ScoredObject /** By place of the IoU. */; matches: readonly Match[] }[];
  /** Crowds last. */
  truth: readonly ScoredObject[];
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

/**
 * Matches the objects of one label in one image at each of the IoUs, as pycocotools does: the surest first, each with the object that it covers best of those that
 * are left; a crowd takes any number, and what it takes is ignored.
 */
export function matchLabel(found: readonly ScoredObject[], truth: readonly ScoredObject[], ious: readonly number[]): Matched {
  const counted = found.length < 2 ? found : found.toSorted((a, b) => sureness(b) - sureness(a));
  const sorted = truth.some(({ crowd }) => crowd) ? [...truth.filter(({ crowd }) => !crowd), ...truth.filter(({ crowd }) => crowd)] : truth;
  if (counted.length === 0) return { found: [], truth: sorted };
  const least = Math.min(...ious, 1 - 1e-10);
  const near = sorted.length === 0 ? [] : counted.map((object) => candidates(object, sorted, least));
  if (near.every((list) => list.length === 0)) {
    // Most labels of an image are missed, or found where they are not.
    const matches = ious.map(() => NO_MATCH);
    return { found: counted.map((object) => ({ object, matches })), truth: sorted };
  }
  const matched: Match[][] = counted.map(() => []);
  for (const iou of ious) {
    const taken = new Set<number>();
    for (const [place, list] of near.entries()) {
      const truthPlace = bestOf(list, sorted, taken, Math.min(iou, 1 - 1e-10));
      if (truthPlace >= 0) taken.add(truthPlace);
      matched[place]?.push({ truth: truthPlace, isIgnored: sorted[truthPlace]?.crowd === true });
    }
  }
  return {
    found: counted.map((object, place) => ({ object, matches: matched[place] ?? [] })),
    truth: sorted,
  };
}

interface Candidate {
  truth: number;
  iou: number;
}

function candidates({ box }: ScoredObject, truth: readonly ScoredObject[], least: number): Candidate[] {
  const list: Candidate[] = [];
  for (let place = 0; place < truth.length; place++) {
    const { box: other, crowd } = truth[place] as ScoredObject;
    const iou = overlapOf(box, other, crowd);
    if (iou >= least) list.push({ truth: place, iou });
  }
  return list;
}

function bestOf(list: readonly Candidate[], truth: readonly ScoredObject[], taken: ReadonlySet<number>, least: number): number {
  let best = -1;
  let most = least;
  for (const { truth: place, iou } of list) {
    const isCrowd = truth[place]?.crowd === true;
    if (taken.has(place) && !isCrowd) continue;
    // Crowds come last: an object that was found is no part of one.
    if (best >= 0 && truth[best]?.crowd !== true && isCrowd) break;
    if (iou < most) continue;
    [best, most] = [place, iou];
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
