import { boxes, type FileBox, find, fourLetters, type ItemProperty, itemProperties, primaryId, viewOf } from './heif.ts';

/** Bytes of an item: of the file (method 0), of the `idat` box (1), or of other items (2). */
export interface ItemExtent {
  method: number;
  offset: number;
  /** 0 means all that there is. */
  length: number;
}

/** More pieces than the items of any picture have. */
const MOST_EXTENTS = 100_000;

/** One item of a HEIF or AVIF file: a picture, a part of one, or something about one. */
export interface HeifItem {
  id: number;
  /** Such as `hvc1`, `av01`, `grid` or `Exif`. */
  kind: string;
  /** What a program called it: mostly nothing. */
  name: string;
  /** In their order. */
  properties: readonly ItemProperty[];
  extents: readonly ItemExtent[];
}

/** A reference between items, such as `dimg` (made of), `thmb` (small picture of) or `auxl` (belongs to). */
export interface HeifReference {
  type: string;
  from: number;
  to: readonly number[];
}

/** What a HEIF or AVIF file holds. */
export interface HeifContent {
  /** The file, or its `meta` box: what the places of properties refer to. */
  bytes: Uint8Array;
  items: readonly HeifItem[];
  primary: HeifItem;
  references: readonly HeifReference[];
}

/** The boxes of `meta` that `readHeifContent` needs. */
export const CONTENT_BOXES = ['pitm', 'iinf', 'iref', 'iprp', 'iloc'] as const;

/**
 * Reads the items of a HEIF or AVIF file. `bytes`: the file, or its `meta` box. Throws when there is no primary item, or the bytes end too early.
 * Source: ISO/IEC 14496-12 (iinf, iref, iloc) and 23008-12 (iprp).
 */
export function readHeifContent(bytes: Uint8Array): HeifContent {
  const view = viewOf(bytes);
  const meta = find(view, 0, bytes.length, 'meta');
  const inMeta = boxes(view, meta.start + 4, meta.end);
  const within = (name: string) => inMeta.filter(({ type }) => type === name);
  const properties = itemProperties(view, inMeta);
  const extents = new Map(within('iloc').flatMap((iloc) => locations(view, iloc)));
  const entries = within('iinf').flatMap(({ start, end }) => boxes(view, start + (view.getUint8(start) === 0 ? 6 : 8), end));
  const items = entries.map((entry) => {
    const { id, ...named } = itemEntry(view, bytes, entry);
    return { id, ...named, properties: properties.get(id) ?? [], extents: extents.get(id) ?? [] };
  });
  const primary = items.find(({ id }) => id === primaryId(view, inMeta));
  if (primary === undefined) throw new Error('no primary item');
  return { bytes, items, primary, references: within('iref').flatMap((iref) => itemReferences(view, iref)) };
}

/** The items that another is made of or belongs to. */
export function referredFrom({ items, references }: HeifContent, { id }: HeifItem, type: string): HeifItem[] {
  const numbers = new Set(references.filter((reference) => reference.type === type && reference.from === id).flatMap(({ to }) => to));
  return items.filter((item) => numbers.has(item.id));
}

/** The picture of how transparent the primary one is. */
export function alphaOf({ bytes, items, primary, references }: HeifContent): HeifItem | undefined {
  const from = new Set(references.filter(({ type, to }) => type === 'auxl' && to.includes(primary.id)).map((reference) => reference.from));
  return items.find(({ id, properties }) => from.has(id) && properties.some((property) => isAlpha(bytes, property)));
}

function isAlpha(bytes: Uint8Array, { type, start, end }: FileBox): boolean {
  if (type !== 'auxC') return false;
  const name = new TextDecoder('latin1').decode(bytes.subarray(start + 4, Math.min(end, start + 4 + 64)));
  return /^urn:(?:mpeg:mpegB:cicp:systems:auxiliary:alpha|mpeg:hevc:2015:auxid:1)(?:\0|$)/.test(name);
}

/** An entry of version 2 has a two-byte, of version 3 a four-byte number before its kind; older ones are of MPEG-21, which no photo is. */
function itemEntry(view: DataView, bytes: Uint8Array, { start, end }: FileBox): Pick<HeifItem, 'id' | 'kind' | 'name'> {
  const isLong = view.getUint8(start) === 3;
  const kindAt = start + (isLong ? 10 : 8);
  const [name = ''] = new TextDecoder('latin1').decode(bytes.subarray(kindAt + 4, end)).split('\0');
  return { id: isLong ? view.getUint32(start + 4) : view.getUint16(start + 4), kind: fourLetters(view, kindAt), name };
}

function itemReferences(view: DataView, iref: FileBox): HeifReference[] {
  const isLong = view.getUint8(iref.start) === 1;
  const number = (at: number) => (isLong ? view.getUint32(at) : view.getUint16(at));
  const length = isLong ? 4 : 2;
  return boxes(view, iref.start + 4, iref.end).map(({ type, start }) => ({
    type,
    from: number(start),
    to: Array.from({ length: view.getUint16(start + length) }, (_, place) => number(start + length + 2 + place * length)),
  }));
}

function locations(view: DataView, iloc: FileBox): [id: number, extents: ItemExtent[]][] {
  const version = view.getUint8(iloc.start);
  const sizes = view.getUint16(iloc.start + 4);
  const [offsetSize, lengthSize, baseSize, indexSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, version === 0 ? 0 : sizes & 15];
  let at = iloc.start + 6;
  const next = (size: number): number => {
    at += size;
    if (size === 8) return Number(view.getBigUint64(at - 8));
    return size === 4 ? view.getUint32(at - 4) : size === 2 ? view.getUint16(at - 2) : 0;
  };
  const found: [number, ItemExtent[]][] = [];
  // Each may take no bytes at all.
  let extentsLeft = MOST_EXTENTS;
  for (let left = next(version < 2 ? 2 : 4); left > 0; left--) {
    const id = next(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : next(2) & 15;
    next(2);
    const base = next(baseSize);
    const extents: ItemExtent[] = [];
    for (let more = next(2); more > 0; more--) {
      next(indexSize);
      if (--extentsLeft < 0) throw new Error('too many pieces');
      const offset = base + next(offsetSize);
      extents.push({ method, offset, length: next(lengthSize) });
    }
    found.push([id, extents]);
  }
  return found;
}
