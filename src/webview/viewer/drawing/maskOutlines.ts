import type { Size } from '../../../core/base/geometry.ts';
import type { Detection } from '../../../core/inspection/inspection.ts';
import { decodeMask, type MaskPixels } from '../../../core/masks/mask.ts';
import { type Outline, outlineOfMap, outlineOfPolygon } from '../../../core/masks/outline.ts';

/** Milliseconds of work before the page gets to draw and answer again. */
const SLICE = 24;
/** Milliseconds between drawings while there is more to work out. */
const PATIENCE = 150;
/** Values of a map that is kept for another threshold; larger ones are decoded again. */
const KEPT_UP_TO = 512 * 512;

/** Outlines of masks, worked out in short slices and remembered. Masks that cannot be decoded have none. */
export class MaskOutlines {
  readonly #ready: () => void;
  readonly #later: (work: () => void) => void;
  #known = new Map<string, Outline | undefined>();
  #wanted = new Map<string, () => Outline | undefined>();
  #scheduled = false;
  /** When outlines were last reported ready. */
  #reportedAt = Number.NEGATIVE_INFINITY;
  /** Decoded maps of the objects last asked for. */
  #maps = new Map<Detection, MaskPixels>();
  /** The latest outlines, shown until those for another threshold are known. */
  #latest = new WeakMap<Detection, Outline>();
  /** A mask is long, and its key is made of it: it is made once for each detection and circumstances. */
  readonly #keys = new WeakMap<Detection, { circumstances: string; key: string }>();

  /** `ready` is called when further outlines have been worked out; `later` begins with them when the page has drawn what is known. */
  constructor(ready: () => void, later: (work: () => void) => void) {
    this.#ready = ready;
    this.#later = later;
  }

  /** The outlines of these objects as far as they are known, by id. The others are put to work; those no longer asked for are forgotten. */
  of(detections: readonly Detection[], size: Size, threshold: number): Map<string, Outline> {
    const known = new Map<string, Outline | undefined>();
    const result = new Map<string, Outline>();
    this.#wanted.clear();
    this.#maps = new Map(
      detections.flatMap((detection) => {
        const map = this.#maps.get(detection);
        return map ? [[detection, map] as const] : [];
      }),
    );
    for (const detection of detections) {
      if (!detection.mask) continue;
      const key = this.#keyOf(detection, `${threshold} ${size.width} ${size.height}`);
      if (!this.#known.has(key)) {
        this.#wanted.set(key, () => this.#outlineOf(detection, size, threshold));
        const before = this.#latest.get(detection);
        if (before) result.set(detection.id, before);
        continue;
      }
      const outline = this.#known.get(key);
      known.set(key, outline);
      if (!outline) continue;
      result.set(detection.id, outline);
      this.#latest.set(detection, outline);
    }
    this.#known = known;
    this.#schedule();
    return result;
  }

  /** True while outlines are still to be worked out. */
  get busy(): boolean {
    return this.#wanted.size > 0;
  }

  /** The same for equal masks in equal places, so that a detection that is sent anew has its outline at once. */
  #keyOf(detection: Detection, circumstances: string): string {
    const before = this.#keys.get(detection);
    if (before?.circumstances === circumstances) return before.key;
    const { box, mask } = detection;
    const shape = mask?.kind === 'bitmap' ? mask.png : mask?.points.join(' ');
    const key = `${circumstances} ${box.x} ${box.y} ${box.width} ${box.height} ${shape}`;
    this.#keys.set(detection, { circumstances, key });
    return key;
  }

  #schedule(later = this.#later): void {
    if (this.#scheduled || this.#wanted.size === 0) return;
    this.#scheduled = true;
    later(() => this.#work());
  }

  #work(): void {
    this.#scheduled = false;
    const end = performance.now() + SLICE;
    for (const [key, make] of this.#wanted) {
      this.#known.set(key, make());
      this.#wanted.delete(key);
      if (performance.now() > end) break;
    }
    // Drawing takes time too: many masks are not drawn one by one.
    if (!this.busy || performance.now() - this.#reportedAt > PATIENCE) {
      this.#ready();
      this.#reportedAt = performance.now();
    }
    this.#schedule((work) => setTimeout(work, 0));
  }

  #outlineOf(detection: Detection, size: Size, threshold: number): Outline | undefined {
    const { mask, box } = detection;
    if (!mask) return undefined;
    if (mask.kind === 'polygon') return outlineOfPolygon(mask.points, size);
    const place = { x: box.x * size.width, y: box.y * size.height, width: box.width * size.width, height: box.height * size.height };
    try {
      const map = this.#maps.get(detection) ?? decodeMask(mask.png);
      if (map.data.length <= KEPT_UP_TO) this.#maps.set(detection, map);
      return outlineOfMap(map, threshold, place);
    } catch {
      // The host has looked at the mask before; what still cannot be read is drawn as its box.
      return undefined;
    }
  }
}
