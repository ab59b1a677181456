import { writeCoco } from './coco.ts';
import { writeCsv } from './csv.ts';
import type { ExportFile, ExportFormat, ExportImage } from './exportImage.ts';
import { writeHocr } from './hocr.ts';
import { writeJson } from './json.ts';
import { writeLabelMe } from './labelme.ts';
import { writeSvg } from './svg.ts';
import { writeVoc } from './voc.ts';
import { writeYolo } from './yolo.ts';

/** Formats that are text, made of the results alone. */
export type DataFormat = Exclude<ExportFormat, 'masks' | 'overlay'>;

const WRITERS: Readonly<Record<DataFormat, (images: readonly ExportImage[]) => ExportFile[]>> = {
  coco: writeCoco,
  yolo: writeYolo,
  voc: writeVoc,
  labelme: writeLabelMe,
  csv: writeCsv,
  svg: writeSvg,
  hocr: writeHocr,
  json: writeJson,
};

/** The files of a format. Takes a while for masks on large images: meant for a worker. */
export function writeData(format: DataFormat, images: readonly ExportImage[]): ExportFile[] {
  return WRITERS[format](images);
}
