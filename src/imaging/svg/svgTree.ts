import { parseXml, type XmlDocument, XmlElement, XmlProcessingInstruction } from '@rgrove/parse-xml';
import { SvgRefused } from './svgRefusal.ts';
import { findSvgRoot } from './svgText.ts';

const SVG = 'http://www.w3.org/2000/svg';
const XLINK = 'http://www.w3.org/1999/xlink';
/** Characters that stand for entities, all of them together. */
const MOST_EXPANDED = 1e6;
/** Elements within each other. */
const MOST_DEPTH = 100;

/** An element of an SVG; those of other vocabularies draw nothing and are left out. */
export interface SvgElement {
  /** Without a prefix. */
  name: string;
  /** Those without a prefix, and `xlink:href` as `href`. */
  attributes: ReadonlyMap<string, string>;
  children: readonly SvgElement[];
  /** Its own words, without those of its children. */
  text: string;
}

/**
 * Reads an SVG, in full or not at all. Throws `Refused` for what its document type declares beyond plain entities, for a style sheet elsewhere and for
 * endless nesting; XmlError for what is no XML.
 */
export function readSvgTree(text: string): SvgElement {
  const found = findSvgRoot(text);
  if (typeof found !== 'object') throw new SvgRefused({ use: 'xmlns' });
  const { start, end } = found.doctype ?? { start: 0, end: 0 };
  const entities = entitiesOf(text.slice(start, end));
  let expanded = 0;
  const document = parsed(text.slice(0, start) + text.slice(end), (name) => {
    const value = entities.get(name);
    expanded += value?.length ?? 0;
    if (expanded > MOST_EXPANDED) throw new SvgRefused({ use: `&${name};` });
    return value;
  });
  if (document.children.some((node) => node instanceof XmlProcessingInstruction && node.name === 'xml-stylesheet'))
    throw new SvgRefused({ use: '<?xml-stylesheet?>' });
  const root = document.root === null ? undefined : element(document.root, new Map(), 0);
  if (root === undefined) throw new SvgRefused({ use: 'xmlns' });
  return root;
}

function parsed(text: string, entity: (name: string) => string | undefined): XmlDocument {
  try {
    return parseXml(text, { resolveUndefinedEntity: (reference) => entity(reference.slice(1, -1)) });
  } catch (error) {
    // It reads elements within each other by calling itself.
    throw error instanceof RangeError ? new SvgRefused({ tooMuch: true }) : error;
  }
}

/** By name, of the declarations in a document type. */
function entitiesOf(doctype: string): ReadonlyMap<string, string> {
  const open = doctype.indexOf('[');
  const subset = open < 0 ? '' : doctype.slice(open + 1, doctype.lastIndexOf(']'));
  const entities = new Map<string, string>();
  let at = 0;
  const declaration =
    /\s*(?:<!--(?:(?!-->)[\s\S])*-->|<\?(?:(?!\?>)[\s\S])*\?>|<!ENTITY\s+([^\s%&;"'<>]+)\s+(?:"([^"<&%]*)"|'([^'<&%]*)')\s*>|<!ELEMENT\s[^<>]*>)/y;
  while (at < subset.trimEnd().length) {
    declaration.lastIndex = at;
    const found = declaration.exec(subset);
    if (found === null) throw new SvgRefused({ use: /<![A-Z]{1,20}/.exec(subset.slice(at))?.[0] ?? '<!DOCTYPE' });
    const [, name, value, other] = found;
    if (name !== undefined && !entities.has(name)) entities.set(name, value ?? other ?? '');
    at = declaration.lastIndex;
  }
  return entities;
}

function element(node: XmlElement, outer: ReadonlyMap<string, string>, depth: number): SvgElement | undefined {
  if (depth > MOST_DEPTH) throw new SvgRefused({ tooMuch: true });
  const entries = Object.entries(node.attributes);
  const declared = entries.flatMap(([name, value]) =>
    name === 'xmlns' ? [['', value] as const] : name.startsWith('xmlns:') ? [[name.slice(6), value] as const] : [],
  );
  const spaces = declared.length === 0 ? outer : new Map([...outer, ...declared]);
  const [prefix, name] = parts(node.name);
  if (spaces.get(prefix) !== SVG) return undefined;
  const attributes = new Map<string, string>();
  for (const [attribute, value] of entries) {
    const [space, local] = parts(attribute);
    if (space === '') attributes.set(local, value);
    else if (local === 'href' && spaces.get(space) === XLINK && node.attributes.href === undefined) attributes.set('href', value);
  }
  const elements = node.children.filter((child) => child instanceof XmlElement);
  return {
    name,
    attributes,
    children: elements.flatMap((child) => element(child, spaces, depth + 1) ?? []),
    text: node.children.map((child) => ('text' in child && !(child instanceof XmlElement) ? child.text : '')).join(''),
  };
}

function parts(name: string): [prefix: string, local: string] {
  const colon = name.indexOf(':');
  return colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)];
}
