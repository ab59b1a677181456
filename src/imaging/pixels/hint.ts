import { probe } from '../formats/probe.ts';
import type { ByteSource } from '../reading/byteSource.ts';
import { readWhole } from '../reading/byteSource.ts';
import { wasmSharp } from './sharpWasm.ts';

/** What may make a picture hard to read for a model. */
export type Hint = 'blurred' | 'blank';

/** Longest side of the picture that is looked at, in pixels. */
const SIDE = 512;
/** Smaller ones say nothing. */
const LEAST = 64;
/** JPEG is decoded small; of all else larger ones would take too long for a mere hint, in pixels. */
const MOST_PIXELS = 15e6;
/** Of the file. */
const MOST_BYTES = 50e6;

/** Looks at a small grey copy of a picture that the pixel library reads. Undefined for one that is fine, or too small or too large to tell. */
export async function hintOf(source: ByteSource): Promise<Hint | undefined> {
  if (source.size > MOST_BYTES) return undefined;
  const { mimeType, upright } = await probe(source);
  if (mimeType === 'image/svg+xml' || mimeType === 'image/bmp') return undefined;
  if (mimeType !== 'image/jpeg' && upright.width * upright.height > MOST_PIXELS) return undefined;
  const sharp = await wasmSharp();
  const { data, info } = await sharp(await readWhole(source), { failOn: 'none', limitInputPixels: false })
    .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return hintOfGrey(data, info);
}

/** Below it a picture is one surface: the standard deviation of its brightness, of 255. */
const BLANK = 2;
/** Below it no edge is sharp: the strength of the sharpest thousandth of all pixels, in standard deviations of the brightness. Sharp photos and drawings have 2 to 20. */
const BLURRED = 0.4;
const SHARPEST = 0.001;

/**
 * `grey`: a byte a pixel, row by row. Sharpness is the answer of the Laplacian (4 neighbours), as in Pech-Pacheco et al., "Diatom autofocusing in brightfield
 * microscopy", 2000; of its strongest answers instead of its variance, since drawings and screenshots are sharp in few places.
 */
export function hintOfGrey(grey: Uint8Array, { width, height }: { width: number; height: number }): Hint | undefined {
  if (width < LEAST || height < LEAST) return undefined;
  const deviation = standardDeviation(grey);
  if (deviation < BLANK) return 'blank';
  // By strength: 4 neighbours of 255 at most.
  const counts = new Uint32Array(4 * 255 + 1);
  const at = (index: number) => grey[index] as number;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, index = y * width + 1; x < width - 1; x++, index++) {
      const strength = Math.abs(4 * at(index) - at(index - 1) - at(index + 1) - at(index - width) - at(index + width));
      (counts[strength] as number)++;
    }
  }
  let left = SHARPEST * (width - 2) * (height - 2);
  let strength = counts.length;
  while (left > 0 && strength > 0) left -= counts[--strength] as number;
  return strength / deviation < BLURRED ? 'blurred' : undefined;
}

function standardDeviation(values: Uint8Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / values.length - (sum / values.length) ** 2));
}
