/** Longer texts are looked at in part, in characters before and behind the place. */
export const REACH = 500_000;

/**
 * The part of a text that is the reply around a place: the innermost list of objects there, else the outermost brackets; where a string holds the reply, that string.
 * Undefined where the place is in no brackets.
 */
export function replyAround(text: string, offset: number): { start: number; end: number } | undefined {
  const open: number[] = [];
  let quoteStart = -1;
  let around: number | undefined;
  let isInReply = false;
  const isPast = (at: number) => around === undefined && at >= offset;
  for (let at = 0; at < text.length; at++) {
    if (isPast(at)) {
      isInReply = quoteStart >= 0 && isLongString(text, quoteStart);
      around = isInReply ? quoteStart : frameOf(text, open);
      if (around === undefined) return undefined;
    }
    const character = text[at] as string;
    if (quoteStart >= 0) {
      if (character === '\\') at++;
      else if (character === '"' || character === '\n') {
        if (isInReply && around === quoteStart) return { start: around, end: at + 1 };
        quoteStart = -1;
      }
    } else if (character === '"') quoteStart = at;
    else if (character === '[' || character === '{') open.push(at);
    else if (character === ']' || character === '}') {
      const start = open.pop();
      if (start !== undefined && start === around) return { start, end: at + 1 };
    }
  }
  return around === undefined ? undefined : { start: around, end: text.length };
}

/** The innermost list that begins with an object, else the outermost bracket. */
function frameOf(text: string, open: readonly number[]): number | undefined {
  return open.findLast((start) => text[start] === '[' && /^\[\s{0,200}\{/.test(text.slice(start, start + 210))) ?? open[0];
}

/** A string in which a reply is written, and no key or label. */
function isLongString(text: string, start: number): boolean {
  return /^"[^"\n]{0,500}\\"/.test(text.slice(start, start + 510));
}
