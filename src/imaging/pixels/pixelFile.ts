import type { Size } from '../../core/base/geometry.ts';

/** Decoded pixels in a form that the pixel library reads like any image file: an uncompressed TIFF, little-endian, one strip (TIFF 6.0). */
export interface PixelFile {
  file: Uint8Array;
  /** Where the pixels go, within `file`: RGBA, row by row, 8 bits each. */
  pixels: Uint8Array;
}

const SHORT = 3;
const LONG = 4;
const BYTES = 7;

/** Room for the pixels of a picture of the given size. `profile`: what their colours mean, an ICC profile; sRGB without one. */
export function pixelFile({ width, height }: Size, profile: Uint8Array = new Uint8Array()): PixelFile {
  const pixelBytes = width * height * 4;
  // In the order of their numbers. The counts of BITS and the profile are larger than what fits into an entry: those hold an offset.
  const tagCount = 11 + (profile.length > 0 ? 1 : 0);
  const bitsAt = 8 + 2 + tagCount * 12 + 4;
  const profileAt = bitsAt + 8;
  const pixelsAt = profileAt + profile.length + (profile.length % 2);
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, 4, bitsAt],
    [259, SHORT, 1, 1], // not compressed
    [262, SHORT, 1, 2], // RGB
    [273, LONG, 1, pixelsAt],
    [277, SHORT, 1, 4],
    [278, LONG, 1, height],
    [279, LONG, 1, pixelBytes],
    [284, SHORT, 1, 1], // RGBA RGBA …
    [338, SHORT, 1, 2], // the fourth is alpha, not multiplied in
  ];
  if (profile.length > 0) entries.push([34675, BYTES, profile.length, profileAt]);
  const file = new Uint8Array(pixelsAt + pixelBytes);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x49492a00); // II, 42
  view.setUint32(4, 8, true);
  view.setUint16(8, entries.length, true);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + index * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  }
  for (const sample of [0, 1, 2, 3]) view.setUint16(bitsAt + sample * 2, 8, true);
  file.set(profile, profileAt);
  return { file, pixels: file.subarray(pixelsAt) };
}
