import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isSrgb } from '../colours/srgbProfile.ts';
import { readJpegHeader } from '../formats/jpeg.ts';
import { jpegStructure } from '../formats/jpegStructure.ts';
import type { Raster } from '../png/raster.ts';
import { type ByteSource, readWhole } from '../reading/byteSource.ts';
import { ByteWindow } from '../reading/byteWindow.ts';
import { HeaderBytes } from '../reading/headerBytes.ts';
import { coloured } from './readPng.ts';
import { turned } from './turned.ts';

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
 * The pixels of a JPEG of the usual kind: grey or of three colors, in sRGB, whole and sound; turned upright. Undefined for all others: they are left to the pixel
 * library, which makes the same of them, but takes as long to load as to decode a photo. Rejects like
 * `jpegStructure`.
 */
export async function readPlainJpeg(source: ByteSource): Promise<Raster | undefined> {
  const orientation = await plainOrientation(source);
  if (orientation === undefined) return undefined;
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
    const data = componentCount === 1 ? coloured(pixels) : new Uint8Array(pixels);
    decoder.delete();
    if (data.length !== width * height * 3) return undefined;
    return turned({ data, size: { width, height } }, orientation);
  } catch {
    // Whether it is of use afterwards nobody knows.
    loading = undefined;
    return undefined;
  }
}

/** The orientation of a JPEG of that kind, of EXIF. */
async function plainOrientation(source: ByteSource): Promise<number | undefined> {
  const bytes = await HeaderBytes.open(source);
  const { stored, orientation, components, profile } = await readJpegHeader(bytes);
  if (components === 4 || stored.width * stored.height > MOST_PIXELS) return undefined;
  if (profile !== undefined) {
    const { buffer, byteOffset, byteLength } = await bytes.at(profile.at, profile.length);
    if (!isSrgb(new Uint8Array(buffer, byteOffset, byteLength))) return undefined;
  }
  const { bare, mended, problem } = await jpegStructure(new ByteWindow(source));
  return bare !== undefined && mended === undefined && problem === undefined ? orientation : undefined;
}
