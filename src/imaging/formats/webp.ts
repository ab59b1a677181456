import type { Size } from '../../core/base/geometry.ts';
import { BodyBuilder } from '../reading/body.ts';
import type { ByteWindow } from '../reading/byteWindow.ts';
import type { HeaderBytes } from '../reading/headerBytes.ts';
import type { Structure } from './scan.ts';
import { exifOrientation } from './tiff.ts';

const WEBP_EXTENDED = 0x56503858; // VP8X
const WEBP_EXIF = 0x45584946; // EXIF
const HAS_EXIF = 0x08;

/** The orientation by the EXIF of a WEBP, 1 to 8. It stands behind the pixels; a flag at the beginning says whether there is any. */
export async function webpOrientation(bytes: HeaderBytes): Promise<number> {
  const extended = await bytes.at(12, 9);
  if (extended.getUint32(0) !== WEBP_EXTENDED || (extended.getUint8(8) & HAS_EXIF) === 0) return 1;
  for (let at = 12; at + 8 <= bytes.size; ) {
    const head = await bytes.at(at, 8);
    const length = head.getUint32(4, true);
    if (head.getUint32(0) === WEBP_EXIF) {
      // Some programs put JPEG's prefix before the block.
      const prefixed = length >= 14 && (await bytes.at(at + 8, 4)).getUint32(0) === 0x45786966;
      return exifOrientation(bytes, at + (prefixed ? 14 : 8));
    }
    at += 8 + length + (length % 2);
  }
  return 1;
}

/** The file's own head: RIFF, its length, WEBP. */
const HEAD = 12;

/** A chunk, from its head to behind its padding. */
interface Chunk {
  type: string;
  at: number;
  end: number;
}

/** The chunks between two places of a WEBP (RFC 9649). */
async function* chunks(window: ByteWindow, from: number, to: number): AsyncGenerator<Chunk> {
  for (let at = from; at + 8 <= to; ) {
    const head = await window.view(at, 8);
    if (head === undefined) return;
    const type = String.fromCharCode(...[0, 1, 2, 3].map((place) => head.getUint8(place)));
    const length = head.getUint32(4, true);
    const end = Math.min(to, at + 8 + length + (length % 2));
    yield { type, at, end };
    at = end;
  }
}

/** True if the file says that its pictures are those in its frames. */
async function isAnimated(window: ByteWindow): Promise<boolean> {
  const head = await window.at(HEAD, 9);
  return String.fromCharCode(...head.subarray(0, 4)) === 'VP8X' && ((head[8] ?? 0) & 0x02) !== 0;
}

