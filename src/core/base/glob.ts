/** A part of a pattern between two slashes: what each place of a name may be. */
type Segment = readonly Token[];
type Token = { kind: 'any' } | { kind: 'one' } | { kind: 'is'; char: string } | { kind: 'set'; ranges: readonly Range[]; not: boolean };
/** First and last character. */
type Range = readonly [string, string];
/** Any number of folders. */
const FOLDERS = '**';

/** Glob patterns as VS Code reads them, all of one or none. */
export type Glob = readonly (readonly (Segment | typeof FOLDERS)[])[];

/** What a shell or another library would read as more than this does: a pattern with it must not be taken for something else. */
const FOREIGN = /[@+?*!]\(|\[\[:|\{[^{}/]*\.\.[^{}/]*\}/;

/**
 * Reads a pattern: `*` and `?` within a name, `**` over folders, `{a,b}`, `[a-z]`, `[!a-z]`, `\` before what stands for itself; case does not count.
 * Undefined for one that cannot be read.
 * @param most characters that it may have once its braces are written out
 */
export function readGlob(pattern: string, most: number): { glob: Glob; length: number } | undefined {
  if (pattern.length > most || FOREIGN.test(pattern)) return undefined;
  const alternatives = withoutBraces(folded(pattern), most);
  if (alternatives === undefined) return undefined;
  const glob = alternatives.map((alternative) => segmentsOf(alternative));
  return { glob, length: alternatives.reduce((sum, { length }) => sum + length, 0) };
}

/** Takes time in proportion to the length of pattern times path, whatever they hold: no regular expression, which a hostile pattern could make run for years. */
export function matchesGlob(path: string, glob: Glob): boolean {
  const names = folded(path)
    .split('/')
    .map((name) => Array.from(name));
  return glob.some((segments) =>
    matchesAll(segments, names, (segment, name) => matchesAll(segment, name, matchesChar, ({ kind }) => kind === 'any')),
  );
}

/** Names that differ in case, or in how an accent is written, are one file on some systems. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** True if parts and items go together one by one, where a part that is `many` takes any number of items: only the last such part ever has to be tried anew. */
function matchesAll<Part, Item>(
  parts: readonly Part[],
  items: readonly Item[],
  matches: (part: Exclude<Part, typeof FOLDERS>, item: Item) => boolean,
  many = (part: Part) => part === FOLDERS,
): boolean {
  let at = 0;
  let retry: { part: number; item: number } | undefined;
  for (let item = 0; item < items.length; ) {
    const part = parts[at];
    if (part !== undefined && many(part)) {
      at += 1;
      retry = { part: at, item };
    } else if (part !== undefined && matches(part as Exclude<Part, typeof FOLDERS>, items[item] as Item)) {
      at += 1;
      item += 1;
    } else if (retry !== undefined) {
      retry.item += 1;
      item = retry.item;
      at = retry.part;
    } else return false;
  }
  return parts.slice(at).every((part) => many(part));
}

function matchesChar(token: Token, char: string): boolean {
  switch (token.kind) {
    case 'is':
      return token.char === char;
    case 'set':
      return token.ranges.some(([first, last]) => first <= char && char <= last) !== token.not;
    default:
      return true;
  }
}

/** All that a pattern with braces stands for; undefined if that is more than `most` characters. */
function withoutBraces(pattern: string, most: number): string[] | undefined {
  const done: string[] = [];
  const waiting = [pattern];
  let length = 0;
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    length += text.length + 1;
    if (length > most + 1) return undefined;
    const braces = firstBraces(text);
    if (braces === undefined) done.push(text);
    else for (const option of braces.options) waiting.push(text.slice(0, braces.start) + option + text.slice(braces.end));
  }
  return done;
}

/** The first pair of braces, and what stands between its commas. Braces that do not close stand for themselves. */
function firstBraces(text: string): { start: number; end: number; options: string[] } | undefined {
  const commas: number[] = [];
  let start = -1;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '{') {
      if (depth === 0) start = at;
      depth += 1;
    } else if (char === '}' && depth > 0) {
      depth -= 1;
      if (depth === 0) return { start, end: at + 1, options: optionsOf(text, start, commas, at) };
    } else if (char === ',' && depth === 1) commas.push(at);
  }
  return undefined;
}

function optionsOf(text: string, start: number, commas: readonly number[], end: number): string[] {
  const borders = [start, ...commas, end];
  return borders.slice(1).map((border, index) => text.slice((borders[index] as number) + 1, border));
}

function segmentsOf(pattern: string): (Segment | typeof FOLDERS)[] {
  // `secret/` is meant for what lies in the folder.
  const whole = pattern.endsWith('/') ? `${pattern}${FOLDERS}` : pattern;
  return whole.split('/').map((segment) => (segment === FOLDERS ? FOLDERS : tokensOf(Array.from(segment))));
}

function tokensOf(chars: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string;
    const end = char === '[' ? chars.indexOf(']', at + (/[!^]/.test(chars[at + 1] ?? '') ? 3 : 2)) : -1;
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'any') tokens.push({ kind: 'any' });
    } else if (char === '?') tokens.push({ kind: 'one' });
    else if (end !== -1) {
      tokens.push(setOf(chars.slice(at + 1, end)));
      at = end;
    } else if (char === '\\' && at + 1 < chars.length) {
      at += 1;
      tokens.push({ kind: 'is', char: chars[at] as string });
    } else tokens.push({ kind: 'is', char });
  }
  return tokens;
}

function setOf(chars: readonly string[]): Token {
  const not = chars[0] === '!' || chars[0] === '^';
  const ranges: Range[] = [];
  for (let at = not ? 1 : 0; at < chars.length; at++) {
    const first = chars[at] as string;
    const last = chars[at + 1] === '-' ? chars[at + 2] : undefined;
    ranges.push([first, last ?? first]);
    if (last !== undefined) at += 2;
  }
  return { kind: 'set', ranges, not };
}
