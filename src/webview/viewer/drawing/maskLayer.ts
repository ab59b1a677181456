import type { Size } from '../../../core/base/geometry.ts';
import type { Detection } from '../../../core/inspection/inspection.ts';
import type { Outline } from '../../../core/masks/outline.ts';
import { afterFrame } from '../../state/afterFrame.ts';
import { MaskOutlines } from './maskOutlines.ts';

/** The masks of the shown objects as outlines, and what can be said about them. */
export class MaskLayer {
  readonly #outlines: MaskOutlines;
  #drawn: ReadonlyMap<string, Outline> = new Map();
  #size: Size = { width: 0, height: 0 };
  #shares = new Map<string, number>();

  /** `ready` is called when further outlines have been worked out; `update` then takes them. */
  constructor(ready: () => void) {
    this.#outlines = new MaskOutlines(ready, afterFrame);
  }

  update(detections: readonly Detection[], size: Size, threshold: number): void {
    this.#drawn = this.#outlines.of(detections, size, threshold);
    this.#size = size;
    this.#shares = new Map();
  }

  /** Outlines that are known, by id. */
  get drawn(): ReadonlyMap<string, Outline> {
    return this.#drawn;
  }

  /** True while outlines are still to be worked out. */
  get busy(): boolean {
    return this.#outlines.busy;
  }

  /** True if a mask has values between 0 and 255, so that another threshold would change it. */
  get soft(): boolean {
    return [...this.#drawn.values()].some(({ soft }) => soft);
  }

  /** Share of the box that the object's mask covers, 0..1, where it is known. */
  coverageOf(id: string | undefined): number | undefined {
    return id === undefined ? undefined : this.#drawn.get(id)?.coverage;
  }

  /** Share of the picture that the masks of these objects (without `ids`: all) cover together, 0..1; undefined without masks, or while they are worked out. */
  share(ids?: readonly string[]): number | undefined {
    if (this.#outlines.busy) return undefined;
    const wanted = ids?.flatMap((id) => this.#drawn.get(id) ?? []) ?? [...this.#drawn.values()];
    if (wanted.length === 0) return undefined;
    const key = ids?.join(' ') ?? 'all';
    const share = this.#shares.get(key) ?? coveredShare(wanted, this.#size);
    this.#shares.set(key, share);
    return share;
  }
}

const CELLS = 512;

/**
 * Share of the picture that objects cover together, 0..1: their outlines are painted over each other into 512 x 512 cells, of which those count that
 * are more than half covered. `size`: of the picture, the unit of the outlines.
 */
function coveredShare(outlines: Iterable<Outline>, { width, height }: Size): number {
  const canvas = new OffscreenCanvas(CELLS, CELLS).getContext('2d', { willReadFrequently: true });
  if (!canvas) return 0;
  canvas.scale(CELLS / width, CELLS / height);
  for (const { path } of outlines) canvas.fill(new Path2D(path), 'evenodd');
  const { data } = canvas.getImageData(0, 0, CELLS, CELLS);
  let covered = 0;
  for (let alpha = 3; alpha < data.length; alpha += 4) if ((data[alpha] ?? 0) > 127) covered++;
  return covered / CELLS ** 2;
}
