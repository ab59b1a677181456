import type { Size } from '../base/geometry.ts';
import type { Box, Detection } from '../inspection/inspection.ts';
import { maskSpans } from '../masks/maskSpans.ts';

/** The pixels of an object, in a part of the image. */
export interface MaskBitmap {
  /** The part, in pixels of the image: the object's box, or what its polygon spans. */
  region: Box;
  /** Row by row of the region, 0 or 1. */
  data: Uint8Array;
  /** How many pixels are object. */
  area: number;
}

/** The pixels of an object in an image of the given size. Undefined if it has no mask, or one without pixels or that cannot be read. */
export function maskBitmap({ mask, pixelBox }: Detection, size: Size, threshold: number): MaskBitmap | undefined {
  if (mask === undefined) return undefined;
  const region = mask.kind === 'bitmap' ? pixelBox : spannedBy(mask.points, size);
  if (region.width < 1 || region.height < 1) return undefined;
  const data = new Uint8Array(region.width * region.height);
  let area = 0;
  try {
    maskSpans(mask, pixelBox, size, threshold, (y, from, to) => {
      const start = (y - region.y) * region.width - region.x;
      data.fill(1, start + from, start + to);
      area += to - from;
    });
  } catch {
    // Box and label are as good as ever.
    return undefined;
  }
  return area === 0 ? undefined : { region, data, area };
}

function spannedBy(points: readonly (readonly [number, number])[], { width, height }: Size): Box {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (const [x, y] of points) {
    left = Math.min(left, Math.max(0, Math.floor(x * width)));
    top = Math.min(top, Math.max(0, Math.floor(y * height)));
    right = Math.max(right, Math.min(width, Math.ceil(x * width)));
    bottom = Math.max(bottom, Math.min(height, Math.ceil(y * height)));
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
