import type { HeaderBytes } from '../reading/headerBytes.ts';

/** Tags of a picture's size and of how it is turned (TIFF 6.0, sections 3 and 8). */
export const WIDTH_TAG = 0x100;
export const HEIGHT_TAG = 0x101;
const ORIENTATION_TAG = 0x112;
const COMPRESSION_TAG = 0x103;
/** JPEG, in its older and its newer way. */
const JPEG_COMPRESSIONS: readonly unknown[] = [6, 7];

type Reader = (view: DataView, at: number, little: boolean) => number;

/** By the number of a whole-number type: BYTE, SHORT, LONG, LONG8. */
const READERS: Readonly<Record<number, { size: number; read: Reader }>> = {
  1: { size: 1, read: (view, at) => view.getUint8(at) },
  3: { size: 2, read: (view, at, little) => view.getUint16(at, little) },
  4: { size: 4, read: (view, at, little) => view.getUint32(at, little) },
  16: { size: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
};
const BYTE = 1;
/** Bytes of a value by the number of its type, where that is none of the above: signed, fractions, letters, offsets. */
const OTHER_SIZES: Readonly<Record<number, number>> = { 5: 8, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 17: 8, 18: 8 };
/** More than any picture has. */
const MOST_ENTRIES = 4096;

/** An entry of a directory. */
export interface TiffEntry {
  tag: number;
  /** Of its values. */
  type: number;
  count: number;
  /** Where in the file its values are. */
  at: number;
}

/** The first directory of a TIFF file or an EXIF block. */
export interface TiffDirectory {
  entries: readonly TiffEntry[];
  little: boolean;
  /** Whether another one follows. */
  hasNext: boolean;
}

/**
 * The first directory of a TIFF file or an EXIF block. `start`: where it begins; its offsets count from there.
 * Rejects with RangeError when it does not begin as one or an offset leads beyond the end.
 */
export async function readTiffDirectory(bytes: HeaderBytes, start = 0): Promise<TiffDirectory> {
  const head = await bytes.at(start, 8);
  const little = head.getUint8(0) === 0x49; // II, else MM
  const magic = `${String.fromCharCode(head.getUint8(0), head.getUint8(1))}${head.getUint16(2, little)}`;
  if (!['II42', 'MM42', 'II43', 'MM43'].includes(magic)) throw new RangeError('This is no TIFF.');
  // BigTIFF differs from TIFF in that all counts and offsets have 8 bytes.
  const big = magic.endsWith('43');
  const [countSize, entrySize, wideSize] = big ? [8, 20, 8] : [2, 12, 4];
  const wide = (view: DataView, at: number) => (big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const directory = start + (big ? wide(await bytes.at(start + 8, 8), 0) : head.getUint32(4, little));
  const count = big ? wide(await bytes.at(directory, 8), 0) : (await bytes.at(directory, 2)).getUint16(0, little);
  const size = Math.min(count, MOST_ENTRIES) * entrySize;
  const view = await bytes.at(directory + countSize, size);
  const entries: TiffEntry[] = [];
  for (let at = 0; at < size; at += entrySize) {
    const type = view.getUint16(at + 2, little);
    const values = wide(view, at + 4);
    const valueAt = at + 4 + wideSize;
    const fits = values * (READERS[type]?.size ?? OTHER_SIZES[type] ?? 1) <= wideSize;
    entries.push({
      tag: view.getUint16(at, little),
      type,
      count: values,
      at: fits ? directory + countSize + valueAt : start + wide(view, valueAt),
    });
  }
  const next = directory + countSize + size;
  // Files that end with their directory have no more.
  const hasNext = next + wideSize <= bytes.size && wide(await bytes.at(next, wideSize), 0) !== 0;
  return { entries, little, hasNext };
}

/** The values of a tag, at most `most` of them: none where there is no such tag, NaN for what is no whole number. */
export async function tiffValues(bytes: HeaderBytes, { entries, little }: TiffDirectory, tag: number, most = 16): Promise<number[]> {
  const entry = entries.find((each) => each.tag === tag);
  if (entry === undefined) return [];
  const reader = READERS[entry.type];
  if (reader === undefined) return [Number.NaN];
  const { size, read } = reader;
  const count = Math.min(entry.count, most);
  const view = await bytes.at(entry.at, count * size);
  return Array.from({ length: count }, (_, index) => read(view, index * size, little));
}

/**
 * The single whole numbers of the first directory of a TIFF file or an EXIF block, by tag; those of one byte are left out, as browsers do.
 * Rejects like `readTiffDirectory`.
 */
export async function readTiffTags(bytes: HeaderBytes, start = 0): Promise<Map<number, number>> {
  const directory = await readTiffDirectory(bytes, start);
  const singles = directory.entries.filter(({ type, count }) => count === 1 && type !== BYTE && type in READERS);
  const tags = new Map<number, number>();
  for (const { tag, type, at } of singles) {
    const reader = READERS[type];
    if (reader) tags.set(tag, reader.read(await bytes.at(at, reader.size), 0, directory.little));
  }
  return tags;
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
  const directory = await readTiffDirectory(bytes);
  const entry = directory.entries.find(({ tag }) => tag === ORIENTATION_TAG);
  const [value = 1] = await tiffValues(bytes, directory, ORIENTATION_TAG);
  if (entry === undefined || (value >= 1 && value <= 8)) return file;
  const copy = file.slice();
  new DataView(copy.buffer).setUint16(entry.at, 1, directory.little);
  return copy;
}

/** Whether the first picture of a TIFF is stored as JPEG. */
export async function isJpegTiff(bytes: HeaderBytes): Promise<boolean> {
  return JPEG_COMPRESSIONS.includes((await readTiffTags(bytes)).get(COMPRESSION_TAG));
}
