import type { Span } from './imageUse.ts';

/** A part of a document that means the same by itself. */
export interface MarkdownPiece extends Span {
  /** Signs in it that keep a parser busy. */
  signs: number;
  /** It is read as HTML, however long it is. */
  isHtml?: boolean;
}

/** The parser's time grows with the square of what stands in one paragraph. In characters, and in the signs of {@link BUSY}. */
const LARGEST_PIECE = { length: 20_000, signs: 1000 };
/** Small pieces are read together: starting the parser takes its time too. */
const BATCH = { length: 4000, signs: 200 };

/** Brackets, and what opens or closes HTML and code: each can make the parser look through all that stands before or behind it. */
const BUSY = new Set(['[', ']', '<', '}', '`', '&', '>'].map((sign) => sign.charCodeAt(0)));

/** Ends of HTML that goes on behind blank lines. Source: CommonMark 0.31, "HTML blocks", 1 to 5. */
const HTML_ENDS: readonly (readonly [RegExp, RegExp])[] = [
  [/^<(?:script|pre|style|textarea)(?:[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<![a-z]/i, />/],
  [/^<!\[CDATA\[/, /\]\]>/],
];

/** True where a parser would take too long for a piece. */
export function isTooLong({ start, end, signs, isHtml }: MarkdownPiece): boolean {
  return isHtml !== true && (end - start > LARGEST_PIECE.length || signs > LARGEST_PIECE.signs);
}

/** True for a piece that is nothing but HTML: no blank line ends it, and the reader of HTML takes its time in proportion. Source: CommonMark 0.31, "HTML blocks", 6. */
export function isHtmlBlock(part: string): boolean {
  return /^<(?:table|div|p|center|details|section|ul|ol|dl|h[1-6])[\s>]/i.test(part) && !/\n[ \t]*\r?\n/.test(part.trimEnd());
}

/**
 * A document in pieces that a parser may read one by one: cut before lines that begin a block of their own, never in code, HTML, a list's item or, with
 * braces counted as MDX needs it, an expression. One pass over the text.
 */
export function markdownPieces(text: string, isMdx: boolean): MarkdownPiece[] {
  const pieces: MarkdownPiece[] = [];
  const cutter = new Cutter(isMdx);
  let piece: MarkdownPiece = { start: 0, end: 0, signs: 0 };
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(at, end);
    let signs = depthOf(line) ** 2;
    for (let index = 0; index < line.length; index++) if (BUSY.has(line.charCodeAt(index))) signs += 1;
    if (cutter.beginsBlock(line) && at > piece.start) {
      pieces.push(piece);
      piece = { start: at, end: at, signs: 0 };
    }
    piece.end = end;
    piece.signs += signs;
    at = end;
  }
  if (text.length > 0) pieces.push(piece);
  return pieces;
}

/** The same with small neighbors joined. */
export function batches(pieces: readonly MarkdownPiece[]): MarkdownPiece[] {
  const joined: MarkdownPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last !== undefined && piece.end - last.start <= BATCH.length && last.signs + piece.signs <= BATCH.signs) {
      last.end = piece.end;
      last.signs += piece.signs;
    } else joined.push({ ...piece });
  }
  return joined;
}

