import type { Size } from '../base/geometry.ts';
import { labelKey } from '../base/labelKey.ts';
import type { Detection } from '../inspection/inspection.ts';
import { Overlaps } from './overlap.ts';

/** Objects that agree by as much are taken for one. The same limit as in PASCAL VOC's and COCO's AP50. */
export const MATCHED_FROM = 0.5;
/** From here on nobody sees that the place is another one. */
export const SAME_FROM = 0.9;

export interface Pair {
  a: Detection;
  b: Detection;
  /** 0..1; see `Overlaps.of`. */
  agreement: number;
}

export interface Matching {
  /** In B and not in A. */
  added: Detection[];
  /** In A and not in B. */
  lost: Detection[];
  /** In both, at an agreement below 0.9. */
  moved: Pair[];
  /** In both. */
  same: Pair[];
}

/**
 * Finds the objects of one result in another of the same image. Each object is in exactly one group, in the order of the reply.
 *
 * Pairs are taken greedily, the best agreement first, from 0.5 on: COCO's evaluation (Lin et al., 2014) and PASCAL VOC's (Everingham et al., 2010) match
 * greedily too, by confidence, which Gemini's boxes do not have. Equal labels go first, whatever case they are in; what is left over is then paired
 * whatever its label, since models call one thing by several names. Of equal agreements the earlier in A's and then in B's order is taken.
 */
export function matchDetections(
  a: readonly Detection[],
  b: readonly Detection[],
  { size, threshold = 127 }: { size: Size; threshold?: number },
): Matching {
  const pairs = pairUp(a, b, new Overlaps(size, threshold));
  const [inA, inB] = [new Set(pairs.map((pair) => pair.a)), new Set(pairs.map((pair) => pair.b))];
  return {
    added: b.filter((detection) => !inB.has(detection)),
    lost: a.filter((detection) => !inA.has(detection)),
    moved: pairs.filter(({ agreement }) => agreement < SAME_FROM),
    same: pairs.filter(({ agreement }) => agreement >= SAME_FROM),
  };
}

/** The pairs of `matchDetections`, in B's order. */
export function pairUp(a: readonly Detection[], b: readonly Detection[], overlaps: Overlaps): Pair[] {
  const candidates = a.flatMap((first) =>
    b.flatMap((second): Pair[] => {
      const agreement = overlaps.of(first, second);
      return agreement >= MATCHED_FROM ? [{ a: first, b: second, agreement }] : [];
    }),
  );
  candidates.sort((one, other) => Number(haveSameLabel(other)) - Number(haveSameLabel(one)) || other.agreement - one.agreement);
  const taken = new Set<Detection>();
  const ofB = new Map<Detection, Pair>();
  for (const pair of candidates) {
    if (taken.has(pair.a) || ofB.has(pair.b)) continue;
    taken.add(pair.a);
    ofB.set(pair.b, pair);
  }
  return b.flatMap((detection) => ofB.get(detection) ?? []);
}

function haveSameLabel({ a, b }: Pair): boolean {
  return labelKey(a.label) === labelKey(b.label);
}

/** The mean agreement of all pairs, 0..1; undefined without pairs. */
export function meanAgreement({ moved, same }: Matching): number | undefined {
  const pairs = [...moved, ...same];
  return pairs.length === 0 ? undefined : pairs.reduce((sum, { agreement }) => sum + agreement, 0) / pairs.length;
}
