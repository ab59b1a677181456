import { withoutControls } from '../base/sanitizeForUi.ts';
import type { DocumentImages, ImageUse, Span } from './imageUse.ts';

/** Characters of them that go along with an image, unless a program says otherwise. */
export const MOST_AROUND = 1000;

/** The words of a document before and behind an image, on one line each: together at most so many characters, whole words only. Markup and code are left out. */
export function wordsAround(
  text: string,
  { words }: DocumentImages,
  { span }: ImageUse,
  most = MOST_AROUND,
): { before: string; behind: string } {
  const first = firstBehind(words, span.start);
  const behind = collect(text, words, first, 1, Math.floor(most / 2));
  // What one side lacks, the other may have.
  const before = collect(text, words, first - 1, -1, most - behind.length);
  return { before, behind };
}

/** The first of the parts that begins behind a place; they are in order. */
function firstBehind(words: readonly Span[], place: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] as Span).start < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function collect(text: string, words: readonly Span[], from: number, step: 1 | -1, most: number): string {
  const parts: string[] = [];
  let length = 0;
  for (let at = from; at >= 0 && at < words.length && length <= most; at += step) {
    const { start, end } = words[at] as Span;
    // More than that of one part is never needed.
    const part = step === 1 ? text.slice(start, Math.min(end, start + most * 2)) : text.slice(Math.max(start, end - most * 2), end);
    const line = oneLine(part);
    if (line === '') continue;
    parts.push(line);
    length += line.length + 1;
  }
  const all = (step === 1 ? parts : parts.reverse()).join(' ');
  if (all.length <= most) return all;
  if (step === 1) return all.slice(0, Math.max(0, all.lastIndexOf(' ', most)));
  const start = all.indexOf(' ', all.length - most - 1);
  return start < 0 ? '' : all.slice(start + 1);
}

function oneLine(part: string): string {
  return withoutControls(part)
    .split(' ')
    .filter((word) => word !== '')
    .join(' ');
}
