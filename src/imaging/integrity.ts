import { crc32 } from 'node:zlib';
import { boxes } from './bmff.ts';
import type { ImageType } from './imageType.ts';

/**
 * What is broken in the structure of an image file, found without decoding a pixel: undefined when nothing is.
 * `truncated` when the file ends before the image does, `damaged` when a checksum or a required part is wrong.
 */
export function structuralProblem(mimeType: ImageType, bytes: Uint8Array): 'truncated' | 'damaged' | undefined {
  switch (mimeType) {
    case 'image/png':
      return pngProblem(bytes);
    case 'image/jpeg':
      return jpegProblem(bytes);
    case 'image/webp':
      return view(bytes).getUint32(4, true) + 8 > bytes.length ? 'truncated' : undefined;
    case 'image/heic':
    case 'image/heif':
    case 'image/avif':
      return heifProblem(bytes);
    default:
      return undefined;
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Legal bit depths by colour type (PNG specification, table 11.1). */
const PNG_DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Walks the chunks to IEND; critical chunks must have the right checksum, and there must be pixels. */
function pngProblem(bytes: Uint8Array): 'truncated' | 'damaged' | undefined {
  const data = view(bytes);
  let pixels = false;
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) return 'truncated';
    const length = data.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + 8 + length;
    if (end + 4 > bytes.length) return 'truncated';
    // A lower-case first letter marks a chunk that a reader may ignore.
    const critical = type[0] === type[0]?.toUpperCase();
    if (critical && crc32(bytes.subarray(at + 4, end)) !== data.getUint32(end)) return 'damaged';
    if (type === 'IHDR' && !PNG_DEPTHS[bytes[at + 17] ?? -1]?.includes(bytes[at + 16] ?? -1)) return 'damaged';
    if (type === 'IDAT') pixels = true;
    if (type === 'IEND') return pixels ? undefined : 'damaged';
    at = end + 4;
  }
}

/** Walks the segments, and through the entropy-coded data, to the end-of-image marker (ITU T.81, annex B). */
function jpegProblem(bytes: Uint8Array): 'truncated' | 'damaged' | undefined {
  const data = view(bytes);
  let scans = 0;
  for (let at = 2; ; ) {
    if (at + 2 > bytes.length) return 'truncated';
    if (bytes[at] !== 0xff) return 'damaged';
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    if (marker === 0xd9) return scans > 0 ? undefined : 'damaged';
    if (at + 4 > bytes.length) return 'truncated';
    const length = data.getUint16(at + 2);
    if (length < 2) return 'damaged';
    at += 2 + length;
    if (marker !== 0xda) continue;
    scans += 1;
    at = endOfScan(bytes, at);
  }
}

/** The next marker that is neither a stuffed zero nor a restart. */
export function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7) && at + 1 < bytes.length) return at;
  }
  return bytes.length;
}

function heifProblem(bytes: Uint8Array): 'truncated' | 'damaged' | undefined {
  try {
    const found = boxes(view(bytes), 0, bytes.length);
    const last = found.at(-1);
    if (last === undefined || last.end > bytes.length) return 'truncated';
    // Pixels are in a box of their own, or, of tiny pictures, within the header.
    const meta = found.find(({ type }) => type === 'meta');
    const inHeader = meta === undefined ? [] : boxes(view(bytes), meta.start + 4, meta.end);
    return [...found, ...inHeader].some(({ type }) => type === 'mdat' || type === 'idat') ? undefined : 'truncated';
  } catch {
    return 'truncated';
  }
}
