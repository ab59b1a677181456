import { mdxjs } from 'micromark-extension-mdxjs';
import { decodeString } from 'micromark-util-decode-string';
import type { Event, Token } from 'micromark-util-types';
import { type Attribute, type DocumentImages, type DocumentReading, elementUse, type ImageUse, shifted } from './imageUse.ts';
import { importedFiles, JSX_IMAGES, jsxImages } from './jsxImages.ts';
import { type Definitions, eventsOf, imagesInEvents, readPieces, spanOf, splitFrontMatter } from './markdownImages.ts';
import { batches, isTooLong, type MarkdownPiece, markdownPieces } from './markdownPieces.ts';

/** The images of an MDX document. Where a part of it is broken or too long, that part is read as Markdown, which nothing breaks. */
export async function mdxImages(text: string, reading: DocumentReading = {}): Promise<DocumentImages> {
  const { body, language } = splitFrontMatter(text);
  const pieces = batches(markdownPieces(body, true)).flatMap((piece) => (isTooLong(piece) ? asMarkdown(body, piece) : [piece]));
  const files = new Map<string, string>();
  for (const piece of pieces) {
    const part = body.slice(piece.start, piece.end);
    if (isTooLong(piece) || !/^import\b/m.test(part)) continue;
    for (const [name, file] of filesOf(part)) files.set(name, file);
    await reading.pause?.();
    reading.signal?.throwIfAborted();
  }
  const found = await readPieces(body, pieces, reading, (part, definitions) => readPart(part, definitions, files));
  return { ...found, images: found.images.sort((a, b) => a.span.start - b.span.start), ...language };
}

/** An expression that never ends keeps all behind it together, unless its braces count for nothing. */
function asMarkdown(body: string, { start, end }: MarkdownPiece): MarkdownPiece[] {
  return batches(markdownPieces(body.slice(start, end), false)).map((piece) => ({
    ...piece,
    start: piece.start + start,
    end: piece.end + start,
  }));
}

function eventsIn(part: string, names: Set<string>): Event[] | undefined {
  try {
    return eventsOf(part, [mdxjs()], names);
  } catch {
    return undefined;
  }
}

function filesOf(part: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [step, token] of eventsIn(part, new Set()) ?? [])
    if (step === 'enter' && (token.type as string) === 'mdxjsEsm')
      for (const [name, file] of importedFiles(part.slice(token.start.offset, token.end.offset))) files.set(name, file);
  return files;
}

function readPart(part: string, { names, sources }: Definitions, files: ReadonlyMap<string, string>): DocumentImages {
  const events = eventsIn(part, names);
  if (events === undefined) return imagesInEvents(eventsOf(part, [], names), part, 'label', sources);
  const found = imagesInEvents(events, part, 'mdxLabel', sources);
  const inCode: ImageUse[] = [];
  for (const [step, token] of events) {
    if (step !== 'enter') continue;
    const { start, end } = spanOf(token);
    const code = part.slice(start, end);
    // Extensions have types of their own.
    const type: string = token.type;
    if (type === 'mdxjsEsm') inCode.push(...shifted(jsxImages(code, 'jsx'), start).images);
    if (type === 'mdxFlowExpression' || type === 'mdxTextExpression')
      inCode.push(...shifted(jsxImages(`(${code.slice(1, -1)})`, 'jsx', files), start).images);
  }
  return { images: [...found.images, ...inCode, ...elementsIn(events, part, files)], words: found.words };
}

/** The images that are written as elements. */
function elementsIn(events: readonly Event[], text: string, files: ReadonlyMap<string, string>): ImageUse[] {
  const images: ImageUse[] = [];
  let name = '';
  let attributes: Attribute[] = [];
  let isOpen = false;
  for (const [step, token] of events) {
    // Elements in lines and those between them differ in the names of their parts only.
    const part = token.type.startsWith('mdxJsx') ? token.type.replace(/^mdxJsx(?:Flow|Text)Tag/, 'Tag') : '';
    const written = () => text.slice(token.start.offset, token.end.offset);
    if (step === 'enter') {
      if (part === 'Tag') {
        name = '';
        attributes = [];
        isOpen = false;
      } else if (part === 'TagNamePrimary') name = written();
      else if (part === 'TagNameMember' || part === 'TagClosingMarker') name = '';
      else if (part === 'TagExpressionAttribute') isOpen = true;
      else if (part === 'TagAttribute') attributes.push({ ...spanOf(token), name: '', value: '' });
      continue;
    }
    const attribute = attributes.at(-1);
    if (part === 'Tag') {
      const use = JSX_IMAGES.has(name) ? elementUse(spanOf(token), attributes, 'markdownAttribute', isOpen) : undefined;
      if (use !== undefined) images.push(use);
    } else if (attribute !== undefined) readTag(part, token, attribute, written, files);
  }
  return images;
}

function readTag(part: string, token: Token, attribute: Attribute, written: () => string, files: ReadonlyMap<string, string>): void {
  switch (part) {
    case 'TagAttribute':
      attribute.end = token.end.offset;
      break;
    case 'TagAttributeNamePrimary':
      attribute.name = written();
      break;
    case 'TagAttributeNameLocal':
      attribute.name = '';
      break;
    case 'TagAttributeValueLiteral':
      attribute.value = decodeString(written().slice(1, -1));
      break;
    case 'TagAttributeValueExpression':
      attribute.value = attribute.name === 'src' ? expressionSource(written(), files) : undefined;
      break;
    default:
      break;
  }
}

/** The file of `{name}`, `{name.src}` or `{"path"}`; JSX has readers for that. */
function expressionSource(expression: string, files: ReadonlyMap<string, string>): string | undefined {
  return jsxImages(`<img src=${expression}/>`, 'jsx', files).images[0]?.source;
}
