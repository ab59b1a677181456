import type { Size } from '../../core/base/geometry.ts';
import type { Box, Detection } from '../../core/inspection/inspection.ts';
import { objectBitmap } from './objectBitmap.ts';
import { MASK_PACKING } from './packing.ts';
import { bandRows, encodeAmidZeros, encodePng } from './pngBands.ts';

/** A mask to write as a picture. */
export interface MaskPicture {
  detection: Detection;
  /** Upright pixels of the image. */
  size: Size;
  /** Values of the mask above it are object, 0..255. */
  threshold: number;
}

/** An object's mask as PNGs of one grey channel, 0 and 255: in the size of its box, and in that of the image. Undefined without a mask. */
export async function maskPngs({ detection, size, threshold }: MaskPicture): Promise<{ box: Uint8Array; image: Uint8Array } | undefined> {
  const bitmap = objectBitmap(detection, size, threshold);
  if (bitmap === undefined) return undefined;
  const grey = (frame: Box) => {
    const data = new Uint8Array(frame.width * frame.height);
    const { x, y, width, height } = bitmap.region;
    const [left, right] = [Math.max(x, frame.x), Math.min(x + width, frame.x + frame.width)];
    for (let row = Math.max(y, frame.y); row < Math.min(y + height, frame.y + frame.height); row++) {
      const start = (row - y) * width - x;
      const to = (row - frame.y) * frame.width - frame.x;
      for (let column = left; column < right; column++) if (bitmap.data[start + column] === 1) data[to + column] = 255;
    }
    return { data, size: { width: frame.width, height: frame.height }, channels: 1 as const };
  };
  const { y, height } = bitmap.region;
  const rows = bandRows({ size, channels: 1 });
  const top = Math.floor(y / rows) * rows;
  const bottom = Math.min(size.height, Math.ceil((y + height) / rows) * rows);
  const touched = { x: 0, y: top, width: size.width, height: bottom - top };
  return {
    box: await encodePng(grey(detection.pixelBox), { packing: MASK_PACKING }),
    image: await encodeAmidZeros(grey(touched), top, size.height),
  };
}
