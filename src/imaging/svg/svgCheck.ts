import { imageMeta } from 'image-meta';
import { ANIMATIONS, ATTRIBUTES, ELEMENTS, isInert, PROPERTIES, ROOT_PROPERTIES, UNDRAWN } from './svgAllowed.ts';
import { assertDrawable, referenceIn } from './svgCost.ts';
import { SvgRefused } from './svgRefusal.ts';
import { readDeclarations, readStyleSheet, type StyleDeclaration, type StyleRule, UnknownStyle } from './svgStyle.ts';
import { readSvgTree, type SvgElement } from './svgTree.ts';

/** What has to be known to draw an SVG that was found drawable. */
export interface CheckedSvg {
  /** All words in it. */
  words: string;
  /** Of its root, behind all. */
  background?: string;
}

/** Makes sure that an SVG is drawn as a browser draws it, and within bounds. Throws `Refused`, or XmlError for what is no XML. */
export function checkSvg(text: string): CheckedSvg {
  const root = readSvgTree(text);
  const elements = [...drawn(root, undefined)];
  const rules = elements.filter(({ name }) => name === 'style').flatMap(styleSheet);
  for (const { declarations } of rules) for (const declaration of declarations) assertProperty(declaration, false);
  const isRepeating = elements.some(({ name }) => name === 'use');
  // What is repeated is not where it was: browsers match it there.
  const joined = rules.flatMap(({ selectors }) => selectors).find((selector) => /[\s>+]/.test(selector));
  if (isRepeating && joined !== undefined) throw new SvgRefused({ use: joined });
  const ids = new Map<string, SvgElement>();
  for (const element of elements) {
    const id = element.attributes.get('id');
    if (id !== undefined && !ids.has(id)) ids.set(id, element);
  }
  const styled = new Map(elements.map((element) => [element, { element, properties: propertiesOf(element, rules, element === root) }]));
  for (const { element, properties } of styled.values()) assertElement(element, properties, ids, element === root);
  assertDrawable(root, styled, ids);
  assertRootSize(root);
  const background = styled.get(root)?.properties.find(({ name }) => name === 'background' || name === 'background-color')?.value;
  return {
    words: elements.map(({ name, text }) => (name === 'style' ? '' : text)).join(''),
    ...(background === undefined || background === 'none' ? {} : { background }),
  };
}

/** What CSS says of the root's size is another thing than the size of the picture, and so is a picture that is to be squeezed into a size that is not said. */
function assertRootSize({ attributes }: SvgElement): void {
  for (const { name, value } of readDeclarations(attributes.get('style') ?? ''))
    if ((name === 'width' || name === 'height') && pixels(attributes.get(name)) !== pixels(value))
      throw new SvgRefused({ use: `${name}: ${value}` });
  // Of a font that may be any.
  const isRelative = ['width', 'height'].some((side) => attributes.get(side)?.endsWith('em'));
  if (isRelative && (attributes.has('font-size') || attributes.get('style')?.includes('font')))
    throw new SvgRefused({ use: 'width and height in em' });
  const isSized = ['width', 'height'].every((side) => attributes.has(side) && !attributes.get(side)?.endsWith('%'));
  const fit = attributes.get('preserveAspectRatio') ?? '';
  if (!isSized && /none/.test(fit)) throw new SvgRefused({ use: `preserveAspectRatio="${fit}"` });
}

function pixels(length = ''): string {
  return length.replace(/px$/, '');
}

/** All elements that take part in the drawing. */
function* drawn(element: SvgElement, parent: SvgElement | undefined): Generator<SvgElement> {
  const { name, attributes, children } = element;
  if (UNDRAWN.has(name)) return;
  if (ANIMATIONS.has(name)) throw new SvgRefused({ use: `<${name}>` });
  // As Illustrator writes it, for itself alone.
  if (name === 'foreignObject' && parent?.name === 'switch' && attributes.get('requiredExtensions')) return;
  if (!ELEMENTS.has(name)) throw new SvgRefused({ use: `<${name}>` });
  yield element;
  for (const child of children) yield* drawn(child, element);
}

function styleSheet({ attributes, text, children }: SvgElement): StyleRule[] {
  const type = attributes.get('type') ?? 'text/css';
  const media = attributes.get('media') ?? 'all';
  if (type !== 'text/css' || !['all', 'screen'].includes(media) || children.length > 0)
    throw new SvgRefused({ use: `<style ${type} ${media}>` });
  return named(() => readStyleSheet(text));
}

function named<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof UnknownStyle ? new SvgRefused({ use: error.message }) : error;
  }
}

function propertiesOf(element: SvgElement, rules: readonly StyleRule[], isRoot: boolean): StyleDeclaration[] {
  const own = named(() => readDeclarations(element.attributes.get('style') ?? ''));
  for (const declaration of own) assertProperty(declaration, isRoot);
  const byRule = rules.filter(({ selectors }) => selectors.some((selector) => mayMatch(selector, element)));
  const byAttribute = [...element.attributes].flatMap(([name, value]) => (name in PROPERTIES ? [{ name, value }] : []));
  return [...byAttribute, ...byRule.flatMap(({ declarations }) => declarations), ...own];
}

