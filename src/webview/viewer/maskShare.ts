import type { Size } from '../../core/geometry.ts';
import type { Outline } from '../../core/outline.ts';

const CELLS = 512;

/**
 * Share of the picture that objects cover together, 0..1: their outlines are painted over each other into 512 x 512 cells, of which those count that
 * are more than half covered. `size`: of the picture, the unit of the outlines.
 */
export function coveredShare(outlines: Iterable<Outline>, { width, height }: Size): number {
  const canvas = new OffscreenCanvas(CELLS, CELLS).getContext('2d', { willReadFrequently: true });
  if (!canvas) return 0;
  canvas.scale(CELLS / width, CELLS / height);
  for (const { path } of outlines) canvas.fill(new Path2D(path), 'evenodd');
  const { data } = canvas.getImageData(0, 0, CELLS, CELLS);
  let covered = 0;
  for (let alpha = 3; alpha < data.length; alpha += 4) if ((data[alpha] ?? 0) > 127) covered++;
  return covered / CELLS ** 2;
}
