import type { Size } from '../base/geometry.ts';
import type { Detection, InspectedImage, Inspection } from '../inspection/inspection.ts';
import { unaskedInspection } from '../inspection/unaskedInspection.ts';
import { applyEdits, type Edit } from './edits.ts';

/** What is known of a result that a person has made, besides its objects. */
export interface PersonFacts {
  id: string;
  /** ISO 8601 */
  createdAt: string;
}

/** A result as a person has corrected it: it stands beside the one that it is based on. */
export function correctedInspection(run: Inspection, edits: readonly Edit[], facts: PersonFacts): Inspection {
  const sizes: readonly Size[] = run.images;
  return personInspection(run.images, [...applyEdits(run.detections ?? [], edits, sizes)], [run.id], facts);
}

/** Objects that a person answers for. Nothing was sent, and no model asked. */
export function personInspection(
  images: readonly InspectedImage[],
  detections: Detection[],
  basedOn: string[],
  { id, createdAt }: PersonFacts,
): Inspection {
  return unaskedInspection({
    id,
    createdAt,
    source: 'person',
    images: images.map(({ sent: _, ...image }) => image),
    basedOn,
    detections,
    dropped: [],
    complete: true,
    raw: '',
  });
}
