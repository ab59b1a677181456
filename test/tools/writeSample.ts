/** Writes what the extension shows as its sample: `node test/tools/writeSample.ts`, after `drawSamples.ts`. The picture of the walkthrough is made of the same scene. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labelOrder, labelStyle } from '../../src/core/drawing/palette.ts';
import type { Detection } from '../../src/core/inspection/inspection.ts';
import { PROJECT } from './project.ts';
import { SAMPLE_PICTURE, sampleInspections } from './sampleInspections.ts';
import { street } from './scenes/street.ts';

const inspections = sampleInspections();
const folder = join(PROJECT, 'media/sample');
await mkdir(folder, { recursive: true });
await copyFile(SAMPLE_PICTURE, join(folder, 'Sample.png'));
await writeFile(join(folder, 'inspections.json'), `${JSON.stringify(inspections)}\n`);
const detected = inspections.find(({ task }) => task === 'detect')?.detections ?? [];
await mkdir(join(PROJECT, 'media/walkthrough'), { recursive: true });
await writeFile(join(PROJECT, 'media/walkthrough/sample.svg'), `${drawingOf(detected)}\n`);

/** The street with its boxes, in the colours of the inspector. */
function drawingOf(detections: readonly Detection[]): string {
  const { width, height, svg } = street;
  const order = labelOrder(
    inspections,
    inspections.find(({ task }) => task === 'detect'),
  );
  const boxes = detections.map(({ label, pixelBox: { x, y, width: w, height: h } }) => {
    const { colour } = labelStyle(order.get(label) ?? 0, false);
    const line = (stroke: string, thickness: number) => `fill="none" stroke="${stroke}" stroke-width="${thickness}"`;
    const box = (style: string) => `<rect x="${x}" y="${y}" width="${w}" height="${h}" ${style}/>`;
    return box(line('#000', 9)) + box(line(colour, 6));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${svg}${boxes.join('')}</svg>`.replaceAll(
    / data-label="[^"]*"|\n\s*/g,
    '',
  );
}
