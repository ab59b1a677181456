import type { HeaderBytes } from './headerBytes.ts';

/** Tags of a picture's size and of how it is turned (TIFF 6.0, sections 3 and 8). */
export const WIDTH_TAG = 0x100;
export const HEIGHT_TAG = 0x101;
const ORIENTATION_TAG = 0x112;
const COMPRESSION_TAG = 0x103;
const BITS_TAG = 0x102;
/** JPEG, in its older and its newer way. */
const JPEG_COMPRESSIONS: readonly unknown[] = [6, 7];

/** By the number of a whole-number type: SHORT, LONG, LONG8. */
const READERS: Readonly<Record<number, (view: DataView, at: number, little: boolean) => number>> = {
  3: (view, at, little) => view.getUint16(at, little),
  4: (view, at, little) => view.getUint32(at, little),
  16: (view, at, little) => Number(view.getBigUint64(at, little)),
};
/** More than any picture has. */
const MOST_ENTRIES = 4096;

/**
 * The single whole numbers of the first directory of a TIFF file or an EXIF block, by tag. `start`: where it begins; its offsets count from there.
 * Rejects with RangeError when it does not begin as one or an offset leads beyond the end.
 */
export async function readTiffTags(bytes: HeaderBytes, start = 0): Promise<Map<number, number>> {
  return new Map((await readEntries(bytes, start)).map(({ tag, value }) => [tag, value]));
}

/** A tag with its single value, and where in the file that stands. */
interface Entry {
  tag: number;
  value: number;
  at: number;
  little: boolean;
}

async function readEntries(bytes: HeaderBytes, start: number): Promise<Entry[]> {
  const head = await bytes.at(start, 8);
  const little = head.getUint8(0) === 0x49; // II, else MM
  const magic = `${String.fromCharCode(head.getUint8(0), head.getUint8(1))}${head.getUint16(2, little)}`;
  if (!['II42', 'MM42', 'II43', 'MM43'].includes(magic)) throw new RangeError('This is no TIFF.');
  // BigTIFF differs from TIFF in that all counts and offsets have 8 bytes.
  const big = magic.endsWith('43');
  const wide = READERS[16] as (typeof READERS)[number];
  const directory = start + (big ? wide(await bytes.at(start + 8, 8), 0, little) : head.getUint32(4, little));
  const count = big ? wide(await bytes.at(directory, 8), 0, little) : (await bytes.at(directory, 2)).getUint16(0, little);
  const [countSize, entrySize] = big ? [8, 20] : [2, 12];
  const entries = await bytes.at(directory + countSize, Math.min(count, MOST_ENTRIES) * entrySize);
  const found: Entry[] = [];
  for (let at = 0; at < entries.byteLength; at += entrySize) {
    const values = big ? wide(entries, at + 4, little) : entries.getUint32(at + 4, little);
    const read = READERS[entries.getUint16(at + 2, little)];
    const valueAt = at + (big ? 12 : 8);
    if (read && values === 1)
      found.push({
        tag: entries.getUint16(at, little),
        value: read(entries, valueAt, little),
        at: directory + countSize + valueAt,
        little,
      });
  }
  return found;
}

/** How the stored pixels have to be turned to be upright: an EXIF orientation, 1 (not at all) to 8; 1 for anything else. */
export function orientationOf(tags: ReadonlyMap<number, number>): number {
  const orientation = tags.get(ORIENTATION_TAG) ?? 1;
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/** What the EXIF block at `start` says of the orientation. If it is damaged, that is no harm to the picture: browsers pass over it too. */
export async function exifOrientation(bytes: HeaderBytes, start: number): Promise<number> {
  try {
    return orientationOf(await readTiffTags(bytes, start));
  } catch (error) {
    if (error instanceof RangeError) return 1;
    throw error;
  }
}

/** The file with an orientation that there is none replaced by "upright": the decoder would take it for damage. The same array if there is nothing to replace. */
export async function withProperOrientation(file: Uint8Array, bytes: HeaderBytes): Promise<Uint8Array> {
  const entry = (await readEntries(bytes, 0)).find(({ tag }) => tag === ORIENTATION_TAG);
  if (entry === undefined || (entry.value >= 1 && entry.value <= 8)) return file;
  const copy = file.slice();
  new DataView(copy.buffer).setUint16(entry.at, 1, entry.little);
  return copy;
}

/** The bits of the first sample of the first picture of a TIFF; undefined where the file does not say, and for BigTIFF. */
export async function tiffBits(bytes: HeaderBytes): Promise<number | undefined> {
  const head = await bytes.at(0, 8);
  const little = head.getUint8(0) === 0x49;
  if (head.getUint16(2, little) !== 42) return undefined;
  const directory = head.getUint32(4, little);
  const count = (await bytes.at(directory, 2)).getUint16(0, little);
  const entries = await bytes.at(directory + 2, Math.min(count, MOST_ENTRIES) * 12);
  for (let at = 0; at < entries.byteLength; at += 12) {
    if (entries.getUint16(at, little) !== BITS_TAG) continue;
    // Up to two values fit into the entry; for more it holds where they are.
    const fits = entries.getUint32(at + 4, little) <= 2;
    return fits ? entries.getUint16(at + 8, little) : (await bytes.at(entries.getUint32(at + 8, little), 2)).getUint16(0, little);
  }
  return undefined;
}

/** Whether the first picture of a TIFF is stored as JPEG. */
export async function isJpegTiff(bytes: HeaderBytes): Promise<boolean> {
  return JPEG_COMPRESSIONS.includes((await readTiffTags(bytes)).get(COMPRESSION_TAG));
}
