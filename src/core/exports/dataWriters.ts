import { coco } from './coco.ts';
import { csv } from './csv.ts';
import type { ExportFormat, ExportImage } from './exportImage.ts';
import { hocr } from './hocr.ts';
import { json } from './json.ts';
import { labelme } from './labelme.ts';
import type { DataWriter } from './setWriter.ts';
import { svg } from './svg.ts';
import { voc } from './voc.ts';
import { yolo } from './yolo.ts';

/** Formats that are text, made of the results alone. */
export type DataFormat = Exclude<ExportFormat, 'masks' | 'overlay'>;

const WRITERS = { coco, yolo, voc, labelme, csv, svg, hocr, json } as const;

/** What a writer makes of an image by itself. */
export type ImagePart = string | readonly object[];

/** How a format is written: its parts go back to its own writer only. */
export function dataWriter(format: DataFormat): DataWriter<ImagePart> {
  return WRITERS[format] as unknown as DataWriter<ImagePart>;
}

/** What images come to in a format, each by itself. */
export function imageParts(format: DataFormat, images: readonly ExportImage[]): ImagePart[] {
  return images.map(dataWriter(format).part);
}
