import { labelKey } from '../base/labelKey.ts';
import type { Confusion, ImageVerdicts, ScoredImage } from './evaluation.ts';

/** A cell of the confusion matrix: what objects are in the labels, and as what they were found. */
export type ConfusionCell = Pick<Confusion, 'label' | 'as'>;

/** What stands in a cell once: the ids of an object of the result and of one of the labels, or of one of them. */
export interface CellEntry extends ConfusionCell {
  found?: string;
  truth?: string;
}

/** Each entry of the confusion matrix that an image makes: as often as the matrix counts it. What counts neither way is in no cell. */
export function cellEntries({ truth, found }: Pick<ScoredImage, 'truth' | 'found'>, verdicts: ImageVerdicts): CellEntry[] {
  const labels = new Map(truth.map(({ id, label }) => [id, label]));
  const entries: CellEntry[] = [];
  for (const { id, label } of found) {
    const { verdict, of } = verdicts.found.get(id) ?? { verdict: 'ignored' };
    if (verdict === 'ignored') continue;
    entries.push({
      label: (of === undefined ? undefined : labels.get(of)) ?? null,
      as: label,
      found: id,
      ...(of === undefined ? {} : { truth: of }),
    });
  }
  for (const { id, label } of truth) {
    const { verdict, by } = verdicts.truth.get(id) ?? { verdict: 'ignored' };
    if (verdict === 'missed' && by === undefined) entries.push({ label, as: null, truth: id });
  }
  return entries;
}

/** Tells one cell from another, whatever the spelling of its labels. */
export function cellKey({ label, as }: ConfusionCell): string {
  const key = (name: string | null) => (name === null ? null : labelKey(name));
  return JSON.stringify([key(label), key(as)]);
}
