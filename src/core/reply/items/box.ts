import { t } from '../../base/l10n.ts';
import { BOX_KEYS, LABEL_KEYS, plainFields, WEAK_BOX_KEYS } from '../scanning/keys.ts';
import { numbersOf } from './numbers.ts';

/** The edges of a box in the reply's own numbers. */
export interface Corners {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Longer text is no box. */
const LONGEST_TEXT = 400;
/** How deep a box may be wrapped. */
const DEEPEST = 3;

/** How one of the two axes may be named: where it begins and ends, or where it begins or has its middle and how long it is. */
interface Axis {
  first: readonly string[];
  last: readonly string[];
  begin: string;
  middle: readonly string[];
  size: readonly string[];
}

const axisNames = (axis: string, first: readonly string[], last: readonly string[], size: readonly string[]): Axis => ({
  first: [`${axis}min`, `min${axis}`, ...first, `${axis}0`, `${axis}1`, `${axis}start`, `start${axis}`, `topleft${axis}`, `${axis}tl`],
  last: [`${axis}max`, `max${axis}`, ...last, `${axis}2`, `${axis}end`, `end${axis}`, `bottomright${axis}`, `${axis}br`],
  begin: axis,
  middle: [`${axis}center`, `center${axis}`, `${axis}centre`, `centre${axis}`, `c${axis}`],
  size,
});
const VERTICAL = axisNames('y', ['top', 'upper', 't'], ['bottom', 'lower', 'b'], ['height', 'h']);
const HORIZONTAL = axisNames('x', ['left', 'l'], ['right', 'r'], ['width', 'w']);

/** Two opposite corners, each a point. */
const OPPOSITE: readonly [string, string][] = [
  ['topleft', 'bottomright'],
  ['upperleft', 'lowerright'],
  ['tl', 'br'],
  ['lt', 'rb'],
  ['min', 'max'],
  ['start', 'end'],
];
const VERTEX_KEYS = ['vertices', 'normalizedvertices', 'corners', 'points'] as const;
/** What may stand before the name of an edge: `bbox_ymin`. */
const PREFIX = /^(?:boundingbox|bndbox|bbox|box)(?:2d)?(?=.)/;
/** All names of edges, to know them while a reply comes. */
const EDGE_NAMES: ReadonlySet<string> = new Set(
  [VERTICAL, HORIZONTAL].flatMap(({ first, last, begin, middle, size }) => [...first, ...last, begin, ...middle, ...size]),
);

type Order = 'yxyx' | 'xyxy' | 'xywh';

/**
 * The box that a value describes, however it is written, or why it describes none: a list [yMin, xMin, yMax, xMax] (Gemini's order) with numbers or
 * numbers as text, a list in a list, two or more points, text with four numbers, named corners, corners and size. Where there are names they say
 * the order. Edges may be in any order. In the reply's own numbers.
 */
export function boxOf(value: unknown, key = '', depth = 0): Corners | string {
  if (depth > DEEPEST) return t('There is no box.');
  if (typeof value === 'string') return boxOfText(value, orderOf(key));
  if (Array.isArray(value)) return boxOfList(value, key, depth);
  if (typeof value !== 'object' || value === null) return t('There is no box.');
  const fields = plainFields(value as Record<string, unknown>);
  // What names itself is an item of its own.
  if (LABEL_KEYS.some((name) => fields.has(name))) return t('There is no box.');
  const named = namedBox(fields);
  if (named !== undefined) return named;
  const inner = [...BOX_KEYS, ...WEAK_BOX_KEYS, ...VERTEX_KEYS].find((name) => fields.has(name));
  return inner === undefined ? t('There is no box.') : boxOf(fields.get(inner), inner, depth + 1);
}

/** True for what is a box under any key: four numbers in a list or text, or named corners. Points are not: they may be an outline. */
export function looksLikeBox(value: unknown): boolean {
  if (Array.isArray(value))
    return value.length === 1 ? Array.isArray(value[0]) && looksLikeBox(value[0]) : value.length === 4 && numbersOf(value) !== undefined;
  if (typeof value === 'string') return isBoxText(value);
  return typeof value === 'object' && value !== null && typeof namedBox(plainFields(value as Record<string, unknown>)) === 'object';
}

/** True for text that is a box and nothing else. */
export function isBoxText(text: string): boolean {
  return /\d/.test(text) && typeof boxOfText(text, 'yxyx') === 'object';
}

/** The box whose corners are keys of an object; undefined if they are not there, or why they cannot be used. */
export function namedBox(fields: ReadonlyMap<string, unknown>): Corners | string | undefined {
  const edges = edgesOf(fields);
  if (edges) return cornersOf(edges);
  for (const [from, to] of OPPOSITE) {
    if (!fields.has(from) || !fields.has(to)) continue;
    const points = pointsOf([fields.get(from), fields.get(to)], 'yxyx');
    if (points) return boundsOf(points);
  }
  return undefined;
}

/** The name of an edge that a key is; undefined for any other. */
export function edgeName(plainKey: string): string | undefined {
  const name = plainKey.replace(PREFIX, '');
  return EDGE_NAMES.has(name) ? name : undefined;
}

/** True if these edges are enough for a box. */
export function areBoxEdges(names: readonly string[]): boolean {
  return names.length >= 4 && edgesOf(new Map(names.map((name) => [name, 0]))) !== undefined;
}

/** A point as [x, y]: `{x, y}`, or [y, x] as a list or text, as Gemini orders them; or why there is none. */
export function pointOf(value: unknown): readonly [number, number] | string {
  if (Array.isArray(value)) {
    if (value.length === 1 && typeof value[0] === 'object') return pointOf(value[0]);
    const numbers = numbersOf(value);
    if (!numbers) return t('The point contains something that is not a number.');
    return pair(numbers);
  }
  if (typeof value === 'string') {
    const { numbers, isPlain } = textNumbers(value);
    return isPlain && numbers.length > 0 ? pair(numbers) : t('There is no point.');
  }
  if (typeof value !== 'object' || value === null) return t('There is no point.');
  const fields = plainFields(value as Record<string, unknown>);
  return fields.has('x') && fields.has('y') ? pointOf([fields.get('y'), fields.get('x')]) : t('There is no point.');
}

function pair(numbers: readonly number[]): readonly [number, number] | string {
  const [y, x] = numbers;
  return numbers.length === 2 && y !== undefined && x !== undefined
    ? [x, y]
    : t('The point has {0} numbers, 2 are needed.', numbers.length);
}

/** What the key says of the order of four bare numbers. */
function orderOf(key: string): Order {
  return key.endsWith('xywh') ? 'xywh' : key.endsWith('xyxy') ? 'xyxy' : 'yxyx';
}

function boxOfList(value: readonly unknown[], key: string, depth: number): Corners | string {
  if (value.length === 1 && (typeof value[0] === 'object' || typeof value[0] === 'string')) return boxOf(value[0], key, depth + 1);
  const points = value.length > 1 && value.every((element) => typeof element === 'object') ? pointsOf(value, orderOf(key)) : undefined;
  if (points) return boundsOf(points);
  const numbers = numbersOf(value);
  return numbers ? inOrder(numbers, orderOf(key)) : t('The box contains something that is not a number.');
}

function inOrder(numbers: readonly number[], order: Order): Corners | string {
  if (numbers.length !== 4) return t('The box has {0} numbers, 4 are needed.', numbers.length);
  const [a, b, c, d] = numbers as [number, number, number, number];
  if (order === 'xywh') return boxBetween(a, b, a + c, b + d);
  return order === 'xyxy' ? boxBetween(a, b, c, d) : boxBetween(b, a, d, c);
}

function boxBetween(x1: number, y1: number, x2: number, y2: number): Corners {
  return { left: Math.min(x1, x2), top: Math.min(y1, y2), right: Math.max(x1, x2), bottom: Math.max(y1, y2) };
}

/** Points that are `{x, y}` or [y, x], as [x, y]; undefined if any is none. */
function pointsOf(values: readonly unknown[], order: Order): (readonly [number, number])[] | undefined {
  const points: (readonly [number, number])[] = [];
  for (const value of values) {
    const point = pointOf(value);
    if (typeof point === 'string') return undefined;
    const [x, y] = point;
    points.push(order === 'yxyx' || !Array.isArray(value) ? [x, y] : [y, x]);
  }
  return points;
}

function boundsOf(points: readonly (readonly [number, number])[]): Corners {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [x, y] of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}

interface Edges {
  vertical: AxisValues;
  horizontal: AxisValues;
}
/** Both ends, or one of them (`begin` or `middle`) and the size. */
interface AxisValues {
  kind: 'ends' | 'begin' | 'middle';
  values: readonly [unknown, unknown];
}

function edgesOf(fields: ReadonlyMap<string, unknown>): Edges | undefined {
  const byName = new Map<string, unknown>();
  for (const [key, value] of fields) {
    const name = edgeName(key);
    if (name !== undefined && !byName.has(name)) byName.set(name, value);
  }
  const vertical = axisOf(byName, VERTICAL);
  const horizontal = axisOf(byName, HORIZONTAL);
  return vertical && horizontal ? { vertical, horizontal } : undefined;
}

function axisOf(fields: ReadonlyMap<string, unknown>, { first, last, begin, middle, size }: Axis): AxisValues | undefined {
  const start = first.find((name) => fields.has(name));
  // After y0 it is y1 that ends.
  const end = last.find((name) => fields.has(name)) ?? (start === `${begin}0` && fields.has(`${begin}1`) ? `${begin}1` : undefined);
  if (start !== undefined && end !== undefined) return { kind: 'ends', values: [fields.get(start), fields.get(end)] };
  const length = size.find((name) => fields.has(name));
  if (length === undefined) return undefined;
  const from = start ?? (fields.has(begin) ? begin : undefined);
  const centre = from ?? middle.find((name) => fields.has(name));
  if (centre === undefined) return undefined;
  return { kind: from === undefined ? 'middle' : 'begin', values: [fields.get(centre), fields.get(length)] };
}

function cornersOf({ vertical, horizontal }: Edges): Corners | string {
  const [y, x] = [endsOf(vertical), endsOf(horizontal)];
  return x && y ? boxBetween(x[0], y[0], x[1], y[1]) : t('The box contains something that is not a number.');
}

function endsOf({ kind, values }: AxisValues): [number, number] | undefined {
  const numbers = numbersOf(values);
  if (!numbers) return undefined;
  const [a, b] = numbers as [number, number];
  if (kind === 'ends') return [a, b];
  return kind === 'begin' ? [a, a + b] : [a - b / 2, a + b / 2];
}

/** Of text with four numbers and what may stand between them, or with four names of edges beside them, which say the order. */
function boxOfText(text: string, order: Order): Corners | string {
  const { numbers, names, isPlain } = textNumbers(text);
  if (names.length === 4 && numbers.length === 4) {
    const box = namedBox(new Map(names.map((name, at) => [name, numbers[at]])));
    if (box !== undefined) return box;
  }
  return isPlain && numbers.length > 0 ? inOrder(numbers, order) : t('There is no box.');
}

/** Words that may stand beside the numbers of a box. */
const BESIDE: ReadonlySet<string> = new Set(['box', 'bbox', 'box2d', 'bbox2d', 'boundingbox', 'point', 'to', 'and', 'px', 'pixels']);

/** The numbers of a text and the names of edges in it; `isPlain`: nothing else is said. Numbers that are part of a word are none. */
function textNumbers(text: string): { numbers: number[]; names: string[]; isPlain: boolean } {
  if (text.length > LONGEST_TEXT) return { numbers: [], names: [], isPlain: false };
  const words = (text.match(/[\p{L}_][\p{L}\d_]*/gu) ?? []).map((word) => word.replaceAll('_', '').toLowerCase());
  const names = words.map(edgeName).filter((name) => name !== undefined);
  const numbers = [...text.matchAll(/(?<![\p{L}\d_.])[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:\s?%)?/gu)].map(([number]) =>
    // Percent as thousandths.
    number.endsWith('%') ? 10 * Number(number.slice(0, -1)) : Number(number),
  );
  return { numbers, names, isPlain: words.length === names.length + words.filter((word) => BESIDE.has(word)).length && names.length === 0 };
}
