import type { Size } from '../base/geometry.ts';
import { type Detection, type Inspection, isConsensus } from '../inspection/inspection.ts';

export const EXPORT_FORMATS = ['coco', 'yolo', 'voc', 'labelme', 'csv', 'svg', 'hocr', 'masks', 'overlay', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** An image with what was found in it. */
export interface ExportImage extends Size {
  /** Its file name: untrusted text. */
  name: string;
  /** What it is called among the images of the export: its file name, or more of its path where two have the same. */
  listedAs: string;
  /** Where it is seen from the folder of the export, such as `../photos/cat.png`; its name where there is no such way. */
  path: string;
  /** The beginning of its files' names: safe, and its own among the images of an export. */
  stem: string;
  inspection: Inspection;
  /** The objects in this image. `width` and `height` above are upright pixels, as are all their places. */
  detections: readonly Detection[];
  /** Values of masks above it are object, 0..255. */
  maskThreshold: number;
  /** The places of its labels in the palette, as the inspector shows them. */
  labelOrder: ReadonlyMap<string, number>;
}

/** A file to write. */
export interface ExportFile {
  /** From the folder of the export on, with `/`; every part is safe as a file name. */
  path: string;
  text: string;
}

/** What goes with results wherever a format has a place for it. In English: files travel. */
export function remark({ inspection }: ExportImage): string {
  return remarkOf(new Set([originOf(inspection)]));
}

/** The same for several results, by where they come from. */
export function remarkOf(origins: ReadonlySet<string>): string {
  const elsewhere: readonly (string | undefined)[] = Object.values(ORIGINS);
  const found = [...origins].some((origin) => elsewhere.includes(origin)) ? 'From' : 'Found by';
  const isUnchecked = [...origins].some((origin) => origin !== ORIGINS.person && origin !== ORIGINS.file);
  return `${found} ${[...origins].join(', ')}${isUnchecked ? ', not checked by a person: review before use' : ''}.`;
}

/** Where a result comes from: the model that answered, or what else. */
export function originOf(inspection: Inspection): string {
  const { source, modelVersion, model } = inspection;
  // A consensus as earlier versions stored it names no model.
  if (isConsensus(inspection)) return model || 'a model';
  return (source === undefined || source === 'gemini' ? undefined : ORIGINS[source]) ?? modelVersion ?? model;
}

const ORIGINS = { pasted: 'a pasted reply', file: 'a label file', person: 'a person' } as const;

/** The class of an object in formats whose readers need one; in English, as files travel. */
export function classOf({ label }: Pick<Detection, 'label'>): string {
  return label.trim() === '' ? 'unlabeled' : label;
}

/** The objects that have a box with an area: a point has none. */
export function boxed(detections: readonly Detection[]): Detection[] {
  return detections.filter(({ point, pixelBox }) => point === undefined && pixelBox.width > 0 && pixelBox.height > 0);
}

/** A number with at most so many decimals, without trailing zeros. */
export function rounded(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
