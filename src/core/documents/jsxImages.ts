import { parse } from '@babel/parser';
import { isRecord } from '../base/shape.ts';
import { type Attribute, type DocumentImages, elementUse, type ImageUse, type Span } from './imageUse.ts';

/** Elements and well-known components that show an image by `src`, and say what it shows by `alt`. */
export const JSX_IMAGES: ReadonlySet<string> = new Set(['img', 'Image', 'Img', 'NextImage', 'StaticImage']);

/** A node of the tree; all have these. */
interface Node extends Span, Record<string, unknown> {
  type: string;
}

/**
 * The images of JSX in a program. A program too broken to be read has none.
 * @param known files that names stand for, besides those that the program imports
 */
export function jsxImages(text: string, kind: 'jsx' | 'tsx', known: ReadonlyMap<string, string> = new Map()): DocumentImages {
  const images: ImageUse[] = [];
  const words: Span[] = [];
  const nodes = [...nodesOf(text, kind)];
  const files = new Map([...known, ...importsIn(nodes)]);
  for (const node of nodes) {
    if (node.type === 'JSXText') words.push({ start: node.start, end: node.end });
    const use = node.type === 'JSXOpeningElement' ? useOf(node, text, files) : undefined;
    if (use !== undefined) images.push(use);
  }
  const inOrder = (a: Span, b: Span) => a.start - b.start;
  return { images: images.sort((a, b) => inOrder(a.span, b.span)), words: words.sort(inOrder) };
}

/** The files that a program imports, by the names that it has for them. */
export function importedFiles(text: string): ReadonlyMap<string, string> {
  return importsIn([...nodesOf(text, 'tsx')]);
}

function importsIn(nodes: readonly Node[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { type, specifiers, source } of nodes) {
    if (type !== 'ImportDeclaration' || !isNode(source) || !Array.isArray(specifiers)) continue;
    for (const one of specifiers)
      if (isNode(one) && one.type === 'ImportDefaultSpecifier') files.set(nameOf(one.local), String(source.value));
  }
  return files;
}

/** All nodes of a program, in no order that matters. */
function* nodesOf(text: string, kind: 'jsx' | 'tsx'): Generator<Node> {
  let program: unknown;
  try {
    program = parse(text, {
      sourceType: 'module',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      allowUndeclaredExports: true,
      attachComment: false,
      plugins: ['jsx', 'decorators', kind === 'tsx' ? 'typescript' : 'flow'],
    }).program;
  } catch {
    return;
  }
  const waiting = [program];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (!isNode(node)) continue;
    yield node;
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) for (const one of value) waiting.push(one);
      else if (isRecord(value) && typeof value.type === 'string') waiting.push(value);
    }
  }
}

function useOf(element: Node, text: string, files: ReadonlyMap<string, string>): ImageUse | undefined {
  if (!JSX_IMAGES.has(nameOf(element.name)) || !Array.isArray(element.attributes)) return undefined;
  const nodes = element.attributes.filter(isNode);
  const attributes = nodes.flatMap((node): Attribute[] => {
    const name = nameOf(node.name);
    if (node.type !== 'JSXAttribute' || name === '') return [];
    const value = isNode(node.value) ? written(node.value) : undefined;
    const known = name === 'src' && value === undefined ? sourceOf(node.value, files) : value;
    return [{ start: node.start, end: node.end, name: text.slice(node.start, node.start + name.length), value: known }];
  });
  const isOpen = nodes.some(({ type }) => type === 'JSXSpreadAttribute');
  return elementUse({ start: element.start, end: element.end }, attributes, 'attribute', isOpen);
}

/** The value of a string in quotes. */
function written({ type, value }: Node): string | undefined {
  return type === 'StringLiteral' && typeof value === 'string' ? value : undefined;
}

/** What an expression says where the image is, if it is plain: a string, an imported file or its `src`, a file that is required. */
function sourceOf(container: unknown, files: ReadonlyMap<string, string>): string | undefined {
  let node = isNode(container) ? container.expression : undefined;
  if (isNode(node) && node.type === 'MemberExpression' && ['src', 'default'].includes(nameOf(node.property))) node = node.object;
  if (isNode(node) && node.type === 'CallExpression' && nameOf(node.callee) === 'require' && Array.isArray(node.arguments))
    node = node.arguments[0];
  if (!isNode(node)) return undefined;
  if (node.type === 'Identifier') return files.get(nameOf(node));
  if (node.type === 'TemplateLiteral' && Array.isArray(node.quasis) && node.quasis.length === 1) {
    const [{ value }] = node.quasis as [{ value: { cooked?: string } }];
    return value.cooked;
  }
  return written(node);
}

function isNode(value: unknown): value is Node {
  return isRecord(value) && typeof value.type === 'string';
}

function nameOf(node: unknown): string {
  return isRecord(node) && typeof node.name === 'string' ? node.name : '';
}
