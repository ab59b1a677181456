import type { HeaderBytes } from './headerBytes.ts';

/** Tags of a picture's size and of how it is turned (TIFF 6.0, sections 3 and 8). */
export const WIDTH_TAG = 0x100;
export const HEIGHT_TAG = 0x101;
const ORIENTATION_TAG = 0x112;

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
  const tags = new Map<number, number>();
  for (let at = 0; at < entries.byteLength; at += entrySize) {
    const values = big ? wide(entries, at + 4, little) : entries.getUint32(at + 4, little);
    const read = READERS[entries.getUint16(at + 2, little)];
    if (read && values === 1) tags.set(entries.getUint16(at, little), read(entries, at + (big ? 12 : 8), little));
  }
  return tags;
}

/** True if a picture with these tags lies on its side: orientations 5 to 8. */
export function isOnItsSide(tags: ReadonlyMap<number, number>): boolean {
  const orientation = tags.get(ORIENTATION_TAG) ?? 1;
  return orientation >= 5 && orientation <= 8;
}

/** What the EXIF block at `start` says. If it is damaged, that is no harm to the picture: browsers pass over it too. */
export async function exifOnItsSide(bytes: HeaderBytes, start: number): Promise<boolean> {
  try {
    return isOnItsSide(await readTiffTags(bytes, start));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
