import {
  BOX_KEYS,
  BOXES_KEYS,
  CONFIDENCE_KEYS,
  IMAGE_KEYS,
  LABEL_KEYS,
  MASK_KEYS,
  MORE_LABEL_KEYS,
  POINT_KEYS,
  SOLID_BOX_KEYS,
  WEAK_BOX_KEYS,
  WEAK_POINT_KEYS,
} from '../scanning/keys.ts';
import { edgeName, looksLikeBox } from './box.ts';

/** Longer text under a key that is not known is no label. */
const LONGEST_UNKNOWN = 80;
const NAMED = [...LABEL_KEYS, ...MORE_LABEL_KEYS];
const NO_LABELS: ReadonlySet<string> = new Set([
  ...BOX_KEYS,
  ...BOXES_KEYS,
  ...POINT_KEYS,
  ...SOLID_BOX_KEYS,
  ...CONFIDENCE_KEYS,
  ...IMAGE_KEYS,
  ...MASK_KEYS,
]);
/** Keys that tell more of a thing than what it is: the very last that a label is taken from. */
const DETAILS: ReadonlySet<string> = new Set([
  ...WEAK_BOX_KEYS,
  ...WEAK_POINT_KEYS,
  'id',
  'objectid',
  'trackid',
  'index',
  'color',
  'colour',
  'size',
  'shape',
  'state',
  'material',
  'format',
  'unit',
  'units',
]);
const DATA_URL = /^data:/i;

/** The text that names an item, by its plain keys; undefined if there is none. `namedOnly`: only keys that are known to hold labels. */
export function labelIn(plain: ReadonlyMap<string, unknown>, namedOnly = false): string | undefined {
  for (const key of NAMED) {
    const text = textOf(plain.get(key));
    if (text !== undefined) return text;
  }
  if (namedOnly) return undefined;
  let detail: string | undefined;
  for (const [key, value] of plain) {
    if (!isShortText(value) || NO_LABELS.has(key) || edgeName(key) !== undefined || looksLikeBox(value)) continue;
    if (!DETAILS.has(key)) return value;
    detail ??= value;
  }
  return detail;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    const words = value.filter((word): word is string => typeof word === 'string' && word.trim() !== '');
    return words.length > 0 ? words.join(', ') : undefined;
  }
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_UNKNOWN && !DATA_URL.test(value);
}
