import { isRecord } from '../../base/shape.ts';
import {
  BOX_KEYS,
  isBoxesKey,
  isItemKey,
  isLabelKey,
  isPlaceKey,
  POINT_KEYS,
  plainFields,
  plainKey,
  WEAK_BOX_KEYS,
  WEAK_POINT_KEYS,
} from '../scanning/keys.ts';
import { areBoxEdges, boxOf, edgeName, looksLikeBox } from './box.ts';
import { labelIn } from './itemLabel.ts';

export type Fields = Readonly<Record<string, unknown>>;

const BOXES: ReadonlySet<string> = new Set(BOX_KEYS);
const POINTS: ReadonlySet<string> = new Set([...POINT_KEYS, ...WEAK_POINT_KEYS]);
const WEAK_BOXES: ReadonlySet<string> = new Set(WEAK_BOX_KEYS);
/** Lists of names beside a list of boxes. */
const NAME_LISTS: ReadonlySet<string> = new Set(['labels', 'names', 'classes', 'categories', 'objects', 'texts']);
/** Four numbers under these are no place. */
const NO_BOX = /colou?r|size|shape|resolution|dimension/i;

/** What an object of a reply stands for. */
export interface FoundItems {
  /** At least one. */
  items: Fields[];
  /** The keys whose values are the places of these items: they hold no further items. */
  used: readonly string[];
}

/**
 * The items that an object of a reply stands for: mostly itself. One for each box where a key holds several, or where the keys are the labels, as in
 * `{"cat": [1, 2, 3, 4]}`.
 */
export function itemsOf(fields: Fields): FoundItems {
  const keys = Object.keys(fields);
  const key = keys.find((name) => BOXES.has(plainKey(name)) && fields[name] !== null);
  const places = keys.filter((name) => isPlaceKey(name) && isPlaceValue(fields[name]));
  if (key !== undefined) return { items: spread(fields, key, isListOfBoxes), used: places };
  if (areBoxEdges(edgesAmong(keys))) return { items: [fields], used: places };
  const many = keys.find((name) => isBoxesKey(name) && isListOfBoxes(fields[name]));
  if (many !== undefined) return { items: eachWithItsName(fields, many), used: [many] };
  const points = keys.find((name) => POINTS.has(plainKey(name)) && isListOfPoints(fields[name]));
  if (points !== undefined) return { items: spread(fields, points, isListOfPoints), used: [points] };
  return keys.some(isPlaceKey) ? { items: [fields], used: places } : underOtherKeys(fields, keys);
}

/** All items inside an object that `itemsOf` has been asked about, in their order. */
export function childItems(fields: Fields, used: readonly string[], depth = 0): Fields[] {
  return Object.entries(fields).flatMap(([key, value]) => (used.includes(key) ? [] : itemsWithin(value, depth + 1)));
}

/** The fields from the first key on that says where the item is. */
export function fromPlaceOn(fields: Fields): Fields {
  const entries = Object.entries(fields);
  const first = entries.findIndex(([key]) => isPlaceKey(key));
  return first < 0 ? {} : Object.fromEntries(entries.slice(first));
}

/** How deep items within items are looked for. */
const DEEPEST_CHILD = 20;

function itemsWithin(value: unknown, depth: number): Fields[] {
  if (typeof value !== 'object' || value === null || depth > DEEPEST_CHILD) return [];
  if (Array.isArray(value)) return value.flatMap((element) => itemsWithin(element, depth + 1));
  const keys = Object.keys(value);
  if (!keys.some(isPlaceKey) && !areBoxEdges(edgesAmong(keys))) return childItems(value as Fields, [], depth);
  const { items, used } = itemsOf(value as Fields);
  return [...items, ...childItems(value as Fields, used, depth)];
}

/** True for a value that says where something is, well or not, and holds no items in its place. */
function isPlaceValue(value: unknown): boolean {
  if (isListOfBoxes(value) || typeof boxOf(value) === 'object') return true;
  if (!isRecord(value)) return false;
  const keys = Object.keys(value);
  return areBoxEdges(edgesAmong(keys)) && !keys.some(isLabelKey);
}

function edgesAmong(keys: readonly string[]): string[] {
  return keys.map((key) => edgeName(plainKey(key))).filter((name) => name !== undefined);
}

/** The items whose boxes stand under keys that are not known: labels, or another word for "box". */
function underOtherKeys(fields: Fields, keys: readonly string[]): FoundItems {
  const found = keys.filter((key) => !isItemKey(key) && !NO_BOX.test(key) && (looksLikeBox(fields[key]) || isListOfBoxes(fields[key])));
  const [only] = found;
  if (only === undefined) return { items: [fields], used: [] };
  if (found.length === 1 && keys.length > 1) {
    const isLabel = labelIn(plainFields(fields)) === undefined && !WEAK_BOXES.has(plainKey(only));
    const item = { ...fields, box_2d: fields[only], ...(isLabel ? { label: only } : {}) };
    return { items: spread(item, 'box_2d', isListOfBoxes), used: [only] };
  }
  if (labelIn(plainFields(fields), true) !== undefined) {
    const place = found.find((key) => WEAK_BOXES.has(plainKey(key))) ?? only;
    return { items: spread({ ...fields, box_2d: fields[place] }, 'box_2d', isListOfBoxes), used: [place] };
  }
  // A dictionary of boxes by label: what is no box in it is told as well.
  const used = keys.filter((key) => found.includes(key) || typeof fields[key] === 'object');
  return { items: used.flatMap((key) => spread(entry(key, fields[key]), 'box_2d', isListOfBoxes)), used };
}

/** An entry of a dictionary as an item. */
function entry(key: string, value: unknown): Fields {
  const label = isBoxesKey(key) ? {} : { label: key };
  return isRecord(value) ? { ...label, ...value } : { box_2d: value, ...label };
}

function spread(fields: Fields, key: string, isSeveral: (value: unknown) => value is unknown[]): Fields[] {
  const value = fields[key];
  return isSeveral(value) && value.length > 1 ? value.map((one) => ({ ...fields, [key]: one })) : [fields];
}

function eachWithItsName(fields: Fields, key: string): Fields[] {
  const boxes = fields[key] as unknown[];
  const names = Object.entries(fields).find(
    ([name, value]) => NAME_LISTS.has(plainKey(name)) && Array.isArray(value) && value.length === boxes.length,
  );
  return boxes.map((box, at) => ({ ...fields, box_2d: box, ...(names ? { label: (names[1] as unknown[])[at] } : {}) }));
}

/** A list of lists or objects that begins with a box. */
function isListOfBoxes(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'object') && looksLikeBox(value[0]);
}

function isListOfPoints(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 1 && value.every((element) => typeof element === 'object' && element !== null);
}
