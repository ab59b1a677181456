import { unfaithful } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { hasHdrTransfer } from '../colours/iccProfile.ts';
import type { HeaderBytes } from '../reading/headerBytes.ts';

/** Ways of storing pixels: plain, in runs of 8 or 4 bits, by masks of colour bits. */
const PLAIN = 0;
export const RUNS_8 = 1;
export const RUNS_4 = 2;
const MASKS = 3;
const MASKS_WITH_ALPHA = 6;
const NAMES: Readonly<Record<number, string>> = { 4: 'JPEG', 5: 'PNG', 11: 'CMYK', 12: 'CMYK', 13: 'CMYK' };

/** Bytes of the headers that there are: the oldest, that of OS/2, and those of Windows. */
const OLDEST = 12;
const OS2 = 64;
const HEADERS = [OLDEST, OS2, 40, 52, 56, 108, 124];
/** Bytes in front of the header. */
const FILE_HEADER = 14;
/** Where the masks are in the file, behind or within the header. */
const MASKS_AT = FILE_HEADER + 40;
/** Of the newest header: how colours are meant, by letters backwards, and where from its beginning a profile of them is. */
const COLOUR_SPACE_AT = FILE_HEADER + 56;
const EMBEDDED = 0x4d42_4544; // MBED
const PROFILE_AT = FILE_HEADER + 112;
/** Pixels of a run at most, by its bytes: a file that has fewer runs than its pixels take leaves most of them out. */
const PIXELS_OF_A_BYTE = 255 / 2;
const HUGE = 50e6;

/** What stands before the pixels of a bitmap. */
export interface BmpHeader {
  bits: number;
  storage: number;
  headerSize: number;
  fromTop: boolean;
  /** Where the pixels begin. */
  start: number;
  /** Entries of the palette. */
  colours: number;
  /** Of red, green, blue and alpha in pixels of 16 or 32 bits; 0 without one. */
  masks: readonly number[];
  /** The profile of the colours, if there is one. */
  profile: { at: number; length: number } | undefined;
}

/** Reads the header. Rejects with RangeError when the file ends before. */
export async function readBmpHeader(bytes: HeaderBytes): Promise<BmpHeader> {
  const long = async (at: number) => (await bytes.at(at, 4)).getUint32(0, true);
  const headerSize = await long(14);
  const isOld = headerSize === OLDEST;
  const bits = (await bytes.at(isOld ? 24 : 28, 2)).getUint16(0, true);
  const storage = isOld ? PLAIN : await long(30);
  const most = 2 ** Math.min(bits, 8);
  const hasProfile = headerSize >= 124 && (await long(COLOUR_SPACE_AT)) === EMBEDDED;
  return {
    bits,
    storage,
    headerSize,
    fromTop: !isOld && (await long(22)) >= 2 ** 31,
    start: await long(10),
    colours: isOld ? most : Math.min((await long(46)) || most, most),
    masks: bits === 16 || bits === 32 ? await masksOf({ bits, storage, headerSize }, async (index) => long(MASKS_AT + index * 4)) : [],
    profile: hasProfile ? { at: FILE_HEADER + (await long(PROFILE_AT)), length: await long(PROFILE_AT + 4) } : undefined,
  };
}

async function masksOf(
  { bits, storage, headerSize }: Pick<BmpHeader, 'bits' | 'storage' | 'headerSize'>,
  mask: (index: number) => Promise<number>,
): Promise<number[]> {
  const isPlain = storage === PLAIN;
  const byDefault = bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
  const colours = isPlain ? byDefault : await Promise.all([0, 1, 2].map(mask));
  // Pixels that say nothing of masks have alpha all the same where one of the newer headers gives a mask for it.
  const hasAlpha = isPlain ? bits === 32 && headerSize >= 108 : storage === MASKS_WITH_ALPHA || (headerSize >= 56 && headerSize !== OS2);
  return [...colours, hasAlpha ? await mask(3) : 0];
}

/** Lets through what is decoded as browsers do; all else is refused with `unsupportedImage`. `size`: in pixels. */
export async function assertKnownBmp(header: BmpHeader, size: { width: number; height: number }, bytes: HeaderBytes): Promise<void> {
  const flaw = flawOf(header) ?? (leavesOut(header, size, bytes.size) ? t('it leaves out most of its pixels') : undefined);
  if (flaw !== undefined) throw unfaithful('BMP', flaw);
  const { profile } = header;
  if (profile !== undefined && (await hasHdrTransfer((from, length) => bytes.at(profile.at + from, length), profile.length)))
    throw unfaithful('BMP', t('it is in high dynamic range'));
}

function flawOf({ bits, storage, headerSize, start, masks }: BmpHeader): string | undefined {
  if (!HEADERS.includes(headerSize)) return t('its header has {0} bytes', headerSize);
  if (start < FILE_HEADER + headerSize) return t('its pixels begin within its header');
  const depths: Readonly<Record<number, readonly number[]>> = {
    [PLAIN]: headerSize === OLDEST ? [1, 4, 8, 24] : [1, 2, 4, 8, 16, 24, 32],
    [RUNS_8]: [8],
    [RUNS_4]: [4],
    // In that of OS/2 the same numbers stand for other ways.
    [MASKS]: headerSize === OS2 ? [] : [16, 32],
    [MASKS_WITH_ALPHA]: headerSize === OS2 ? [] : [16, 32],
  };
  const known = depths[storage];
  if (known === undefined) return t('its compression is {0}', (headerSize === OS2 ? undefined : NAMES[storage]) ?? String(storage));
  if (!known.includes(bits)) return t('it has {0} bits a pixel in way {1}', bits, storage);
  if (!masks.every(isContiguous)) return t('the bits of its colors are scattered');
  return undefined;
}

function isContiguous(mask: number): boolean {
  if (mask === 0) return true;
  const bits = mask >>> (31 - Math.clz32(mask & -mask));
  return Number.isInteger(Math.log2(bits + 1));
}

function leavesOut({ storage, start }: BmpHeader, { width, height }: { width: number; height: number }, fileSize: number): boolean {
  const isInRuns = storage === RUNS_8 || storage === RUNS_4;
  return isInRuns && width * height > Math.max(HUGE, (fileSize - start) * PIXELS_OF_A_BYTE);
}
