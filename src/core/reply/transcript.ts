import { NO_TEXT } from '../request/prompts.ts';
import { answerOf } from './text.ts';

const OPENING = /^\s*```[\w-]*[ \t]*\n/;
const CLOSING = /\n?[ \t]*```\s*$/;
/** A line such as "Here is the text:" before the only fence. */
const INTRODUCTION = /^[^\n`]{1,120}:\s*\n+(?=```)/;

/** The text of an image in a reply, with its layout; empty where the model says that there is none. A fence around the whole is no part of it. */
export function readTranscript(raw: string): string {
  const answer = answerOf(raw).replaceAll('\r\n', '\n');
  const fenced = answer.replace(INTRODUCTION, '');
  const inside = OPENING.test(fenced) ? fenced.replace(OPENING, '').replace(CLOSING, '') : answer;
  // The first line may begin with blanks that place it.
  const text = inside.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
  return saysNoText(text) ? '' : text;
}

/** True for the word that stands for no text, and for the beginning of it while it comes. */
function saysNoText(text: string): boolean {
  const word = text.trim().replace(/^["'`]+|["'`.]+$/g, '');
  return word === NO_TEXT || (word.length > 1 && NO_TEXT.startsWith(word));
}
