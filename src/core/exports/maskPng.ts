import { encode } from 'fast-png';
import type { Size } from '../base/geometry.ts';
import type { Box, Detection } from '../inspection/inspection.ts';
import { maskBitmap } from './maskBitmap.ts';

/** A mask to write as a picture. */
export interface MaskPicture {
  detection: Detection;
  /** Upright pixels of the image. */
  size: Size;
  /** Values of the mask above it are object, 0..255. */
  threshold: number;
}

/** An object's mask as PNGs of one grey channel, 0 and 255: in the size of its box, and in that of the image. Undefined without a mask. */
export function maskPngs({ detection, size, threshold }: MaskPicture): { box: Uint8Array; image: Uint8Array } | undefined {
  const bitmap = maskBitmap(detection, size, threshold);
  if (bitmap === undefined) return undefined;
  const greyOf = (frame: Box) => {
    const data = new Uint8Array(frame.width * frame.height);
    const { x, y, width, height } = bitmap.region;
    const [left, right] = [Math.max(x, frame.x), Math.min(x + width, frame.x + frame.width)];
    for (let row = Math.max(y, frame.y); row < Math.min(y + height, frame.y + frame.height); row++) {
      for (let column = left; column < right; column++) {
        if (bitmap.data[(row - y) * width + column - x] === 1) data[(row - frame.y) * frame.width + column - frame.x] = 255;
      }
    }
    return encode({ width: frame.width, height: frame.height, data, depth: 8, channels: 1 });
  };
  return { box: greyOf(detection.pixelBox), image: greyOf({ x: 0, y: 0, ...size }) };
}
