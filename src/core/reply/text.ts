import { answerStart } from './leakedThought.ts';

/** A word that some models let slip before the answer, on a line of its own. */
const MARKER = /^[\s\ufeff]*thought\r?\n(?=[\s\S]*\S)/;

/** The words of a reply for people: without thoughts that leaked in before them, and without blank edges. */
export function readText(raw: string): string {
  return answerOf(raw).trim();
}

/** The reply without thoughts that leaked in before it. */
export function answerOf(raw: string): string {
  return raw
    .slice(answerStart(raw, true))
    .replace(MARKER, '')
    .replace(/^\ufeff/, '');
}
