import type { Size } from '../../core/base/geometry.ts';
import type { Box, Detection } from '../../core/inspection/inspection.ts';
import { MAX_SIDE } from '../../core/masks/boundedPng.ts';
import type { PreparedImage } from '../task/imagePreparer.ts';

/** Of the box, around it on each side: what is around a thing helps to tell where it ends. */
const MARGIN = 0.1;

/** The part of an image that shows one object. */
export interface Crop {
  /** In fractions of the upright image. */
  region: Box;
  /** The longest side in which it is sent, in pixels. */
  maxDimension: number;
}

/** The largest objects that have a box, by its area, at most so many; and the others with one. */
export function largest(objects: readonly Detection[], most: number): { chosen: Detection[]; others: Detection[] } {
  const area = ({ pixelBox }: Detection) => pixelBox.width * pixelBox.height;
  const boxed = objects.filter(({ point }) => point === undefined).toSorted((a, b) => area(b) - area(a));
  return { chosen: boxed.slice(0, most), others: boxed.slice(most) };
}

/**
 * The box of an object with a margin: nothing outside of what was sent of the image before, and no finer than that. Undefined where nothing of the object
 * was sent.
 */
export function cropOf({ pixelBox }: Detection, { image: { upright, stored, region } }: Pick<PreparedImage, 'image'>): Crop | undefined {
  const sent = region ?? { x: 0, y: 0, width: 1, height: 1 };
  const [x, width] = withMargin(pixelBox.x / upright.width, pixelBox.width / upright.width, [sent.x, sent.x + sent.width]);
  const [y, height] = withMargin(pixelBox.y / upright.height, pixelBox.height / upright.height, [sent.y, sent.y + sent.height]);
  if (!(width > 0 && height > 0)) return undefined;
  const cut = { x, y, width, height };
  return { region: cut, maxDimension: longestSide(cut, upright, stored.width / (sent.width * upright.width)) };
}

function withMargin(start: number, length: number, [from, to]: [number, number]): [number, number] {
  const left = Math.max(from, start - MARGIN * length);
  return [left, Math.min(to, start + (1 + MARGIN) * length) - left];
}

/** @param scale of what was sent before: below 1 where that was smaller than the image */
function longestSide(cut: Box, upright: Size, scale: number): number {
  // A larger mask would not be read.
  if (scale >= 1) return MAX_SIDE;
  return Math.min(MAX_SIDE, Math.max(1, Math.floor(scale * Math.max(cut.width * upright.width, cut.height * upright.height))));
}
