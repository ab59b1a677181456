import type { Size } from './geometry.ts';
import type { Box, Mask } from './inspection.ts';
import { maskSpans } from './maskSpans.ts';

/** Pixels row by row: red, green, blue and alpha of each, 0..255, not premultiplied. `data` starts at a multiple of 4 of its buffer. */
export interface RgbaPicture extends Size {
  data: Uint8Array | Uint8ClampedArray;
}

/** Red, green, blue and alpha, 0..255. */
export type Colour = readonly [number, number, number, number];

/** A mask, the box that a map is stretched over (pixels of the picture, inside it) and what it is painted with. */
export interface PaintedMask {
  mask: Mask;
  pixelBox: Box;
  colour: Colour;
}

/** Pixels that are remembered together as empty or not. */
const BLOCK = 64;

/**
 * Paints masks into an overlay that is empty (all zero), in their order. What is translucent is laid over what is below.
 * `threshold`: values of a map above it are object, 0..255.
 * @throws Error if the PNG of a mask is damaged; the masks before it are painted.
 */
export function paintMasks(overlay: RgbaPicture, masks: readonly PaintedMask[], threshold: number): void {
  const { data, width } = overlay;
  const pixels = new Int32Array(data.buffer, data.byteOffset, data.length / 4);
  const used = new Uint8Array(Math.ceil(pixels.length / BLOCK));
  for (const { mask, pixelBox, colour } of masks) {
    const fresh = over(colour, 0);
    const paint = (from: number, to: number) => paintRun(pixels, used, from, to, colour, fresh);
    maskSpans(mask, pixelBox, overlay, threshold, (y, from, to) => paint(y * width + from, y * width + to));
  }
}

/** Filling is several times as fast as looking at each pixel, which has to be done only where something was painted before. `fresh`: the colour over nothing. */
function paintRun(pixels: Int32Array, used: Uint8Array, from: number, to: number, colour: Colour, fresh: number): void {
  let empty = from;
  for (let block = Math.floor(from / BLOCK); block * BLOCK < to; block++) {
    if (used[block] === 1) {
      pixels.fill(fresh, empty, block * BLOCK);
      empty = Math.min(to, (block + 1) * BLOCK);
      blend(pixels, Math.max(from, block * BLOCK), empty, colour);
    }
    used[block] = 1;
  }
  pixels.fill(fresh, empty, to);
}

function blend(pixels: Int32Array, from: number, to: number, colour: Colour): void {
  let below = 0;
  let painted = over(colour, below);
  for (let at = from; at < to; at++) {
    const pixel = pixels[at] ?? 0;
    // Most pixels lie on the same as the one before: on nothing, or on the mask below.
    if (pixel !== below) {
      below = pixel;
      painted = over(colour, below);
    }
    pixels[at] = painted;
  }
}

/** A pixel with the colour laid over it (source over). Pixels have red in their lowest byte: every machine that runs VS Code is little-endian. */
function over([red, green, blue, alpha]: Colour, below: number): number {
  const alphaBelow = (below >>> 24) * (255 - alpha);
  const total = alpha * 255 + alphaBelow;
  if (total === 0) {
    return below;
  }
  const mixed = (value: number, valueBelow: number) => Math.round((value * alpha * 255 + valueBelow * alphaBelow) / total);
  return (
    mixed(red, below & 255) |
    (mixed(green, (below >>> 8) & 255) << 8) |
    (mixed(blue, (below >>> 16) & 255) << 16) |
    (Math.round(total / 255) << 24)
  );
}
