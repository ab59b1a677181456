import type { Affine, Size } from '../../base/geometry.ts';
import { mapPoint } from '../../base/geometry.ts';
import { t } from '../../base/l10n.ts';
import type { Box } from '../../inspection/inspection.ts';
import type { Corners } from './box.ts';

/** Where an item lies, in fractions and in pixels of the whole upright image. */
export interface ReplyPlace {
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

/** The place of a box in 0..1000, or why there is none. What lies outside the image is cut off. */
export function placeOfBox({ left, top, right, bottom }: Corners, picture: Picture): ReplyPlace | string {
  if (isOutside(left, right) || isOutside(top, bottom)) {
    return t('The numbers are not between 0 and 1000.');
  }
  const place = placeBetween(pointInImage(left, top, picture), pointInImage(right, bottom, picture), picture);
  return place.pixelBox.width === 0 || place.pixelBox.height === 0 ? t('The box has no area.') : place;
}

/** The place of a point in 0..1000, with a box of size 0 there, or why there is none. */
export function placeOfPoint(x: number, y: number, picture: Picture): ReplyPlace | string {
  if (isOutside(x, x) || isOutside(y, y)) {
    return t('The numbers are not between 0 and 1000.');
  }
  const point = pointInImage(x, y, picture);
  return placeBetween(point, point, picture);
}

/** A point of the reply, 0..1000, in fractions of the whole image; what lies outside is moved to the edge. */
export function pointInImage(x: number, y: number, { toImage }: Picture): { x: number; y: number } {
  const point = mapPoint(toImage, cut(x, SCALE) / SCALE, cut(y, SCALE) / SCALE);
  return { x: cut(point.x, 1), y: cut(point.y, 1) };
}

function placeBetween(p: { x: number; y: number }, q: { x: number; y: number }, picture: Picture): ReplyPlace {
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
