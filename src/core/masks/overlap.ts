import { intersectionOverUnion, type Size } from '../base/geometry.ts';
import type { Detection } from '../inspection/inspection.ts';
import { maskSpans } from './maskSpans.ts';

/** Masks are laid over each other in a picture no larger than this, in pixels of its longer side. */
const LARGEST_SIDE = 512;
/** Share of the image's longer side: points so far apart have nothing in common. */
const FAR_POINTS = 0.1;

type Spans = Map<number, [from: number, to: number][]>;

/** How much objects of one image agree in their place. Masks are decoded once each, and only where boxes touch. */
export class Overlaps {
  readonly #size: Size;
  readonly #threshold: number;
  readonly #spans = new Map<Detection, { spans: Spans; area: number } | undefined>();

  /** @param size of the image in upright pixels @param threshold of masks: values above it are object, 0..254 */
  constructor({ width, height }: Size, threshold: number) {
    const scale = Math.min(1, LARGEST_SIDE / Math.max(1, width, height));
    this.#size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
    this.#threshold = threshold;
  }

  /**
   * Agreement of two objects, 0..1: intersection over union of their masks where both have one that can be read, else of their boxes;
   * of points 1 less their distance over a tenth of the longer side. A point and a box do not agree.
   */
  of(a: Detection, b: Detection): number {
    if (a.imageIndex !== b.imageIndex || (a.point === undefined) !== (b.point === undefined)) return 0;
    if (a.point && b.point) return this.#nearness(a.point, b.point);
    const boxes = intersectionOverUnion(a.box, b.box);
    const [first, second] = boxes > 0 && a.mask && b.mask ? [this.#of(a), this.#of(b)] : [];
    if (!first || !second) return boxes;
    const both = shared(first.spans, second.spans);
    return both / Math.max(1, first.area + second.area - both);
  }

  #nearness(a: { x: number; y: number }, b: { x: number; y: number }): number {
    const { width, height } = this.#size;
    const distance = Math.hypot((a.x - b.x) * width, (a.y - b.y) * height) / Math.max(width, height);
    return Math.max(0, 1 - distance / FAR_POINTS);
  }

  #of(detection: Detection): { spans: Spans; area: number } | undefined {
    if (!this.#spans.has(detection)) this.#spans.set(detection, this.#read(detection));
    return this.#spans.get(detection);
  }

  /** Undefined for a mask that cannot be decoded, or is empty. */
  #read({ mask, box }: Detection): { spans: Spans; area: number } | undefined {
    if (!mask) return undefined;
    const spans: Spans = new Map();
    let area = 0;
    const { width, height } = this.#size;
    const [left, top] = [Math.round(box.x * width), Math.round(box.y * height)];
    const place = {
      x: left,
      y: top,
      width: Math.max(1, Math.round((box.x + box.width) * width) - left),
      height: Math.max(1, Math.round((box.y + box.height) * height) - top),
    };
    try {
      maskSpans(mask, place, this.#size, this.#threshold, (y, from, to) => {
        area += to - from;
        const row = spans.get(y);
        if (row) row.push([from, to]);
        else spans.set(y, [[from, to]]);
      });
    } catch {
      return undefined;
    }
    return area === 0 ? undefined : { spans, area };
  }
}

/** Pixels that are in both. */
function shared(a: Spans, b: Spans): number {
  let count = 0;
  for (const [y, row] of a) {
    for (const [from, to] of row) {
      for (const [start, end] of b.get(y) ?? []) count += Math.max(0, Math.min(to, end) - Math.max(from, start));
    }
  }
  return count;
}
