import type { ImageVerdicts, ScoredImage } from './evaluation.ts';

/** How the objects of one image agree with its labels, by the places of both. What is undefined does not take part. */
export interface Judged {
  found: ('true' | 'false' | 'ignored' | undefined)[];
  /** The place of the object in the labels, also where only the label differs; -1: none. */
  of: number[];
  truth: ('true' | 'missed' | 'ignored' | undefined)[];
  /** The place of the object of the result; -1: none. */
  by: number[];
}

export function unjudged({ found, truth }: ScoredImage): Judged {
  return {
    found: new Array(found.length).fill(undefined),
    of: new Array(found.length).fill(-1),
    truth: new Array(truth.length).fill(undefined),
    by: new Array(truth.length).fill(-1),
  };
}

/** The same by the ids of the objects. */
export function verdictsOf({ found, truth }: ScoredImage, judged: Judged): ImageVerdicts {
  const verdicts: ImageVerdicts = { found: new Map(), truth: new Map() };
  for (const [place, { id }] of found.entries()) {
    const verdict = judged.found[place];
    const of = truth[judged.of[place] as number]?.id;
    if (verdict !== undefined) verdicts.found.set(id, of === undefined ? { verdict } : { verdict, of });
  }
  for (const [place, { id }] of truth.entries()) {
    const verdict = judged.truth[place];
    const by = found[judged.by[place] as number]?.id;
    if (verdict !== undefined) verdicts.truth.set(id, by === undefined ? { verdict } : { verdict, by });
  }
  return verdicts;
}
