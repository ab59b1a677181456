import { unfaithful } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { HeaderBytes } from '../reading/headerBytes.ts';
import { sniffImageType } from './imageType.ts';

/** One box of the ISO base media file format: its four-letter type and where its payload lies. */
export interface FileBox {
  type: string;
  start: number;
  end: number;
}

/** Something that is said of an item. */
export interface ItemProperty extends FileBox {
  /** True where a reader that does not know it must leave the item alone. */
  isEssential: boolean;
}

/** The size of a HEIF or AVIF picture, as stored and as shown. */
interface HeifHeader {
  stored: Size;
  upright: Size;
  /** True where the picture is shown cut, turned or mirrored. */
  turned: boolean;
}

/**
 * Reads the size of the primary item of a HEIF or AVIF file, with its crop (`clap`) and rotation (`irot`) applied.
 * Throws RangeError when the bytes end before the header does (read more of the file), Error when there is no size in it.
 */
export function readHeifHeader(bytes: Uint8Array): HeifHeader {
  const view = viewOf(bytes);
  const used = primaryProperties(bytes);
  const ispe = used.find(({ type }) => type === 'ispe');
  if (ispe === undefined) throw new Error('no size');
  const stored = { width: view.getUint32(ispe.start + 4), height: view.getUint32(ispe.start + 8) };
  let upright = stored;
  let turned = false;
  // Properties apply in the order of their association.
  for (const { type, start } of used) {
    if (type === 'clap') upright = { width: fraction(view, start), height: fraction(view, start + 8) };
    const quarters = type === 'irot' ? view.getUint8(start) % 4 : 0;
    if (quarters % 2 === 1) upright = { width: upright.height, height: upright.width };
    turned ||= type === 'clap' || type === 'imir' || quarters !== 0;
  }
  return { stored, upright, turned };
}

/** The properties of the primary item of a HEIF or AVIF file, in their order. `bytes`: the file, or its `meta` box. */
function primaryProperties(bytes: Uint8Array): readonly ItemProperty[] {
  const view = viewOf(bytes);
  const meta = find(view, 0, bytes.length, 'meta');
  const inMeta = boxes(view, meta.start + 4, meta.end);
  return itemProperties(view, inMeta).get(primaryId(view, inMeta)) ?? [];
}

/** The number of the primary item. `inMeta`: the boxes of `meta`. */
export function primaryId(view: DataView, inMeta: readonly FileBox[]): number {
  const pitm = inMeta.find(({ type }) => type === 'pitm');
  if (pitm === undefined) throw new Error('no primary item');
  return view.getUint8(pitm.start) === 0 ? view.getUint16(pitm.start + 4) : view.getUint32(pitm.start + 4);
}

/**
 * The properties of all items, in their order, by the items' numbers.
 * Source: ISO/IEC 23008-12 (pitm, iprp, ipco, ipma, ispe, irot, imir, clap) and 14496-12 (boxes).
 */
