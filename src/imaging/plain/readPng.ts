import { constants, createInflate } from 'node:zlib';
import { unfilterSome } from '../../core/masks/pngRows.ts';
import type { Raster } from '../png/raster.ts';

/** Bytes that are inflated at a time. */
const PIECE = 1024 * 1024;

/** Samples a pixel by colour type (PNG specification, third edition, 11.2.1). */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 6: 4 };
const PALETTE = 3;
/** Chunks that change what is seen, and animations: left to the pixel library. */
const BEYOND = ['tRNS', 'iCCP', 'gAMA', 'cICP', 'eXIf', 'acTL', 'sBIT'];

/**
 * The pixels of a PNG of the usual kind: 8 bits a sample, not interlaced, in sRGB, upright. Undefined for all others, and for damaged ones: they are left to
 * the pixel library, which takes its time to load.
 */
export async function readPlainPng(bytes: Uint8Array): Promise<Raster | undefined> {
  const found = plainChunks(bytes);
  if (found === undefined) return undefined;
  const { width, height, colourType, pixels, palette } = found;
  const samples = CHANNELS[colourType] as number;
  try {
    const data = await pixelsOf(pixels, { stride: width * samples, channels: samples, rows: height });
    if (data === undefined) return undefined;
    const size = { width, height };
    if (samples > 1) return { data, size, channels: samples as 3 | 4 };
    const colours = colourType === PALETTE ? palette : undefined;
    if (colourType === PALETTE && (colours === undefined || data.some((index) => index * 3 + 2 >= colours.length))) return undefined;
    return { data: coloured(data, colours), size, channels: 3 };
  } catch {
    return undefined;
  }
}

/** Rows of pixels, deflated. While some are inflated on a thread of Node's own, the filters of those before are taken away. Undefined for too many or few. */
async function pixelsOf(
  deflated: readonly Uint8Array[],
  { stride, channels, rows }: { stride: number; channels: number; rows: number },
): Promise<Uint8Array | undefined> {
  // Of filtered rows, which become pixels at their places.
  const data = new Uint8Array((stride + 1) * rows);
  const inflator = createInflate({ chunkSize: Math.max(constants.Z_MIN_CHUNK, Math.min(PIECE, data.length + 1)) });
  inflator.end(Buffer.concat(deflated));
  let filled = 0;
  let done = 0;
  for await (const piece of inflator as AsyncIterable<Uint8Array>) {
    if (filled + piece.length > data.length) return undefined;
    data.set(piece, filled);
    filled += piece.length;
    const whole = Math.floor(filled / (stride + 1));
    unfilterSome(data, { pixels: data, stride, channels }, done, whole);
    done = whole;
  }
  return filled < data.length ? undefined : data.subarray(0, stride * rows);
}

interface PlainChunks {
  width: number;
  height: number;
  colourType: number;
  pixels: Uint8Array[];
  palette?: Uint8Array;
}

function plainChunks(bytes: Uint8Array): PlainChunks | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(0) !== 0x89504e47) return undefined;
  const [depth, colourType = -1, , , interlace] = bytes.subarray(24, 29);
  if (depth !== 8 || interlace !== 0 || !(colourType in CHANNELS)) return undefined;
  const found: PlainChunks = { width: view.getUint32(16), height: view.getUint32(20), colourType, pixels: [] };
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (BEYOND.includes(type) || content.length < length) return undefined;
    if (type === 'IDAT') found.pixels.push(content);
    if (type === 'PLTE') found.palette = content;
    if (type === 'IEND') return found;
    at += 12 + length;
  }
  return undefined;
}

/** Red, green and blue of pixels that are grey, or places in a palette. */
export function coloured(data: Uint8Array, palette?: Uint8Array): Uint8Array {
  const colours = new Uint8Array(data.length * 3);
  for (let pixel = 0; pixel < data.length; pixel++) {
    const value = data[pixel] as number;
    for (let channel = 0; channel < 3; channel++)
      colours[pixel * 3 + channel] = palette === undefined ? value : (palette[value * 3 + channel] as number);
  }
  return colours;
}
