import type { Detection } from '../../core/inspection/inspection.ts';

/** Where words stand in a line. */
export interface Match {
  /** Of the line. */
  id: string;
  /** In UTF-16 units; `end` is the first after it. */
  start: number;
  end: number;
}

/** More are not marked. */
const MOST = 5000;

/** All places of some words in lines of text, whatever their case, in reading order. */
export function findMatches(lines: readonly Pick<Detection, 'id' | 'label'>[], query: string): Match[] {
  const wanted = query.toLowerCase();
  if (wanted.trim() === '') return [];
  const matches: Match[] = [];
  for (const { id, label } of lines) {
    const words = label.toLowerCase();
    // Where lower case is longer or shorter, places would not fit.
    if (words.length !== label.length) continue;
    for (let start = words.indexOf(wanted); start >= 0 && matches.length < MOST; start = words.indexOf(wanted, start + wanted.length))
      matches.push({ id, start, end: start + wanted.length });
  }
  return matches;
}
