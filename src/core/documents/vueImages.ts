import { NodeTypes, parse, type RootNode, type TemplateChildNode } from '@vue/compiler-dom';
import { type Attribute, type DocumentImages, elementUse, type ImageUse, type Span } from './imageUse.ts';
import { importedFiles } from './jsxImages.ts';

/** Elements and well-known components that show an image by `src`, and say what it shows by `alt`; in lower case, without hyphens. */
const IMAGES = new Set(['img', 'nuxtimg', 'nuxtpicture', 'vimg', 'qimg', 'elimage']);

type Element = Extract<TemplateChildNode, { type: NodeTypes.ELEMENT }>;

/** The images in the template of a Vue component. One that is written in another language than HTML has none. */
export function vueImages(text: string): DocumentImages {
  const images: ImageUse[] = [];
  const words: Span[] = [];
  const root: RootNode = parse(text, { parseMode: 'sfc', comments: false, onError: () => undefined, onWarn: () => undefined });
  const parts = root.children.filter((node) => node.type === NodeTypes.ELEMENT);
  const files = new Map(parts.filter(({ tag }) => tag === 'script').flatMap(({ children }) => [...importedFiles(textOf(children, text))]));
  const waiting: unknown[] = parts.filter(({ tag }) => tag === 'template').reverse();
  while (waiting.length > 0) {
    const node = waiting.pop() as TemplateChildNode;
    if (node.type === NodeTypes.TEXT) words.push(spanOf(node));
    if (node.type !== NodeTypes.ELEMENT) continue;
    const use = useOf(node, text, files);
    if (use !== undefined) images.push(use);
    for (let index = node.children.length - 1; index >= 0; index--) waiting.push(node.children[index]);
  }
  return { images, words };
}

function textOf(children: readonly TemplateChildNode[], text: string): string {
  return children.map(({ loc }) => text.slice(loc.start.offset, loc.end.offset)).join('');
}

function useOf(element: Element, text: string, files: ReadonlyMap<string, string>): ImageUse | undefined {
  if (!IMAGES.has(element.tag.toLowerCase().replaceAll('-', ''))) return undefined;
  let isOpen = false;
  const attributes = element.props.flatMap((property): Attribute[] => {
    const span = spanOf(property);
    if (property.type === NodeTypes.ATTRIBUTE)
      return [{ ...span, name: text.slice(span.start, span.start + property.name.length), value: property.value?.content ?? '' }];
    if (property.name !== 'bind') return [];
    const { arg, exp } = property;
    if (arg?.type !== NodeTypes.SIMPLE_EXPRESSION || !arg.isStatic) {
      isOpen = true;
      return [];
    }
    const code = exp?.type === NodeTypes.SIMPLE_EXPRESSION ? exp.content.trim() : arg.content;
    return [{ ...span, name: arg.content, value: arg.content === 'src' ? (files.get(code) ?? quotedWord(code)) : undefined }];
  });
  return elementUse(spanOf(element), attributes, 'attribute', isOpen);
}

/** What an expression says that is nothing but a string without escapes. */
function quotedWord(code: string): string | undefined {
  const word = code.slice(1, -1);
  const quote = code[0] ?? '';
  return code.length > 1 && `'"\``.includes(quote) && code.endsWith(quote) && ![quote, '\\', '$'].some((sign) => word.includes(sign))
    ? word
    : undefined;
}

function spanOf({ loc }: { loc: { start: { offset: number }; end: { offset: number } } }): Span {
  return { start: loc.start.offset, end: loc.end.offset };
}
