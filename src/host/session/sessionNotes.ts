import type { FailureView } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';

/** What is said of a task that the user ended, and of the earlier result that goes on being shown; undefined where it failed. */
export function endedNote({ reason }: FailureView, shown?: Inspection): string | undefined {
  const ended = reason === 'cancelled' ? t('Cancelled.') : reason === 'notConfirmed' ? t('Not sent.') : undefined;
  if (ended === undefined || shown === undefined) return ended;
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(new Date(shown.createdAt));
  return `${ended} ${t('Showing the result of {0}.', time)}`;
}

/** What is said of a task that the user ended when something had come of it: so many runs of those wanted. */
export function cancelledNote({ detections, text }: Inspection, runs: number, of: number): string {
  if (of > 1) return t('Cancelled. {0} of {1} runs kept.', runs, of);
  if (detections === undefined || text !== undefined) return t('Cancelled. The text so far is kept.');
  return detections.length === 1 ? t('Cancelled. 1 object kept.') : t('Cancelled. {0} objects kept.', detections.length);
}
