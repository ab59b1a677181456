import type { Detection } from '../inspection/inspection.ts';
import { boxed, classesOf, classOf, type ExportFile, type ExportImage, remark, rounded } from './exportImage.ts';
import { joinedPolygon, type PixelPoint } from './maskPolygons.ts';
import { objectShape } from './objectPolygons.ts';

/**
 * YOLO: `labels/` with a line for each box (class, middle, size) and, if there are masks, `segment/labels/` with a line for each outline; objects
 * without a mask have their box there, since readers take a file for the one or the other. All in fractions of the image. Each folder has its
 * `data.yaml`. Source: docs.ultralytics.com/datasets.
 */
export function writeYolo(images: readonly ExportImage[]): ExportFile[] {
  const classes = classesOf(images);
  const rows = images.map((image) =>
    boxed(image.detections).map((detection) => {
      const label = classes.get(classOf(detection)) ?? 0;
      const shape = objectShape(detection, image, image.maskThreshold);
      const polygon = shape === undefined || shape.polygons.length === 0 ? cornersOf(detection) : joinedPolygon(shape.polygons);
      const outline = polygon.map(([x, y]) => `${fraction(x, image.width)} ${fraction(y, image.height)}`).join(' ');
      return { box: `${label} ${boxRow(detection, image)}`, outline: `${label} ${outline}`, hasMask: shape !== undefined };
    }),
  );
  const dataset = (folder: string, kind: 'box' | 'outline'): ExportFile[] => [
    { path: `${folder}data.yaml`, text: dataYaml(images, [...classes.keys()]) },
    ...images.map(({ stem }, place) => ({
      path: `${folder}labels/${stem}.txt`,
      text: (rows[place] ?? []).map((row) => `${row[kind]}\n`).join(''),
    })),
  ];
  const hasMasks = rows.flat().some((row) => row.hasMask);
  return [...dataset('', 'box'), ...(hasMasks ? dataset('segment/', 'outline') : [])];
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

function dataYaml(images: readonly ExportImage[], names: readonly string[]): string {
  return [
    `# ${remark(images)}`,
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
