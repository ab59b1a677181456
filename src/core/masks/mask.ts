import type { DecodedPng } from 'fast-png';
import { decodeBase64 } from './base64.ts';
import { decodeBoundedPng } from './boundedPng.ts';

/** A map of how likely each pixel belongs to the object. */
export interface MaskPixels {
  width: number;
  height: number;
  /** Row by row, 0 (not) to 255 (sure). */
  data: Uint8Array;
}

/** The pixels of a mask, from base64 without prefix. See `readMask`. */
export function decodeMask(pngBase64: string): MaskPixels {
  return readMask(decodeBase64(pngBase64));
}

/**
 * The pixels of a mask, of the bytes of a PNG. Colour becomes its brightness; where all pixels share one colour, the alpha channel is the mask.
 * @throws Error if it is no PNG, larger than 4096 x 4096, cut short or damaged.
 */
export function readMask(bytes: Uint8Array): MaskPixels {
  const png = decodeBoundedPng(bytes);
  const { width, height, depth, channels } = png;
  if (png.palette) {
    return { width, height, data: greyOf(paletteColours(png, png.palette), 4) };
  }
  const samples = depth < 8 ? scaled(unpacked(png), 255 / (2 ** depth - 1)) : depth === 16 ? scaled(png.data, 255 / 65535) : png.data;
  if (channels > 1) return { width, height, data: greyOf(samples, channels) };
  // The usual map, 8-bit grey, is what was decoded.
  return { width, height, data: samples instanceof Uint8Array ? samples : Uint8Array.from(samples) };
}

/** One byte for each sample of one channel that shares its byte with others; lines start on a byte. */
function unpacked({ width, height, depth, data }: DecodedPng): Uint8Array {
  const lineBytes = Math.ceil((width * depth) / 8);
  const perByte = 8 / depth;
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = data[y * lineBytes + Math.floor(x / perByte)] ?? 0;
      samples[y * width + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & (2 ** depth - 1);
    }
  }
  return samples;
}

function scaled(samples: ArrayLike<number>, factor: number): Uint8Array {
  return Uint8Array.from(samples, (sample) => Math.round(sample * factor));
}

/** Red, green, blue and alpha of each pixel. */
function paletteColours(png: DecodedPng, palette: readonly number[][]): Uint8Array {
  const indices = png.depth < 8 ? unpacked(png) : png.data;
  const colours = new Uint8Array(indices.length * 4);
  for (const [pixel, index] of indices.entries()) {
    const colour = palette[index];
    if (!colour) {
      throw new RangeError('A pixel has no colour in the palette.');
    }
    colours.set([colour[0] ?? 0, colour[1] ?? 0, colour[2] ?? 0, colour[3] ?? 255], pixel * 4);
  }
  return colours;
}

/** Grey of 2 (grey, alpha), 3 (red, green, blue) or 4 (with alpha) samples a pixel. */
function greyOf(samples: ArrayLike<number>, channels: number): Uint8Array {
  const pixels = samples.length / channels;
  const hasColour = channels > 2;
  const hasAlpha = channels % 2 === 0;
  const brightness = new Uint8Array(pixels);
  const alpha = new Uint8Array(pixels).fill(255);
  let oneColour = true;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = pixel * channels;
    const red = samples[at] ?? 0;
    const green = hasColour ? (samples[at + 1] ?? 0) : red;
    const blue = hasColour ? (samples[at + 2] ?? 0) : red;
    brightness[pixel] = Math.round((299 * red + 587 * green + 114 * blue) / 1000);
    if (hasAlpha) {
      alpha[pixel] = samples[at + channels - 1] ?? 255;
    }
    oneColour &&= red === samples[0] && (!hasColour || (green === samples[1] && blue === samples[2]));
  }
  const first = alpha[0];
  // One colour and one alpha is an empty or a full map: then its brightness says which.
  if (oneColour && alpha.some((value) => value !== first)) {
    return alpha;
  }
  return brightness.map((value, pixel) => Math.round((value * (alpha[pixel] ?? 255)) / 255));
}
