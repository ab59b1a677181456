/** Character codes that JSON, and what models write in its place, is made of. */
export const CODE = {
  lineFeed: 0x0a,
  quote: 0x22,
  apostrophe: 0x27,
  star: 0x2a,
  comma: 0x2c,
  slash: 0x2f,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

const CURLY_DOUBLE: ReadonlySet<number> = new Set([0x201c, 0x201d, 0x201e]);
const CURLY_SINGLE: ReadonlySet<number> = new Set([0x2018, 0x2019]);

/** True if the character can open a string. */
export function isQuote(code: number): boolean {
  return code === CODE.quote || code === CODE.apostrophe || CURLY_DOUBLE.has(code) || CURLY_SINGLE.has(code);
}

/** True if the character can end a string that `opening` began: a curly quote is ended by its like or the straight one. */
export function endsString(opening: number, code: number): boolean {
  if (code === opening) {
    return true;
  }
  if (CURLY_DOUBLE.has(opening)) {
    return code === CODE.quote || CURLY_DOUBLE.has(code);
  }
  return CURLY_SINGLE.has(opening) && (code === CODE.apostrophe || CURLY_SINGLE.has(code));
}

/**
 * True for what follows a string: `, : } ]` or a comment. A quote before anything else is part of the string. So it always is in JSON, and it
 * lets `"5" pipe"` and 'baker's' pass as what they were meant to be.
 */
export function followsString(code: number): boolean {
  return code === CODE.comma || code === CODE.colon || code === CODE.closeObject || code === CODE.closeList || code === CODE.slash;
}

/** True if a string may open after this sign. */
export function precedesString(code: number): boolean {
  return code === CODE.comma || code === CODE.colon || code === CODE.openObject || code === CODE.openList;
}

/** White space, no-break spaces, zero-width characters and the byte order mark. */
export function isBlank(code: number): boolean {
  return (
    code === 0x20 ||
    (code >= 0x09 && code <= 0x0d) ||
    code === 0xa0 ||
    (code >= 0x2000 && code <= 0x200d) ||
    code === 0x2060 ||
    code === 0x3000 ||
    code === 0xfeff
  );
}

/** Letters, digits and signs that numbers, `true`, `None` and bare keys are made of. */
export function isWord(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f || // _
    code === 0x2b || // +
    code === 0x2d || // -
    code === 0x2e // .
  );
}
