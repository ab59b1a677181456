import type { DecodedPng } from 'fast-png';
import { decode } from 'fast-png';
import { Unzlib } from 'fflate';
import { unfilterRows } from './pngRows.ts';

/** The longest side that is inflated, in pixels. */
export const MAX_SIDE = 4096;

export interface PngHeader {
  width: number;
  height: number;
  /** Bits of a sample. */
  depth: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha. */
  colourType: number;
  interlaced: boolean;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Signature and IHDR: what `readPngHeader` needs, in bytes. */
export const HEADER_BYTES = 33;
/** What is inflated at a time: as deflate grows data at most 1,032 times, this bounds what one step can make of a bomb. */
const STEP_BYTES = 16_384;
const NEEDED_CHUNKS: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/**
 * The header of a PNG, of its first `HEADER_BYTES`.
 * @throws RangeError if there is none.
 */
export function readMaskHeader(bytes: Uint8Array): PngHeader {
  if (!isPng(bytes) || bytes.length < HEADER_BYTES || chunkName(bytes, 8) !== 'IHDR') {
    throw new RangeError('This is no PNG.');
  }
  const view = viewOf(bytes);
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: view.getUint8(24),
    colourType: view.getUint8(25),
    interlaced: view.getUint8(28) !== 0,
  };
}

/**
 * Decodes a PNG of at most `MAX_SIDE` pixels a side, checksums included.
 * Never inflates more than the header's size calls for, and passes over profiles and texts, which may be bombs as well.
 * @throws Error if it is too large, cut short or damaged.
 */
export function decodeBoundedPng(bytes: Uint8Array): DecodedPng {
  const header = readMaskHeader(bytes);
  if (header.width < 1 || header.height < 1 || header.width > MAX_SIDE || header.height > MAX_SIDE) {
    throw new RangeError('The size of the PNG is out of bounds.');
  }
  if (header.interlaced && header.depth < 8) {
    // fast-png misreads these.
    throw new RangeError('Interlaced PNGs with less than 8 bits are not read.');
  }
  const chunks = neededChunks(bytes);
  if (header.colourType === 3 && !chunks.some((chunk) => chunkName(chunk, 0) === 'PLTE')) {
    throw new RangeError('The PNG has no palette.');
  }
  const lines = inflated(
    chunks.filter((chunk) => chunkName(chunk, 0) === 'IDAT').map((chunk) => chunk.subarray(8, -4)),
    inflatedSize(header),
  );
  const { width, height, depth } = header;
  const isPlain = bytes[26] === 0 && bytes[27] === 0 && !header.interlaced;
  if (header.colourType === 0 && depth === 8 && isPlain) {
    // The usual map: what was inflated is nearly what is wanted, and need not be inflated again.
    checkSums(chunks);
    return { width, height, depth, channels: 1, data: unfilterRows(lines, width, 1), text: {} };
  }
  return decode(joined([bytes.subarray(0, 8), ...chunks]), { checkCrc: true });
}

/** The chunks that pixels need, whole (length, name, data, checksum). */
function neededChunks(bytes: Uint8Array): Uint8Array[] {
  const view = viewOf(bytes);
  const chunks: Uint8Array[] = [];
  let at = SIGNATURE.length;
  let name = '';
  while (name !== 'IEND') {
    if (at + 12 > bytes.length) {
      throw new RangeError('The PNG is cut short.');
    }
    const end = at + 12 + view.getUint32(at);
    name = chunkName(bytes, at);
    if (end > bytes.length) {
      throw new RangeError('The PNG is cut short.');
    }
    if (NEEDED_CHUNKS.has(name)) {
      chunks.push(bytes.subarray(at, end));
    }
    at = end;
  }
  return chunks;
}

/** What a platform does quicker than this code, which runs everywhere. */
export interface FastBytes {
  /** Undefined where it does not come to exactly so many bytes, for whatever reason. Never inflates more. */
  inflated: (data: readonly Uint8Array[], expected: number) => Uint8Array | undefined;
  crc32: (bytes: Uint8Array) => number;
}

let fast: FastBytes | undefined;

/** From here on PNGs are decoded by that, with the same results. */
export function useFastBytes(bytes: FastBytes): void {
  fast = bytes;
}

/** @throws RangeError unless the data inflates to exactly `expected` bytes. */
function inflated(data: readonly Uint8Array[], expected: number): Uint8Array {
  const quickly = fast?.inflated(data, expected);
  if (quickly !== undefined) return quickly;
  // What a header promises is not set aside before it has come.
  const parts: Uint8Array[] = [];
  let size = 0;
  const inflator = new Unzlib((part) => {
    parts.push(part);
    size += part.length;
  });
  for (const part of data) {
    for (let at = 0; at < part.length; at += STEP_BYTES) {
      inflator.push(part.subarray(at, at + STEP_BYTES), false);
      if (size > expected) {
        throw new RangeError('The PNG holds more than its size calls for.');
      }
    }
  }
  inflator.push(new Uint8Array(0), true);
  if (size !== expected) {
    throw new RangeError('The PNG holds less or more than its size calls for.');
  }
  return joined(parts);
}

/** @throws RangeError if the checksum of a chunk is not that of its name and data. */
function checkSums(chunks: readonly Uint8Array[]): void {
  for (const chunk of chunks) {
    const checked = chunk.subarray(4, -4);
    if ((fast?.crc32 ?? crc32)(checked) !== viewOf(chunk).getUint32(chunk.length - 4)) {
      throw new RangeError('A checksum of the PNG is wrong.');
    }
  }
}

function crc32(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) sum = (SUMS[(sum ^ byte) & 0xff] as number) ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** CRC-32 of each byte, as the PNG specification has it. */
const SUMS = Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) {
    sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return sum;
});

/** Bytes of the pixels once they are decoded: samples of 1 or 2 bytes, a palette as colour with alpha. */
export function pixelBytes({ width, height, depth, colourType }: PngHeader): number {
  const samples = colourType === 3 ? 4 : (SAMPLES[colourType] ?? 4);
  return width * height * samples * Math.ceil(depth / 8);
}

/** Bytes of the image data before compression: the lines, each with its filter byte. */
function inflatedSize({ width, height, depth, colourType, interlaced }: PngHeader): number {
  const bits = depth * (SAMPLES[colourType] ?? 0);
  const size = (columns: number, lines: number): number => (columns === 0 ? 0 : lines * (1 + Math.ceil((columns * bits) / 8)));
  if (!interlaced) {
    return size(width, height);
  }
  // The seven passes of Adam7: first column, first line, step of columns, step of lines.
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  return passes.reduce((sum, [x, y, dx, dy]) => sum + size(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)), 0);
}

function chunkName(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at + 4, at + 8));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
