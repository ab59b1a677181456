import { mdxjs } from 'micromark-extension-mdxjs';
import { decodeString } from 'micromark-util-decode-string';
import type { Event, Token } from 'micromark-util-types';
import { type Attribute, type DocumentImages, elementUse, type ImageUse, shifted } from './imageUse.ts';
import { importedFiles, JSX_IMAGES, jsxImages } from './jsxImages.ts';
import { eventsOf, imagesInEvents, markdownImages, spanOf, splitFrontMatter } from './markdownImages.ts';

/** The images of an MDX document. Where it is broken, it is read as Markdown, which nothing breaks. */
export function mdxImages(text: string): DocumentImages {
  const { body, language } = splitFrontMatter(text);
  let events: Event[];
  try {
    events = eventsOf(body, [mdxjs()]);
  } catch {
    return markdownImages(text);
  }
  const found = imagesInEvents(events, body, 'mdxLabel');
  const files = new Map<string, string>();
  const inCode: ImageUse[] = [];
  for (const [step, token] of events) {
    if (step !== 'enter') continue;
    const { start, end } = spanOf(token);
    const code = text.slice(start, end);
    // Extensions have types of their own.
    const type: string = token.type;
    if (type === 'mdxjsEsm') for (const [name, file] of importedFiles(code)) files.set(name, file);
    if (type === 'mdxjsEsm') inCode.push(...shifted(jsxImages(code, 'jsx'), start).images);
    if (type === 'mdxFlowExpression' || type === 'mdxTextExpression')
      inCode.push(...shifted(jsxImages(`(${code.slice(1, -1)})`, 'jsx', files), start).images);
  }
  const images = [...found.images, ...inCode, ...elementsIn(events, text, files)];
  return { ...found, images: images.sort((a, b) => a.span.start - b.span.start), ...language };
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
    } else if (attribute !== undefined) readPart(part, token, attribute, written, files);
  }
  return images;
}

function readPart(part: string, token: Token, attribute: Attribute, written: () => string, files: ReadonlyMap<string, string>): void {
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
