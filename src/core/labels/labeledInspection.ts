import { formatNumber } from '../base/format.ts';
import { t } from '../base/l10n.ts';
import type { Dropped, InspectedImage, Inspection } from '../inspection/inspection.ts';
import { unaskedInspection } from '../inspection/unaskedInspection.ts';
import { detectionsOf } from './detections.ts';
import { type LabelImage, LabelProblems, type LabelsRead } from './labels.ts';

/** What is known of labels besides their file. */
export interface LabelFacts {
  id: string;
  /** ISO 8601 */
  createdAt: string;
  /** Nothing of it was sent. */
  image: Omit<InspectedImage, 'sent'>;
}

/** The labels of one image as a result of it. What of the file could not be read is told among what was dropped. */
export function labeledInspection(
  labels: LabelImage,
  read: Pick<LabelsRead, 'problems' | 'problemCount' | 'complete'>,
  { id, createdAt, image }: LabelFacts,
): Inspection {
  const problems = new LabelProblems();
  const detections = detectionsOf(labels, image, problems);
  return unaskedInspection({
    id,
    createdAt,
    source: 'file',
    images: [image],
    detections,
    dropped: droppedOf([...read.problems, ...problems.told], read.problemCount + problems.count),
    complete: read.complete,
    raw: '',
  });
}

function droppedOf(told: LabelsRead['problems'], count: number): Dropped[] {
  const dropped = told.map(({ place, reason, raw }, index) => ({ index, reason: `${place}: ${reason}`, raw }));
  const more = count - told.length;
  return more === 0
    ? dropped
    : [...dropped, { index: told.length, reason: t('{0} more entries could not be read.', formatNumber(more)), raw: '' }];
}
