import type { Size } from '../../core/base/geometry.ts';
import type { Box, Detection } from '../../core/inspection/inspection.ts';
import { maskSpans } from '../../core/masks/maskSpans.ts';

/** The pixels of an object as runs in rows of the image. */
export interface ObjectSpans {
  /** What they span. */
  region: Box;
  /** Of each run the column of its first pixel and that behind its last, row after row from the top of the region. */
  columns: readonly number[];
  /** The place in `columns` at which each row of the region begins, and the end of the last. */
  starts: readonly number[];
}

/** An object whose pixels are wanted. */
export interface MaskedObject {
  detection: Detection;
  /** Values of the mask above it are object, 0..255. */
  threshold: number;
}

/** Its pixels in an image of that size. Undefined if it has no mask, or one without pixels or that cannot be read. */
export function objectSpans({ detection: { mask, pixelBox }, threshold }: MaskedObject, size: Size): ObjectSpans | undefined {
  if (mask === undefined || (mask.kind === 'bitmap' && (pixelBox.width < 1 || pixelBox.height < 1))) return undefined;
  const columns: number[] = [];
  const starts: number[] = [];
  let [top, left, right] = [0, size.width, 0];
  try {
    maskSpans(mask, pixelBox, size, threshold, (y, from, to) => {
      if (columns.length === 0) top = y;
      while (starts.length <= y - top) starts.push(columns.length);
      columns.push(from, to);
      left = Math.min(left, from);
      right = Math.max(right, to);
    });
  } catch {
    // Box and label are as good as ever.
    return undefined;
  }
  if (columns.length === 0) return undefined;
  const region = { x: left, y: top, width: right - left, height: starts.length };
  return { region, columns, starts: [...starts, columns.length] };
}

/** Gives the runs of an object in rows of the image, from one to before another. */
export function spansBetween(
  { region, columns, starts }: ObjectSpans,
  first: number,
  end: number,
  take: (row: number, from: number, to: number) => void,
): void {
  const last = Math.min(end, region.y + region.height);
  for (let row = Math.max(first, region.y); row < last; row++) {
    const to = starts[row - region.y + 1] as number;
    for (let at = starts[row - region.y] as number; at < to; at += 2) take(row, columns[at] as number, columns[at + 1] as number);
  }
}
