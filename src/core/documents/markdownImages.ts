import { parse, postprocess, preprocess } from 'micromark';
import { decodeString } from 'micromark-util-decode-string';
import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import type { Event, Extension, Token } from 'micromark-util-types';
import { htmlImages } from './htmlImages.ts';
import { type AltSlot, type DocumentImages, type DocumentReading, type ImageUse, type Span, shifted } from './imageUse.ts';
import { batches, isHtmlBlock, isTooLong, type MarkdownPiece, markdownPieces } from './markdownPieces.ts';

/** The images of a Markdown document: its own and those of HTML in it. */
export async function markdownImages(text: string, reading: DocumentReading = {}): Promise<DocumentImages> {
  const { body, language } = splitFrontMatter(text);
  const pieces = batches(markdownPieces(body, false)).map((piece) =>
    isTooLong(piece) && isHtmlBlock(body.slice(piece.start, piece.end)) ? { ...piece, isHtml: true } : piece,
  );
  const found = await readPieces(body, pieces, reading, (part, definitions, { isHtml }) =>
    isHtml
      ? htmlImages(part, 'markdownAttribute')
      : imagesInEvents(eventsOf(part, [], definitions.names), part, 'label', definitions.sources),
  );
  return { ...found, ...language };
}

/** Reads the pieces of a document one after another: those that are too long are counted, and others may run between them. */
export async function readPieces(
  body: string,
  pieces: readonly MarkdownPiece[],
  { at, pause, signal }: DocumentReading,
  read: (part: string, definitions: Definitions, piece: MarkdownPiece) => DocumentImages,
): Promise<DocumentImages> {
  const images: ImageUse[] = [];
  const words: Span[] = [];
  const definitions = new Definitions();
  let tooLong = 0;
  const isWanted = ({ start, end }: MarkdownPiece) => at === undefined || (start <= at && at <= end);
  const holdsImages = (part: string) => ['![', 'img', 'image'].some((sign) => part.toLowerCase().includes(sign));
  if (at !== undefined && !pieces.some((piece) => isWanted(piece) && holdsImages(body.slice(piece.start, piece.end))))
    return { images, words };
  for (const piece of pieces) {
    const part = body.slice(piece.start, piece.end);
    if (piece.isHtml || isTooLong(piece) || !part.includes(']:')) continue;
    definitions.add(part);
    await pause?.();
    signal?.throwIfAborted();
  }
  for (const piece of pieces.filter(isWanted)) {
    if (isTooLong(piece)) {
      tooLong += 1;
      continue;
    }
    const found = shifted(read(body.slice(piece.start, piece.end), definitions, piece), piece.start);
    for (const use of found.images) images.push(use);
    for (const span of found.words) words.push(span);
    await pause?.();
    signal?.throwIfAborted();
  }
  return { images, words, ...(tooLong === 0 ? {} : { tooLong }) };
}

/** The parts of text within paragraphs: without them, only blocks and definitions are read. */
const INLINE = ['labelStartImage', 'labelStartLink', 'labelEnd', 'codeText', 'htmlText', 'autolink'];

/** The addresses that references of a document stand for; of several definitions of a name the first counts. */
export class Definitions {
  readonly sources = new Map<string, string>();
  readonly names = new Set<string>();

  /** Those in a part of the document. */
  add(part: string): void {
    let name = '';
    for (const [step, token] of eventsOf(part, [{ disable: { null: INLINE } }], this.names)) {
      if (step === 'exit') continue;
      const written = () => part.slice(token.start.offset, token.end.offset);
      if (token.type === 'definitionLabelString') name = normalizeIdentifier(written());
      if (token.type === 'definitionDestinationString' && !this.sources.has(name)) this.sources.set(name, decodeString(written()));
    }
  }
}

/**
 * What the parser says of a part: where each of its parts begins and ends, in order. May throw with extensions.
 * @param names of definitions in the whole document
 */
export function eventsOf(text: string, extensions: readonly Extension[], names: Set<string>): Event[] {
  // Emphasis says nothing about images, and hostile text keeps it busy for minutes.
  const parser = parse({ extensions: [...extensions, { disable: { null: ['attention'] } }] });
  // A list would be searched from its start for each reference.
  const defined = { push: (name: string) => names.add(name).size, includes: (name: string) => names.has(name) };
  parser.defined = defined as unknown as string[];
  return postprocess(parser.document().write(preprocess()(text, undefined, true)));
}

/** An image that is being read. */
interface Open {
  image: Token;
  label?: Span;
  destination?: string;
  /** The name of its definition. */
  reference?: string;
}

