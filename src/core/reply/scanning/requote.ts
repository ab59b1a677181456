import { CODE, endsString, followsString, isBlank, isQuote, precedesString } from './characters.ts';

/** What must not stand in a JSON string as it is, and escapes, so that those are passed over. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
const TO_ESCAPE = /\\[\s\S]|["\u0000-\u001f]/g;
const ZERO_WIDTH = /[\u200b-\u200d\u2060\ufeff]/g;

/**
 * The text with every string written as JSON writes it, whichever quotes it had and whatever stands in it, and without zero-width characters
 * between strings. Linear in its length.
 */
export function requote(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  let lastSign = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isQuote(code) && precedesString(lastSign)) {
      const end = stringEnd(text, i);
      parts.push(text.slice(copied, i).replace(ZERO_WIDTH, ''), '"', text.slice(i + 1, end).replace(TO_ESCAPE, escaped));
      if (end < text.length) {
        parts.push('"');
      }
      i = end;
      copied = end + 1;
      lastSign = code;
    } else if (!isBlank(code)) {
      lastSign = code;
    }
  }
  parts.push(text.slice(copied).replace(ZERO_WIDTH, ''));
  return parts.join('');
}

/** Where the string that opens at `start` has its closing quote; the text's length if nowhere. */
function stringEnd(text: string, start: number): number {
  const opening = text.charCodeAt(start);
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === CODE.backslash) {
      i++;
    } else if (endsString(opening, code)) {
      let next = i + 1;
      while (next < text.length && isBlank(text.charCodeAt(next))) {
        next++;
      }
      if (next === text.length || followsString(text.charCodeAt(next))) {
        return i;
      }
    }
  }
  return text.length;
}

function escaped(part: string): string {
  if (part === "\\'") {
    return "'";
  }
  return part.startsWith('\\') ? part : JSON.stringify(part).slice(1, -1);
}
