import type { ExportFile, ExportImage } from './exportImage.ts';

/** The inspections as they are, a file for each. */
export function writeJson(images: readonly ExportImage[]): ExportFile[] {
  return images.map(({ stem, inspection }) => ({ path: `${stem}.inspection.json`, text: `${JSON.stringify(inspection, undefined, 2)}\n` }));
}