export function itemProperties(view: DataView, inMeta: readonly FileBox[]): Map<number, ItemProperty[]> {
  const iprp = inMeta.find(({ type }) => type === 'iprp');
  if (iprp === undefined) throw new Error('no properties');
  const ipco = find(view, iprp.start, iprp.end, 'ipco');
  const properties = boxes(view, ipco.start, ipco.end);
  const found = new Map<number, ItemProperty[]>();
  for (const ipma of boxes(view, iprp.start, iprp.end)) {
    if (ipma.type !== 'ipma') continue;
    for (const [item, numbers] of associations(view, ipma)) {
      const used = found.get(item) ?? [];
      found.set(item, used);
      for (const { number, isEssential } of numbers) {
        const property = properties[number - 1];
        if (property !== undefined) used.push({ ...property, isEssential });
      }
    }
  }
  return found;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function fourLetters(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function fraction(view: DataView, at: number): number {
  return Math.round(view.getUint32(at) / view.getUint32(at + 4));
}

/** The first box of a type. Throws Error if there is none. */
export function find(view: DataView, start: number, end: number, type: string): FileBox {
  for (const box of boxes(view, start, end)) if (box.type === type) return box;
  throw new Error(`no ${type} box`);
}

/** The boxes between two offsets. The last one may reach beyond the bytes at hand; reading it then throws RangeError. */
export function boxes(view: DataView, start: number, end: number): FileBox[] {
  const found: FileBox[] = [];
  let at = start;
  while (at + 8 <= end) {
    let size = view.getUint32(at);
    const type = fourLetters(view, at + 4);
    let header = 8;
    if (size === 1) {
      size = Number(view.getBigUint64(at + 8));
      header = 16;
    } else if (size === 0) {
      size = end - at;
    }
    if (size < header) throw new Error(`a ${type} box of ${size} bytes`);
    found.push({ type, start: at + header, end: at + size });
    at += size;
  }
  return found;
}

interface Association {
  /** Of the property, from 1. */
  number: number;
  isEssential: boolean;
}

/** The properties that an `ipma` box gives to each item. */
function associations(view: DataView, ipma: FileBox): [item: number, numbers: Association[]][] {
  const isLong = view.getUint8(ipma.start) >= 1;
  const isWide = (view.getUint32(ipma.start) & 1) === 1;
  let at = ipma.start + 8;
  const found: [number, Association[]][] = [];
  for (let left = view.getUint32(ipma.start + 4); left > 0; left--) {
    const item = isLong ? view.getUint32(at) : view.getUint16(at);
    at += isLong ? 4 : 2;
    const numbers: Association[] = [];
    for (let more = view.getUint8(at++); more > 0; more--) {
      const value = isWide ? view.getUint16(at) : view.getUint8(at);
      const bit = isWide ? 0x8000 : 0x80;
      numbers.push({ number: value & (bit - 1), isEssential: (value & bit) !== 0 });
      at += isWide ? 2 : 1;
    }
    found.push([item, numbers]);
  }
  return found;
}

/** Type, place and end of a box. */
export interface BoxPlace {
  type: string;
  start: number;
  payload: number;
  end: number;
}

/**
 * Boxes of the header of a HEIF or AVIF file, put together as a short `meta` box, wherever in the file they stand and however much there is
 * between them. Throws Error if there is no header, `unsupportedImage` if it is of another form, RangeError if the file ends before.
 */
export async function heifPieces(bytes: HeaderBytes, types: readonly string[]): Promise<Uint8Array> {
  const meta = await firstBox(bytes, 'meta');
  const pieces: BoxPlace[] = [];
  // Behind version and flags.
  for await (const box of boxesBetween(bytes, meta.payload + 4, meta.end)) {
    if (types.includes(box.type)) pieces.push(box);
    if (pieces.length === types.length) break;
  }
  const length = pieces.reduce((sum, { start, end }) => sum + end - start, 12);
  const result = new Uint8Array(length);
  new DataView(result.buffer).setUint32(0, length);
  result.set(
    [...'meta'].map((letter) => letter.charCodeAt(0)),
    4,
  );
  let at = 12;
  for (const { start, end } of pieces) {
    const { buffer, byteOffset, byteLength } = await bytes.at(start, end - start);
    result.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return result;
}

async function firstBox(bytes: HeaderBytes, type: string): Promise<BoxPlace> {
  const seen = new Set<string>();
  for await (const box of boxesBetween(bytes, 0, bytes.size)) {
    if (box.type === type) return box;
    seen.add(box.type);
  }
  const name = sniffImageType(bytes.head) === 'image/avif' ? 'AVIF' : 'HEIC';
  if (seen.has('mini')) throw unfaithful(name, t('it has the short header that is called mini'));
  if (seen.has('moov')) throw unfaithful(name, t('it is an animation without a still picture'));
  throw new Error(`no ${type} box`);
}

/** The boxes between two places, in their order. The last one may claim to reach beyond the end. */
export async function* boxesBetween(bytes: HeaderBytes, from: number, to: number): AsyncGenerator<BoxPlace> {
  for (let start = from; start + 8 <= to; ) {
    const box = await boxAt(bytes, start, to);
    yield box;
    start = box.end;
  }
}

async function boxAt(bytes: HeaderBytes, start: number, to: number): Promise<BoxPlace> {
  const head = await bytes.at(start, 8);
  const type = String.fromCharCode(...[4, 5, 6, 7].map((at) => head.getUint8(at)));
  const size = head.getUint32(0);
  // 0: up to the end, 1: the size follows in 8 bytes (ISO/IEC 14496-12).
  const [payload, length] = size === 1 ? [16, Number((await bytes.at(start + 8, 8)).getBigUint64(0))] : [8, size === 0 ? to - start : size];
  if (length < payload) throw new Error(`a ${type} box of ${length} bytes`);
  return { type, start, payload: start + payload, end: start + length };
}
