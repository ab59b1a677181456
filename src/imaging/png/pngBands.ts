import { crc32 } from 'node:zlib';
import type { Size } from '../../core/base/geometry.ts';
import { filterAnew, filterRows, type Part } from '../../core/masks/pngRows.ts';
import { adler32, type Checked, joinedAdler } from './adler32.ts';
import { deflated, type Effort } from './deflater.ts';
import { effortFor, MASK_PACKING, type Packing, packingFor } from './packing.ts';
import type { Raster } from './raster.ts';

/** Two colors in place of grey: samples are places in it, of one bit. */
export interface Palette {
  /** Red, green and blue of each. */
  colours: Uint8Array;
  opacities: Uint8Array;
}

/** Some rows of a PNG, deflated so that they can stand in any PNG of that width: a chunk of pixels, complete with length and checksum. */
export interface Band extends Checked {
  chunk: Uint8Array;
}

/** A picture in bands, with what it takes to make some of them anew. */
export interface BandedPicture {
  raster: Raster;
  packing: Packing;
  /** Of each band but the last. */
  rows: number;
  /** The rows of all bands, each behind the number of its filter. */
  filtered: Uint8Array;
  bands: readonly Band[];
}

/** Of a band, in rows: where objects end few rows are compressed for nothing, and still tables of codes are small against what they stand for. */
const BAND = { least: 8, most: 64, bytes: 48_000 };
/** The same of masks, which are compressed in no time: it is the way to the other thread that takes long. */
const MASK_BAND = { least: 8, most: 512, bytes: 400_000 };
/** Bands at work at the same time: as many as Node has threads for them. */
const AT_ONCE = 4;
/** Colour types by samples a pixel (PNG specification, third edition, 11.2.1). */
const COLOUR_TYPES = { 1: 0, 3: 2, 4: 6 } as const;
const PALETTE_TYPE = 3;
/** Deflate with the usual window, and no preset dictionary (RFC 1950). */
const ZLIB_HEADER = [0x78, 0x01];
/** A last block without content (RFC 1951). */
const LAST_BLOCK = [0x03, 0x00];
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The rows of the bands of a picture. */
function bandRows({ size, channels }: Pick<Raster, 'size' | 'channels'>, packing: Packing): number {
  const { least, most, bytes } = packing === MASK_PACKING ? MASK_BAND : BAND;
  return Math.min(most, Math.max(least, Math.ceil(bytes / (size.width * channels))));
}

/** Compresses a picture in bands. */
export async function inBands(raster: Raster): Promise<BandedPicture> {
  const packing = await packingFor(raster);
  const filtered = new Uint8Array((raster.size.width * raster.channels + 1) * raster.size.height);
  const bands = await bandsOf(raster, packing, filtered);
  // In one piece of memory that threads share: they are handed on without a copy.
  const shared = new Uint8Array(new SharedArrayBuffer(bands.reduce((sum, { chunk }) => sum + chunk.length, 0)));
  let at = 0;
  for (const band of bands) {
    shared.set(band.chunk, at);
    band.chunk = shared.subarray(at, at + band.chunk.length);
    at += band.chunk.length;
  }
  return { raster, packing, rows: bandRows(raster, packing), filtered, bands };
}

/** `filtered`: what takes the filtered rows of all bands. */
async function bandsOf(raster: Raster, packing: Packing, filtered?: Uint8Array): Promise<Band[]> {
  const { data, size, channels } = raster;
  const stride = size.width * channels;
  const rows = bandRows(raster, packing);
  return atOnce(Math.ceil(size.height / rows), async (number) => {
    const [first, end] = [number * rows, Math.min(size.height, (number + 1) * rows)];
    const part = filtered?.subarray(first * (stride + 1), end * (stride + 1)) ?? new Uint8Array((end - first) * (stride + 1));
    filterRows({ pixels: data.subarray(first * stride, end * stride), stride, channels }, packing.filters, part);
    return bandOf(part, packing.effort);
  });
}

/**
 * The picture with some pixels changed. `part`: where they are; `change` is given rows of which these pixels and their neighbours are there, and the first of these rows.
 * Band by band, so that one is painted while others are compressed, and none is far from the processor.
 */
export async function changedBands(
  picture: BandedPicture,
  part: Part,
  change: (raster: Raster, top: number) => void,
): Promise<Uint8Array[]> {
  const { raster, packing, rows, filtered, bands } = picture;
  const { data, size, channels } = raster;
  const stride = size.width * channels;
  const first = Math.floor(part.row / rows);
  const count = Math.ceil((part.row + part.rows) / rows) - first;
  const effort = effortFor(packing, (count * rows) / size.height);
  // Filters look back one pixel, and the pixel behind the part looks back at it.
  const [from, to] = [Math.max(0, part.left - 1) * channels, Math.min(size.width, part.right + 1) * channels];
  const changed = await atOnce(count, (number) => {
    const top = (first + number) * rows;
    const bottom = Math.min(size.height, top + rows);
    return withMemory((bottom - top) * (2 * stride + 1), (memory) => {
      const pixels = memory.subarray(0, (bottom - top) * stride);
      const anew = memory.subarray(pixels.length);
      for (let row = top; row < bottom; row++)
        pixels.set(data.subarray(row * stride + from, row * stride + to), (row - top) * stride + from);
      anew.set(filtered.subarray(top * (stride + 1), bottom * (stride + 1)));
      change({ data: pixels, size: { width: size.width, height: bottom - top }, channels }, top);
      const row = Math.max(0, part.row - top);
      filterAnew({ pixels, stride, channels }, { ...part, row, rows: Math.min(bottom, part.row + part.rows) - top - row }, anew);
      return bandOf(anew, effort);
    });
  });
  return pieces(raster, [...bands.slice(0, first), ...changed, ...bands.slice(first + count)]);
}

