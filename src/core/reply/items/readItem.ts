import { t } from '../../base/l10n.ts';
import type { Detection } from '../../inspection/inspection.ts';
import {
  BOX_KEYS,
  CONFIDENCE_KEYS,
  firstOf,
  IMAGE_KEYS,
  MASK_KEYS,
  POINT_KEYS,
  plainFields,
  SOLID_BOX_KEYS,
  WEAK_BOX_KEYS,
  WEAK_POINT_KEYS,
} from '../scanning/keys.ts';
import { boxOf, type Corners, namedBox, pointOf } from './box.ts';
import { labelIn } from './itemLabel.ts';
import type { Fields } from './itemsOf.ts';
import { maskOf, type OutlinedItem, type ReplyMasks } from './maskOf.ts';
import { numberOf } from './numbers.ts';
import type { Picture } from './place.ts';
import { placeOfBox, placeOfPoint, SCALE } from './place.ts';

/** A detection that has not been given its place in the reply. */
export type PlacedItem = Omit<Detection, 'id'>;
type Item = Omit<PlacedItem, 'imageIndex'>;

/** What an object of the reply says, in the reply's own numbers. It has a box or a point, or both. */
export interface ReadItem {
  /** Empty where there is none. */
  label: string;
  box?: Corners;
  /** [x, y] */
  point?: readonly [number, number];
  /** As the reply has it. */
  mask: unknown;
  confidence?: number;
}

/** What an object of the reply says, or why it describes nothing that has a place. `category`: what it is if it does not say. */
export function readItem(fields: Fields, category: string): ReadItem | string {
  const plain = plainFields(fields);
  const box = boxIn(plain);
  const point = pointIn(plain, typeof box === 'object');
  if (typeof box !== 'object' && typeof point !== 'object') {
    const isSolid = SOLID_BOX_KEYS.some((key) => plain.has(key));
    return box ?? point ?? (isSolid ? t('This is a box in three dimensions, which cannot be shown.') : t('There is no box.'));
  }
  // A box that cannot be used is not made up for by a point.
  if (typeof box === 'string') return box;
  const confidence = CONFIDENCE_KEYS.map((key) => numberOf(plain.get(key))).find(isFraction);
  return {
    label: labelIn(plain) ?? category,
    ...(box === undefined ? {} : { box }),
    ...(typeof point === 'object' ? { point } : {}),
    mask: firstOf(plain, MASK_KEYS),
    ...(confidence === undefined ? {} : { confidence }),
  };
}

/** The detection that an item is, or why it is none. `unit`: what the reply's numbers are fractions of, 1000 or 1. */
export function placeItem(
  { label, box, point, mask, confidence }: ReadItem,
  unit: number,
  picture: Picture,
  masks: ReplyMasks,
): { item: Item; outlined?: OutlinedItem } | string {
  const factor = SCALE / unit;
  const placedPoint = point && placeOfPoint(times(factor, point[0]), times(factor, point[1]), picture);
  const edges = box && scaled(box, factor);
  const place = edges ? placeOfBox(edges, picture) : (placedPoint ?? t('There is no box.'));
  if (typeof place === 'string') return place;
  const { outlined, ...readMask } = edges ? maskOf(mask, edges, picture, masks) : {};
  const item: Item = {
    label,
    ...place,
    ...readMask,
    ...(confidence === undefined ? {} : { confidence }),
    ...(typeof placedPoint === 'object' ? { point: { x: placedPoint.box.x, y: placedPoint.box.y } } : {}),
  };
  return outlined === undefined ? { item } : { item, outlined };
}

/** The numbers that say where an item is. */
export function numbersIn({ box, point }: ReadItem): number[] {
  return [...(box ? [box.left, box.top, box.right, box.bottom] : []), ...(point ?? [])];
}

/** The box of the first key that has one, else why that of the first key is none; undefined if no key is there. */
function boxIn(plain: ReadonlyMap<string, unknown>): Corners | string | undefined {
  let reason: string | undefined;
  for (const key of BOX_KEYS) {
    if (!plain.has(key)) continue;
    const box = boxOf(plain.get(key), key);
    if (typeof box === 'object') return box;
    reason ??= box;
  }
  const named = namedBox(plain);
  if (typeof named === 'object') return named;
  for (const key of WEAK_BOX_KEYS) {
    const box = plain.has(key) ? boxOf(plain.get(key), key) : undefined;
    if (typeof box === 'object') return box;
  }
  return reason ?? named;
}

function pointIn(plain: ReadonlyMap<string, unknown>, hasBox: boolean): readonly [number, number] | string | undefined {
  const value = firstOf(plain, POINT_KEYS);
  if (value !== undefined) return pointOf(value);
  if (hasBox) return undefined;
  for (const key of WEAK_POINT_KEYS) {
    const point = plain.has(key) ? pointOf(plain.get(key)) : undefined;
    if (typeof point === 'object') return point;
  }
  return plain.has('x') && plain.has('y') ? pointOf([plain.get('y'), plain.get('x')]) : undefined;
}

/**
 * Which of several images an item is in, from 0, or why that cannot be told. The number may be a number or stand in words such as "Image 2".
 */
export function imageOf(fields: Fields, count: number): number | string {
  if (count === 1) return 0;
  const value = firstOf(plainFields(fields), IMAGE_KEYS);
  if (value === undefined) return t('It does not say in which image it is.');
  const number = typeof value === 'number' ? value : Number(/^\D{0,20}(\d{1,5})\D{0,20}$/.exec(String(value))?.[1] ?? Number.NaN);
  return Number.isInteger(number) && number >= 1 && number <= count
    ? number - 1
    : t('It names an image that was not sent: {0}.', String(value).slice(0, 40));
}

function isFraction(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= 1;
}

function scaled({ left, top, right, bottom }: Corners, factor: number): Corners {
  return { left: times(factor, left), top: times(factor, top), right: times(factor, right), bottom: times(factor, bottom) };
}

/** Without the hair by which 1000 * 0.57 is less than 570. */
function times(factor: number, value: number): number {
  return factor === 1 ? value : Math.round(factor * value * 1e6) / 1e6;
}