/** A link reference definition on a line of its own. */
const DEFINITION = /^\[[^[\]\\]+\]:[ \t]+[^\s<"'(]\S*(?:[ \t]+"[^"\\]*")?[ \t]*\r?\n?$/;

/** What stands open from line to line. */
class Cutter {
  readonly #isMdx: boolean;
  /** Code or HTML outside of lists: what ends it. */
  #raw: ((line: string) => boolean) | undefined;
  /** The column of the words of the outermost item of a list that may be open. */
  #item: number | undefined;
  #afterBlank = true;
  /** Since the last blank line: HTML may have begun, which only a blank line ends. */
  #hasHtml = false;
  #wasRow = false;
  /** The lines since the last blank one are definitions, each whole. */
  #wasDefinition = false;
  /** Open brackets: braces, and in programs the others as well. */
  #depth = 0;
  #isProgram = false;

  constructor(isMdx: boolean) {
    this.#isMdx = isMdx;
  }

  /** Takes the next line; true where the document may be cut before it. */
  beginsBlock(line: string): boolean {
    if (this.#raw !== undefined) {
      if (this.#raw(line)) this.#raw = undefined;
      this.#afterBlank = false;
      return false;
    }
    const words = line.trim();
    if (words === '') {
      this.#afterBlank = true;
      this.#hasHtml = false;
      this.#wasRow = false;
      return false;
    }
    const indent = indentOf(line);
    const isCut = this.#depth === 0 && this.#mayCut(line, words, indent);
    if (this.#afterBlank && this.#depth === 0) this.#isProgram = this.#isMdx && /^(?:import|export)\b/.test(line);
    this.#takeItem(line, indent, isCut);
    const isOutside = this.#item === undefined || indent < this.#item;
    if (isOutside && (indent < 4 || this.#isMdx)) this.#raw = this.#rawFrom(words);
    if (this.#isMdx && this.#raw === undefined) this.#count(words);
    this.#hasHtml ||= words.startsWith('<');
    this.#wasRow = line.startsWith('|');
    this.#wasDefinition = (this.#afterBlank || this.#wasDefinition) && DEFINITION.test(line);
    this.#afterBlank = false;
    return isCut;
  }

  #mayCut(line: string, words: string, indent: number): boolean {
    if (this.#afterBlank) return indent === 0 || this.#item === undefined;
    if (indent > 0 || this.#hasHtml || this.#isProgram) return false;
    // Items, headings, and the rows of a table stand for themselves.
    if (this.#wasDefinition && DEFINITION.test(line)) return true;
    return /^(?:[-*+] +[^\s]|#{1,6} )/.test(line) || (this.#wasRow && words.startsWith('|'));
  }

  #takeItem(line: string, indent: number, isCut: boolean): void {
    const mark = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?=[ \t\r\n]|$)/.exec(line)?.[0];
    const isBehindCut = isCut && indent === 0;
    if (isBehindCut) this.#item = undefined;
    if (mark === undefined || (this.#item !== undefined && indent >= this.#item)) return;
    const rest = line.slice(mark.length);
    const gap = rest.trim() === '' ? 1 : indentOf(rest);
    const width = indent + mark.trimStart().length;
    this.#item = width + (gap > 4 ? 1 : gap);
  }

  #rawFrom(words: string): ((line: string) => boolean) | undefined {
    const fence = /^(?:`{3,}|~{3,})/.exec(words)?.[0];
    if (fence !== undefined) {
      const sign = fence[0] as string;
      if (sign === '`' && words.includes('`', fence.length)) return undefined;
      return (line) => {
        const end = line.trim();
        return end.length >= fence.length && end === sign.repeat(end.length) && (this.#isMdx || indentOf(line) < 4);
      };
    }
    if (this.#isMdx || !words.startsWith('<')) return undefined;
    const end = HTML_ENDS.find(([start]) => start.test(words))?.[1];
    return end === undefined || end.test(words.slice(2)) ? undefined : (line) => end.test(line);
  }

  #count(words: string): void {
    for (const sign of words) {
      if (sign === '{' || (this.#isProgram && (sign === '(' || sign === '['))) this.#depth += 1;
      else if (sign === '}' || (this.#isProgram && (sign === ')' || sign === ']'))) this.#depth = Math.max(0, this.#depth - 1);
    }
  }
}

/** The number of lists and quotes that begin in a line; one or none of them, which takes no time, counts as none. */
function depthOf(line: string): number {
  let depth = 0;
  for (let index = 0; index < line.length && ' \t>-*+.)0123456789'.includes(line[index] as string); index++)
    if (line[index] === '>' || ('-*+.)'.includes(line[index] as string) && ' \t'.includes(line[index + 1] ?? '-'))) depth += 1;
  return depth > 1 ? depth : 0;
}

/** In columns; tabs go to the next fourth one. */
function indentOf(line: string): number {
  let column = 0;
  for (const sign of line) {
    if (sign === ' ') column += 1;
    else if (sign === '\t') column += 4 - (column % 4);
    else break;
  }
  return column;
}
