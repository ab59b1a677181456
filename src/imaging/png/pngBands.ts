import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import type { Size } from '../../core/base/geometry.ts';
import { filterRows } from '../../core/masks/pngRows.ts';

/** Pixels of 8 bits a sample, row by row: grey (1), red, green, blue (3), or with alpha (4). */
export interface Raster {
  data: Uint8Array;
  size: Size;
  channels: 1 | 3 | 4;
}

/** Colors in place of grey: samples are places in it. */
export interface Palette {
  /** Red, green and blue of each. */
  colours: Uint8Array;
  opacities: Uint8Array;
}

/** Some rows of a PNG, deflated so that they can stand in any PNG of that width: a chunk of pixels, complete with length and checksum. */
export interface Band {
  chunk: Uint8Array;
  /** Adler-32 of the filtered rows, and how many bytes they are. */
  adler: number;
  length: number;
}

/** Of a band: few enough that little is compressed again around an object, enough for compression to find what repeats. */
export const BAND_ROWS = 64;
/** Larger effort makes photos hardly smaller. */
const LEVEL = 2;
/** Bands at work at the same time: as many as Node has threads for them. */
const AT_ONCE = 4;
/** Colour types by samples a pixel (PNG specification, third edition, 11.2.1). */
const COLOUR_TYPES = { 1: 0, 3: 2, 4: 6 } as const;
const PALETTE_TYPE = 3;
/** Largest prime below 65,536: Adler-32 counts in its remainders (RFC 1950). */
const ADLER = 65_521;
/** Bytes whose sums fit into 32 bits before a remainder has to be taken (RFC 1950, section 9). */
const ADLER_RUN = 5552;
/** Deflate with the usual window, and no preset dictionary (RFC 1950). */
const ZLIB_HEADER = [0x78, 0x01];
/** A last block without content (RFC 1951). */
const LAST_BLOCK = [0x03, 0x00];
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const deflated = promisify<Uint8Array, { level: number; finishFlush: number }, Uint8Array>(deflateRaw);

/** The bands of a picture. */
export async function bandsOf(raster: Raster): Promise<Band[]> {
  const bands: Band[] = new Array(Math.ceil(raster.size.height / BAND_ROWS));
  let next = 0;
  const work = async () => {
    for (let number = next++; number < bands.length; number = next++) bands[number] = await bandOf(raster, number);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return bands;
}

/** A band by itself: its first row looks at no row above, and nothing behind its end looks back. */
async function bandOf({ data, size, channels }: Raster, number: number): Promise<Band> {
  const first = number * BAND_ROWS;
  const rows = Math.min(BAND_ROWS, size.height - first);
  const stride = size.width * channels;
  const filtered = filterRows(data.subarray(first * stride, (first + rows) * stride), stride, channels);
  return bandOfFiltered(filtered);
}

async function bandOfFiltered(filtered: Uint8Array): Promise<Band> {
  const content = await deflated(filtered, { level: LEVEL, finishFlush: constants.Z_FULL_FLUSH });
  return { chunk: chunk('IDAT', content), adler: adler32(filtered), length: filtered.length };
}

/** Bands of nothing but zeros by width, channels and rows, compressed once. */
let blank: { key: string; band: Promise<Band> } | undefined;

function blankBand(width: number, rows: number, channels: Raster['channels']): Promise<Band> {
  const key = [width, rows, channels].join(' ');
  if (blank?.key !== key) {
    const data = new Uint8Array(width * rows * channels);
    blank = { key, band: bandOf({ data, size: { width, height: rows }, channels }, 0) };
  }
  return blank.band;
}

/** A PNG that is zero but for some rows from `top` on, the first of a band. */
export async function encodeAmidZeros(part: Raster, top: number, height: number): Promise<Uint8Array> {
  const { width, height: rows } = part.size;
  const middle = await bandsOf(part);
  const bands: Band[] = [];
  for (let row = 0; row < height; row += BAND_ROWS) {
    const own = row >= top && row < top + rows ? middle[(row - top) / BAND_ROWS] : undefined;
    bands.push(own ?? (await blankBand(width, Math.min(BAND_ROWS, height - row), part.channels)));
  }
  return pngOf({ size: { width, height }, channels: part.channels }, bands);
}

/** A PNG of bands that were made of pictures of that size. */
export function pngOf({ size, channels }: Omit<Raster, 'data'>, bands: readonly Band[], palette?: Palette): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, size.width);
  view.setUint32(4, size.height);
  header[8] = 8;
  header[9] = palette === undefined ? COLOUR_TYPES[channels] : PALETTE_TYPE;
  const end = Uint8Array.of(...LAST_BLOCK, 0, 0, 0, 0);
  new DataView(end.buffer).setUint32(LAST_BLOCK.length, bands.reduce(combined, 1));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...(palette === undefined ? [] : [chunk('PLTE', palette.colours), chunk('tRNS', palette.opacities)]),
    chunk('IDAT', Uint8Array.from(ZLIB_HEADER)),
    ...bands.map((band) => band.chunk),
    chunk('IDAT', end),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** A picture as a PNG. `palette`: of one channel. */
export async function encodePng(raster: Raster, palette?: Palette): Promise<Uint8Array> {
  return pngOf(raster, await bandsOf(raster), palette);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let at = 0; at < 4; at++) bytes[4 + at] = type.charCodeAt(at);
  bytes.set(content, 8);
  view.setUint32(content.length + 8, crc32(bytes.subarray(4, content.length + 8)));
  return bytes;
}

function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (let start = 0; start < bytes.length; start += ADLER_RUN) {
    const end = Math.min(bytes.length, start + ADLER_RUN);
    for (let at = start; at < end; at++) {
      low += bytes[at] as number;
      high += low;
    }
    low %= ADLER;
    high %= ADLER;
  }
  return high * 65_536 + low;
}

/** The Adler-32 of bytes that go on with those of a band. */
function combined(adler: number, band: Band): number {
  const [low, high] = [adler % 65_536, Math.floor(adler / 65_536)];
  const [bandLow, bandHigh] = [band.adler % 65_536, Math.floor(band.adler / 65_536)];
  const newLow = (low + bandLow + ADLER - 1) % ADLER;
  const newHigh = (high + bandHigh + (band.length % ADLER) * (low + ADLER - 1)) % ADLER;
  return newHigh * 65_536 + newLow;
}
