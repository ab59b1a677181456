import { InspectorError } from '../base/failure.ts';
import type { Affine, Size } from '../base/geometry.ts';
import { t } from '../base/l10n.ts';
import type { Box } from '../inspection/inspection.ts';

/**
 * The whole pixels of a region of a picture: its edges rounded to the nearest ones, at least one pixel, cut off at the picture's edges. `region`: fractions of
 * the picture. Throws `unsupportedImage` if it is no region, or outside.
 */
export function regionPixels(region: Box, { width, height }: Size): Box {
  assertArea(region);
  const [x, right] = nearest(region.x, region.x + region.width, width);
  const [y, bottom] = nearest(region.y, region.y + region.height, height);
  return { x, y, width: right - x, height: bottom - y };
}

/** The pixels of a picture that a rectangle touches: rounded outwards. `area`: fractions of the picture. Throws `unsupportedImage` if it is no rectangle. */
export function touchedPixels(area: Box, { width, height }: Size): Box {
  assertNumbers(area);
  const within = (value: number, most: number) => Math.min(most, Math.max(0, value));
  const x = within(Math.floor(area.x * width), width);
  const y = within(Math.floor(area.y * height), height);
  return {
    x,
    y,
    width: within(Math.ceil((area.x + area.width) * width), width) - x,
    height: within(Math.ceil((area.y + area.height) * height), height) - y,
  };
}

/** All of several lists of areas, each area once. */
export function allAreas(...lists: readonly (readonly Box[] | undefined)[]): Box[] {
  return [
    ...new Map(
      lists.flatMap((list) => list ?? []).map((area) => [JSON.stringify([area.x, area.y, area.width, area.height]), area]),
    ).values(),
  ];
}

/** Leads from fractions of a part of a picture to fractions of the whole. `part`: pixels. */
export function fromPart(part: Box, { width, height }: Size): Affine {
  return { a: part.width / width, b: 0, c: 0, d: part.height / height, e: part.x / width, f: part.y / height };
}

/** The first and the end pixel between two fractions of a length. */
function nearest(from: number, to: number, length: number): [number, number] {
  const start = Math.min(length - 1, Math.max(0, Math.round(from * length)));
  return [start, Math.min(length, Math.max(start + 1, Math.round(to * length)))];
}

function assertArea(region: Box): void {
  assertNumbers(region);
  const { x, y, width, height } = region;
  if (!(width > 0 && height > 0)) throw noRegion(t('It has no area.'));
  if (x >= 1 || y >= 1 || x + width <= 0 || y + height <= 0) throw noRegion(t('It lies outside of the image.'));
}

function assertNumbers(area: Box): void {
  const { x, y, width, height } = area;
  if (![x, y, width, height].every((value) => typeof value === 'number' && Number.isFinite(value)) || width < 0 || height < 0)
    throw noRegion(t('It needs x, y, width and height as numbers from 0 to 1.'));
}

function noRegion(detail: string): InspectorError {
  return new InspectorError('unsupportedImage', t('The region cannot be used.'), { detail });
}
