import { unfaithful } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { hasHdrTransfer } from '../colours/iccProfile.ts';
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
interface TiffEntry {
  tag: number;
  /** Of its values. */
  type: number;
  count: number;
  /** Where in the file its values are. */
  at: number;
}

/** The first directory of a TIFF file or an EXIF block. */
interface TiffDirectory {
  entries: readonly TiffEntry[];
  little: boolean;
  /** Whether another one follows. */
  hasNext: boolean;
}

/**
 * The first directory of a TIFF file or an EXIF block. `start`: where it begins; its offsets count from there.
 * Rejects with RangeError when it does not begin as one or an offset leads beyond the end.
 */
async function readTiffDirectory(bytes: HeaderBytes, start = 0): Promise<TiffDirectory> {
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
async function tiffValues(bytes: HeaderBytes, { entries, little }: TiffDirectory, tag: number, most = 16): Promise<number[]> {
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

/** Tags that say how the pixels are stored (TIFF 6.0, part 1 and 2; 339: section 19). */
const TAGS = {
  subfile: 254,
  bits: 258,
  compression: 259,
  photometric: 262,
  samples: 277,
  planar: 284,
  faxOptions3: 292,
  faxOptions4: 293,
  predictor: 317,
  tileWidth: 322,
  inks: 332,
  extra: 338,
  format: 339,
  profile: 34675,
} as const;

/** Meanings of colours, by tag 262. */
const GREY = [0, 1];
const RGB = 2;
const PALETTE = 3;
const CMYK = 5;
const YCBCR = 6;

/** Ways of compression, by tag 259. */
const PLAIN = 1;
const FAX = [2, 3, 4];
const LZW = 5;
const JPEG = 7;
const DEFLATE = [8, 32946];
const PACK_BITS = 32773;
/** Names of others, as programs that write them call them. */
const NAMES: Readonly<Record<number, string>> = {
  6: 'old JPEG',
  34661: 'JBIG',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

interface Kind {
  compression: number;
  photometric: number;
  samples: number;
  /** Of each sample; undefined where they differ. */
  bits: number | undefined;
  /** Whole numbers without sign, if 1. */
  format: number | undefined;
  planes: boolean;
  tiles: boolean;
  predictor: number;
  /** What samples beyond the colours are: 1 and 2 alpha. */
  extra: readonly number[];
  inks: number;
  faxOptions: number;
  isPreview: boolean;
  isMask: boolean;
}

/**
 * Lets through what the pixel library decodes as other programs do, which `tiffKinds.test.ts` tries; all else is refused with `unsupportedImage`.
 * Rejects with RangeError when a tag leads beyond the end.
 */
export async function assertKnownTiff(bytes: HeaderBytes): Promise<void> {
  const directory = await readTiffDirectory(bytes);
  const flaw = flawOf(await kindOf(bytes, directory));
  if (flaw !== undefined) throw unfaithful('TIFF', flaw);
  const profile = directory.entries.find(({ tag }) => tag === TAGS.profile);
  if (profile !== undefined && (await hasHdrTransfer((from, length) => bytes.at(profile.at + from, length), profile.count)))
    throw unfaithful('TIFF', t('it is in high dynamic range'));
}

async function kindOf(bytes: HeaderBytes, directory: TiffDirectory): Promise<Kind> {
  const values = (tag: number) => tiffValues(bytes, directory, tag);
  const value = async (tag: number, byDefault: number) => (await values(tag))[0] ?? byDefault;
  const subfile = await value(TAGS.subfile, 0);
  const [onlyBits, ...differing] = new Set(await values(TAGS.bits));
  const [onlyFormat, ...otherFormats] = new Set(await values(TAGS.format));
  return {
    compression: await value(TAGS.compression, PLAIN),
    photometric: await value(TAGS.photometric, Number.NaN),
    samples: await value(TAGS.samples, 1),
    bits: differing.length > 0 ? undefined : (onlyBits ?? 1),
    format: otherFormats.length > 0 ? undefined : (onlyFormat ?? 1),
    planes: (await value(TAGS.planar, 1)) !== 1,
    tiles: (await values(TAGS.tileWidth)).length > 0,
    predictor: await value(TAGS.predictor, 1),
    extra: await values(TAGS.extra),
    inks: await value(TAGS.inks, 1),
    faxOptions: (await value(TAGS.faxOptions3, 0)) | (await value(TAGS.faxOptions4, 0)),
    // Raw photos of cameras begin with a small copy; the photo itself is in a directory of its own.
    isPreview: (subfile & 1) !== 0 && directory.hasNext,
    isMask: (subfile & 4) !== 0,
  };
}

/** What of a picture is not sure to come out right, for people; undefined if all is. */
function flawOf(kind: Kind): string | undefined {
  const { compression, photometric, samples, bits, format, planes, tiles, predictor, extra, faxOptions } = kind;
  if (kind.isPreview) return t('its first picture is only a preview');
  if (kind.isMask || photometric === 4) return t('its first picture is a mask');
  if (format === 3) return t('its samples are in floating point');
  if (format === 2) return t('its samples have a sign');
  if (format !== 1 || bits === undefined) return t('its samples are of several kinds');

  const colours = colourSamples(kind);
  if (colours === undefined) return t('its colors are in {0}', colourName(photometric));
  const further = samples - colours;
  if (further !== extra.length && !(further === 0 && samples <= 3)) return t('it has {0} samples a pixel', samples);
  const alphaFits = further === 0 || (further === 1 && extra.every((what) => what === 1 || what === 2) && canHaveAlpha(kind));
  if (!alphaFits) return t('it has {0} samples a pixel', samples);
  if (!bitsOf(kind).includes(bits)) return t('it has {0} bits a sample', bits);

  const isKnown = [PLAIN, LZW, ...DEFLATE, PACK_BITS, ...FAX, JPEG].includes(compression);
  const isFax = FAX.includes(compression);
  const hasUncompressed = isFax && (faxOptions & 2) !== 0;
  if (!isKnown || hasUncompressed) return t('its compression is {0}', NAMES[compression] ?? String(compression));
  if (planes && tiles) return t('it has a plane of tiles for each color');
  // Of grey and alpha in planes the decoder mixes up the rows.
  if (planes && (compression === JPEG || samples === 2)) return t('it has a plane for each color');
  const canPredict = bits >= 8 && (compression === LZW || DEFLATE.includes(compression));
  if (predictor !== 1 && !(predictor === 2 && canPredict)) return t('it stores differences in way {0}', predictor);
  return undefined;
}

/** Samples that the colours of a pixel take; undefined for colours that are not known, or not in this way of compression. */
function colourSamples({ photometric, compression, inks }: Kind): number | undefined {
  if (GREY.includes(photometric) || photometric === PALETTE) return 1;
  if (photometric === RGB) return 3;
  if (photometric === YCBCR) return compression === JPEG ? 3 : undefined;
  if (photometric === CMYK) return inks === 1 && compression !== JPEG ? 4 : undefined;
  return undefined;
}

function canHaveAlpha({ photometric, compression }: Kind): boolean {
  return compression !== JPEG && (GREY.includes(photometric) || photometric === RGB);
}

/** The bits of a sample that are decoded right. */
function bitsOf({ photometric, compression, samples }: Kind): readonly number[] {
  if (FAX.includes(compression)) return GREY.includes(photometric) && samples === 1 ? [1] : [];
  if (compression === JPEG || photometric === CMYK) return photometric === PALETTE ? [] : [8];
  if (photometric === PALETTE) return [1, 2, 4, 8];
  return GREY.includes(photometric) && samples === 1 ? [1, 2, 4, 8, 16] : [8, 16];
}

function colourName(photometric: number): string {
  const names: Readonly<Record<number, string>> = {
    5: 'CMYK',
    6: 'YCbCr',
    8: 'CIELab',
    9: 'ICCLab',
    10: 'ITULab',
    32803: 'CFA',
    32844: 'LogL',
    32845: 'LogLuv',
    34892: 'LinearRaw',
  };
  return names[photometric] ?? String(photometric);
}
