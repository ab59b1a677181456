import type { Affine, Size } from '../geometry.ts';
import { mapPoint } from '../geometry.ts';
import type { Box } from '../inspection.ts';
import { t } from '../l10n.ts';
import { numbersOf } from './numbers.ts';

/** Where an item lies, in fractions and in pixels of the whole upright image. */
export interface Place {
  box: Box;
  pixelBox: Box;
}

/** The image that the numbers of a reply are about. */
export interface Picture extends Size {
  /** Fractions of what was sent -> fractions of the whole upright image. */
  toImage: Affine;
}

/** The reply's numbers go from 0 to this, whatever the image's size. */
export const SCALE = 1000;

/** The place of a box as the model writes it, or why there is none. Corners may be in any order; what lies outside the image is cut off. */
export function placeOfBox(value: unknown, picture: Picture): Place | string {
  if (!Array.isArray(value)) {
    return t('There is no box.');
  }
  const numbers = numbersOf(value);
  if (!numbers) {
    return t('The box holds something that is not a number.');
  }
  if (value.length !== 4) {
    return t('The box has {0} numbers, 4 are needed.', value.length);
  }
  // Gemini's order: [yMin, xMin, yMax, xMax].
  const [y1, x1, y2, x2] = numbers as [number, number, number, number];
  if (isOutside(x1, x2) || isOutside(y1, y2)) {
    return t('The numbers are not between 0 and 1000.');
  }
  const place = placeBetween(imagePoint(x1, y1, picture), imagePoint(x2, y2, picture), picture);
  return place.pixelBox.width === 0 || place.pixelBox.height === 0 ? t('The box has no area.') : place;
}

/** The place of a point as the model writes it, with a box of size 0 there, or why there is none. */
export function placeOfPoint(value: unknown, picture: Picture): Place | string {
  if (!Array.isArray(value)) {
    return t('There is no point.');
  }
  const numbers = numbersOf(value);
  if (!numbers) {
    return t('The point holds something that is not a number.');
  }
  if (value.length !== 2) {
    return t('The point has {0} numbers, 2 are needed.', value.length);
  }
  // Gemini's order: [y, x].
  const [y, x] = numbers as [number, number];
  if (isOutside(x, x) || isOutside(y, y)) {
    return t('The numbers are not between 0 and 1000.');
  }
  const point = imagePoint(x, y, picture);
  return placeBetween(point, point, picture);
}

/** A point of the reply, 0..1000, in fractions of the whole image; what lies outside is moved to the edge. */
export function imagePoint(x: number, y: number, { toImage }: Picture): { x: number; y: number } {
  const point = mapPoint(toImage, cut(x, SCALE) / SCALE, cut(y, SCALE) / SCALE);
  return { x: cut(point.x, 1), y: cut(point.y, 1) };
}

function placeBetween(p: { x: number; y: number }, q: { x: number; y: number }, picture: Picture): Place {
  const left = Math.min(p.x, q.x);
  const top = Math.min(p.y, q.y);
  const right = Math.max(p.x, q.x);
  const bottom = Math.max(p.y, q.y);
  const x = edge(left, picture.width, picture);
  const y = edge(top, picture.height, picture);
  return {
    box: { x: left, y: top, width: right - left, height: bottom - top },
    pixelBox: { x, y, width: edge(right, picture.width, picture) - x, height: edge(bottom, picture.height, picture) - y },
  };
}

/** In whole pixels. Where a part was sent, its pixels begin at a whole one, which a fraction may miss by a hair. */
function edge(fraction: number, length: number, { toImage }: Picture): number {
  return Math.trunc(fraction * length + (toImage.a === 1 && toImage.d === 1 ? 0 : 1e-9));
}

function isOutside(from: number, to: number): boolean {
  return Math.max(from, to) < 0 || Math.min(from, to) > SCALE;
}

function cut(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
