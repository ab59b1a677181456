import type { Detection } from '../inspection/inspection.ts';
import { boxed, classOf, type ExportImage, remark } from './exportImage.ts';
import { fileForEach } from './setWriter.ts';
import { escapeXml } from './xml.ts';

/**
 * Pascal VOC: a file for each image. Pixels count from 1 and both ends belong to the box, as in the challenge's own annotations: a box over the whole
 * image is 1, 1, width, height. Source: the VOC2012 development kit.
 */
export const voc = fileForEach('.xml', (image) => {
  const folder = image.path.split('/').at(-2) ?? '';
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<annotation>',
    `  <folder>${escapeXml(folder === '..' ? '' : folder)}</folder>`,
    `  <filename>${escapeXml(image.name)}</filename>`,
    `  <source><database>Unknown</database><annotation>${escapeXml(remark(image))}</annotation></source>`,
    `  <size><width>${image.width}</width><height>${image.height}</height><depth>3</depth></size>`,
    '  <segmented>0</segmented>',
    ...boxed(image.detections).flatMap((detection) => objectLines(detection, image)),
    '</annotation>',
    '',
  ];
  return lines.join('\n');
});

function objectLines(detection: Detection, image: ExportImage): string[] {
  const { x, y, width, height } = detection.pixelBox;
  const truncated = x === 0 || y === 0 || x + width === image.width || y + height === image.height ? 1 : 0;
  return [
    '  <object>',
    `    <name>${escapeXml(classOf(detection))}</name>`,
    '    <pose>Unspecified</pose>',
    `    <truncated>${truncated}</truncated>`,
    '    <difficult>0</difficult>',
    `    <bndbox><xmin>${x + 1}</xmin><ymin>${y + 1}</ymin><xmax>${x + width}</xmax><ymax>${y + height}</ymax></bndbox>`,
    '  </object>',
  ];
}
