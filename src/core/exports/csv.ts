import { csvTable } from '../base/csv.ts';
import type { Detection } from '../inspection/inspection.ts';
import { type ExportImage, rounded } from './exportImage.ts';
import { maskBitmap } from './maskBitmap.ts';
import { type DataWriter, SetFacts } from './setWriter.ts';

const COLUMNS = [
  'image',
  'image_width',
  'image_height',
  'number',
  'label',
  'confidence',
  'x',
  'y',
  'width',
  'height',
  'x_fraction',
  'y_fraction',
  'width_fraction',
  'height_fraction',
  'mask_pixels',
  'model',
] as const;

/** CSV (RFC 4180): a row for each object. `x` to `height` are pixels of the upright image; a point has no size. */
export const csv: DataWriter<string> = {
  part: (image) => csvTable(image.detections.map((detection) => rowOf(detection, image))),
  begin: () => {
    const facts = new SetFacts();
    return {
      add: (image, rows) => {
        const head = facts.count === 0 ? csvTable([COLUMNS]) : '';
        facts.add(image);
        return { files: [], spooled: [{ spool: 'rows', text: `${head}${rows}` }] };
      },
      end: () => [{ path: `${facts.name}.csv`, parts: [{ spool: 'rows' }] }],
    };
  },
  paths: (name) => [`${name}.csv`],
};

function rowOf(detection: Detection, image: ExportImage): (string | number)[] {
  const { id, label, confidence, box, pixelBox } = detection;
  const { inspection, width, height } = image;
  return [
    image.listedAs,
    width,
    height,
    Number(id),
    label,
    confidence ?? '',
    pixelBox.x,
    pixelBox.y,
    pixelBox.width,
    pixelBox.height,
    ...[box.x, box.y, box.width, box.height].map((value) => rounded(value, 6)),
    maskBitmap(detection, image, image.maskThreshold)?.area ?? '',
    inspection.modelVersion ?? inspection.model,
  ];
}
