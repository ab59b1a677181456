import { SvgRefused } from './svgRefusal.ts';
import type { StyleDeclaration } from './svgStyle.ts';
import type { SvgElement } from './svgTree.ts';

/** Elements to draw, with all that is repeated. */
const MOST_DRAWN = 300_000;
/** Pictures of the size of the whole that are in memory at once: each takes some megabytes. */
const MOST_LAYERS = 12;
/** Elements within each other, through all references. */
const MOST_DEPTH = 150;
/** Steps of a filter: each goes over the whole picture. */
const MOST_STEPS = 40;
/** Pictures of the size of the whole that are made in all. */
const MOST_LAYERED = 1500;

/** An element with what is said of it, wherever that is said. */
export interface StyledElement {
  element: SvgElement;
  /** Properties by attributes, rules and `style`, some more than once. */
  properties: readonly StyleDeclaration[];
}

interface Cost {
  drawn: number;
  depth: number;
  /** In memory at once, and in all. */
  layers: number;
  layered: number;
}

const NOTHING: Cost = { drawn: 0, depth: 0, layers: 0, layered: 0 };
/** Properties that have an element drawn apart, and the values with which they do not. */
const LAYERING: Readonly<Record<string, RegExp>> = {
  opacity: /^\+?1(?:\.0*)?$|^100%$/,
  filter: /^none$/,
  mask: /^none$/,
  'clip-path': /^none$/,
  'mix-blend-mode': /^normal$/,
  isolation: /^auto$/,
};

/** Throws `Refused` when drawing these elements would take too much time or memory, or would never end. */
export function assertDrawable(
  root: SvgElement,
  styled: ReadonlyMap<SvgElement, StyledElement>,
  ids: ReadonlyMap<string, SvgElement>,
): void {
  const known = new Map<SvgElement, Cost>();
  const within = new Set<SvgElement>();
  const costOf = (element: SvgElement): Cost => {
    const before = known.get(element);
    if (before !== undefined) return before;
    const properties = styled.get(element)?.properties;
    if (properties === undefined) return NOTHING;
    if (within.has(element) || within.size > MOST_DEPTH) throw new SvgRefused({ tooMuch: true });
    if (element.name === 'filter' && element.children.length > MOST_STEPS) throw new SvgRefused({ tooMuch: true });
    within.add(element);
    const own = properties.filter(({ name, value }) => LAYERING[name]?.test(value) === false);
    const isLayer = own.length > 0 || element.name === 'filter' || element.name === 'pattern' || element.name === 'mask';
    const parts = [
      ...element.children.map(costOf),
      ...targetsOf(element, properties, ids).map(([target, times]) => repeated(costOf(target), times)),
    ];
    within.delete(element);
    const layer = isLayer ? 1 : 0;
    const cost = {
      drawn: 1 + sum(parts.map(({ drawn }) => drawn)),
      depth: 1 + Math.max(0, ...parts.map(({ depth }) => depth)),
      layers: layer + Math.max(0, ...parts.map(({ layers }) => layers)),
      layered: layer + sum(parts.map(({ layered }) => layered)),
    };
    if (cost.drawn > MOST_DRAWN || cost.depth > MOST_DEPTH || cost.layers > MOST_LAYERS || cost.layered > MOST_LAYERED)
      throw new SvgRefused({ tooMuch: true });
    known.set(element, cost);
    return cost;
  };
  costOf(root);
}

function repeated(cost: Cost, times: number): Cost {
  return { ...cost, drawn: cost.drawn * times, layered: cost.layered * times };
}

/** What is drawn for an element besides its children, and how many times. */
function targetsOf(
  { name, attributes }: SvgElement,
  properties: StyledElement['properties'],
  ids: ReadonlyMap<string, SvgElement>,
): [SvgElement, number][] {
  const href = attributes.get('href');
  const references: [string | undefined, number][] = properties.map((property) => [
    referenceIn(property.value),
    property.name.startsWith('marker-') ? corners(attributes) : 1,
  ]);
  if (href?.startsWith('#') && name !== 'a') references.push([href.slice(1), 1]);
  return references.flatMap(([id, times]) => {
    const target = id === undefined ? undefined : ids.get(id);
    return target === undefined ? [] : [[target, times]];
  });
}

/** Of a line, at most: a marker may stand on each. */
function corners(attributes: SvgElement['attributes']): number {
  return 2 + (attributes.get('d') ?? attributes.get('points') ?? '').length / 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The id that a value of a property refers to. */
export function referenceIn(value: string): string | undefined {
  return /^url\( *#([^\s()"'#]{1,300}) *\)/.exec(value)?.[1];
}
