import type { Corners } from './box.ts';
import {
  type AxisOrder,
  boundsOf,
  enclosedArea,
  type OutlineReading,
  overlap,
  pointsAs,
  type ReplyOutline,
  type ReplyPoint,
} from './polygon.ts';

/** Frames that fit the boxes this nearly as well, on average, are as likely; then that of the image is taken, which is what was asked for. */
const ALIKE = 0.05;
/** What one outline may lie more inside its box in one order than in the other by the roughness of its points alone, as a share of its area. */
const ROUGH = 0.05;

/**
 * How a model writes outlines, judged over all items of a reply together: a single item, such as one about as wide as high that lies on the diagonal, fits
 * its box in both orders.
 *
 * The right order has most of the outlines' area inside the items' boxes; each outline counts the same, whatever its size. Where the orders come out even, as
 * far as can be told by so many rough outlines, the one that was asked for is meant. Whether 1000 is the side of the image or of the box shows in how well the
 * outlines fill their boxes (area in common of their bounds and the box, by area of both together).
 */
export class OutlineHabit {
  readonly #asked: AxisOrder;
  #outlines = 0;
  /** Outlines that can be flipped. */
  #open = 0;
  /** By how many outlines more of their area lies inside as [x, y] than as [y, x]. */
  #lead = 0;
  readonly #fits = { xy: 0, yx: 0, box: 0 };

  /** `asked`: the order that the prompt names. */
  constructor(asked: AxisOrder) {
    this.#asked = asked;
  }

  /** Takes the outline of an item. */
  see(outline: ReplyOutline, box: Corners): void {
    const xy = pointsAs(outline, { frame: 'image', order: 'xy' }, box);
    const yx = pointsAs(outline, { frame: 'image', order: 'yx' }, box);
    this.#outlines++;
    this.#fits.xy += overlap(boundsOf(xy), box);
    this.#fits.yx += overlap(boundsOf(yx), box);
    this.#fits.box += overlap(boundsOf(pointsAs(outline, { frame: 'box', order: 'xy' }, box)), box);
    if (outline.isNamed) return;
    this.#open++;
    this.#lead += shareInside(xy, box) - shareInside(yx, box);
  }

  /** As far as can be told by now. */
  get reading(): OutlineReading {
    // Errors of many outlines that do not depend on each other add up by the root of their number.
    const isEven = Math.abs(this.#lead) <= ROUGH * Math.sqrt(this.#open);
    const order = isEven ? this.#asked : this.#lead > 0 ? 'xy' : 'yx';
    const isOfBox = this.#fits.box > this.#fits[order] + ALIKE * this.#outlines;
    // In the box both orders always fit.
    return isOfBox ? { frame: 'box', order: this.#asked } : { frame: 'image', order };
  }
}

/** How much of an outline's area lies in a box, 0..1. */
function shareInside(points: readonly ReplyPoint[], box: Corners): number {
  const area = enclosedArea(points);
  return area === 0 ? 0 : Math.min(1, enclosedArea(cutTo(points, box)) / area);
}

/** The part of a polygon in a box: cut at one edge after the other (Sutherland and Hodgman). */
function cutTo(points: readonly ReplyPoint[], { left, top, right, bottom }: Corners): readonly ReplyPoint[] {
  const edges: [axis: 0 | 1, sign: 1 | -1, limit: number][] = [
    [0, 1, left],
    [0, -1, right],
    [1, 1, top],
    [1, -1, bottom],
  ];
  return edges.reduce<readonly ReplyPoint[]>((rest, [axis, sign, limit]) => cutAt(rest, (point) => sign * (point[axis] - limit)), points);
}

/** `depth`: how far inside a point lies, in a straight measure. */
function cutAt(points: readonly ReplyPoint[], depth: (point: ReplyPoint) => number): ReplyPoint[] {
  return points.flatMap((to, index): ReplyPoint[] => {
    const from = points.at(index - 1) ?? to;
    const [before, after] = [depth(from), depth(to)];
    const share = before / (before - after);
    const crosses = before < 0 !== after < 0;
    const crossing: ReplyPoint = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
    return [...(crosses ? [crossing] : []), ...(after < 0 ? [] : [to])];
  });
}
