import type { Size } from '../../core/base/geometry.ts';
import { type MaskBitmap, maskBitmap } from '../../core/exports/maskBitmap.ts';
import type { Detection } from '../../core/inspection/inspection.ts';

/** The last object that was asked for: its mask is written, then the image with it in white. */
let latest: { key: string; bitmap: MaskBitmap | undefined } | undefined;

/** See `maskBitmap`. Not to be written to. */
export function objectBitmap(detection: Detection, size: Size, threshold: number): MaskBitmap | undefined {
  const { mask, pixelBox } = detection;
  const key = JSON.stringify([mask, pixelBox, size, threshold]);
  if (latest?.key !== key) latest = { key, bitmap: maskBitmap(detection, size, threshold) };
  return latest.bitmap;
}
