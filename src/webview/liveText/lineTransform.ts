import type { Size } from '../../core/base/geometry.ts';
import type { Detection } from '../../core/inspection/inspection.ts';

/** How the words of a line are laid over the picture. */
export interface PlacedLine {
  /** Of the line, in image pixels. */
  height: number;
  fontSize: number;
  /** CSS, from the words' own box to the line's corners. */
  transform: string;
}

/** Of the height of a line: the size of its letters. */
const LETTERS = 0.75;

/** @param widthOf the width of words in letters of 1 pixel, in pixels */
export function placeLine(line: Detection, { width, height }: Size, widthOf: (words: string) => number): PlacedLine {
  const [from, to, below] = corners(line).map(([x, y]): [number, number] => [x * width, y * height]) as Corners;
  const lineHeight = Math.max(1, Math.hypot(below[0] - from[0], below[1] - from[1]));
  const fontSize = lineHeight * LETTERS;
  const natural = Math.max(1, widthOf(line.label) * fontSize);
  const across = [(to[0] - from[0]) / natural, (to[1] - from[1]) / natural];
  const down = [(below[0] - from[0]) / lineHeight, (below[1] - from[1]) / lineHeight];
  return {
    height: lineHeight,
    fontSize,
    transform: `matrix(${[...across, ...down, ...from].map((value) => Number(value.toFixed(5))).join(',')})`,
  };
}

type Corners = [from: [number, number], to: [number, number], below: [number, number]];

/** Where a line begins and ends along its top, and where it begins along its bottom, in fractions of the image. */
function corners({ mask, box: { x, y, width, height } }: Detection): Corners {
  if (mask?.kind === 'polygon' && mask.points.length === 4) {
    const [from, to, , below] = mask.points;
    if (from && to && below) return [from, to, below];
  }
  return [
    [x, y],
    [x + width, y],
    [x, y + height],
  ];
}
