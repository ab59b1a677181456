import type { Detection } from '../inspection/inspection.ts';
import { boxed, type ExportImage, rounded } from './exportImage.ts';
import { joinedPolygon, type PixelPoint } from './maskPolygons.ts';
import { objectShape } from './objectPolygons.ts';
import { type Added, type ComposedFile, type DataWriter, SetFacts, type SetWriter } from './setWriter.ts';

/**
 * YOLO: `labels/` with a line for each box (class, middle, size) and, if there are masks, `segment/labels/` with a line for each outline; objects
 * without a mask have their box there, since readers take a file for the one or the other. All in fractions of the image. Each folder has its
 * `data.yaml`. Source: docs.ultralytics.com/datasets.
 */
export const yolo: DataWriter<YoloObject[]> = {
  part: (image) => boxed(image.detections).map((detection) => objectOf(detection, image)),
  begin: () => new YoloWriter(),
  paths: (_, hasMasks) => folders(hasMasks).map((folder) => `${folder}data.yaml`),
  ownPaths: (stem, hasMasks) => folders(hasMasks).map((folder) => labelsPath(folder, stem)),
};

/** The rows of an object, but for the number of its class. */
interface YoloObject {
  label: string;
  box: string;
  outline: string;
  hasMask: boolean;
}

const SEGMENTS = 'segment/';

class YoloWriter implements SetWriter<YoloObject[]> {
  readonly #facts = new SetFacts();
  /** Where the outlines of each image are: files are made of them if there turns out to be a mask. */
  readonly #outlines: { stem: string; start: number; length: number }[] = [];
  /** Of all outlines: characters, and bytes, as they are numbers. */
  #length = 0;
  #hasMasks = false;

  add(image: ExportImage, objects: YoloObject[]): Added {
    this.#facts.add(image);
    this.#hasMasks ||= objects.some(({ hasMask }) => hasMask);
    const rows = (kind: 'box' | 'outline') => objects.map((object) => `${this.#facts.placeOf(object)} ${object[kind]}\n`).join('');
    const text = rows('outline');
    this.#outlines.push({ stem: image.stem, start: this.#length, length: text.length });
    this.#length += text.length;
    return { files: [{ path: labelsPath('', image.stem), text: rows('box') }], spooled: [{ spool: 'outlines', text }] };
  }

  end(): ComposedFile[] {
    const yaml = dataYaml(this.#facts);
    const files = folders(this.#hasMasks).map((folder) => ({ path: `${folder}data.yaml`, parts: [yaml] }));
    if (!this.#hasMasks) return files;
    const outlines = this.#outlines.map(({ stem, start, length }) => ({
      path: labelsPath(SEGMENTS, stem),
      parts: [{ spool: 'outlines', start, length }],
    }));
    return [...files, ...outlines];
  }
}

function folders(hasMasks: boolean): string[] {
  return hasMasks ? ['', SEGMENTS] : [''];
}

function labelsPath(folder: string, stem: string): string {
  return `${folder}labels/${stem}.txt`;
}

function objectOf(detection: Detection, image: ExportImage): YoloObject {
  const shape = objectShape(detection, image, image.maskThreshold);
  const polygon = shape === undefined || shape.polygons.length === 0 ? cornersOf(detection) : joinedPolygon(shape.polygons);
  const outline = polygon.map(([x, y]) => `${fraction(x, image.width)} ${fraction(y, image.height)}`).join(' ');
  return { label: detection.label, box: boxRow(detection, image), outline, hasMask: shape !== undefined };
}

function boxRow({ pixelBox: { x, y, width, height } }: Detection, image: ExportImage): string {
  const numbers = [
    fraction(x + width / 2, image.width),
    fraction(y + height / 2, image.height),
    fraction(width, image.width),
    fraction(height, image.height),
  ];
  return numbers.join(' ');
}

function cornersOf({ pixelBox: { x, y, width, height } }: Detection): PixelPoint[] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

function fraction(value: number, whole: number): string {
  return String(rounded(value / whole, 8));
}

function dataYaml({ remark, classes: names }: SetFacts): string {
  return [
    `# ${remark}`,
    '# Images are not copied: put each into images/, named like its file in labels/.',
    'path: .',
    'train: images',
    'val: images',
    `nc: ${names.length}`,
    names.length === 0 ? 'names: {}' : 'names:',
    ...names.map((name, place) => `  ${place}: ${quoted(name)}`),
    '',
  ].join('\n');
}

/** A double-quoted YAML string: JSON, but for the characters that YAML does not take as they are. */
function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
