import type { OutputInfo, Sharp } from 'sharp';
import { InspectorError, unreadable } from '../core/failure.ts';
import type { Size } from '../core/geometry.ts';
import { t } from '../core/l10n.ts';
import { decodeBmp } from './bmpPixels.ts';
import { memorySource } from './byteSource.ts';
import { ByteWindow } from './byteWindow.ts';
import { HeaderBytes } from './headerBytes.ts';
import { decodeHeif } from './heifPixels.ts';
import type { ImageType } from './imageType.ts';
import { type PixelFile, pixelFile } from './pixelFile.ts';
import type { ImageHeader } from './probe.ts';
import { wasmSharp } from './sharpWasm.ts';
import { drawSvg } from './svgPixels.ts';
import { isJpegTiff, withProperOrientation } from './tiffHeader.ts';
import { isLosslessWebp } from './webpStructure.ts';

/** A picture encoded anew: upright, 8 bits, sRGB, without metadata. */
export interface Rendered {
  bytes: Uint8Array;
  mimeType: Extract<ImageType, 'image/png' | 'image/jpeg' | 'image/webp'>;
  size: Size;
}

export interface RenderOptions {
  /** In pixels; the upright picture is scaled to it. */
  size: Size;
  /** True to show what can be seen of a file that is incomplete or damaged. */
  tolerant: boolean;
}

const QUALITY = 90;
/** TIFF and WEBP may be either. */
const LOSSLESS: readonly ImageType[] = ['image/png', 'image/gif', 'image/bmp', 'image/svg+xml'];

/**
 * Decodes the first picture of a file, turns it upright, scales it and encodes it: without loss where the file was without loss.
 * Rejects with `unreadableImage` when it cannot be decoded.
 */
export async function render(header: ImageHeader, bytes: Uint8Array, { size, tolerant }: RenderOptions): Promise<Rendered> {
  try {
    const sharp = await wasmSharp();
    const { file, isOpaque = false } = await decodable(header, bytes, size);
    const open = () => sharp(file, { failOn: tolerant ? 'none' : 'error', limitInputPixels: false });
    const { hasAlpha, autoOrient } = await open().metadata();
    // The drawing of an SVG has its final size already; of all else the header must have told the truth, or places in the picture would be wrong.
    const drawn = header.mimeType === 'image/svg+xml' ? autoOrient : header.upright;
    if (autoOrient.width !== drawn.width || autoOrient.height !== drawn.height) throw new Error('a header that does not fit its picture');
    const upright = isOpaque ? open().autoOrient().removeAlpha() : open().autoOrient();
    const target = header.mimeType === 'image/svg+xml' ? drawn : size;
    const isScaled = target.width !== drawn.width || target.height !== drawn.height;
    const scaled = isScaled ? upright.resize({ ...target, fit: 'fill' }) : upright;
    return await encode(scaled, { isLossless: await isLossless(header.mimeType, bytes), hasAlpha: hasAlpha && !isOpaque });
  } catch (error) {
    throw error instanceof InspectorError ? error : unreadable(t('Its pixels cannot be decoded.'), error);
  }
}

/** What the pixel library can read: the file itself, or its pixels decoded elsewhere, of which it is known whether any is transparent. */
async function decodable(
  { mimeType, upright }: ImageHeader,
  bytes: Uint8Array,
  size: Size,
): Promise<{ file: Uint8Array; isOpaque?: boolean }> {
  switch (mimeType) {
    case 'image/heic':
    case 'image/heif':
      return withOpacity(await decodeHeif(bytes));
    case 'image/bmp': {
      const decoded = pixelFile(upright);
      decodeBmp(bytes, upright, decoded.pixels);
      return withOpacity(decoded);
    }
    case 'image/svg+xml':
      return { file: await drawSvg(bytes, size) };
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
  return { bytes: data, mimeType, size: { width: info.width, height: info.height } };
}