/** The images and words in a document, by what the parser said of it. */
export function imagesInEvents(
  events: readonly Event[],
  text: string,
  syntax: 'label' | 'mdxLabel',
  sources: ReadonlyMap<string, string>,
): DocumentImages {
  const images: ImageUse[] = [];
  const words: Span[] = [];
  const open: Open[] = [];
  let unread: Token | undefined;
  let html: { token: Token; prefixes: Span[] } | undefined;
  for (const [step, token] of events) {
    const span = spanOf(token);
    const current = open.at(-1);
    if (step === 'exit') {
      if (token.type === 'image' && current !== undefined) {
        open.pop();
        const use = useOf(current, text, sources, syntax);
        if (use !== undefined) images.push(use);
      } else if (html?.token === token) {
        const found = shifted(htmlImages(masked(text, span, html.prefixes), 'markdownAttribute'), span.start);
        images.push(...found.images);
        words.push(...found.words);
        html = undefined;
      } else if (token === unread) unread = undefined;
      continue;
    }
    // Extensions have types of their own.
    switch (token.type as string) {
      case 'image':
        open.push({ image: token });
        break;
      case 'labelText':
        // Links in the words of an image have labels of their own, within its own.
        if (current !== undefined && current.label === undefined && span.start === current.image.start.offset + 2) current.label = span;
        break;
      case 'resourceDestinationString':
        if (current !== undefined && span.start >= (current.label?.end ?? current.image.start.offset + 2))
          current.destination = decodeString(text.slice(span.start, span.end));
        break;
      case 'referenceString':
        if (current !== undefined && span.start >= (current.label?.end ?? 0)) current.reference = text.slice(span.start, span.end);
        break;
      case 'htmlFlow':
      case 'htmlText':
        html = { token, prefixes: [] };
        break;
      case 'blockQuotePrefix':
        html?.prefixes.push(span);
        break;
      case 'resource':
      case 'reference':
      case 'definition':
        unread ??= token;
        break;
      case 'data':
      case 'codeTextData':
      case 'codeFlowValue':
        if (current === undefined && html === undefined && unread === undefined) words.push(span);
        break;
      default:
        break;
    }
  }
  images.sort((a, b) => a.span.start - b.span.start);
  return { images, words };
}

function useOf(
  { image, label, destination, reference }: Open,
  text: string,
  sources: ReadonlyMap<string, string>,
  syntax: AltSlot['syntax'],
) {
  const span = spanOf(image);
  const words = label ?? { start: span.start + 2, end: span.start + 2 };
  const written = text.slice(words.start, words.end);
  const isDefined = destination === undefined && text[words.end + 1] !== '(';
  const slot = { ...words, before: '', after: '', syntax };
  // The words of `![name][]` and `![name]` are the name of the definition too: that moves into brackets of its own.
  if (isDefined && reference === undefined) {
    slot.after = `][${written}`;
    if (text.startsWith('][]', words.end)) slot.end += 2;
  }
  const source = isDefined ? sources.get(normalizeIdentifier(reference ?? written)) : destination;
  if (source === undefined || source === '') return undefined;
  const said = decodeString(written).trim();
  return { span, source, alt: said === '' ? { kind: 'missing' as const } : { kind: 'text' as const, text: said }, slot };
}

/** The part of a text with blanks where other blocks leave their marks in it, so that all else keeps its place. */
function masked(text: string, { start, end }: Span, marks: readonly Span[]): string {
  let part = '';
  let from = start;
  for (const mark of marks) {
    part += text.slice(from, mark.start) + ' '.repeat(mark.end - mark.start);
    from = mark.end;
  }
  return part + text.slice(from, end);
}

/** A document with blanks for its front matter, so that all else keeps its place; and the language that is named there. */
export function splitFrontMatter(text: string): { body: string; language: { language?: string } } {
  const fence = ['---', '+++'].find((sign) => text.startsWith(`${sign}\n`) || text.startsWith(`${sign}\r\n`));
  if (fence === undefined) return { body: text, language: {} };
  let start = text.indexOf('\n') + 1;
  while (start > 0 && start < text.length) {
    const next = text.indexOf('\n', start);
    const end = next < 0 ? text.length : next;
    if (text.slice(start, end).trimEnd() === fence) {
      const language = languageIn(text.slice(fence.length, start));
      return { body: ' '.repeat(end) + text.slice(end), language: language === undefined ? {} : { language } };
    }
    start = next + 1;
  }
  return { body: text, language: {} };
}

/** What front matter says in a line of its own. */
function languageIn(matter: string): string | undefined {
  for (const line of matter.split('\n')) {
    const at = line.search(/[:=]/);
    if (at < 0 || !['lang', 'language', 'locale'].includes(line.slice(0, at).trim())) continue;
    const value = line.slice(at + 1).trim();
    return value.startsWith('"') || value.startsWith("'") ? value.slice(1, -1) : value;
  }
  return undefined;
}

export function spanOf({ start, end }: Token): Span {
  return { start: start.offset, end: end.offset };
}
