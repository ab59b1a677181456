import { heifKinds } from './bmff.ts';
import { BodyBuilder } from './body.ts';
import type { ByteSource } from './byteSource.ts';
import { HeaderBytes } from './headerBytes.ts';
import { type BoxPlace, boxesBetween, heifPieces } from './heifPieces.ts';
import type { Structure } from './structure.ts';

/** The items that pixels are made of: coded pictures, and those put together of others. */
const PIXEL_ITEMS = ['hvc1', 'hev1', 'av01', 'avc1', 'jpeg', 'j2k1', 'unci', 'grid', 'iovl', 'iden'];

/** Goes from box to box of a HEIC, HEIF or AVIF file; its pixels must be there. */
export async function heifStructure(source: ByteSource): Promise<Structure> {
  try {
    const bytes = await HeaderBytes.open(source);
    const top = await all(boxesBetween(bytes, 0, bytes.size));
    const last = top.at(-1);
    if (last === undefined || last.end > bytes.size) return { problem: 'truncated' };
    // Pixels are in a box of their own, or, of tiny pictures, within the header.
    const meta = top.find(({ type }) => type === 'meta');
    const inHeader = meta === undefined ? [] : await all(boxesBetween(bytes, meta.payload + 4, meta.end));
    if (![...top, ...inHeader].some(({ type }) => type === 'mdat' || type === 'idat')) return { problem: 'truncated' };
    // Items lie anywhere and refer to each other by number and offset: nothing can be taken out without rewriting all of it.
    if (!(await isBare(bytes))) return {};
    const bare = new BodyBuilder();
    bare.keep(0, source.size);
    return { bare: bare.body() };
  } catch (error) {
    // A file that can no longer be read is not a damaged one.
    if (error instanceof Error && 'code' in error) throw error;
    return { problem: 'truncated' };
  }
}

async function isBare(bytes: HeaderBytes): Promise<boolean> {
  const { items, references } = heifKinds(await heifPieces(bytes, ['iinf', 'iref']));
  return items.every((kind) => PIXEL_ITEMS.includes(kind)) && !references.includes('thmb');
}

async function all(boxes: AsyncIterable<BoxPlace>): Promise<BoxPlace[]> {
  const found: BoxPlace[] = [];
  for await (const box of boxes) found.push(box);
  return found;
}
