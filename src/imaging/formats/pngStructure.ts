import { crc32 } from 'node:zlib';
import { assertKnownChunk, chunkType, isCritical } from '../headers/pngHeader.ts';
import { BodyBuilder } from '../reading/body.ts';
import type { ByteWindow } from '../reading/byteWindow.ts';
import type { Structure } from './scan.ts';

/** Chunks that say how to read and show the pixels (PNG specification, third edition); all else may tell about people, or says nothing to a decoder. */
const KEPT = ['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'cHRM', 'gAMA', 'sBIT', 'sRGB', 'cICP', 'mDCV', 'cLLI', 'pHYs'];
/** The same of an animation: worth nothing without the first of them. */
const ANIMATION = ['acTL', 'fcTL', 'fdAT'];
/** The name that a colour profile gets: its own may tell whose screen it is of. */
const PROFILE_NAME = 'icc';
/** Letters of a profile's name, at most (11.3.2.3). */
const LONGEST_NAME = 79;

/** Legal bit depths by colour type (table 11.1). */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/**
 * Walks the chunks to IEND; critical chunks must have the right checksum, and there must be pixels. Texts, EXIF, times, names and unknown chunks are left
 * out. Throws `unsupportedImage` for a critical chunk that is unknown.
 */
export async function pngStructure(window: ByteWindow): Promise<Structure> {
  const bare = new BodyBuilder();
  bare.keep(0, 8);
  let pixels = false;
  let isAnimated = false;
  for (let at = 8; ; ) {
    const head = await window.view(at, 8);
    if (head === undefined) return { problem: 'truncated' };
    const length = head.getUint32(0);
    const type = nameOf(head);
    if (type === undefined) return { problem: 'damaged' };
    const end = at + 12 + length;
    if (end > window.size) return { problem: 'truncated' };
    if (isCritical(type) && (await checksum(window, at + 4, end - 4)) !== (await window.view(end - 4, 4))?.getUint32(0))
      return { problem: 'damaged' };
    assertKnownChunk(type);
    if (type === 'IHDR' && !(await isLegalHeader(window, at + 8))) return { problem: 'damaged' };
    if (type === 'IDAT') pixels = true;
    isAnimated ||= type === 'acTL' && !pixels;
    if (KEPT.includes(type) || (isAnimated && ANIMATION.includes(type))) bare.keep(at, end);
    if (type === 'iCCP') await keepProfile(bare, window, { at, end });
    if (type === 'IEND') return pixels ? { bare: bare.body() } : { problem: 'damaged' };
    at = end;
  }
}

function nameOf(head: DataView): string | undefined {
  try {
    return chunkType(head, 4);
  } catch {
    return undefined;
  }
}

/** Keeps a colour profile under another name. Without a name it is none, and decoders pass over it. */
async function keepProfile(bare: BodyBuilder, window: ByteWindow, { at, end }: { at: number; end: number }): Promise<void> {
  const name = (await window.at(at + 8, LONGEST_NAME + 1)).slice();
  const length = name.indexOf(0);
  if (length < 1 || at + 8 + length > end - 4) return;
  if (String.fromCharCode(...name.subarray(0, length)) === PROFILE_NAME) {
    bare.keep(at, end);
    return;
  }
  const from = at + 8 + length;
  const start = Buffer.from(`....iCCP${PROFILE_NAME}`, 'latin1');
  start.writeUInt32BE(PROFILE_NAME.length + end - 4 - from);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(await checksum(window, from, end - 4, crc32(start.subarray(4))));
  bare.add(new Uint8Array(start));
  bare.keep(from, end - 4);
  bare.add(new Uint8Array(sum));
}

/** `sum`: of what stands before. */
async function checksum(window: ByteWindow, from: number, to: number, sum = 0): Promise<number> {
  let whole = sum;
  for await (const piece of window.pieces(from, to)) whole = crc32(piece, whole);
  return whole;
}

/** `at`: where the data of the header chunk begins. */
async function isLegalHeader(window: ByteWindow, at: number): Promise<boolean> {
  const [depth = 0, colourType = -1, compression, filter, interlace = -1] = await window.at(at + 8, 5);
  return (DEPTHS[colourType]?.includes(depth) ?? false) && compression === 0 && filter === 0 && interlace <= 1;
}
