import { type PersonFacts, personInspection } from '../editing/personInspection.ts';
import type { Inspection } from '../inspection/inspection.ts';
import { listedLabel } from './setRows.ts';

/** Labels that get another name; several that get the same are merged. */
export interface Renaming {
  /** As lists of images show them. */
  from: ReadonlySet<string>;
  to: string;
}

/** How many objects of a result get another label, by their label. */
export function renamedCounts({ detections = [] }: Inspection, renaming: Renaming): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { label } of detections) if (isRenamed(label, renaming)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** A result with other labels, as one of a person that is based on it; undefined where nothing is another. How sure a model was holds under the new name too. */
export function renamedInspection(run: Inspection, renaming: Renaming, facts: PersonFacts): Inspection | undefined {
  if (renamedCounts(run, renaming).size === 0) return undefined;
  const detections = (run.detections ?? []).map((object) =>
    isRenamed(object.label, renaming) ? { ...object, label: renaming.to } : object,
  );
  return personInspection(run.images, detections, [run.id], facts);
}

function isRenamed(label: string, { from, to }: Renaming): boolean {
  return label !== to && from.has(listedLabel(label));
}