/** Memory of bands that are done: setting it aside anew for each would take longer than filtering them. It goes with the thread. */
const spare: Uint8Array[] = [];

async function withMemory<Result>(length: number, work: (memory: Uint8Array) => Promise<Result>): Promise<Result> {
  const last = spare.pop();
  const memory = last !== undefined && last.length >= length ? last : new Uint8Array(length);
  try {
    return await work(memory.subarray(0, length));
  } finally {
    spare.push(memory);
  }
}

/** Results of jobs by their numbers; some are at work at the same time. */
async function atOnce<Result>(count: number, job: (number: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = new Array(count);
  let next = 0;
  const work = async () => {
    for (let number = next++; number < count; number = next++) results[number] = await job(number);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

/** A band by itself: nothing behind its end looks back. */
async function bandOf(filtered: Uint8Array, effort: Effort): Promise<Band> {
  const compressed = deflated(filtered, effort);
  const adler = adler32(filtered);
  return { chunk: chunk('IDAT', ...(await compressed)), adler, length: filtered.length };
}

/** Bands of nothing but zeros by their lengths in bytes, compressed once: those of a picture, and its last. */
const blanks = new Map<number, Promise<Band>>();
const MOST_BLANKS = 8;

function blankBand(length: number, packing: Packing): Promise<Band> {
  const known = blanks.get(length);
  if (known !== undefined) return known;
  if (blanks.size >= MOST_BLANKS) blanks.clear();
  const band = bandOf(new Uint8Array(length), packing.effort);
  blanks.set(length, band);
  return band;
}

/**
 * Encodes a grey picture that is zero but for some rows. `fill` is given zeros for the rows from one to before another, in which it puts what is not zero, and by how
 * many bytes each row begins behind the one before.
 */
export async function encodeAmidZeros(
  size: Size,
  { row, rows: count }: { row: number; rows: number },
  fill: (pixels: Uint8Array, top: number, end: number, rowLength: number) => void,
): Promise<Uint8Array> {
  const raster = { size, channels: 1 as const };
  const rows = bandRows(raster, MASK_PACKING);
  const rowLength = size.width + 1;
  const bands = await atOnce(Math.ceil(size.height / rows), (number) => {
    const top = number * rows;
    const end = Math.min(size.height, top + rows);
    const length = (end - top) * rowLength;
    if (end <= row || top >= row + count) return blankBand(length, MASK_PACKING);
    return withMemory(length, (filtered) => {
      // Zero is the number of the filter too that leaves a row as it is.
      filtered.fill(0);
      fill(filtered.subarray(1), top, end, rowLength);
      return bandOf(filtered, MASK_PACKING.effort);
    });
  });
  return joined(pieces(raster, bands));
}

/** A picture as a PNG. `packing`: what suits it, if that is known. */
export async function encodePng(raster: Raster, { packing }: { packing?: Packing } = {}): Promise<Uint8Array> {
  return joined(pieces(raster, await bandsOf(raster, packing ?? (await packingFor(raster)))));
}

/** A picture of two colors as a PNG. `bits`: eight pixels in a byte, each row from a byte of its own on. */
export async function encodeBits(bits: Uint8Array, size: Size, palette: Palette): Promise<Uint8Array> {
  const bytes: Raster = { data: bits, size: { width: Math.ceil(size.width / 8), height: size.height }, channels: 1 };
  return joined(pieces({ size, channels: 1 }, await bandsOf(bytes, MASK_PACKING), palette));
}

/** A picture in bands as a PNG. */
export function wholePng({ raster, bands }: BandedPicture): Uint8Array[] {
  return pieces(raster, bands);
}

/** A PNG of bands that were made of pictures of that size, in pieces: what lies together in shared memory is one of them. `palette`: of two colors. */
function pieces({ size, channels }: Omit<Raster, 'data'>, bands: readonly Band[], palette?: Palette): Uint8Array[] {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, size.width);
  view.setUint32(4, size.height);
  header[8] = palette === undefined ? 8 : 1;
  header[9] = palette === undefined ? COLOUR_TYPES[channels] : PALETTE_TYPE;
  const end = Uint8Array.of(...LAST_BLOCK, 0, 0, 0, 0);
  new DataView(end.buffer).setUint32(
    LAST_BLOCK.length,
    bands.reduce((adler, band) => joinedAdler(adler, band), 1),
  );
  const found: Uint8Array[] = [];
  const colours = palette === undefined ? [] : [chunk('PLTE', palette.colours), chunk('tRNS', palette.opacities)];
  let own = [SIGNATURE, chunk('IHDR', header), ...colours, chunk('IDAT', Uint8Array.from(ZLIB_HEADER))];
  for (const { chunk } of bands) {
    const last = found.at(-1);
    if (!(chunk.buffer instanceof SharedArrayBuffer)) own.push(chunk);
    else if (own.length === 0 && last !== undefined && last.byteOffset + last.length === chunk.byteOffset)
      found[found.length - 1] = new Uint8Array(chunk.buffer, last.byteOffset, last.length + chunk.length);
    else {
      if (own.length > 0) found.push(joined(own));
      found.push(chunk);
      own = [];
    }
  }
  return [...found, joined([...own, chunk('IDAT', end), chunk('IEND')])];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function chunk(type: string, ...contents: Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  const bytes = new Uint8Array(length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length);
  for (let at = 0; at < 4; at++) bytes[4 + at] = type.charCodeAt(at);
  let at = 8;
  for (const content of contents) {
    bytes.set(content, at);
    at += content.length;
  }
  view.setUint32(at, crc32(bytes.subarray(4, at)));
  return bytes;
}
