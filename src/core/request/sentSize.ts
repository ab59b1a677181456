import type { Size } from '../base/geometry.ts';
import type { Box } from '../inspection/inspection.ts';
import { regionPixels } from './region.ts';

/** What of an image is to be sent, and how large. */
export interface SizeOptions {
  /** The longest side of what is sent, in pixels; 0 for as it is. */
  maxDimension: number;
  /** The part that is sent, in fractions of the upright image; all of it if unset. */
  region?: Box;
}

/** How the picture that is sent comes from the upright one. */
export interface SendPlan {
  /** Of the upright picture in which the cut is made, in pixels: its own, or the one in which it is drawn. */
  canvas: Size;
  /** What is cut out, in whole pixels of the canvas. */
  cut: Box;
  /** In which it is sent. */
  size: Size;
}

/** What a plan has to know about an image. */
export interface SendSource {
  mimeType: string;
  upright: Size;
}

/** Longest sides, in pixels, between which an SVG is drawn: it has no pixels of its own. */
const DRAWN = { least: 1024, most: 1536 };
/** Longest side of the drawing of which a part is sent. */
const MOST_DRAWN = 4096;

/** The plan for an image, known from its header alone. Throws `unsupportedImage` for a region that is none. */
export function sendPlan({ mimeType, upright }: SendSource, { maxDimension, region }: SizeOptions): SendPlan {
  if (mimeType === 'image/svg+xml') return drawingPlan(upright, { maxDimension, ...(region === undefined ? {} : { region }) });
  const cut = cutOf(upright, region);
  const longest = Math.max(cut.width, cut.height);
  const wanted = maxDimension > 0 ? Math.min(longest, maxDimension) : longest;
  return { canvas: upright, cut, size: scaled(cut, wanted / longest) };
}

/** The size in which an image is sent, known from its header alone. Throws like `sendPlan`. */
export function sentSize(source: SendSource, options: SizeOptions): Size {
  return sendPlan(source, options).size;
}

/** True if every pixel of the upright image is sent. */
export function isWhole({ canvas, cut, size }: SendPlan): boolean {
  return [cut, size].every(({ width, height }) => width === canvas.width && height === canvas.height);
}

/** Longest sides that a picture may be sent with instead of its own, in pixels. */
const SMALLER = [2048, 1024];

/** The sizes in which an image can be sent: as it is (`maxDimension` 0), and smaller where it is larger. Throws like `sendPlan`. */
export function sizeChoices(source: SendSource, options: Pick<SizeOptions, 'region'> = {}): { maxDimension: number; size: Size }[] {
  const full = sentSize(source, { ...options, maxDimension: 0 });
  const smaller = SMALLER.filter((side) => side < Math.max(full.width, full.height));
  return [0, ...smaller].map((maxDimension) => ({ maxDimension, size: sentSize(source, { ...options, maxDimension }) }));
}

function drawingPlan(upright: Size, { maxDimension, region }: SizeOptions): SendPlan {
  const part = region === undefined ? upright : { width: upright.width * region.width, height: upright.height * region.height };
  const longest = Math.max(part.width, part.height);
  const own = Math.min(DRAWN.most, Math.max(DRAWN.least, longest));
  const wanted = maxDimension > 0 ? Math.min(own, maxDimension) : own;
  const most = MOST_DRAWN / Math.max(upright.width, upright.height);
  const canvas = scaled(upright, Math.min(wanted / longest, region === undefined ? Number.POSITIVE_INFINITY : most));
  const cut = cutOf(canvas, region);
  return { canvas, cut, size: { width: cut.width, height: cut.height } };
}

function cutOf(canvas: Size, region: Box | undefined): Box {
  return region === undefined ? { x: 0, y: 0, ...canvas } : regionPixels(region, canvas);
}

function scaled({ width, height }: Size, factor: number): Size {
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}