/** True if the last part of a selector may be about an element; more than that need not be known here. */
function mayMatch(selector: string, { name, attributes }: SvgElement): boolean {
  const last = selector.split(/[\s>+]+/).at(-1) ?? '';
  const [type = ''] = /^[\w-]*/.exec(last) ?? [];
  if (type !== '' && type !== name) return false;
  const classes = (attributes.get('class') ?? '').split(/\s+/);
  const parts = last.replace(/\[[^[\]]*\]/g, '').match(/[.#][\w-]+/g) ?? [];
  return parts.every((part) => (part.startsWith('.') ? classes.includes(part.slice(1)) : attributes.get('id') === part.slice(1)));
}

function assertProperty({ name, value }: StyleDeclaration, isRoot: boolean): void {
  if (isInert(name)) return;
  const pattern = (isRoot ? ROOT_PROPERTIES[name] : undefined) ?? PROPERTIES[name];
  if (pattern === undefined || !pattern.test(value)) throw new SvgRefused({ use: `${name}: ${value}` });
}

/** Properties whose references have to lead somewhere, and the elements that they have to lead to. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  fill: ['linearGradient', 'radialGradient', 'pattern'],
  stroke: ['linearGradient', 'radialGradient', 'pattern'],
  filter: ['filter'],
  'clip-path': ['clipPath'],
  mask: ['mask'],
  'marker-start': ['marker'],
  'marker-mid': ['marker'],
  'marker-end': ['marker'],
};

/** The properties and attributes that resvg passes over in an element, unlike browsers, or the other way round. */
const NOT_ON: Readonly<Record<string, readonly string[]>> = {
  svg: ['transform'],
  symbol: ['transform', 'refX', 'refY', 'width', 'height'],
  mask: ['mask'],
  tspan: ['opacity', 'mask', 'clip-path', 'filter'],
  rect: ['marker-start', 'marker-mid', 'marker-end'],
  circle: ['marker-start', 'marker-mid', 'marker-end'],
  ellipse: ['marker-start', 'marker-mid', 'marker-end'],
};

function assertElement(
  element: SvgElement,
  properties: readonly StyleDeclaration[],
  ids: ReadonlyMap<string, SvgElement>,
  isRoot: boolean,
): void {
  const { name, attributes } = element;
  for (const [attribute, value] of attributes) {
    const pattern = (isRoot ? ROOT_PROPERTIES[attribute] : undefined) ?? ATTRIBUTES[attribute] ?? PROPERTIES[attribute];
    if (pattern !== undefined && !pattern.test(value)) throw new SvgRefused({ use: `${attribute}="${value}"` });
  }
  const used = [...attributes.keys(), ...properties.map((property) => property.name)];
  const misplaced = NOT_ON[name]?.find((each) => used.includes(each));
  if (misplaced !== undefined) throw new SvgRefused({ use: `<${name} ${misplaced}>` });
  for (const { name: property, value } of properties) {
    const targets = TARGETS[property];
    const id = referenceIn(value);
    if (targets === undefined || id === undefined) continue;
    const target = ids.get(id);
    if (
      target === undefined
        ? property === 'filter' || (value.startsWith('url') && targets.includes('pattern'))
        : !targets.includes(target.name)
    )
      throw new SvgRefused({ use: `${property}: ${value}` });
    // Browsers draw nothing then.
    if (property === 'filter' && ['g', 'svg', 'a'].includes(name) && element.children.length === 0)
      throw new SvgRefused({ use: `<${name} filter>` });
  }
  const href = attributes.get('href');
  if (href !== undefined && name === 'image') assertPicture(href, attributes);
  else if (href !== undefined && name !== 'a') assertLocal(href, name, ids);
}

function assertLocal(href: string, name: string, ids: ReadonlyMap<string, SvgElement>): void {
  if (!href.startsWith('#')) throw new SvgRefused({ elsewhere: href });
  const target = ids.get(href.slice(1));
  if (name === 'textPath' && target?.name !== 'path') throw new SvgRefused({ use: '<textPath>' });
}

/** Pictures within the file, of types that both decode, and with a size. */
function assertPicture(href: string, attributes: SvgElement['attributes']): void {
  const [, type, data = ''] = /^data:image\/(png|jpe?g|gif|webp);base64,([\s\S]*)$/.exec(href) ?? [];
  if (type === undefined) throw new SvgRefused(href.startsWith('data:') ? { use: href.slice(0, 30) } : { elsewhere: href });
  const sides = ['width', 'height'].filter((side) => attributes.has(side));
  if (sides.length === 1) throw new SvgRefused({ use: `<image> ${sides}` });
  const found = typeOf(Buffer.from(data.slice(0, 100_000), 'base64'));
  if (found === undefined || found !== type.replace('jpeg', 'jpg')) throw new SvgRefused({ use: `<image> ${type}` });
}

function typeOf(bytes: Uint8Array): string | undefined {
  try {
    return imageMeta(bytes).type;
  } catch {
    return undefined;
  }
}
