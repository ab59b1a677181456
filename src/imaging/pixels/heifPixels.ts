import type { Size } from '../../core/base/geometry.ts';
import { type CodedColours, toSrgb } from '../colours/codedColours.ts';
import { av1Colours } from '../formats/av1Colours.ts';
import { type HeifContent, readHeifContent } from '../formats/heifItems.ts';
import { asAvif, assertStartsWithStill } from '../formats/heifSequence.ts';
import { codingOf, coloursOf, type HeifColours, type HeifName, isSimplyTransformed } from '../formats/heifSupport.ts';
import { transformed, withoutTransforms } from '../formats/heifTransforms.ts';
import { type PixelFile, pixelFile } from './pixelFile.ts';
import { ownBytes, wasmSharp } from './sharpWasm.ts';

/**
 * The primary picture of a HEIF or AVIF file in a form that the pixel library reads, upright, its colors explained: the file itself, or its pixels. Throws
 * `unsupportedImage` for what cannot be decoded faithfully, Error for what cannot be decoded.
 */
export async function decodeHeif(bytes: Uint8Array, name: HeifName): Promise<PixelFile | { file: Uint8Array }> {
  const content = readHeifContent(bytes);
  const coding = codingOf(content, name);
  const colours = await coloursOf(content, name, coding === 'av1' ? av1Colours(content) : undefined);
  const isSimple = isSimplyTransformed(content);
  if (coding === 'av1') assertStartsWithStill(content);
  if (coding === 'av1' && isSimple && colours.coded === undefined) return { file: asAvif(bytes) };
  const file = isSimple ? bytes : withoutTransforms(content);
  return coding === 'av1'
    ? av1Pixels(asAvif(file), content, { isSimple, ...colours })
    : hevcPixels(file, content, { isSimple, ...colours });
}

interface Reading extends HeifColours {
  /** True where the decoder turns the picture. */
  isSimple: boolean;
}

async function av1Pixels(file: Uint8Array, content: HeifContent, { isSimple, coded }: Reading): Promise<PixelFile> {
  const sharp = await wasmSharp();
  // A profile is applied on the way, unless the colours are told by more than that.
  const { data, info } = await sharp(file, { limitInputPixels: false, ignoreIcc: coded !== undefined })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return finished({ pixels: ownBytes(data), size: { width: info.width, height: info.height } }, content, { isSimple, coded });
}

async function hevcPixels(file: Uint8Array, content: HeifContent, { isSimple, coded, profile }: Reading): Promise<PixelFile> {
  const { default: libheif } = await import('libheif-js/wasm-bundle.js');
  const decoder = new libheif.HeifDecoder();
  const images = decoder.decode(file);
  try {
    const image = images.find((candidate) => candidate.is_primary());
    if (image === undefined) throw new Error('no primary picture');
    const size = { width: image.get_width(), height: image.get_height() };
    const result = isSimple ? pixelFile(size, profile) : undefined;
    const pixels = result?.pixels ?? new Uint8Array(size.width * size.height * 4);
    const done = await new Promise((resolve) => image.display({ data: pixels, ...size }, resolve));
    if (done === null) throw new Error('the picture cannot be decoded');
    if (result === undefined) return finished({ pixels, size }, content, { isSimple, coded, profile });
    if (coded !== undefined) toSrgb(pixels, coded);
    return result;
  } finally {
    for (const each of images) each.free();
    // Never given back otherwise: neither by the images nor by the decoder.
    if (decoder.decoder !== null) libheif.heif_context_free(decoder.decoder);
  }
}

/** Decoded pixels, upright and of known colours. */
function finished(
  decoded: { pixels: Uint8Array; size: Size },
  content: HeifContent,
  { isSimple, coded, profile }: { isSimple: boolean; coded: CodedColours | undefined; profile?: Uint8Array | undefined },
): PixelFile {
  const { pixels, size } = isSimple ? decoded : transformed(decoded.pixels, decoded.size, content);
  if (coded !== undefined) toSrgb(pixels, coded);
  const result = pixelFile(size, profile);
  result.pixels.set(pixels);
  return result;
}
