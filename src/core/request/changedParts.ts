import { around, joinedNear, type Rectangle, type Size } from '../base/geometry.ts';
import { type Alignment, type ImageDifference, placeOfOlder } from '../inspection/imageDifference.ts';
import type { PartOfImage } from '../inspection/imageParts.ts';
import type { Box } from '../inspection/inspection.ts';

/** Parts of each version: where more is changed, parts are joined. Each costs about as many tokens as a whole picture. */
export const MOST_PARTS = 6;
/** Of more it is not weighed which two to join: those that are near each other are. */
const MOST_WEIGHED = 40;
/** Around a changed region, so that a model sees what it belongs to: this share of its longer side, and pixels at least. */
const MARGIN = { share: 0.25, least: 32 };

/**
 * The parts of two versions of a picture that hold all that changed and no more than what is around it: of each part the older version, then the newer.
 * None where nothing changed, or where there is one version only.
 */
export function changedParts({ sizes: [older, newer], regions }: ImageDifference, alignment: Alignment): PartOfImage[] {
  if (older === null || newer === null) return [];
  const place = placeOfOlder(older, newer, alignment);
  return joined(regions.map(withMargin)).flatMap((part) => [
    { image: 0, region: within({ ...part, x: part.x - place.x, y: part.y - place.y }, older) },
    { image: 1, region: within(part, newer) },
  ]);
}

function withMargin({ x, y, width, height }: Rectangle): Rectangle {
  const margin = Math.max(MARGIN.least, Math.round(MARGIN.share * Math.max(width, height)));
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
}

/** Parts that overlap become one; then, while there are too many, the two between which there is least. */
function joined(parts: readonly Rectangle[]): Rectangle[] {
  let all = joinedNear(parts);
  for (let gap = MARGIN.least; all.length > MOST_WEIGHED; gap *= 2) all = joinedNear(all, gap);
  while (all.length > MOST_PARTS) {
    const pairs = all.flatMap((one, at) => all.slice(at + 1).map((other) => ({ one, other, waste: wasteOf(one, other) })));
    const { one, other } = pairs.reduce((best, pair) => (pair.waste < best.waste ? pair : best));
    all = joinedNear([around(one, other), ...all.filter((part) => part !== one && part !== other)]);
  }
  return all.sort((a, b) => a.y - b.y || a.x - b.x);
}

/** Pixels that go along for nothing where two parts become one. */
function wasteOf(one: Rectangle, other: Rectangle): number {
  const area = ({ width, height }: Size) => width * height;
  return area(around(one, other)) - area(one) - area(other);
}

/** In fractions of a picture; at least a pixel of it. */
function within({ x, y, width, height }: Rectangle, size: Size): Box {
  const [left, right] = cut(x, x + width, size.width);
  const [top, bottom] = cut(y, y + height, size.height);
  return { x: left / size.width, y: top / size.height, width: (right - left) / size.width, height: (bottom - top) / size.height };
}

function cut(from: number, to: number, length: number): [number, number] {
  const start = Math.min(length - 1, Math.max(0, from));
  return [start, Math.max(start + 1, Math.min(length, to))];
}
