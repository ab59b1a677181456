import { InspectorError } from '../../core/base/failure.ts';
import { type Body, BodyBuilder } from '../reading/body.ts';
import type { ByteSource } from '../reading/byteSource.ts';
import { HeaderBytes } from '../reading/headerBytes.ts';
import { type BoxPlace, boxesBetween, heifPieces } from './heif.ts';
import { CONTENT_BOXES, type HeifContent, type ItemExtent, readHeifContent } from './heifItems.ts';
import { codingOf, coloursOf, isSimplyTransformed, PICTURE_PROPERTIES } from './heifSupport.ts';
import type { Structure } from './scan.ts';

/** Boxes of `meta` without a word of their own (ISO/IEC 14496-12 and 23008-12). */
const SILENT_BOXES = ['hdlr', 'dinf', 'pitm', 'iinf', 'iref', 'iprp', 'iloc', 'idat', 'grpl'];
/** Of `hdlr`, with an empty name. */
const HANDLER_BYTES = 33;
/** Of zeros that may go along so that all else stays in its place; for more the pixels are encoded anew. */
const MOST_FILLING = 64 * 1024;

/**
 * Goes from box to box of a HEIC, HEIF or AVIF file; its pixels must be there. What can be sent as it is has nothing but pixels: items refer to places in the file,
 * so that what lies between them is overwritten, and what follows them is left out.
 */
export async function heifStructure(source: ByteSource): Promise<Structure> {
  try {
    const bytes = await HeaderBytes.open(source);
    const top = await all(boxesBetween(bytes, 0, bytes.size));
    const last = top.at(-1);
    if (last === undefined || last.end > bytes.size) return { problem: 'truncated' };
    // Pixels are in a box of their own, or, of tiny pictures, within the header.
    const meta = top.find(({ type }) => type === 'meta');
    const inMeta = meta === undefined ? [] : await all(boxesBetween(bytes, meta.payload + 4, meta.end));
    if (![...top, ...inMeta].some(({ type }) => type === 'mdat' || type === 'idat')) return { problem: 'truncated' };
    const content = readHeifContent(await heifPieces(bytes, CONTENT_BOXES));
    if (content.items.some(({ extents }) => extents.some(({ method, offset, length }) => method === 0 && offset + length > bytes.size)))
      return { problem: 'truncated' };
    const bare = (await isPlain(inMeta, content)) ? bareOf(top, content) : undefined;
    return bare === undefined ? {} : { bare };
  } catch (error) {
    // A file that can no longer be read is not a damaged one, and one that is refused is none either: that is said when its pixels are asked for.
    if (error instanceof InspectorError) return {};
    if (error instanceof Error && 'code' in error) throw error;
    return { problem: 'truncated' };
  }
}

/** True for a picture that any reader of HEIC decodes alike, and that has no word besides: no metadata, previews, names or properties of other kinds. */
async function isPlain(inMeta: readonly BoxPlace[], content: HeifContent): Promise<boolean> {
  const { items, references } = content;
  const isSilent =
    inMeta.every(({ type, start, end }) => SILENT_BOXES.includes(type) && (type !== 'hdlr' || end - start === HANDLER_BYTES)) &&
    items.every(({ kind, name }) => ['hvc1', 'hev1', 'grid'].includes(kind) && name === '') &&
    items.every(({ properties }) => properties.every(({ type }) => PICTURE_PROPERTIES.includes(type))) &&
    references.every(({ type }) => type === 'dimg' || type === 'auxl') &&
    inMeta.every((box) => box.type !== 'idat' || isUsed(box, content));
  if (!isSilent || codingOf(content, 'HEIC') !== 'hevc' || !isSimplyTransformed(content)) return false;
  const { coded } = await coloursOf(content, 'HEIC');
  return coded === undefined && items.every(({ extents }) => extents.length > 0 && extents.every(({ method }) => method < 2));
}

/**
 * The file with zeros in place of what no item refers to, and without what follows the last of them. Undefined where those would be too many, or items lie
 * elsewhere than among the pixels.
 */
function bareOf(top: readonly BoxPlace[], { items }: HeifContent): Body | undefined {
  const extents = items.flatMap((item) => item.extents);
  const used = extents.filter(({ method }) => method === 0).sort((a, b) => a.offset - b.offset);
  // Readers look at the first one.
  const meta = top.find(({ type }) => type === 'meta');
  const end = used.reduce((most, extent) => Math.max(most, endOf(extent)), meta?.end ?? 0);
  const bare = new BodyBuilder();
  let left = MOST_FILLING;
  const fill = (length: number) => {
    left -= Math.max(0, length);
    if (length > 0 && left >= 0) bare.add(new Uint8Array(length));
  };
  let next = 0;
  for (const box of top) {
    if (box.start >= end) break;
    if (box === top[0] || box === meta) {
      bare.keep(box.start, box.end);
    } else if (box.type === 'mdat') {
      bare.keep(box.start, box.payload);
      let at = box.payload;
      for (let extent = used[next]; extent !== undefined && extent.offset < box.end; extent = used[++next]) {
        if (extent.offset < box.payload || extent.length === 0 || endOf(extent) > box.end) return undefined;
        fill(extent.offset - at);
        bare.keep(Math.max(at, extent.offset), endOf(extent));
        at = Math.max(at, endOf(extent));
      }
      fill(box.end - at);
    } else {
      bare.add(freeHead(box.end - box.start));
      fill(box.end - box.start - FREE_HEAD);
    }
  }
  return left < 0 || next < used.length ? undefined : bare.body();
}

function endOf({ offset, length }: ItemExtent): number {
  return offset + length;
}

const FREE_HEAD = 8;

/** The head of a box of so many bytes that means nothing. */
function freeHead(length: number): Uint8Array {
  const head = new Uint8Array([0, 0, 0, 0, 0x66, 0x72, 0x65, 0x65]); // free
  new DataView(head.buffer).setUint32(0, length);
  return head;
}

/** True if all of the bytes within the header belong to items. */
function isUsed(idat: BoxPlace, { items }: HeifContent): boolean {
  const used = items.flatMap(({ extents }) => extents).filter(({ method }) => method === 1);
  return used.reduce((sum, { length }) => sum + length, 0) >= idat.end - idat.payload;
}

async function all(boxes: AsyncIterable<BoxPlace>): Promise<BoxPlace[]> {
  const found: BoxPlace[] = [];
  for await (const box of boxes) found.push(box);
  return found;
}
