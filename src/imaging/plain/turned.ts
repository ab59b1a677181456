import type { Raster } from '../png/raster.ts';

/** Sides of the squares that are turned one after the other, in pixels: both where they come from and where they go then stays near the processor. */
const SQUARE = 32;

/** A picture of three colors as stored, turned upright. `orientation`: of EXIF, 1 to 8 (EXIF 2.32, tag 274). */
export function turned({ data, size }: Omit<Raster, 'channels'>, orientation: number): Raster {
  const { width, height } = size;
  const last = width * height - 1;
  // Where the first pixel goes, and how many pixels further the next in its row and in its column.
  const ways: Readonly<Record<number, readonly [first: number, right: number, down: number]>> = {
    2: [width - 1, -1, width],
    3: [last, -1, -width],
    4: [last - width + 1, 1, -width],
    5: [0, height, 1],
    6: [height - 1, height, -1],
    7: [last, -height, -1],
    8: [last - height + 1, -height, 1],
  };
  const way = ways[orientation];
  if (way === undefined) return { data, size, channels: 3 };
  const [first, right, down] = way;
  const upright = new Uint8Array(data.length);
  for (let top = 0; top < height; top += SQUARE) {
    for (let left = 0; left < width; left += SQUARE) {
      const [end, bottom] = [Math.min(width, left + SQUARE), Math.min(height, top + SQUARE)];
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < end; x++) {
          const from = (y * width + x) * 3;
          const to = (first + x * right + y * down) * 3;
          upright[to] = data[from] as number;
          upright[to + 1] = data[from + 1] as number;
          upright[to + 2] = data[from + 2] as number;
        }
      }
    }
  }
  return { data: upright, size: orientation >= 5 ? { width: height, height: width } : size, channels: 3 };
}
