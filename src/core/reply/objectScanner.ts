import { edgeName, isBoxText } from './items/box.ts';
import { addBox, type Frame, openFrame } from './items/frames.ts';
import { ScannedItems, type ScannedPart } from './items/scannedItems.ts';
import { CODE, endsString, followsString, isBlank, isQuote, isWord, precedesString } from './scanning/characters.ts';
import { isItemKey, isLabelKey, isPlaceKey, LONGEST_KEY, plainKey } from './scanning/keys.ts';
import { TextStore } from './scanning/textStore.ts';

/** Brackets nested deeper than this are only counted. Real replies need five or six. */
const DEEPEST = 100;
/** Longer text is no box and, in an object around items, no label. In characters. */
const LONGEST_TEXT = 100;
/** More edges than these have names said twice. */
const MOST_EDGES = 12;

/**
 * Finds the objects of a reply that comes in pieces: through prose, fences and wrappers, in one pass, each as soon as its closing bracket is
 * there. It knows brackets, strings and keys, and leaves values to the reader; what is not valid JSON is followed as far as it makes sense.
 */
export class ObjectScanner {
  readonly text = new TextStore();
  readonly #stack: Frame[] = [];
  readonly #items = new ScannedItems(this.text);
  /** Openings beyond `DEEPEST`. */
  #overDepth = 0;
  #mode: 'structure' | 'string' | 'lineComment' | 'blockComment' = 'structure';
  /** The quote that opened the string being read. */
  #opening = 0;
  #escaped = false;
  /** Where the string may have ended: the last quote that was followed by nothing but blanks; -1: nowhere. */
  #mayEnd = -1;
  #lastCode = 0;
  /** The last character of structure that was not blank. */
  #lastSign = 0;
  /** A string or a key was seen since the outermost bracket: it is no prose in brackets. */
  #isJson = false;

  /** Reads on. Returns what has become complete, in the order of the reply. */
  add(chunk: string): ScannedPart[] {
    const base = this.text.length;
    this.text.add(chunk);
    for (let i = 0; i < chunk.length; i++) {
      const code = chunk.charCodeAt(i);
      if (this.#mode === 'structure') {
        if (this.#stack.length > 0 || code === CODE.openList || code === CODE.openObject) {
          this.#structure(code, base + i);
        }
      } else if (this.#mode === 'string') {
        this.#inString(code, base + i);
      } else {
        this.#inComment(code);
      }
      this.#lastCode = code;
    }
    return this.#items.take();
  }

  /** The objects and lists that are open, from outside to inside: none if the reply's JSON is finished. */
  get open(): readonly Frame[] {
    return this.#items.end > 0 && this.#isProseSoFar() ? [] : this.#stack;
  }

