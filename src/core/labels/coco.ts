import type { Rectangle, Size } from '../base/geometry.ts';
import { t } from '../base/l10n.ts';
import { isFigure, isRecord } from '../base/shape.ts';
import type { JsonPlace } from './jsonEntries.ts';
import { fileNameIn } from './labelIndex.ts';
import type { LabelImage, LabelObject, LabelProblems, LabelShape } from './labels.ts';
import { areRuns, runsBox, unpackedCounts } from './rle.ts';

/** What of a file is wanted; plain data, which can go to another thread. */
export interface LabelWish {
  /** Of images with this file name alone, in whatever folder; all if unset. */
  imageName?: string;
  /** False where boxes are enough. */
  shapes: boolean;
}

type Id = string | number;

/** An object whose image or category has not come yet. */
interface WaitingObject {
  category: Id;
  at: JsonPlace;
  object: LabelObject;
}

/** COCO, entry by entry: what other images have is not kept, once their list has been read. Source: cocodataset.org/#format-data. */
export class CocoReader {
  readonly #wish: LabelWish;
  readonly #problems: LabelProblems;
  readonly #images = new Map<Id, LabelImage>();
  readonly #unwanted = new Set<Id>();
  readonly #names = new Map<Id, string>();
  /** By their images, in their order: once one waits, those behind it do. */
  readonly #waiting = new Map<Id, WaitingObject[]>();
  /** Objects that come before the images. */
  readonly #early: { image: Id; at: JsonPlace; text: string }[] = [];
  isUsed = false;

  /** Images that are not wanted. */
  get others(): number {
    return this.#unwanted.size;
  }

  constructor(wish: LabelWish, problems: LabelProblems) {
    this.#wish = wish;
    this.#problems = problems;
  }

  /** Takes an entry of `images`, `categories` or `annotations`. */
  take(at: JsonPlace, value: unknown): void {
    this.isUsed = true;
    const id = isRecord(value) ? (at.section === 'annotations' ? value.image_id : value.id) : undefined;
    if (!isRecord(value) || (typeof id !== 'number' && typeof id !== 'string')) {
      this.#problems.add(placeOf(at), t('It has no id.'), value);
    } else if (at.section === 'images') this.#image(id, value);
    else if (at.section === 'categories') this.#names.set(id, String(value.name ?? id));
    else if (this.#isTooEarly()) this.#early.push({ image: id, at, text: JSON.stringify(value) });
    else if (!this.#unwanted.has(id)) this.#object(id, value, at);
  }

  /** Of one image among others the outlines are asked for, and it is not known yet which that is: as points, those of all would take several times their text. */
  #isTooEarly(): boolean {
    return this.#wish.shapes && this.#wish.imageName !== undefined && this.#images.size + this.#unwanted.size === 0;
  }

  #image(id: Id, { file_name: name, width, height }: Record<string, unknown>): void {
    if (!isWanted(String(name), this.#wish)) this.#unwanted.add(id);
    else {
      // The last one of a number is the one that counts.
      const objects = this.#images.get(id)?.objects ?? [];
      this.#images.set(id, { name: String(name ?? ''), ...sizeOf(width, height), unit: 'pixels', objects });
    }
  }

  #object(image: Id, value: Record<string, unknown>, at: JsonPlace): void {
    const { bbox, segmentation, iscrowd, score, category_id: category } = value;
    const own = boxOf(bbox);
    const shape = this.#wish.shapes || own === undefined ? shapeOf(segmentation) : undefined;
    const box = own ?? (shape === undefined ? undefined : spanned(shape));
    if (box === undefined || (typeof category !== 'number' && typeof category !== 'string')) {
      this.#problems.add(placeOf(at), box === undefined ? t('There is no box.') : t('It has no category.'), value);
      return;
    }
    // Called by its number, where there is no name.
    const object: LabelObject = { label: this.#names.get(category) ?? String(category), box };
    if (shape !== undefined && this.#wish.shapes) object.shape = shape;
    if (isFigure(score)) object.confidence = score as number;
    if (iscrowd === 1 || iscrowd === true) object.crowd = true;
    const waiting = this.#waiting.get(image);
    const known = this.#images.get(image);
    if (waiting !== undefined) waiting.push({ category, at, object });
    else if (known !== undefined && this.#names.has(category)) known.objects.push(object);
    else this.#waiting.set(image, [{ category, at, object }]);
  }

  end(): LabelImage[] {
    for (const { image, at, text } of this.#early) if (!this.#unwanted.has(image)) this.#object(image, JSON.parse(text), at);
    for (const [id, objects] of this.#waiting) {
      const image = this.#images.get(id);
      if (image === undefined) {
        if (!this.#unwanted.has(id)) for (const { at } of objects) this.#problems.add(placeOf(at), t('Its image is not in the file.'));
        continue;
      }
      for (const { category, at, object } of objects) {
        const label = this.#names.get(category);
        if (label === undefined) this.#problems.add(placeOf(at), t('Its category is not in the file: the object is called by its number.'));
        else object.label = label;
        image.objects.push(object);
      }
    }
    return [...this.#images.values()];
  }
}

/** Whether an image is wanted, by the name that it has in a file. */
export function isWanted(name: string, { imageName }: LabelWish): boolean {
  return imageName === undefined || fileNameIn(name) === fileNameIn(imageName);
}

/** Where an entry stands, for people. */
export function placeOf({ section, index, line }: JsonPlace): string {
  const name = section === '' ? t('entry {0}', (index ?? 0) + 1) : index === undefined ? section : `${section} ${index + 1}`;
  return t('line {0}, {1}', line, name);
}

export function sizeOf(width: unknown, height: unknown): { size?: Size } {
  const [w, h] = [Number(width), Number(height)];
  return w >= 1 && h >= 1 && Number.isFinite(w * h) ? { size: { width: w, height: h } } : {};
}

function boxOf(bbox: unknown): Rectangle | undefined {
  if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every(isFigure)) return undefined;
  const [x, y, width, height] = bbox as [number, number, number, number];
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

function shapeOf(segmentation: unknown): LabelShape | undefined {
  if (Array.isArray(segmentation)) {
    const rings = segmentation.map(ringOf).filter((ring) => ring !== undefined);
    return rings.length === 0 ? undefined : { kind: 'rings', rings };
  }
  if (!isRecord(segmentation) || !Array.isArray(segmentation.size)) return undefined;
  const [height, width] = segmentation.size.map(Number) as [number, number];
  const counts = typeof segmentation.counts === 'string' ? unpackedCounts(segmentation.counts) : segmentation.counts;
  const size = { width, height };
  return Array.isArray(counts) && areRuns(counts, size) ? { kind: 'runs', size, counts } : undefined;
}

/** Points out of their numbers in turn; undefined for fewer than three. */
export function ringOf(flat: unknown): [number, number][] | undefined {
  if (!Array.isArray(flat) || flat.length < 6 || !flat.every(isFigure)) return undefined;
  const ring: [number, number][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) ring.push([flat[at], flat[at + 1]]);
  return ring;
}

/** What a shape spans, where it says so itself; undefined where that is nothing. */
export function spanned(shape: LabelShape): Rectangle | undefined {
  if (shape.kind === 'mask') return undefined;
  if (shape.kind === 'runs') {
    const box = runsBox(shape.counts, shape.size);
    return box.width > 0 ? box : undefined;
  }
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [x, y] of shape.rings.flat()) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : undefined;
}
