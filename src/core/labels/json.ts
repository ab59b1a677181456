import { decodePercent } from '../base/addresses.ts';
import { t } from '../base/l10n.ts';
import { isRecord } from '../base/shape.ts';
import type { Detection } from '../inspection/inspection.ts';
import { isDetection } from '../inspection/storedInspection.ts';
import { CocoReader, type LabelWish, placeOf, sizeOf } from './coco.ts';
import { JsonEntries, type JsonPlace } from './jsonEntries.ts';
import { LabelMeReader } from './labelme.ts';
import { type LabelImage, LabelProblems, type LabelsRead } from './labels.ts';

/** Label files in JSON while they come: COCO, LabelMe, or an inspection of ours. */
export class JsonLabelReader {
  readonly #problems = new LabelProblems();
  readonly #coco: CocoReader;
  readonly #labelme = new LabelMeReader(this.#problems);
  readonly #entries = new JsonEntries({
    take: (at, value) => this.#take(at, value),
    broken: (at, text) => this.#problems.add(placeOf(at), t('It is not valid JSON.'), text),
  });
  readonly #members: Record<string, unknown> = {};
  readonly #images: unknown[] = [];
  readonly #detections: unknown[] = [];

  constructor(wish: LabelWish) {
    this.#coco = new CocoReader(wish, this.#problems);
  }

  push(text: string): void {
    this.#entries.push(text);
  }

  /** Images without an object are images too. Without any, the file is none of these. */
  end(): LabelsRead {
    const { isComplete } = this.#entries;
    if (!isComplete) this.#problems.add(t('at its end'), t('The file ends before its end.'));
    const images = this.#imagesOf();
    const isForMany = this.#coco.isUsed && typeof this.#members.task !== 'string';
    return this.#problems.with(images, { complete: isComplete, isForMany, others: this.#coco.others });
  }

  #imagesOf(): LabelImage[] {
    const { task, imagePath, imageWidth, imageHeight, shapes } = this.#members;
    if (typeof task === 'string') return this.#ownImages();
    if (this.#labelme.isUsed || imagePath !== undefined || shapes !== undefined)
      return [{ name: String(imagePath ?? ''), ...sizeOf(imageWidth, imageHeight), unit: 'pixels', objects: this.#labelme.end() }];
    return this.#coco.isUsed ? this.#coco.end() : [];
  }

  #take(at: JsonPlace, value: unknown): void {
    const { section, index } = at;
    if (index === undefined) this.#members[section] = value;
    else if (section === 'detections') this.#detections.push(value);
    else if (section === 'shapes') this.#labelme.take(at, value);
    else if (section === 'images' && isRecord(value) && typeof value.uri === 'string') this.#images.push(value);
    else if (section === 'annotations' || section === 'categories' || section === 'images') this.#coco.take(at, value);
  }

  /** Of a result of ours, as `export` writes it: each object is checked by itself. */
  #ownImages(): LabelImage[] {
    for (const [place, value] of this.#detections.entries())
      if (!isDetection(value)) this.#problems.add(`detections ${place + 1}`, t('It is no object of a result.'), value);
    const detections = this.#detections.filter((value): value is Detection => isDetection(value));
    return this.#images.flatMap((image, index): LabelImage[] => {
      if (!isRecord(image)) return [];
      const objects = detections.filter(({ imageIndex }) => imageIndex === index);
      return [{ name: nameOf(String(image.uri)), ...sizeOf(image.width, image.height), unit: 'fractions', objects: objects.map(labelOf) }];
    });
  }
}

function labelOf({ label, box, pixelBox, mask, confidence, point, crowd }: Detection): LabelImage['objects'][number] {
  return {
    label,
    ...(point === undefined ? { box, pixelBox } : { box: { ...point, width: 0, height: 0 } }),
    ...(mask === undefined ? {} : { shape: { kind: 'mask', mask } }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(crowd === undefined ? {} : { crowd }),
  };
}

/** The path of an address, as it is on disk. */
function nameOf(uri: string): string {
  return decodePercent(uri.replace(/^[a-z][a-z0-9+.-]{0,30}:\/\/[^/]{0,300}/i, ''));
}