  /** A bracket with no more than a word in it, as a number of a footnote has. */
  #isProseSoFar(): boolean {
    return !this.#isJson && this.#stack.every((frame) => frame.kind === 'list' || frame.tokenStart >= 0);
  }

  /** The end of the last object that was yielded. */
  get foundEnd(): number {
    return this.#items.end;
  }

  #inString(code: number, at: number): void {
    if (this.#escaped) {
      this.#escaped = false;
    } else if (code === CODE.backslash) {
      this.#escaped = true;
      this.#mayEnd = -1;
    } else if (endsString(this.#opening, code)) {
      this.#mayEnd = at;
    } else if (this.#mayEnd >= 0 && !isBlank(code)) {
      if (followsString(code)) {
        const frame = this.#stack.at(-1);
        if (frame) {
          frame.tokenEnd = this.#mayEnd + 1;
        }
        this.#mode = 'structure';
        this.#lastSign = this.#opening;
        this.#structure(code, at);
      }
      this.#mayEnd = -1;
    }
  }

  #inComment(code: number): void {
    const ends = this.#mode === 'lineComment' ? code === CODE.lineFeed : code === CODE.slash && this.#lastCode === CODE.star;
    if (ends) {
      this.#mode = 'structure';
    }
  }

  #structure(code: number, at: number): void {
    if (isBlank(code)) {
      return;
    }
    switch (code) {
      case CODE.openObject:
      case CODE.openList:
        this.#open(code === CODE.openObject ? 'object' : 'list', at);
        break;
      case CODE.closeObject:
      case CODE.closeList:
        this.#close(code === CODE.closeObject ? 'object' : 'list', at);
        break;
      case CODE.comma:
        this.#endElement();
        break;
      case CODE.colon:
        this.#endKey();
        break;
      case CODE.slash:
        if (this.#lastCode === CODE.slash) {
          this.#mode = 'lineComment';
        }
        break;
      case CODE.star:
        if (this.#lastCode === CODE.slash) {
          this.#mode = 'blockComment';
        }
        break;
      default:
        this.#token(code, at);
    }
    this.#lastSign = code;
  }

  #token(code: number, at: number): void {
    const frame = this.#stack.at(-1);
    if (!frame) {
      return;
    }
    if (isWord(code)) {
      if (frame.tokenStart < 0) {
        frame.tokenStart = at;
        frame.tokenQuoted = false;
      } else if (frame.tokenEnd !== at) {
        this.#prose();
      }
      frame.tokenEnd = at + 1;
    } else if (isQuote(code) && precedesString(this.#lastSign)) {
      frame.tokenStart = at;
      frame.tokenEnd = -1;
      frame.tokenQuoted = true;
      this.#isJson = true;
      this.#mode = 'string';
      this.#opening = code;
      this.#escaped = false;
      this.#mayEnd = -1;
    } else {
      this.#prose();
    }
  }

  /** Words in brackets, as in "[see below]" or "in the range [0, 1000)": no JSON, so what is open is forgotten. */
  #prose(): void {
    if (!this.#isJson) {
      this.#stack.length = 0;
      this.#overDepth = 0;
    }
  }

  #open(kind: Frame['kind'], at: number): void {
    const parent = this.#stack.at(-1);
    if (!parent) {
      this.#isJson = false;
    }
    if (this.#stack.length >= DEEPEST) {
      this.#overDepth++;
      return;
    }
    if (parent) {
      parent.elementNested = true;
    }
    this.#stack.push(openFrame(kind, at, parent));
  }

  /** Closes the innermost object or list. Those inside it that were never closed end here too; a bracket that closes nothing is passed over. */
  #close(kind: Frame['kind'], at: number): void {
    if (this.#overDepth > 0) {
      this.#overDepth--;
      return;
    }
    const index = this.#stack.findLastIndex((frame) => frame.kind === kind);
    if (index < 0) {
      this.#prose();
      return;
    }
    while (this.#stack.length > index) {
      const isMeant = this.#stack.length === index + 1;
      const frame = this.#stack.at(-1) as Frame;
      this.#endElement();
      this.#stack.pop();
      this.#items.closed(frame, isMeant ? at + 1 : at, this.#stack);
    }
  }

  /** At a comma or a closing bracket. */
  #endElement(): void {
    const frame = this.#stack.at(-1);
    if (!frame || this.#overDepth > 0) {
      return;
    }
    if (frame.kind === 'list' && !frame.inItem) {
      const isScalar = frame.tokenStart >= 0 && !frame.elementNested;
      if (isScalar) {
        this.#items.stray(frame, frame.tokenStart, frame.tokenEnd);
      }
      if (isScalar || frame.elementNested) {
        frame.elements++;
      }
      if (frame.elementNested) {
        frame.nested++;
      }
    } else if (frame.kind === 'object' && !frame.inItem && frame.tokenQuoted && frame.tokenStart >= 0 && frame.keyStart >= 0) {
      this.#endText(frame);
    }
    frame.tokenStart = -1;
    frame.elementNested = false;
    frame.key = '';
    frame.keyStart = -1;
    frame.keyEnd = -1;
  }

  /** Of a text that is the value of a key. */
  #endText(frame: Frame): void {
    if (frame.tokenEnd - frame.tokenStart > LONGEST_TEXT) return;
    const text = (): string => this.text.slice(frame.tokenStart + 1, frame.tokenEnd - 1);
    if (frame.label === '' && isLabelKey(frame.key)) frame.label = text();
    else if (!frame.hasPlace && isBoxText(text())) addBox(frame);
  }

  /** At a colon. */
  #endKey(): void {
    const frame = this.#stack.at(-1);
    if (!frame || this.#overDepth > 0) {
      return;
    }
    if (frame.kind === 'list') {
      this.#prose();
      return;
    }
    if (frame.tokenStart < 0) {
      return;
    }
    const quotes = frame.tokenQuoted ? 1 : 0;
    const start = frame.tokenStart + quotes;
    const end = frame.tokenEnd - quotes;
    frame.key = end - start <= LONGEST_KEY ? this.text.slice(start, end) : '';
    frame.keyStart = frame.tokenStart;
    frame.keyEnd = frame.tokenEnd;
    frame.keys++;
    const edge = edgeName(plainKey(frame.key));
    if (edge !== undefined && frame.edges.length < MOST_EDGES) frame.edges.push(edge);
    frame.hasPlace ||= isPlaceKey(frame.key);
    frame.hasItemKey ||= isItemKey(frame.key);
    this.#isJson ||= frame.hasPlace || frame.hasItemKey;
    frame.tokenStart = -1;
  }
}
