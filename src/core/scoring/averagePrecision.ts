/** Recalls at which precision is looked up, bit for bit as numpy's `linspace(0, 1, 101)` has them. */
const RECALLS: readonly number[] = Array.from({ length: 101 }, (_, step) => (step === 100 ? 1 : step * 0.01));
/** What keeps a ratio over nothing from being none, as in pycocotools. */
const EPSILON = Number.EPSILON;

/**
 * Average precision by COCO's 101 points: the mean over recalls of the best precision at that recall or beyond. `hits`: of the found objects that count, the surest
 * first, whether each is right: 1 or 0. `count`: true objects, at least one.
 */
export function averagePrecision(hits: Uint8Array, count: number): number {
  const recalls = new Float64Array(hits.length);
  const precisions = new Float64Array(hits.length);
  let right = 0;
  for (let place = 0; place < hits.length; place++) {
    right += hits[place] as number;
    recalls[place] = right / count;
    precisions[place] = right / (place + 1 + EPSILON);
  }
  for (let at = precisions.length - 1; at > 0; at--) precisions[at - 1] = Math.max(precisions[at - 1] as number, precisions[at] as number);
  let sum = 0;
  let at = 0;
  for (const recall of RECALLS) {
    while (at < recalls.length && (recalls[at] as number) < recall) at += 1;
    sum += precisions[at] ?? 0;
  }
  return sum / RECALLS.length;
}
