import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isSrgb } from '../colours/srgbProfile.ts';
import { readJpegHeader } from '../formats/jpeg.ts';
import { jpegStructure } from '../formats/jpegStructure.ts';
import type { Raster } from '../png/raster.ts';
import { type ByteSource, readWhole } from '../reading/byteSource.ts';
import { ByteWindow } from '../reading/byteWindow.ts';
import { HeaderBytes } from '../reading/headerBytes.ts';

const PACKAGE = '@cornerstonejs/codec-libjpeg-turbo-8bit';
/** Larger ones are better decoded piece by piece, as the pixel library does: here they lie in memory twice for a moment. */
const MOST_PIXELS = 64e6;

type Decoders = Awaited<ReturnType<typeof load>>;

let loading: Promise<Decoders> | undefined;

async function load() {
  const [{ default: start }, wasmBinary] = await Promise.all([
    import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs'),
    readFile(createRequire(import.meta.url).resolve(`${PACKAGE}/decodewasm`)),
  ]);
  // What it warns of is no business of the console.
  return start({ wasmBinary, printErr: () => undefined });
}

/**
 * The pixels of a JPEG of the usual kind: grey or of three colors, in sRGB, whole and sound, as stored. Undefined for all others: they are left to the pixel
 * library, which makes the same of them, but takes as long to load as to decode a photo.
 */
export async function readPlainJpeg(source: ByteSource): Promise<Raster | undefined> {
  if (!(await isPlain(source))) return undefined;
  const file = await readWhole(source);
  try {
    loading ??= load();
    const { JPEGDecoder } = await loading;
    const decoder = new JPEGDecoder();
    decoder.getEncodedBuffer(file.length).set(file);
    decoder.decode();
    const { width, height, componentCount } = decoder.getFrameInfo();
    // Out of its memory, which is used anew for the next.
    const pixels = decoder.getDecodedBuffer();
    const data = componentCount === 1 ? colours(pixels) : new Uint8Array(pixels);
    decoder.delete();
    return data.length === width * height * 3 ? { data, size: { width, height }, channels: 3 } : undefined;
  } catch {
    // Whether it is of use afterwards nobody knows.
    loading = undefined;
    return undefined;
  }
}

async function isPlain(source: ByteSource): Promise<boolean> {
  const bytes = await HeaderBytes.open(source);
  const { stored, components, profile } = await readJpegHeader(bytes);
  if (components === 4 || stored.width * stored.height > MOST_PIXELS) return false;
  if (profile !== undefined) {
    const { buffer, byteOffset, byteLength } = await bytes.at(profile.at, profile.length);
    if (!isSrgb(new Uint8Array(buffer, byteOffset, byteLength))) return false;
  }
  const { bare, mended, problem } = await jpegStructure(new ByteWindow(source));
  return bare !== undefined && mended === undefined && problem === undefined;
}

/** Red, green and blue of grey pixels. */
function colours(grey: Uint8Array): Uint8Array {
  const data = new Uint8Array(grey.length * 3);
  for (let pixel = 0; pixel < grey.length; pixel++) data.fill(grey[pixel] as number, pixel * 3, pixel * 3 + 3);
  return data;
}
