import { crc32 } from 'node:zlib';
import { BodyBuilder } from '../reading/body.ts';
import type { ByteWindow } from '../reading/byteWindow.ts';
import type { Structure } from './scan.ts';

/** Chunks that say how to read and show the pixels, animation included (PNG specification, third edition); all else may tell about people. */
const KEPT = [
  ...[
    'IHDR',
    'PLTE',
    'IDAT',
    'IEND',
    'tRNS',
    'cHRM',
    'gAMA',
    'iCCP',
    'sBIT',
    'sRGB',
    'cICP',
    'mDCV',
    'cLLI',
    'bKGD',
    'hIST',
    'pHYs',
    'sPLT',
  ],
  ...['acTL', 'fcTL', 'fdAT'],
];

/** Legal bit depths by colour type (PNG specification, table 11.1). */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Walks the chunks to IEND; critical chunks must have the right checksum, and there must be pixels. Texts, EXIF, times and unknown chunks are left out. */
export async function pngStructure(window: ByteWindow): Promise<Structure> {
  const bare = new BodyBuilder();
  bare.keep(0, 8);
  let pixels = false;
  for (let at = 8; ; ) {
    const head = await window.view(at, 8);
    if (head === undefined) return { problem: 'truncated' };
    const type = String.fromCharCode(...[4, 5, 6, 7].map((place) => head.getUint8(place)));
    const end = at + 12 + head.getUint32(0);
    if (end > window.size) return { problem: 'truncated' };
    // A lower-case first letter marks a chunk that a reader may ignore.
    const isCritical = type[0] === type[0]?.toUpperCase();
    if (isCritical && (await checksum(window, at + 4, end - 4)) !== (await window.view(end - 4, 4))?.getUint32(0))
      return { problem: 'damaged' };
    if (type === 'IHDR' && !(await isLegalHeader(window, at + 8))) return { problem: 'damaged' };
    if (KEPT.includes(type)) bare.keep(at, end);
    if (type === 'IDAT') pixels = true;
    if (type === 'IEND') return pixels ? { bare: bare.body() } : { problem: 'damaged' };
    at = end;
  }
}

async function checksum(window: ByteWindow, from: number, to: number): Promise<number> {
  let sum = 0;
  for await (const piece of window.pieces(from, to)) sum = crc32(piece, sum);
  return sum;
}

/** `at`: where the data of the header chunk begins. */
async function isLegalHeader(window: ByteWindow, at: number): Promise<boolean> {
  const [depth = 0, colourType = -1] = await window.at(at + 8, 2);
  return DEPTHS[colourType]?.includes(depth) ?? false;
}
