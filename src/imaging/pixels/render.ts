import type { OutputInfo, Sharp } from 'sharp';
import { InspectorError, unreadable } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import type { SendPlan } from '../../core/request/sentSize.ts';
import { isSrgb } from '../colours/srgbProfile.ts';
import { readBmpHeader } from '../formats/bmp.ts';
import type { ImageType } from '../formats/imageType.ts';
import { unusualGamma } from '../formats/png.ts';
import type { ImageHeader } from '../formats/probe.ts';
import { isJpegTiff, withProperOrientation } from '../formats/tiff.ts';
import { isLosslessWebp } from '../formats/webp.ts';
import { memorySource } from '../reading/byteSource.ts';
import { ByteWindow } from '../reading/byteWindow.ts';
import { HeaderBytes } from '../reading/headerBytes.ts';
import { decodeBmp } from './bmpPixels.ts';
import { withoutInks } from './cmykPixels.ts';
import { withUsualGamma } from './gammaPixels.ts';
import { decodeHeif } from './heifPixels.ts';
import { type PixelFile, pixelFile } from './pixelFile.ts';
import { ownBytes, wasmSharp } from './sharpWasm.ts';
import { drawSvg } from './svgPixels.ts';

/** A picture encoded anew: upright, 8 bits, sRGB, without metadata. */
export interface Rendered {
  bytes: Uint8Array;
  mimeType: Extract<ImageType, 'image/png' | 'image/jpeg' | 'image/webp'>;
  size: Size;
}

export interface RenderOptions {
  plan: SendPlan;
  /** What is blacked out, in whole pixels of the plan's canvas. */
  black: readonly Box[];
  /** True to show what can be seen of a file that is incomplete or damaged. */
  tolerant: boolean;
}

const QUALITY = 90;
/** TIFF and WEBP may be either. */
const LOSSLESS: readonly ImageType[] = ['image/png', 'image/gif', 'image/bmp', 'image/svg+xml'];

/**
 * Decodes the first picture of a file, turns it upright, blacks out, cuts, scales and encodes it: without loss where the file was without loss.
 * Rejects with `unreadableImage` when it cannot be decoded.
 */
export async function render(header: ImageHeader, bytes: Uint8Array, { plan, black, tolerant }: RenderOptions): Promise<Rendered> {
  try {
    const { canvas, cut, size } = plan;
    const { picture, hasAlpha } = await uprightPicture(header, bytes, { canvas, tolerant });
    const shown = black.length === 0 ? picture : await blackedOut(picture, black);
    const isCut = cut.width !== canvas.width || cut.height !== canvas.height;
    const part = isCut ? shown.extract({ left: cut.x, top: cut.y, width: cut.width, height: cut.height }) : shown;
    const isScaled = size.width !== cut.width || size.height !== cut.height;
    const scaled = isScaled ? part.resize({ ...size, fit: 'fill', kernel: 'lanczos3' }) : part;
    return await encode(scaled, { isLossless: await isLossless(header.mimeType, bytes), hasAlpha });
  } catch (error) {
    throw undecodable(error);
  }
}

