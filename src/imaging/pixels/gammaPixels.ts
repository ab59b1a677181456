import type { Sharp } from 'sharp';
import { ownBytes, wasmSharp } from './sharpWasm.ts';

/** Values of a byte, and of a sample of 16 bits. */
const VALUES = 256;
const DEEP_VALUES = 65_536;

/** A picture whose samples are light to the power of `gamma`, as sRGB in 8 bits: the pixel library takes all samples for sRGB. */
export async function withUsualGamma(picture: Sharp, gamma: number): Promise<Sharp> {
  const sharp = await wasmSharp();
  // In 16 bits: dark samples of little gamma come out far apart.
  const { data, info } = await picture.toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const samples = new Uint16Array(ownBytes(data).buffer);
  const light = Uint8Array.from({ length: DEEP_VALUES }, (_, value) =>
    Math.round(encoded((value / (DEEP_VALUES - 1)) ** (1 / gamma)) * (VALUES - 1)),
  );
  const hasAlpha = channels === 2 || channels === 4;
  const pixels = new Uint8Array(samples.length);
  for (const [at, sample] of samples.entries())
    pixels[at] = hasAlpha && at % channels === channels - 1 ? sample >> 8 : (light[sample] as number);
  return sharp(pixels, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Light, 0 to 1, as sRGB (IEC 61966-2-1). */
function encoded(light: number): number {
  return light <= 0.003_130_8 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}
