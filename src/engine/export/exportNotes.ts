import { t } from '../../core/base/l10n.ts';
import type { ExportFormat } from '../../core/exports/exportImage.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { ChosenResult } from './exportResults.ts';

/** So many objects of the results are hidden where they are shown, by hand or by the filter. */
export function hiddenAmong(results: readonly ChosenResult[]): number {
  return results.reduce((sum, { inspection, hidden }) => sum + (hidden?.run === inspection.id ? hidden.ids.length : 0), 0);
}

/** The results without what is hidden where they are shown. */
export function withoutHidden(results: readonly ChosenResult[]): ChosenResult[] {
  return results.map(({ hidden, ...result }) =>
    hidden?.run === result.inspection.id ? { ...result, inspection: withoutObjects(result.inspection, hidden.ids) } : result,
  );
}

/** A result without some of its objects. */
export function withoutObjects(inspection: Inspection, ids: readonly string[]): Inspection {
  const left = new Set(ids);
  const { detections, ...rest } = inspection;
  return detections === undefined ? inspection : { ...rest, detections: detections.filter(({ id }) => !left.has(id)) };
}

/**
 * The addresses of files that the results were made with in place of those that are exported: files with the same picture share their results.
 * `fileOf`: the file of an image that an inspection names.
 */
export function sharedFrom(results: readonly ChosenResult[], fileOf: (address: string) => string): string[] {
  const others = results.flatMap(({ address, inspection, imageIndex = 0 }) => {
    const files = inspection.images.map(({ uri }) => fileOf(uri));
    const own = files[imageIndex];
    return own === undefined || files.includes(address) ? [] : [own];
  });
  return [...new Set(others)];
}

/** What people are told of the results that were written, besides where. `names`: of the files that `sharedFrom` gives, fit to be shown. */
export function exportNotes(format: ExportFormat, results: readonly ChosenResult[], names: readonly string[]): string[] {
  const notes: string[] = [];
  const hidden = hiddenAmong(results);
  if (hidden > 0) notes.push(t('Hidden objects are included: {0}.', hidden));
  if (names.length > 0) notes.push(t('Files with the same picture share results. These were made with: {0}.', names.join(', ')));
  const points = ['coco', 'yolo', 'voc'].includes(format)
    ? results.flatMap(({ inspection }) => inspection.detections ?? []).filter(({ point }) => point !== undefined).length
    : 0;
  if (points > 0) notes.push(t('Points are left out, as this format has none: {0}.', points));
  return notes;
}
