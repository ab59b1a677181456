import type { Sharp } from 'sharp';
import type { Size } from '../../core/base/geometry.ts';
import { pixelFile } from './pixelFile.ts';

/**
 * The colours of a picture in CMYK without a profile as browsers and libtiff show them: each ink takes away its share of light. The pixel library would
 * take them for those of a printing press, and make them others by up to a third.
 */
export async function withoutInks(picture: Sharp, size: Size): Promise<Uint8Array> {
  const { data, info } = await picture.pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`CMYK of ${info.channels} samples`);
  const { file, pixels } = pixelFile(size);
  for (let at = 0; at < pixels.length; at += 4) {
    const light = 255 - (data[at + 3] as number);
    for (let ink = at; ink < at + 3; ink++) pixels[ink] = Math.round(((255 - (data[ink] as number)) * light) / 255);
    pixels[at + 3] = 255;
  }
  return file;
}
