import { joined } from './joined.ts';

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

/** A PNG without texts, EXIF, times, unknown chunks and whatever follows its end. `bytes`: a whole PNG without structural problems. */
export function barePng(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + 12 + view.getUint32(at);
    if (KEPT.includes(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IEND') break;
    at = end;
  }
  return joined(bytes, kept);
}
