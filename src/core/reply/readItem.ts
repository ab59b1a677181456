import type { Detection } from '../inspection.ts';
import { t } from '../l10n.ts';
import { BOX_KEYS, CONFIDENCE_KEYS, IMAGE_KEYS, LABEL_KEYS, MASK_KEYS, POINT_KEY, SOLID_BOX_KEY } from './keys.ts';
import type { MaskBudget } from './maskOf.ts';
import { maskOf } from './maskOf.ts';
import { numbersOf } from './numbers.ts';
import type { Picture } from './place.ts';
import { placeOfBox, placeOfPoint } from './place.ts';
import type { Corners } from './polygon.ts';

export type Fields = Readonly<Record<string, unknown>>;
/** A detection that has not been given its place in the reply. */
export type PlacedItem = Omit<Detection, 'id'>;
type Item = Omit<PlacedItem, 'imageIndex'>;

/** The detection that an object of the reply describes, or why it describes none. */
export function readItem(fields: Fields, picture: Picture, budget: MaskBudget): Item | string {
  const boxValue = firstOf(fields, BOX_KEYS);
  const pointValue = fields[POINT_KEY] ?? undefined;
  if (boxValue === undefined && pointValue === undefined) {
    return Object.hasOwn(fields, SOLID_BOX_KEY) ? t('This is a box in three dimensions, which cannot be shown.') : t('There is no box.');
  }
  const point = pointValue === undefined ? undefined : placeOfPoint(pointValue, picture);
  const place = boxValue === undefined ? point : placeOfBox(boxValue, picture);
  if (place === undefined || typeof place === 'string') {
    return place ?? t('There is no box.');
  }
  const label = firstOf(fields, LABEL_KEYS);
  const confidence = CONFIDENCE_KEYS.map((key) => fields[key]).find(isFraction);
  return {
    label: labelOf(label),
    ...place,
    ...(boxValue === undefined ? {} : maskOf(firstOf(fields, MASK_KEYS), cornersOf(boxValue), picture, budget)),
    ...(confidence === undefined ? {} : { confidence }),
    ...(typeof point === 'object' ? { point: { x: point.box.x, y: point.box.y } } : {}),
  };
}

/** The items of an object that is a dictionary of boxes by label, as `{"cat": [1, 2, 3, 4]}`; undefined if it is none. */
export function boxesByLabel(fields: Fields): Fields[] | undefined {
  const entries = Object.entries(fields);
  const isDictionary = entries.length > 0 && entries.every(([, value]) => Array.isArray(value) && value.length === 4 && numbersOf(value));
  return isDictionary ? entries.map(([label, value]) => ({ box_2d: value, label })) : undefined;
}

/**
 * Which of several images an item is in, from 0, or why that cannot be told. The number may be a number or stand in words such as "Image 2".
 */
export function imageOf(fields: Fields, count: number): number | string {
  if (count === 1) return 0;
  const value = firstOf(fields, IMAGE_KEYS);
  if (value === undefined) return t('It does not say in which image it is.');
  const number = typeof value === 'number' ? value : Number(/^\D{0,20}(\d{1,5})\D{0,20}$/.exec(String(value))?.[1] ?? Number.NaN);
  return Number.isInteger(number) && number >= 1 && number <= count
    ? number - 1
    : t('It names an image that was not sent: {0}.', String(value).slice(0, 40));
}

function labelOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  return typeof value === 'string' && value.trim() !== '' ? value : t('no label');
}

/** The value of the first key that has one; null counts as none. */
function firstOf(fields: Fields, keys: readonly string[]): unknown {
  for (const key of keys) {
    if (Object.hasOwn(fields, key) && fields[key] !== null) {
      return fields[key];
    }
  }
  return undefined;
}

function isFraction(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

/** Of a box that `placeOfBox` has accepted. */
function cornersOf(value: unknown): Corners {
  const [y1, x1, y2, x2] = numbersOf(value as unknown[]) as [number, number, number, number];
  return { left: Math.min(x1, x2), top: Math.min(y1, y2), right: Math.max(x1, x2), bottom: Math.max(y1, y2) };
}
