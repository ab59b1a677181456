import { PLACE_KEY_PATTERN } from './scanning/keys.ts';
import { readText } from './text.ts';
import { isEmptyList } from './wholeReply.ts';

/** More lines that look like the beginning of JSON are no answer in words. */
const MOST_BLOCKS = 5000;
const FENCE = '```';
/** So much of a block is enough to see what it is. */
const BEGINNING = 400;

/** A reply in words that is followed by a list of boxes. */
export interface AnswerWithBoxes {
  text: string;
  /** The list of boxes with what follows it; empty where there is none. */
  list: string;
}

/**
 * Parts the words of a reply from the list of boxes behind (or before) them.
 * @param isWhole false while the reply is still coming: then what may become the list is held back
 */
export function splitAnswer(raw: string, isWhole: boolean): AnswerWithBoxes {
  const text = readText(raw);
  let blocks = 0;
  for (const index of blockStarts(text)) {
    const block = text.slice(index);
    if (PLACE_KEY_PATTERN.test(block.slice(0, BEGINNING)) || isEmptyList(block)) return { text: wordsBeside(text, index), list: block };
    if (!isWhole && block.length < BEGINNING) return { text: text.slice(0, index).trim(), list: '' };
    if (++blocks === MOST_BLOCKS) break;
  }
  return { text, list: '' };
}

/** Where a list or object of JSON may begin: on a line of its own, with or without a fence before it. Linear in the length of the text. */
function* blockStarts(text: string): Generator<number> {
  for (let line = 0; line >= 0 && line < text.length; line = nextLine(text, line)) {
    const start = afterBlanks(text, line, ' \t');
    if (text.startsWith(FENCE, start)) {
      const end = lineEnd(text, start);
      // With no more than the name of a language behind it.
      if (/^\w*$/.test(text.slice(start + FENCE.length, end).trim()) && mayOpen(text[afterBlanks(text, end)])) yield line;
    } else if (isOpening(text[start])) {
      const next = text[afterBlanks(text, start + 1)];
      if (mayOpen(next) || (next !== undefined && '"]}'.includes(next))) yield line;
    }
  }
}

function isOpening(character: string | undefined): boolean {
  return character === '[' || character === '{';
}

/** True for what JSON begins with, and at the end of the text so far. */
function mayOpen(character: string | undefined): boolean {
  return character === undefined || isOpening(character);
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Where the next line begins; -1: nowhere. */
function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? -1 : end + 1;
}

function afterBlanks(text: string, from: number, blanks = ' \t\n\r\v\f\u00a0\ufeff'): number {
  let at = from;
  while (at < text.length && blanks.includes(text[at] as string)) at++;
  return at;
}

/** The words before the list, or those after it where there are none before. */
function wordsBeside(text: string, start: number): string {
  const before = text.slice(0, start).trim();
  if (before !== '') return before;
  const [, fence, ...after] = text.split(FENCE);
  return (fence === undefined ? text.slice(text.lastIndexOf(']') + 1).replace(/^\s*}/, '') : after.join('```')).trim();
}
