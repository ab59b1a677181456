import { withoutEnd, withoutStart } from '../base/trim.ts';
import { answerOf } from './text.ts';

/** What models were told to answer with where there is no text: nothing that is written on pictures. */
export const NO_TEXT = '<no-text/>';
const OPENING = /^\s*```[\w-]*[ \t]*\n/;
const FENCE = '```';
/** A line such as "Here is the text:" before the only fence, in characters. */
const LONGEST_INTRODUCTION = 121;

/** The text of an image in a reply, with its layout; empty where the model says that there is none. A fence around the whole is no part of it. */
export function readTranscript(raw: string): string {
  const answer = answerOf(raw).replaceAll('\r\n', '\n');
  const fenced = withoutIntroduction(answer);
  const inside = OPENING.test(fenced) ? withoutClosing(fenced.replace(OPENING, '')) : answer;
  // The first line may begin with blanks that place it.
  const text = inside.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
  return saysNoText(text) ? '' : text;
}

function withoutIntroduction(answer: string): string {
  const start = answer.indexOf(FENCE);
  const before = answer.slice(0, Math.max(0, start));
  const line = before.trimEnd();
  const isIntroduction =
    before.endsWith('\n') && line.endsWith(':') && line.length > 1 && line.length <= LONGEST_INTRODUCTION && !/[\n`]/.test(line);
  return isIntroduction ? answer.slice(start) : answer;
}

function withoutClosing(text: string): string {
  const end = text.trimEnd();
  if (!end.endsWith(FENCE)) return text;
  const inside = withoutEnd(end.slice(0, -FENCE.length), ' \t');
  return inside.endsWith('\n') ? inside.slice(0, -1) : inside;
}

/** True for the word that stands for no text, and for the beginning of it while it comes. */
function saysNoText(text: string): boolean {
  const word = withoutEnd(withoutStart(text.trim(), '"\'`'), '"\'`.');
  return word === NO_TEXT || (word.length > 1 && NO_TEXT.startsWith(word));
}
