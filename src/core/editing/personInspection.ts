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

/** The objects of a run that can be corrected; lines of text are none. */
export function correctableObjects(run: Pick<Inspection, 'task' | 'detections'> | undefined): readonly Detection[] {
  return run === undefined || run.task === 'readText' ? [] : (run.detections ?? []);
}

/**
 * A result as a person has corrected it: it stands beside the one that it is based on. Of a run without objects, such as a description, and of none, it is what the
 * person alone has found.
 */
export function correctedInspection(
  run: Inspection | undefined,
  edits: readonly Edit[],
  { images = run?.images ?? [], ...facts }: PersonFacts & { images?: readonly InspectedImage[] },
): Inspection {
  const sizes: readonly Size[] = images;
  const before = correctableObjects(run);
  const isBased = run !== undefined && (before.length > 0 || run.task === 'detect' || run.task === 'segment');
  return personInspection(images, [...applyEdits(before, edits, sizes)], isBased ? [run.id] : [], facts);
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
    images: images.map(({ sent: _sent, parts: _parts, ...image }) => image),
    ...(basedOn.length === 0 ? {} : { basedOn }),
    detections,
    dropped: [],
    complete: true,
    raw: '',
  });
}
