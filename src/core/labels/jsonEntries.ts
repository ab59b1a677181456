/** Where in a JSON file a value stands: an element of the list that the file is or that one of its members is, or another member. */
export interface JsonPlace {
  /** Name of the member of the outermost object; empty where the file is a list. */
  section: string;
  /** Place in the list, from 0; unset for a member that is no list. */
  index?: number;
  /** In which it begins, from 1. */
  line: number;
}

/** What takes the values of a JSON file. */
export interface JsonTaker {
  take(at: JsonPlace, value: unknown): void;
  /** What is not valid JSON. */
  broken(at: JsonPlace, text: string): void;
}

/** Characters of an element that are held; a longer one is left out, such as a picture inside a label file. */
const MOST_HELD = 64_000_000;
/** The same of a member that is no list. */
const LONGEST_MEMBER = 100_000;
/** Objects that are looked at from the end of a text until one is found that follows another: elements may hold some. */
const MOST_LOOKED_AT = 100;

/**
 * Takes JSON apart while it comes, so that a file of any length is never held whole: gives the elements of its lists one by one. What is broken within an element
 * breaks that element alone.
 */
export class JsonEntries {
  readonly #taker: JsonTaker;
  #mode: 'start' | 'member' | 'name' | 'colon' | 'value' | 'elements' | 'entry' | 'done' = 'start';
  #isList = false;
  #section = '';
  #index: number | undefined;
  #held = '';
  #isTooLong = false;
  #nested = 0;
  #isString = false;
  #isEscaped = false;
  #line = 1;
  #entryLine = 1;

  /** False once a run of elements of the text at hand has not proven to be one. */
  #mayBeRun = true;

  constructor(taker: JsonTaker) {
    this.#taker = taker;
  }

  /** True once the outermost value has ended. */
  get isComplete(): boolean {
    return this.#mode === 'done';
  }

  push(text: string): void {
    let start = 0;
    let at = 0;
    this.#mayBeRun = true;
    while (at < text.length) {
      if (this.#nested > 0 && this.#mode === 'entry' && !this.#isString) {
        at = plainEnd(text, at);
        if (at === text.length) break;
      }
      const code = text.charCodeAt(at);
      if (code === OPEN_OBJECT && this.#mode === 'elements' && this.#mayBeRun) {
        const end = this.#run(text, at);
        this.#mayBeRun = end > at;
        at = end;
        continue;
      }
      if (code === NEWLINE && !this.#isString) this.#line += 1;
      if (this.#isString) {
        at = this.#string(text, at);
        if (!this.#isString && this.#mode === 'name') {
          this.#section = nameOf(this.#held + text.slice(start, at));
          this.#held = '';
          this.#mode = 'colon';
        }
        continue;
      }
      if (this.#mode === 'entry') {
        const end = this.#entry(code, at, start);
        if (end !== undefined) {
          this.#give(text.slice(start, end));
          at = end;
          continue;
        }
      } else if (this.#between(code)) {
        start = at;
        // An entry begins with this very character.
        if (!this.#isString) continue;
      }
      at += 1;
    }
    if (this.#mode === 'entry' || this.#mode === 'name') this.#hold(text.slice(start));
  }

  /**
   * Takes as many elements as are whole in the text at once, which is several times as quick: what JSON.parse makes a list of is a run of whole elements. Gives the place
   * behind them; where that is not so, or they stand on several lines, they are taken one by one.
   */
  #run(text: string, from: number): number {
    const end = runEnd(text, from);
    const run = text.slice(from, end);
    if (run === '' || run.includes('\n')) return from;
    const values = parsed(`[${run}]`);
    if (!Array.isArray(values)) return from;
    for (const value of values) {
      this.#index = (this.#index ?? -1) + 1;
      this.#taker.take({ section: this.#section, index: this.#index, line: this.#line }, value);
    }
    return end;
  }

  /** Goes on in a string up to its end, or that of the text. */
  #string(text: string, from: number): number {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      return at + 1;
    }
    while (at < text.length) {
      const code = text.charCodeAt(at);
      at += 1;
      // No string may have one, but editors count it.
      if (code === NEWLINE) this.#line += 1;
      if (code === QUOTE) {
        this.#isString = false;
        return at;
      }
      if (code === BACKSLASH) {
        if (at === text.length) this.#isEscaped = true;
        else at += 1;
      }
    }
    return at;
  }

