import type { Size } from '../../core/base/geometry.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import { type MaskedObject, type ObjectSpans, spansBetween } from './objectSpans.ts';
import { MASK_PACKING } from './packing.ts';
import { encodeAmidZeros, encodePng } from './pngBands.ts';

/** A mask to write as a picture. */
export interface MaskPicture extends MaskedObject {
  /** Upright pixels of the image. */
  size: Size;
}

const WHITE = 255;

/** An object's mask as PNGs of one grey channel, 0 and 255: in the size of its box, and in that of the image. */
export async function maskPngs(
  spans: ObjectSpans,
  { x, y, width, height }: Box,
  size: Size,
): Promise<{ box: Uint8Array; image: Uint8Array }> {
  const box = new Uint8Array(width * height);
  spansBetween(spans, y, y + height, (row, from, to) => {
    const start = (row - y) * width;
    box.fill(WHITE, start + Math.max(0, from - x), start + Math.max(0, Math.min(width, to - x)));
  });
  return {
    box: await encodePng({ data: box, size: { width, height }, channels: 1 }, { packing: MASK_PACKING }),
    image: await encodeAmidZeros(size, { row: spans.region.y, rows: spans.region.height }, (pixels, top, end, rowLength) =>
      spansBetween(spans, top, end, (row, from, to) => {
        const start = (row - top) * rowLength;
        pixels.fill(WHITE, start + from, start + to);
      }),
    ),
  };
}
