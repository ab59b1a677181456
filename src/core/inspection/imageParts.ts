import type { Box, Inspection } from './inspection.ts';

/** A part of one of several images that is sent as a picture of its own. */
export interface PartOfImage {
  /** The place of its image, from 0. */
  image: number;
  /** Fractions of the upright image. */
  region: Box;
}

/** The parts in which the images of a run were sent, in the order sent; undefined where each image was sent as one picture. */
export function partsSent({ images }: Pick<Inspection, 'images'>): PartOfImage[] | undefined {
  const most = Math.max(0, ...images.map(({ parts = [] }) => parts.length));
  if (most === 0) return undefined;
  const found: PartOfImage[] = [];
  for (let at = 0; at < most; at++) {
    for (const [image, { parts = [] }] of images.entries()) {
      const region = parts[at]?.region;
      if (region !== undefined) found.push({ image, region });
    }
  }
  return found;
}
