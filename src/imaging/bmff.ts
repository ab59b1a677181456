import type { Size } from '../core/geometry.ts';

/** One box of the ISO base media file format: its four-letter type and where its payload lies. */
interface FileBox {
  type: string;
  start: number;
  end: number;
}

/** The size of a HEIF or AVIF picture, as stored and as shown. */
export interface HeifHeader {
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

/**
 * The properties of the primary item of a HEIF or AVIF file, in their order. `bytes`: the file, or its `meta` box.
 * Source: ISO/IEC 23008-12 (pitm, iprp, ipco, ipma, ispe, irot, imir, clap) and 14496-12 (boxes).
 */
export function primaryProperties(bytes: Uint8Array): FileBox[] {
  const view = viewOf(bytes);
  const meta = find(view, 0, bytes.length, 'meta');
  const children = (box: FileBox, skip: number) => boxes(view, box.start + skip, box.end);
  const inMeta = children(meta, 4);
  const pitm = inMeta.find(({ type }) => type === 'pitm');
  const iprp = inMeta.find(({ type }) => type === 'iprp');
  if (pitm === undefined || iprp === undefined) throw new Error('no primary item');
  const primary = view.getUint8(pitm.start) === 0 ? view.getUint16(pitm.start + 4) : view.getUint32(pitm.start + 4);
  const properties = children(find(view, iprp.start, iprp.end, 'ipco'), 0);
  return boxes(view, iprp.start, iprp.end)
    .filter(({ type }) => type === 'ipma')
    .flatMap((ipma) => associations(view, ipma, primary))
    .flatMap((index) => properties[index - 1] ?? []);
}

/** The kinds of the items of a HEIF file, such as `hvc1`, `grid` or `Exif`, and the kinds of references between them, such as `thmb`. */
export function heifKinds(bytes: Uint8Array): { items: string[]; references: string[] } {
  const view = viewOf(bytes);
  const meta = find(view, 0, bytes.length, 'meta');
  const inMeta = boxes(view, meta.start + 4, meta.end);
  const within = (name: string) => inMeta.filter(({ type }) => type === name);
  const items = within('iinf').flatMap(({ start, end }) => boxes(view, start + (view.getUint8(start) === 0 ? 6 : 8), end));
  return {
    // An entry of version 2 has a two-byte, of version 3 a four-byte number before its kind; older ones are of MPEG-21, which no photo is.
    items: items.map(({ start }) => fourLetters(view, start + (view.getUint8(start) === 3 ? 10 : 8))),
    references: within('iref').flatMap(({ start, end }) => boxes(view, start + 4, end).map(({ type }) => type)),
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function fourLetters(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function fraction(view: DataView, at: number): number {
  return Math.round(view.getUint32(at) / view.getUint32(at + 4));
}

function find(view: DataView, start: number, end: number, type: string): FileBox {
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

/** The properties (from 1) that an `ipma` box gives to an item. */
function associations(view: DataView, ipma: FileBox, item: number): number[] {
  const version = view.getUint8(ipma.start);
  const wide = (view.getUint32(ipma.start) & 1) === 1;
  let at = ipma.start + 4;
  const entries = view.getUint32(at);
  at += 4;
  for (let entry = 0; entry < entries; entry++) {
    const id = version < 1 ? view.getUint16(at) : view.getUint32(at);
    at += version < 1 ? 2 : 4;
    const count = view.getUint8(at++);
    const indices: number[] = [];
    for (let k = 0; k < count; k++) {
      indices.push(wide ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f);
      at += wide ? 2 : 1;
    }
    if (id === item) return indices;
  }
  return [];
}
