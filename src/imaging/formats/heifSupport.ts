import { unfaithful } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { type CodedColours, isHighRange, isKnown, isLikeSrgb } from '../colours/codedColours.ts';
import { hasHdrTransfer } from '../colours/iccProfile.ts';
import { type FileBox, viewOf } from './heif.ts';
import { alphaOf, type HeifContent, type HeifItem, referredFrom } from './heifItems.ts';

/** How the pixels of a HEIF file are coded. */
export type HeifCoding = 'hevc' | 'av1';

/** What people call such a file. */
export type HeifName = 'AVIF' | 'HEIC';

const CODINGS: Readonly<Record<string, HeifCoding>> = { hvc1: 'hevc', hev1: 'hevc', av01: 'av1' };
/** What programs call the other kinds of pictures. */
const OTHER_CODINGS: Readonly<Record<string, string>> = {
  jpeg: 'JPEG',
  j2k1: 'JPEG 2000',
  avc1: 'H.264',
  vvc1: 'H.266',
  evc1: 'EVC',
  unci: 'ISO/IEC 23001-17',
};
/** Properties that the decoders follow, or that change nothing about what is seen (ISO/IEC 23008-12, AV1-ISOBMFF, AVIF). */
export const PICTURE_PROPERTIES = [
  'hvcC',
  'av1C',
  'ispe',
  'pixi',
  'colr',
  'irot',
  'imir',
  'clap',
  'auxC',
  'pasp',
  'clli',
  'mdcv',
  'cclv',
  'amve',
  'a1lx',
];
const TRANSFORMS = ['clap', 'irot', 'imir'];
/** Matrices from which the decoders make red, green and blue as they should (ITU-T H.273, table 4): none, BT.709, unspecified, BT.601, BT.2020. */
const KNOWN_MATRICES = [0, 1, 2, 5, 6, 9];

/** What colours mean: coded ones, which the decoders pass over, or a profile. Neither is sRGB. */
export interface HeifColours {
  coded?: CodedColours;
  profile?: Uint8Array;
}

/** How the picture is coded. Throws `unsupportedImage` for what is made in a way that no decoder here is known to follow. */
export function codingOf(content: HeifContent, name: HeifName): HeifCoding {
  const { primary, references } = content;
  const parts = primary.kind === 'grid' ? referredFrom(content, primary, 'dimg') : [primary];
  const codings = new Set(parts.map(({ kind }) => CODINGS[kind]));
  const [coding] = codings;
  if (coding === undefined || codings.size > 1) {
    const kind = parts.find((part) => CODINGS[part.kind] === undefined)?.kind ?? '';
    const other = OTHER_CODINGS[kind];
    throw other === undefined ? unusual(name) : unfaithful(name, t('its pixels are coded as {0}', other));
  }
  const alpha = alphaOf(content);
  const isMultiplied = references.some(({ type, from }) => type === 'prem' && from === primary.id);
  const isKnownAlpha = alpha === undefined || alpha.kind === 'grid' || CODINGS[alpha.kind] === coding;
  const pictures = [primary, ...parts, ...(alpha === undefined ? [] : [alpha])];
  const isKnownHow = pictures.every(({ properties }) =>
    properties.every(({ type, isEssential }) => !isEssential || PICTURE_PROPERTIES.includes(type)),
  );
  const areTilesUpright = primary.kind !== 'grid' || parts.every((part) => transformsOf(part).length === 0);
  if (isMultiplied || !isKnownAlpha || !isKnownHow || !areTilesUpright) throw unusual(name);
  return coding;
}

/** How a picture is to be cut, turned and mirrored, in this order of steps. */
export function transformsOf({ properties }: HeifItem): FileBox[] {
  return properties.filter(({ type }) => TRANSFORMS.includes(type));
}

/** True where all of the picture is transformed alike, and decoders can be trusted with it: they refuse some crops, and leave the alpha as it is. */
export function isSimplyTransformed(content: HeifContent): boolean {
  const own = transformsOf(content.primary);
  if (own.some(({ type }) => type === 'clap')) return false;
  const alpha = alphaOf(content);
  if (alpha === undefined) return true;
  const words = (boxes: FileBox[]) => boxes.map(({ type, start, end }) => `${type} ${content.bytes.subarray(start, end).join(' ')}`).join();
  return words(transformsOf(alpha)) === words(own);
}

/**
 * What the colours mean. Rejects with `unsupportedImage` where they cannot be brought to sRGB. `byPixels`: what the coded pixels themselves say, for want of more.
 */
export async function coloursOf(content: HeifContent, name: HeifName, byPixels?: CodedColours & { matrix: number }): Promise<HeifColours> {
  const { bytes, primary } = content;
  const kind = ({ start }: FileBox) => String.fromCharCode(...bytes.subarray(start, start + 4));
  const own = primary.properties.filter(({ type }) => type === 'colr');
  // Those of a grid may stand with its tiles.
  const [tile] = primary.kind === 'grid' && own.length === 0 ? referredFrom(content, primary, 'dimg') : [];
  const colours = tile?.properties.filter(({ type }) => type === 'colr') ?? own;
  const nclx = colours.find((box) => kind(box) === 'nclx');
  const icc = colours.find((box) => ['prof', 'rICC'].includes(kind(box)));
  const coded = nclx === undefined ? byPixels : codedAt(bytes, nclx.start + 4);
  const isConvertible =
    coded === undefined || (KNOWN_MATRICES.includes(coded.matrix) && (icc === undefined ? isKnown(coded) : !isHighRange(coded)));
  const profile = icc === undefined ? undefined : bytes.subarray(icc.start + 4, icc.end);
  if (!isConvertible || (profile !== undefined && (await isHighRangeProfile(profile))))
    throw unfaithful(name, t('its colors cannot be converted'));
  if (profile !== undefined) return { profile };
  return coded === undefined || isLikeSrgb(coded) ? {} : { coded };
}

function codedAt(bytes: Uint8Array, at: number): CodedColours & { matrix: number } {
  const view = viewOf(bytes);
  return { primaries: view.getUint16(at), transfer: view.getUint16(at + 2), matrix: view.getUint16(at + 4) };
}

/** Bytes in which a profile has its table of tags, and mostly its name. */
const PROFILE_START = 2048;

/** High dynamic range shows in coding points, or just by the name of the profile: its curves alone lead to a picture that is far too dark. */
async function isHighRangeProfile(profile: Uint8Array): Promise<boolean> {
  const view = viewOf(profile);
  const read = async (from: number, length: number) => new DataView(view.buffer, view.byteOffset + from, length);
  const words = new TextDecoder('latin1').decode(profile.subarray(0, PROFILE_START)).replaceAll('\0', '');
  return /BT\.?2100|Rec\.? ?2100|\bPQ\b|\bHLG\b|ST ?2084/.test(words) || (await hasHdrTransfer(read, profile.length));
}

function unusual(name: HeifName): Error {
  return unfaithful(name, t('it is put together in an unusual way'));
}
