import { PLACE_KEY_PATTERN } from './scanning/keys.ts';
import { readText } from './text.ts';
import { isEmptyList } from './wholeReply.ts';

/** Where a list or object of JSON may begin: on a line of its own, with or without a fence before it. */
const BLOCK = /(?:^|\n)[ \t]*(?:```[ \t]*\w*[ \t]*(?:\n\s*|$)(?=[[{]|$)|(?=[[{]\s*(?:[[{"\]}]|$)))/g;
/** So much of a block is enough to see what it is. */
const BEGINNING = 400;

/** A reply in words that is followed by a list of boxes. */
export interface AnswerWithBoxes {
  text: string;
  /** There is a list of boxes, empty or not. */
  hasList: boolean;
}

/**
 * Parts the words of a reply from the list of boxes behind (or before) them.
 * @param isWhole false while the reply is still coming: then what may become the list is held back
 */
export function splitAnswer(raw: string, isWhole: boolean): AnswerWithBoxes {
  const text = readText(raw);
  for (const { index } of text.matchAll(BLOCK)) {
    const block = text.slice(index);
    if (PLACE_KEY_PATTERN.test(block.slice(0, BEGINNING)) || isEmptyList(block.trim()))
      return { text: wordsBeside(text, index), hasList: true };
    if (!isWhole && block.length < BEGINNING) return { text: text.slice(0, index).trim(), hasList: false };
  }
  return { text, hasList: false };
}

/** The words before the list, or those after it where there are none before. */
function wordsBeside(text: string, start: number): string {
  const before = text.slice(0, start).trim();
  if (before !== '') return before;
  const [, fence, ...after] = text.split('```');
  return (fence === undefined ? text.slice(text.lastIndexOf(']') + 1).replace(/^\s*}/, '') : after.join('```')).trim();
}