/** The picture with some of its pixels made opaque black, before anything is scaled: nothing of them is left that could shine through at the edges. */
async function blackedOut(picture: Sharp, black: readonly Box[]): Promise<Sharp> {
  const sharp = await wasmSharp();
  const { data, info } = await picture.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const hasAlpha = channels === 2 || channels === 4;
  for (const area of black) {
    for (let y = area.y; y < area.y + area.height; y++) {
      const from = (y * width + area.x) * channels;
      const to = from + area.width * channels;
      data.fill(0, from, to);
      if (hasAlpha) for (let at = from + channels - 1; at < to; at += channels) data[at] = 255;
    }
  }
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/**
 * Opens the first picture of a file, to be turned upright when its pixels are asked for. `canvas`: its upright size, in which an SVG is drawn.
 * Rejects with errors of decoders: see `undecodable`.
 */
export async function uprightPicture(
  header: ImageHeader,
  bytes: Uint8Array,
  { canvas, tolerant }: { canvas: Size; tolerant: boolean },
): Promise<{ picture: Sharp; hasAlpha: boolean }> {
  const sharp = await wasmSharp();
  const { file, isOpaque = false } = await decodable(header, bytes, canvas);
  const options = { failOn: tolerant ? 'none' : 'error', limitInputPixels: false } as const;
  const { hasAlpha, autoOrient, space, hasProfile, icc } = await sharp(file, options).metadata();
  // To convert colors to what they are already takes longer than to decode them.
  const ignoreIcc = icc !== undefined && isSrgb(icc);
  const open = () => sharp(file, { ...options, ignoreIcc });
  const fits = autoOrient.width === canvas.width && autoOrient.height === canvas.height;
  // A drawing may be off by the rounding of its sides; of all else the header must have told the truth, or places in the picture would be wrong.
  const isDrawing = header.mimeType === 'image/svg+xml';
  if (!fits && !isDrawing) throw new Error('a header that does not fit its picture');
  if (fits && space === 'cmyk' && !hasProfile) {
    const picture = sharp(await withoutInks(open().autoOrient(), canvas), options).removeAlpha();
    return { picture, hasAlpha: false };
  }
  const gamma = header.mimeType === 'image/png' ? await unusualGamma(await HeaderBytes.open(memorySource(bytes))) : undefined;
  if (gamma !== undefined) return { picture: await withUsualGamma(open().autoOrient(), gamma), hasAlpha };
  const asShown = fits ? open().autoOrient() : open().resize({ ...canvas, fit: 'fill' });
  return { picture: isOpaque ? asShown.removeAlpha() : asShown, hasAlpha: hasAlpha && !isOpaque };
}

/** What a decoder throws, as a failure for people. */
export function undecodable(error: unknown): InspectorError {
  return error instanceof InspectorError ? error : unreadable(t('Its pixels cannot be decoded.'), error);
}

/** What the pixel library can read: the file itself, or its pixels decoded elsewhere, of which it is known whether any is transparent. */
async function decodable(
  { mimeType, upright }: ImageHeader,
  bytes: Uint8Array,
  canvas: Size,
): Promise<{ file: Uint8Array; isOpaque?: boolean }> {
  switch (mimeType) {
    case 'image/heic':
    case 'image/heif':
    case 'image/avif': {
      const decoded = await decodeHeif(bytes, mimeType === 'image/avif' ? 'AVIF' : 'HEIC');
      return 'pixels' in decoded ? withOpacity(decoded) : decoded;
    }
    case 'image/bmp': {
      const bitmap = await readBmpHeader(await HeaderBytes.open(memorySource(bytes)));
      const { at = 0, length = 0 } = bitmap.profile ?? {};
      const decoded = pixelFile(upright, bytes.subarray(at, at + length));
      decodeBmp(bytes, bitmap, upright, decoded.pixels);
      return withOpacity(decoded);
    }
    case 'image/svg+xml':
      return { file: await drawSvg(bytes, canvas) };
    case 'image/tiff':
      return { file: await withProperOrientation(bytes, await HeaderBytes.open(memorySource(bytes))) };
    default:
      return { file: bytes };
  }
}

function withOpacity({ file, pixels }: PixelFile): { file: Uint8Array; isOpaque: boolean } {
  let alpha = 255;
  for (let at = 3; at < pixels.length; at += 4) alpha &= pixels[at] as number;
  return { file, isOpaque: alpha === 255 };
}

async function isLossless(mimeType: ImageType, bytes: Uint8Array): Promise<boolean> {
  if (mimeType === 'image/tiff') return !(await isJpegTiff(await HeaderBytes.open(memorySource(bytes))));
  if (mimeType === 'image/webp') return isLosslessWebp(new ByteWindow(memorySource(bytes)));
  return LOSSLESS.includes(mimeType);
}

async function encode(picture: Sharp, { isLossless, hasAlpha }: { isLossless: boolean; hasAlpha: boolean }): Promise<Rendered> {
  const [mimeType, encoded]: [Rendered['mimeType'], Sharp] = isLossless
    ? ['image/png', picture.png()]
    : hasAlpha
      ? ['image/webp', picture.webp({ quality: QUALITY })]
      : ['image/jpeg', picture.jpeg({ quality: QUALITY, optimizeCoding: false })];
  const { data, info }: { data: Uint8Array; info: OutputInfo } = await encoded.toBuffer({ resolveWithObject: true });
  return { bytes: ownBytes(data), mimeType, size: { width: info.width, height: info.height } };
}
