import { crc32 } from 'node:zlib';
import type { Size } from './tokens.ts';

/** What the bytes of a picture are: a type the API takes (with its size in pixels as stored, undefined if the bytes are broken), or another. */
export type Sniffed =
  | { accepted: true; mimeType: AcceptedType; size: Size | undefined }
  | { accepted: false /** undefined: not a picture at all */; mimeType: string | undefined };

export const ACCEPTED_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'] as const;
export type AcceptedType = (typeof ACCEPTED_TYPES)[number];

/** Tells the type of a picture by its bytes alone. */
export function sniff(bytes: Buffer): Sniffed {
  const starts = (text: string, at = 0) => bytes.toString('latin1', at, at + text.length) === text;
  if (starts('\x89PNG\r\n\x1a\n')) return { accepted: true, mimeType: 'image/png', size: pngSize(bytes) };
  if (starts('\xff\xd8\xff')) return { accepted: true, mimeType: 'image/jpeg', size: jpegSize(bytes) };
  if (starts('RIFF') && starts('WEBP', 8)) return { accepted: true, mimeType: 'image/webp', size: webpSize(bytes) };
  if (starts('ftyp', 4)) return sniffIsoMedia(bytes);
  if (starts('GIF8')) return { accepted: false, mimeType: 'image/gif' };
  if (starts('BM')) return { accepted: false, mimeType: 'image/bmp' };
  if (starts('II*\0') || starts('MM\0*')) return { accepted: false, mimeType: 'image/tiff' };
  if (/^\s*</.test(bytes.toString('latin1', 0, 64)) && bytes.includes('<svg')) return { accepted: false, mimeType: 'image/svg+xml' };
  return { accepted: false, mimeType: undefined };
}

function sniffIsoMedia(bytes: Buffer): Sniffed {
  // The major brand, a version, then the compatible brands.
  const brands = bytes.toString('latin1', 8, Math.min(bytes.length, bytes.readUInt32BE(0)));
  if (/avi[fs]/.test(brands)) return { accepted: false, mimeType: 'image/avif' };
  if (/hei[cxms]|hev[cx]/.test(brands)) return { accepted: true, mimeType: 'image/heic', size: heifSize(bytes) };
  if (/mif1|msf1/.test(brands)) return { accepted: true, mimeType: 'image/heif', size: heifSize(bytes) };
  return { accepted: false, mimeType: undefined };
}

/** Depths allowed for each colour type of PNG. */
const PNG_DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Walks the chunks and checks their sums. */
function pngSize(bytes: Buffer): Size | undefined {
  let size: Size | undefined;
  let hasPixels = false;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length || crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return undefined;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR') {
      if (!PNG_DEPTHS[bytes[at + 17] ?? -1]?.includes(bytes[at + 16] ?? 0)) return undefined;
      size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    }
    if (type === 'IDAT') hasPixels = true;
    if (type === 'IEND') return hasPixels ? positive(size) : undefined;
    at = end;
  }
  return undefined;
}

/** Walks the segments up to the pixels and looks for the end mark behind them. */
function jpegSize(bytes: Buffer): Size | undefined {
  let size: Size | undefined;
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // C0..CF are frame headers, save tables (C4), a reserved one (C8) and arithmetic coding (CC).
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && at + 9 <= bytes.length) size = { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    if (marker === 0xda) return bytes.lastIndexOf('\xff\xd9', undefined, 'latin1') > at ? positive(size) : undefined;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

function webpSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 30 || bytes.readUInt32LE(4) + 8 > bytes.length) return undefined;
  const kind = bytes.toString('latin1', 12, 16);
  if (kind === 'VP8 ') return positive({ width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff });
  if (kind === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (kind !== 'VP8L') return undefined;
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Walks the outer boxes; the picture is the largest item, the others are tiles and thumbnails. */
function heifSize(bytes: Buffer): Size | undefined {
  let size: Size | undefined;
  for (let at = 0; at < bytes.length; ) {
    if (at + 16 > bytes.length) return undefined;
    const length = boxLength(bytes, at);
    const end = at + length;
    if (length < 8 || end > bytes.length) return undefined;
    if (bytes.toString('latin1', at + 4, at + 8) === 'meta') size = largestExtent(bytes.subarray(at, end));
    at = end;
  }
  return positive(size);
}

function boxLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at);
  // 0: up to the end of the file. 1: the length follows in 64 bits.
  if (length === 0) return bytes.length - at;
  return length === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : length;
}

function largestExtent(meta: Buffer): Size | undefined {
  let largest: Size | undefined;
  for (let at = meta.indexOf('ispe'); at !== -1 && at + 16 <= meta.length; at = meta.indexOf('ispe', at + 4)) {
    const size = { width: meta.readUInt32BE(at + 8), height: meta.readUInt32BE(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

function positive(size: Size | undefined): Size | undefined {
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}
