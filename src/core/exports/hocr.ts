import type { Detection } from '../inspection/inspection.ts';
import { type ExportImage, remark } from './exportImage.ts';
import { fileForEach } from './setWriter.ts';
import { escapeXml } from './xml.ts';

/** hOCR 1.2, what programs for scanned text take: a page with its lines for each image, boxes in upright pixels. Source: kba.github.io/hocr-spec/1.2. */
export const hocr = fileForEach('.hocr', (image) =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
    '<html xmlns="http://www.w3.org/1999/xhtml">',
    '  <head>',
    `    <title>${escapeXml(image.name)}</title>`,
    '    <meta http-equiv="Content-Type" content="text/html; charset=utf-8" />',
    `    <meta name="description" content="${escapeXml(remark(image))}" />`,
    '    <meta name="ocr-system" content="Image Inspector for Gemini" />',
    '    <meta name="ocr-capabilities" content="ocr_page ocr_line" />',
    '    <meta name="ocr-number-of-pages" content="1" />',
    '  </head>',
    '  <body>',
    `    <div class="ocr_page" id="page_1" title="${escapeXml(pageTitle(image))}">`,
    ...image.detections.map((line, index) => `      ${lineElement(line, index, image)}`),
    '    </div>',
    '  </body>',
    '</html>',
    '',
  ].join('\n'),
);

function pageTitle({ path, width, height }: ExportImage): string {
  return [`image ${quoted(path)}`, `bbox 0 0 ${width} ${height}`, 'ppageno 0'].join('; ');
}

function lineElement(line: Detection, index: number, image: ExportImage): string {
  const { x, y, width, height } = line.pixelBox;
  const angle = angleOf(line, image);
  const title = `bbox ${x} ${y} ${x + width} ${y + height}${angle === 0 ? '' : `; textangle ${angle}`}`;
  return `<span class="ocr_line" id="line_1_${index + 1}" title="${title}">${escapeXml(line.label)}</span><br />`;
}

/** By how many degrees a line is turned, counter-clockwise from the horizontal, with one decimal. */
function angleOf({ mask }: Detection, { width, height }: ExportImage): number {
  if (mask?.kind !== 'polygon') return 0;
  const [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] = mask.points;
  const degrees = (Math.atan2((y1 - y2) * height, (x2 - x1) * width) * 180) / Math.PI;
  return (Math.round(degrees * 10) / 10 + 360) % 360;
}

/** A file name as hOCR writes it, between quotation marks that it cannot end. */
function quoted(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
