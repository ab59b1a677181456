import { csvCell, csvTable } from '../base/csv.ts';
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
  part: rowsOf,
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

/** Written out: a table of cells would be most of the time of the export. */
function rowsOf(image: ExportImage): string {
  const { listedAs, width, height, inspection, maskThreshold } = image;
  const first = `${csvCell(listedAs)},${width},${height}`;
  const last = csvCell(inspection.modelVersion ?? inspection.model);
  let rows = '';
  for (const detection of image.detections) {
    const { id, label, confidence, box, pixelBox } = detection;
    const pixels = `${pixelBox.x},${pixelBox.y},${pixelBox.width},${pixelBox.height}`;
    const fractions = `${fraction(box.x)},${fraction(box.y)},${fraction(box.width)},${fraction(box.height)}`;
    const area = maskBitmap(detection, image, maskThreshold)?.area ?? '';
    rows += `${first},${Number(id)},${csvCell(label)},${confidence ?? ''},${pixels},${fractions},${area},${last}\r\n`;
  }
  return rows;
}

/** A number with at most six decimals: whole numbers become text in less than half the time that fractions take. */
function fraction(value: number): string {
  const millionths = Math.round(value * 1e6);
  if (!(millionths > 0 && millionths < 1e6)) return String(rounded(value, 6));
  const digits = String(1e6 + millionths);
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return `0.${digits.slice(1, end)}`;
}
