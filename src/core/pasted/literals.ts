/** String literals of JSON, Python and JavaScript in any text: what a program has printed of a reply. */

/** The names under which the APIs give the words of an answer, before a string begins. */
const TEXT_KEY = /\b(?:text|content)["']?\s{0,9}[:=]\s{0,20}\(?\s{0,20}(?=["'`])/g;
/** Longest first. */
const QUOTES = ['"""', "'''", '"', "'", '`'] as const;
const ESCAPE = /\\(?:u([\da-f]{4})|x([\da-f]{2})|([\s\S]))/gi;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '\n': '' };

/** All strings under `text` or `content`, joined in their order, as the pieces of a stream belong together. One pass over the text. */
export function literalsUnderText(text: string): string {
  const found: string[] = [];
  let end = 0;
  for (const { 0: key, index } of text.matchAll(TEXT_KEY)) {
    // A key within the string before is none.
    if (index < end) continue;
    const literal = literalAt(text, index + key.length);
    if (literal === undefined) continue;
    found.push(literal.value);
    end = literal.end;
  }
  return found.join('');
}

/** What a text says that is one string literal, or several that a printer has put together; undefined for any other text. */
export function wholeLiteral(text: string): string | undefined {
  const trimmed = text.trim();
  const literal = literalAt(trimmed, 0);
  return literal?.end === trimmed.length ? literal.value : undefined;
}

/** A text with its escapes resolved; what is no escape stays. */
export function unescaped(text: string): string {
  return text.replace(ESCAPE, (_, unicode: string | undefined, hex: string | undefined, character = '') => {
    const code = unicode ?? hex;
    return code === undefined ? (ESCAPED[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16));
  });
}

/** The literal that begins at a place, with those that follow it after nothing but blanks or a plus. */
function literalAt(text: string, start: number): { value: string; end: number } | undefined {
  const parts: string[] = [];
  let end = start;
  for (let at = start; ; at = afterGlue(text, end)) {
    const quote = QUOTES.find((one) => text.startsWith(one, at));
    const close = quote === undefined ? -1 : closingQuote(text, at + quote.length, quote);
    if (quote === undefined || close < 0) break;
    parts.push(unescaped(text.slice(at + quote.length, close)));
    end = close + quote.length;
  }
  return parts.length === 0 ? undefined : { value: parts.join(''), end };
}

/** -1: the literal does not end. */
function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith(quote, at)) return at;
  }
  return -1;
}

function afterGlue(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n+'.includes(text[at] as string)) at++;
  return at;
}
