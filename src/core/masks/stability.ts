import type { Size } from '../base/geometry.ts';
import { type Detection, type Inspection, wasAsked } from '../inspection/inspection.ts';
import { pairUp } from './matchDetections.ts';
import { Overlaps } from './overlap.ts';

/** An object that one or more of several runs found. */
export interface StableObject {
  /** Of the run whose place for it agrees best with those of the others. */
  detection: Detection;
  /** Place of that run among the runs, from 0. */
  run: number;
  /** In how many runs it was found. */
  found: number;
  /** The object in each of them, in their order. */
  members: Detection[];
}

interface Member {
  detection: Detection;
  run: number;
}

/**
 * What several runs of the same request found, the most stable first. Run by run, objects are matched with the ones known by then, as `matchDetections` has it;
 * what matches none is a new one. `found` never exceeds the number of runs, and each object of a run counts once.
 */
export function stability(
  runs: readonly (readonly Detection[])[],
  { size, threshold = 127 }: { size: Size; threshold?: number },
): StableObject[] {
  const overlaps = new Overlaps(size, threshold);
  const clusters: Member[][] = [];
  for (const [run, detections] of runs.entries()) {
    const known = new Map(clusters.map((cluster) => [middleOf(cluster, overlaps).detection, cluster]));
    const pairs = new Map(pairUp([...known.keys()], detections, overlaps).map(({ a, b }) => [b, a]));
    for (const detection of detections) {
      const before = pairs.get(detection);
      const cluster = before && known.get(before);
      if (cluster) cluster.push({ detection, run });
      else clusters.push([{ detection, run }]);
    }
  }
  return clusters
    .map((cluster) => ({
      ...middleOf(cluster, overlaps),
      found: cluster.length,
      members: cluster.map(({ detection }) => detection),
    }))
    .sort((one, other) => other.found - one.found);
}

/** The member that agrees best with all; of equals the first. */
function middleOf(cluster: readonly Member[], overlaps: Overlaps): Member {
  let best = cluster[0] as Member;
  let most = -1;
  if (cluster.length < 3) return best;
  for (const member of cluster) {
    const agreement = cluster.reduce((sum, other) => sum + overlaps.of(member.detection, other.detection), 0);
    if (agreement <= most) continue;
    most = agreement;
    best = member;
  }
  return best;
}

/** The whole runs among these that asked what one of them asked: the same task in the same words, of the same model, about the same part and size of the same images. In their order. */
export function sameRequests(runs: readonly Inspection[], { id }: Pick<Inspection, 'id'>): Inspection[] {
  const run = runs.find((candidate) => candidate.id === id);
  if (!run) return [];
  const key = requestKey(run);
  return runs.filter((candidate) => candidate.complete && requestKey(candidate) === key);
}

/**
 * The same for runs that asked the same of the same pictures; what was not asked here is like nothing else. All words that were sent tell what the user's own do not,
 * such as the language of the answer; the resolution, which earlier versions did not store, shows in the estimated image tokens.
 */
export function requestKey(run: Inspection): string {
  if (!wasAsked(run)) return run.id;
  const { task, prompt, model, images, follows, tokens, request } = run;
  const bodies = images.map(({ sha256, sent, parts = sent === undefined ? [] : [sent] }) => [
    sha256,
    parts.map(({ width, height, mimeType, region, redactions }) => [width, height, mimeType, region, redactions]),
  ]);
  return JSON.stringify([task, prompt, model, bodies, follows, tokens.estimated, request?.texts]);
}
