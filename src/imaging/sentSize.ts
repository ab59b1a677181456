import type { Size } from '../core/geometry.ts';
import type { ImageHeader } from './probe.ts';

/** Longest sides, in pixels, between which an SVG is drawn: it has no pixels of its own. */
const DRAWN = { least: 1024, most: 1536 };

/**
 * The size in which an image is sent, known from its header alone. `maxDimension`: the longest side that is sent, in pixels; 0 for the image as it is.
 */
export function sentSize({ mimeType, upright }: ImageHeader, maxDimension: number): Size {
  const longest = Math.max(upright.width, upright.height);
  const own = mimeType === 'image/svg+xml' ? Math.min(DRAWN.most, Math.max(DRAWN.least, longest)) : longest;
  const wanted = maxDimension > 0 ? Math.min(own, maxDimension) : own;
  return wanted === longest ? upright : scaled(upright, wanted / longest);
}

function scaled({ width, height }: Size, factor: number): Size {
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}
