/** Bytes in which the start tag of a root element must end: licences and document types before it can be long. */
export const MOST_PROLOG = 1024 * 1024;

/** The start tag of a root element. */
export interface RootTag {
  /** Where it begins in the text. */
  start: number;
  /** The place behind it; unset where the text ends before, or where it is no proper tag. */
  end?: number;
  /** As written, with its prefix. */
  name: string;
  /** Values as written, by names as written. */
  attributes: ReadonlyMap<string, string>;
  /** The document type before it, if there is one. */
  doctype?: { start: number; end: number };
}

/** The characters of an XML file: by its byte order mark, by the zeros of UTF-16, by what its declaration says, or else as UTF-8. */
export function decodeXml(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second, third, fourth] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0 && fourth === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c && third === 0)) return 'utf-16be';
  const start = String.fromCharCode(...bytes.subarray(0, 200));
  const label = /^<\?xml\s[^>]{0,160}?encoding\s{0,8}=\s{0,8}["']([\w.:-]{1,40})["']/.exec(start)?.[1];
  // What can be read as bytes is not in UTF-16, whatever it says.
  if (label === undefined || /^utf-?16/i.test(label)) return 'utf-8';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return 'utf-8';
  }
}

/**
 * The start tag of the root element of a text, if that is an `svg`: behind the declaration, comments, a document type and processing instructions.
 * `unfinished` where the text ends before the root element begins. Takes time in proportion to the text.
 */
export function findSvgRoot(text: string): RootTag | 'unfinished' | undefined {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let doctype: RootTag['doctype'];
  for (;;) {
    at = skipBlanks(text, at);
    if (at >= text.length) return 'unfinished';
    let end: number;
    if (text.startsWith('<!--', at)) end = behind(text, '-->', at + 4);
    else if (text.startsWith('<?', at)) end = behind(text, '?>', at + 2);
    else if (text.startsWith('<!DOCTYPE', at)) {
      // No text has two.
      if (doctype !== undefined) return undefined;
      end = behindDoctype(text, at + 9);
      doctype = { start: at, end };
    } else {
      const tag = startTag(text, at);
      return typeof tag === 'object' && doctype !== undefined ? { ...tag, doctype } : tag;
    }
    if (end < 0) return 'unfinished';
    at = end;
  }
}

/** The place behind the next `mark`; -1 if there is none. */
function behind(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? -1 : found + mark.length;
}

/** The place behind a document type with its declarations, `from` lying in it; -1 if it does not end. */
function behindDoctype(text: string, from: number): number {
  let inside = false;
  for (let at = from; at >= 0 && at < text.length; ) {
    const character = text[at] as string;
    if (character === '"' || character === "'") at = behind(text, character, at + 1);
    else if (inside && text.startsWith('<!--', at)) at = behind(text, '-->', at + 4);
    else if (inside && text.startsWith('<?', at)) at = behind(text, '?>', at + 2);
    else if (character === '>' && !inside) return at + 1;
    else {
      if (character === '[') inside = true;
      if (character === ']') inside = false;
      at++;
    }
  }
  return -1;
}

/** Characters, with the bracket. */
const MOST_NAME = 110;
const NAME = /<((?:[^\s:<>/="']{1,100}:)?svg)(?=[\s/>])/y;
const ATTRIBUTE = /\s+([^\s=<>"'/]{1,200})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*\/?>/y;

function startTag(text: string, start: number): RootTag | 'unfinished' | undefined {
  NAME.lastIndex = start;
  const name = NAME.exec(text)?.[1];
  if (name === undefined) {
    const isCut = text.length - start < MOST_NAME && /^<[^\s/>]*$/.test(text.slice(start));
    return isCut ? 'unfinished' : undefined;
  }
  const attributes = new Map<string, string>();
  let at = NAME.lastIndex;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const found = ATTRIBUTE.exec(text);
    if (found === null) break;
    attributes.set(found[1] ?? '', found[2] ?? found[3] ?? '');
    at = ATTRIBUTE.lastIndex;
  }
  TAG_END.lastIndex = at;
  return { start, name, attributes, ...(TAG_END.test(text) ? { end: TAG_END.lastIndex } : {}) };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] as string)) at++;
  return at;
}
