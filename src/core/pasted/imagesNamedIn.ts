import { IMAGE_EXTENSIONS } from '../base/imageNames.ts';

const ENDING = new RegExp(`\\.(?:${IMAGE_EXTENSIONS.join('|')})(?![\\w])`, 'gi');
/** Longer paths are none, in characters. */
const LONGEST_PATH = 300;
const MOST_ENDINGS = 200;
/** What no path has, where it is not meant to. */
const ENDS = '"\'`<>|*?\n\r\t{}[](),;=';
const ENDS_WITHOUT_QUOTES = `${ENDS} `;

/** The paths and names of images that a text has, in their order, each once: with the blanks in them where they are quoted. */
export function imagesNamedIn(text: string): string[] {
  const found = new Set<string>();
  let endings = 0;
  for (const { 0: ending, index } of text.matchAll(ENDING)) {
    if (++endings > MOST_ENDINGS) break;
    const end = index + ending.length;
    const isQuoted = '"\'`'.includes(text[end] ?? ' ');
    const path = text.slice(startOfPath(text, index, isQuoted ? ENDS : ENDS_WITHOUT_QUOTES), end).trim();
    if (path.length > ending.length) found.add(path.replaceAll('\\\\', '/').replaceAll('\\', '/'));
  }
  return [...found];
}

function startOfPath(text: string, end: number, ends: string): number {
  let start = end;
  while (start > 0 && end - start < LONGEST_PATH && !ends.includes(text[start - 1] as string)) start--;
  return start;
}
