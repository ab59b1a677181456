import { primaryProperties } from './bmff.ts';
import { copyPart, withoutCrop } from './heifCrop.ts';
import { type PixelFile, pixelFile } from './pixelFile.ts';
import { wasmSharp } from './sharpWasm.ts';

/** Display P3 in the numbers of ISO/IEC 23091-2. */
const P3_PRIMARIES = 12;

/** Decodes the primary picture of a HEIC or HEIF file, upright, its colours explained. Throws Error when it cannot be decoded. */
export async function decodeHeif(bytes: Uint8Array): Promise<PixelFile> {
  const { default: libheif } = await import('libheif-js/wasm-bundle.js');
  const cropped = withoutCrop(bytes);
  const images = new libheif.HeifDecoder().decode(cropped?.file ?? bytes);
  const image = images.find((candidate) => candidate.is_primary());
  if (image === undefined) throw new Error('no primary picture');
  const size = { width: image.get_width(), height: image.get_height() };
  const decoded = pixelFile(size, await colourProfile(bytes));
  const done = await new Promise((resolve) => image.display({ data: decoded.pixels, ...size }, resolve));
  for (const each of images) each.free();
  if (done === null) throw new Error('the picture cannot be decoded');
  if (cropped === undefined) return decoded;
  const part = pixelFile(cropped.crop, await colourProfile(bytes));
  copyPart(decoded.pixels, size, cropped.crop, part.pixels);
  return part;
}

/** What the file says about the meaning of its colours; undefined for sRGB and what is treated as such. */
async function colourProfile(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const colours = primaryProperties(bytes).filter(({ type }) => type === 'colr');
  const kind = (start: number) => String.fromCharCode(...bytes.subarray(start, start + 4));
  const profile = colours.find(({ start }) => ['prof', 'rICC'].includes(kind(start)));
  if (profile !== undefined) return bytes.subarray(profile.start + 4, profile.end);
  const isP3 = colours.some(({ start }) => kind(start) === 'nclx' && view.getUint16(start + 4) === P3_PRIMARIES);
  return isP3 ? p3Profile() : undefined;
}

async function p3Profile(): Promise<Uint8Array | undefined> {
  const sharp = await wasmSharp();
  const dot = sharp({ create: { width: 1, height: 1, channels: 3, background: 'black' } });
  const { icc } = await sharp(await dot.withIccProfile('p3').png().toBuffer()).metadata();
  return icc;
}