/** The size by the pixels themselves (RFC 6386, 9.1; RFC 9649, 3.4): what a decoder makes of them, whatever the file says elsewhere. */
async function pixelSize(window: ByteWindow, { type, at, end }: Chunk): Promise<Size | undefined> {
  const isLossless = type === 'VP8L';
  const head = await window.view(at + 8, isLossless ? 5 : 10);
  if (head === undefined || end - at < 8 + head.byteLength) return undefined;
  if (!isLossless) return { width: head.getUint16(6, true) & 0x3fff, height: head.getUint16(8, true) & 0x3fff };
  const bits = head.getUint32(1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Whether the first picture of a WEBP is stored without loss. */
export async function isLosslessWebp(window: ByteWindow): Promise<boolean> {
  for await (const { type, at, end } of chunks(window, HEAD, window.size)) {
    // A frame holds its chunks behind 24 bytes of its own.
    const inner: string[] = [];
    if (type === 'ANMF') for await (const chunk of chunks(window, at + 24, end)) inner.push(chunk.type);
    const pixels = type === 'ANMF' ? inner : [type];
    if (pixels.includes('VP8L')) return true;
    if (pixels.includes('VP8 ')) return false;
  }
  return false;
}

/** Flags of the VP8X chunk that announce EXIF and XMP (RFC 9649, 2.7). */
const ANNOUNCES_METADATA = 0x08 | 0x04;
/** Far more pieces than any animation has; a file of millions takes time and memory wherever its pieces go. */
const MOST_CHUNKS = 50_000;
/** Of a frame: its own head of 8 bytes, then place, size and duration. */
const FRAME_HEAD = 24;

/** Walks the chunks. EXIF, XMP, unknown chunks, pictures that no decoder shows and whatever follows the end are left out. */
export async function webpStructure(window: ByteWindow): Promise<Structure> {
  const announced = (await window.view(4, 4))?.getUint32(0, true) ?? 0;
  const end = announced + 8;
  if (end > window.size) return { problem: 'truncated' };
  const kept = new BodyBuilder();
  const walk: Walk = { window, kept, isAnimation: await isAnimated(window), canvas: undefined, left: MOST_CHUNKS, done: new Set() };
  for await (const chunk of chunks(window, HEAD, end)) if (!(await keep(chunk, walk))) return { problem: 'damaged' };
  if (!walk.done.has('pixels')) return { problem: 'damaged' };
  const bare = new BodyBuilder();
  if (kept.size + HEAD === window.size && kept.body().pieces.length === 1) {
    bare.keep(0, window.size);
    return { bare: bare.body() };
  }
  const head = (await window.at(0, HEAD)).slice();
  new DataView(head.buffer).setUint32(4, HEAD - 8 + kept.size, true);
  return { bare: { size: HEAD + kept.size, pieces: [head, ...kept.body().pieces] } };
}

interface Walk {
  window: ByteWindow;
  kept: BodyBuilder;
  isAnimation: boolean;
  /** What VP8X says, if there is one. */
  canvas: Size | undefined;
  /** Chunks that may still come. */
  left: number;
  /** Types of which one has been kept: decoders look at no second one, and neither may anybody else. */
  done: Set<string>;
}

/** Keeps a chunk if it is needed. False where it does not fit the others, so that no decoder takes the file. */
async function keep(chunk: Chunk, walk: Walk): Promise<boolean> {
  const { window, kept, isAnimation, done } = walk;
  if (--walk.left < 0) return false;
  const { type, at, end } = chunk;
  if (type === 'ANMF') return !isAnimation || keepFrame(chunk, walk);
  const needed = isAnimation ? ['VP8X', 'ICCP', 'ANIM'] : ['VP8X', 'ICCP', 'ALPH', 'VP8 ', 'VP8L'];
  const isPixels = type === 'VP8 ' || type === 'VP8L';
  // Nothing belongs behind the pixels of a still picture.
  if (!needed.includes(type) || done.has(isPixels ? 'pixels' : type) || (!isAnimation && done.has('pixels'))) return true;
  done.add(isPixels ? 'pixels' : type);
  if (isPixels && walk.canvas !== undefined && !isSame(await pixelSize(window, chunk), walk.canvas)) return false;
  if (type !== 'VP8X') {
    kept.keep(at, end);
    return true;
  }
  const start = (await window.at(at, 18)).slice();
  const flags = start[8] ?? 0;
  walk.canvas = { width: threeBytes(start, 12) + 1, height: threeBytes(start, 15) + 1 };
  if ((flags & ANNOUNCES_METADATA) === 0) {
    kept.keep(at, end);
    return true;
  }
  start[8] = flags & ~ANNOUNCES_METADATA;
  kept.add(start.subarray(0, 9));
  kept.keep(at + 9, end);
  return true;
}

/** A frame of an animation, without what is in it besides its pixels. */
async function keepFrame({ at, end }: Chunk, walk: Walk): Promise<boolean> {
  const { window, kept, canvas } = walk;
  const head = (await window.at(at, FRAME_HEAD)).slice();
  if (head.length < FRAME_HEAD || canvas === undefined) return false;
  const size = { width: threeBytes(head, 14) + 1, height: threeBytes(head, 17) + 1 };
  const isInside = threeBytes(head, 8) * 2 + size.width <= canvas.width && threeBytes(head, 11) * 2 + size.height <= canvas.height;
  if (!isInside) return false;
  walk.done.add('pixels');
  const inner: Chunk[] = [];
  let others = false;
  for await (const chunk of chunks(window, at + FRAME_HEAD, end)) {
    if (--walk.left < 0) return false;
    const { type } = chunk;
    const isPixels = type === 'VP8 ' || type === 'VP8L';
    if (isPixels && !isSame(await pixelSize(window, chunk), size)) return false;
    const hasPixels = inner.some((other) => other.type !== 'ALPH');
    if (!hasPixels && (isPixels || (type === 'ALPH' && inner.length === 0))) inner.push(chunk);
    else others = true;
  }
  if (!others) {
    kept.keep(at, end);
    return true;
  }
  const length = inner.reduce((sum, chunk) => sum + chunk.end - chunk.at, FRAME_HEAD - 8);
  new DataView(head.buffer).setUint32(4, length, true);
  kept.add(head);
  for (const chunk of inner) kept.keep(chunk.at, chunk.end);
  return true;
}

function isSame(a: Size | undefined, b: Size): boolean {
  return a?.width === b.width && a.height === b.height;
}

function threeBytes(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
}
