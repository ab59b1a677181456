import { unfaithful } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { HeaderBytes } from '../reading/headerBytes.ts';
import { hasHdrTransfer } from './iccProfile.ts';
import { readTiffDirectory, type TiffDirectory, tiffValues } from './tiffHeader.ts';

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