  /** The place behind an entry, if it ends here. */
  #entry(code: number, at: number, start: number): number | undefined {
    if (code === QUOTE) this.#isString = true;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) this.#nested += 1;
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      // A bracket that closes nothing is a broken element of its own.
      if (this.#nested === 0) return code === CLOSE_OBJECT && this.#index !== undefined && at === start && this.#held === '' ? at + 1 : at;
      this.#nested -= 1;
      if (this.#nested === 0) return at + 1;
    } else if (code === COMMA && this.#nested === 0) return at;
    return undefined;
  }

  /** Takes a character between entries; true where it begins a name or an entry, which are held. */
  #between(code: number): boolean {
    switch (this.#mode) {
      case 'start':
        if (code === OPEN_OBJECT) this.#mode = 'member';
        if (code === OPEN_LIST) {
          this.#isList = true;
          this.#beginList();
        }
        return false;
      case 'member':
        if (code === CLOSE_OBJECT) this.#mode = 'done';
        if (code !== QUOTE) return false;
        this.#mode = 'name';
        this.#isString = true;
        return true;
      case 'colon':
        if (code === COLON) this.#mode = 'value';
        return false;
      case 'value':
        if (isSpace(code)) return false;
        if (code !== OPEN_LIST) return this.#beginEntry(undefined);
        this.#beginList();
        return false;
      case 'elements':
        if (isSpace(code) || code === COMMA) return false;
        if (code !== CLOSE_LIST) return this.#beginEntry((this.#index ?? -1) + 1);
        this.#mode = this.#isList ? 'done' : 'member';
        return false;
      default:
        return false;
    }
  }

  #beginList(): void {
    this.#index = undefined;
    this.#mode = 'elements';
  }

  #beginEntry(index: number | undefined): true {
    this.#index = index;
    this.#entryLine = this.#line;
    this.#nested = 0;
    this.#mode = 'entry';
    return true;
  }

  #hold(text: string): void {
    this.#isTooLong ||= this.#held.length + text.length > MOST_HELD;
    this.#held = this.#isTooLong ? '' : this.#held + text;
  }

  #give(rest: string): void {
    this.#hold(rest);
    const isMember = this.#index === undefined;
    const at = { section: this.#section, line: this.#entryLine };
    if (!this.#isTooLong && !(isMember && this.#held.length > LONGEST_MEMBER)) {
      const value = parsed(this.#held);
      const place = this.#index === undefined ? at : { ...at, index: this.#index };
      if (value === undefined) this.#taker.broken(place, this.#held);
      else this.#taker.take(place, value);
    }
    this.#held = '';
    this.#isTooLong = false;
    this.#mode = isMember ? 'member' : 'elements';
  }
}

const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** The place of the next character that counts within an object or a list: most are digits. */
function plainEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || code === NEWLINE || code === OPEN_LIST || code === CLOSE_LIST || code === OPEN_OBJECT || code === CLOSE_OBJECT)
      break;
  }
  return at;
}

function isSpace(code: number): boolean {
  return code === SPACE || (code >= 9 && code <= 13) || code === 0xfeff;
}

/** The place behind the last object in a text that another one follows, or `from`. */
function runEnd(text: string, from: number): number {
  let next = text.length;
  for (let count = 0; count < MOST_LOOKED_AT; count++) {
    next = text.lastIndexOf('{', next - 1);
    if (next <= from) return from;
    const comma = backOverSpaces(text, next - 1);
    const end = backOverSpaces(text, comma - 1);
    if (text.charCodeAt(comma) === COMMA && text.charCodeAt(end) === CLOSE_OBJECT) return end + 1;
  }
  return from;
}

function backOverSpaces(text: string, from: number): number {
  let at = from;
  while (at > 0 && text.charCodeAt(at) === SPACE) at -= 1;
  return at;
}

/** Undefined for what is not valid JSON, which itself has no such value. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function nameOf(json: string): string {
  return String(parsed(json) ?? json.slice(1, -1));
}
