import { t } from '../../base/l10n.ts';
import { withoutEnd } from '../../base/trim.ts';
import type { Mask } from '../../inspection/inspection.ts';
import { decodeBase64 } from '../../masks/base64.ts';
import { decodeBoundedPng, HEADER_BYTES, isPng, MAX_SIDE, pixelBytes, readMaskHeader } from '../../masks/boundedPng.ts';
import type { Corners } from './box.ts';
import type { OutlineHabit } from './outlineHabit.ts';
import type { Picture } from './place.ts';
import { pointInImage } from './place.ts';
import { type OutlineReading, outlineAs, outlineIn, type ReplyOutline, readOutline } from './polygon.ts';

/** What the masks of one reply have in common. */
export interface ReplyMasks {
  /** What they may still take to check, in bytes of their pixels. */
  bytesLeft: number;
  outlines: OutlineHabit;
}

/** 1,500 masks of the usual 256 x 256 in grey. Keeps thousands of small PNGs that each inflate to 16 million pixels from taking minutes. */
export const MASK_BYTES_PER_REPLY = 100_000_000;

/** What became of a mask: neither field if none was sent. */
export interface ReadMask {
  mask?: Mask;
  maskProblem?: string;
}

/** An outline that can be read again when more of the reply is known. */
export interface OutlinedItem {
  outline: ReplyOutline;
  /** The item's box, in 0..1000 of what was sent. */
  box: Corners;
  picture: Picture;
}

const DATA_URL = /^data:([^,;]*)(?:;[^,]{0,100})?,/i;
const MASK_TOKENS = /^<?(?:start_of_mask|seg_\d)/;
/** How base64 of a PNG begins. */
const PNG_BASE64 = 'iVBORw0KGgo';
/** Base64 that no placeholder is as long as. */
const LONG_BASE64 = /^[\w+/=-]{100}/;

/** The mask of an item. `box`: the item's box, in 0..1000 of what was sent. */
export function maskOf(value: unknown, box: Corners, picture: Picture, masks: ReplyMasks): ReadMask & { outlined?: OutlinedItem } {
  if (value === undefined || value === null || value === '') {
    return {};
  }
  const list = outlineIn(value);
  if (list) {
    const outline = readOutline(list);
    if (typeof outline === 'string') return { maskProblem: outline };
    masks.outlines.see(outline, box);
    const outlined = { outline, box, picture };
    return { ...outlineMask(outlined, masks.outlines.reading), outlined };
  }
  const mask = typeof value === 'string' ? bitmapOf(value, masks) : t('The mask is in a form that cannot be read.');
  return typeof mask === 'string' ? { maskProblem: mask } : { mask };
}

export function outlineMask({ outline, box, picture }: OutlinedItem, reading: OutlineReading): ReadMask {
  const points = outlineAs(outline, reading, box);
  if (typeof points === 'string') {
    return { maskProblem: points };
  }
  return {
    mask: {
      kind: 'polygon',
      points: points.map(([x, y]) => {
        const point = pointInImage(x, y, picture);
        return [point.x, point.y];
      }),
    },
  };
}

function bitmapOf(value: string, masks: ReplyMasks): Mask | string {
  const text = value.trim();
  if (MASK_TOKENS.test(text)) {
    return t('This model sent mask tokens that cannot be decoded.');
  }
  const prefix = DATA_URL.exec(text);
  if (prefix && !/^(?:image\/png)?$/i.test(prefix[1] ?? '')) {
    return t('The mask is {0}, not a PNG image.', prefix[1] ?? '');
  }
  const png = plainBase64(prefix ? text.slice(prefix[0].length) : text);
  if (!png.startsWith(PNG_BASE64)) {
    return LONG_BASE64.test(png) || prefix ? t('The mask is not a PNG image.') : t('The model sent a placeholder in place of a mask.');
  }
  return checkedBitmap(png, masks);
}

function checkedBitmap(png: string, masks: ReplyMasks): Mask | string {
  try {
    // A multiple of four characters that holds the header's bytes.
    const head = decodeBase64(png.slice(0, Math.ceil(HEADER_BYTES / 3) * 4));
    if (!isPng(head)) {
      return t('The mask is not a PNG image.');
    }
    const header = readMaskHeader(head);
    const { width, height } = header;
    if (width > MAX_SIDE || height > MAX_SIDE) {
      return t('The mask has {0} × {1} pixels, at most {2} × {2} are read.', width, height, MAX_SIDE);
    }
    const bytes = pixelBytes(header);
    if (bytes > masks.bytesLeft) {
      return t('The masks of this reply are too large together.');
    }
    masks.bytesLeft -= bytes;
    decodeBoundedPng(decodeBase64(png));
    return { kind: 'bitmap', width, height, png };
  } catch {
    return t('The PNG image of the mask is damaged or cut short.');
  }
}

/** The same bytes in the usual alphabet, padded, without white space. */
function plainBase64(text: string): string {
  const digits = withoutEnd(text.replace(/\s+/g, ''), '=').replaceAll('-', '+').replaceAll('_', '/');
  return digits.padEnd(Math.ceil(digits.length / 4) * 4, '=');
}
