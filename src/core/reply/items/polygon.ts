import { intersectionOverUnion, type Rectangle } from '../../base/geometry.ts';
import { t } from '../../base/l10n.ts';
import { isRecord } from '../../base/shape.ts';
import { firstOf, plainFields } from '../scanning/keys.ts';
import type { Corners } from './box.ts';
import { numbersOf } from './numbers.ts';
import { SCALE } from './place.ts';

export type ReplyPoint = readonly [number, number];

const MOST_POINTS = 10_000;
/** Keys of an object around the points. */
const OUTLINE_KEYS = [
  'points',
  'polygon',
  'polygons',
  'vertices',
  'normalizedvertices',
  'coordinates',
  'contour',
  'outline',
  'segmentation',
] as const;
/** Text of an outline, in characters: more than 10,000 points take. */
const LONGEST_TEXT = 200_000;
/** Of three points. */
const LEAST_NUMBERS = 6;

/** The points of an outline, [first, second] as the model wrote them, in 0..1000. */
export interface ReplyOutline {
  points: readonly ReplyPoint[];
  /** They say themselves which number is x: never flipped. */
  isNamed: boolean;
}

/** Which number of a point comes first. */
export type AxisOrder = 'xy' | 'yx';

/** What the numbers of outlines mean: 1000 is a side of the image or of the item's box. */
export interface OutlineReading {
  frame: 'image' | 'box';
  order: AxisOrder;
}

/** The outline that a model sent as a mask, or why there is none. */
export function readOutline(value: readonly unknown[]): ReplyOutline | string {
  const points = largestRing(value);
  return typeof points === 'string' ? points : { points: inThousandths(points), isNamed: isNamed(value) };
}

/** The outline as [x, y] in 0..1000 of what was sent, or why it is none of that item. */
export function outlineAs(outline: ReplyOutline, reading: OutlineReading, box: Corners): readonly ReplyPoint[] | string {
  const points = pointsAs(outline, reading, box);
  return overlap(boundsOf(points), box) === 0 ? t('The mask does not lie in its box.') : points;
}

export function pointsAs({ points, isNamed }: ReplyOutline, { frame, order }: OutlineReading, box: Corners): readonly ReplyPoint[] {
  const ordered = order === 'xy' || isNamed ? points : points.map(([first, second]): ReplyPoint => [second, first]);
  return frame === 'image' ? ordered : intoBox(ordered, box);
}

/** The list of points or rings in a mask that is an outline: the list itself, in an object, or as text; undefined for any other mask. */
export function outlineIn(value: unknown, depth = 0): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return outlineInText(value);
  if (!isRecord(value) || depth > 2) return undefined;
  const inner = firstOf(plainFields(value), OUTLINE_KEYS);
  return inner === undefined ? undefined : outlineIn(inner, depth + 1);
}

/** `100,100 900,100 500,900`, also in brackets. Of lists in text all points are taken as one ring. */
function outlineInText(text: string): readonly unknown[] | undefined {
  if (text.length > LONGEST_TEXT || !/^[\s\d.,;()[\]-]+$/.test(text)) return undefined;
  const numbers = text.match(/[\d.-]+/g) ?? [];
  return numbers.length >= LEAST_NUMBERS && numbers.length % 2 === 0 ? numbers : undefined;
}

/** Of several rings the one that encloses most is kept: holes and specks cannot be told apart, and a mask is one outline. */
function largestRing(value: readonly unknown[]): ReplyPoint[] | string {
  const first = value[0];
  const isNested = Array.isArray(first) && (Array.isArray(first[0]) || first.length > 2);
  const rings = isNested ? value : [value];
  let largest: ReplyPoint[] | undefined;
  let points = 0;
  for (const ring of rings) {
    if (!Array.isArray(ring)) {
      return t('The mask is in a form that cannot be read.');
    }
    points += ring.length;
    if (points > MOST_POINTS * (typeof ring[0] === 'object' ? 1 : 2)) {
      return t('The mask has more than {0} points.', MOST_POINTS);
    }
    const read = pointsOf(ring);
    if (!read) {
      return t('The mask is in a form that cannot be read.');
    }
    if (!largest || enclosedArea(read) > enclosedArea(largest)) {
      largest = read;
    }
  }
  return largest && largest.length >= 3 ? largest : t('The mask has fewer than 3 points.');
}

/** Of [[a, b], …], [a, b, …] or [{x, y}, …]. */
function pointsOf(ring: readonly unknown[]): ReplyPoint[] | undefined {
  const isFlat = ring.length > 0 && typeof ring[0] !== 'object';
  const numbers = numbersOf(isFlat ? ring : ring.flatMap(pairOf));
  if (!numbers || numbers.length % 2 !== 0) {
    return undefined;
  }
  const points: ReplyPoint[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    points.push([numbers[i] ?? 0, numbers[i + 1] ?? 0]);
  }
  return points;
}

function pairOf(point: unknown): readonly unknown[] {
  if (Array.isArray(point) && point.length === 2) return point;
  if (!isRecord(point)) return [undefined];
  const fields = plainFields(point);
  return [fields.get('x'), fields.get('y')];
}

/** True for points, or rings of points, that say which number is which. */
function isNamed(value: readonly unknown[]): boolean {
  return isRecord(value[0]) || (Array.isArray(value[0]) && isRecord(value[0][0]));
}

/** Points as fractions of 1 (all numbers lie in 0..1 and some are not whole) in thousandths; others as they are. */
function inThousandths(points: readonly ReplyPoint[]): readonly ReplyPoint[] {
  const numbers = points.flat();
  const areFractions = numbers.every((number) => number >= 0 && number <= 1) && numbers.some((number) => !Number.isInteger(number));
  return areFractions ? points.map(([first, second]): ReplyPoint => [SCALE * first, SCALE * second]) : points;
}

function intoBox(points: readonly ReplyPoint[], { left, top, right, bottom }: Corners): ReplyPoint[] {
  return points.map(([x, y]) => [left + (x / SCALE) * (right - left), top + (y / SCALE) * (bottom - top)]);
}

export function boundsOf(points: readonly ReplyPoint[]): Corners {
  const bounds = {
    left: Number.POSITIVE_INFINITY,
    top: Number.POSITIVE_INFINITY,
    right: Number.NEGATIVE_INFINITY,
    bottom: Number.NEGATIVE_INFINITY,
  };
  for (const [x, y] of points) {
    bounds.left = Math.min(bounds.left, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.right = Math.max(bounds.right, x);
    bounds.bottom = Math.max(bounds.bottom, y);
  }
  return bounds;
}

/** Area in common by area of both together, 0..1. */
export function overlap(a: Corners, b: Corners): number {
  return intersectionOverUnion(rectangleOf(a), rectangleOf(b));
}

function rectangleOf({ left, top, right, bottom }: Corners): Rectangle {
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** By the shoelace formula; the same for [x, y] and [y, x]. */
export function enclosedArea(points: readonly ReplyPoint[]): number {
  let sum = 0;
  for (const [index, [x, y]] of points.entries()) {
    const [nextX, nextY] = points[(index + 1) % points.length] ?? [x, y];
    sum += x * nextY - nextX * y;
  }
  return Math.abs(sum) / 2;
}
