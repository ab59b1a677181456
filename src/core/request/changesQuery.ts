import type { ImageDifference } from '../inspection/imageDifference.ts';

/** Regions that a question names, the largest first. */
const MOST_NAMED = 20;

/** What a model is asked about two versions of a picture, the older first: about the regions whose pixels differ, and nothing else. */
export function changesQuery({ sizes: [older, newer], regions }: ImageDifference): string {
  const size = newer ?? older;
  if (size === null) return '';
  const places = [...regions]
    .sort((a, b) => b.width * b.height - a.width * a.height)
    .slice(0, MOST_NAMED)
    .map(({ x, y, width, height }) => {
      const start = (at: number, whole: number) => Math.max(0, Math.floor((1000 * at) / whole));
      const end = (at: number, whole: number) => Math.min(1000, Math.ceil((1000 * at) / whole));
      return `[${start(y, size.height)}, ${start(x, size.width)}, ${end(y + height, size.height)}, ${end(x + width, size.width)}]`;
    });
  return [
    'Say what changed from Image 1, the older version, to Image 2.',
    `Pixels differ only in these parts of Image 2, as [ymin, xmin, ymax, xmax] from 0 to 1000: ${places.join(', ')}.`,
    'One short line for each change, as in a commit message, without naming the images. Say nothing of what is the same.',
  ].join(' ');
}
