import { nameOfAddress } from '../../core/base/addresses.ts';
import { t } from '../../core/base/l10n.ts';
import type { ItemState, Review, SetRow } from '../../core/sets/inspectionSet.ts';
import { objectCount } from '../text/counts.ts';
import { shownLabel } from '../text/objectText.ts';

/** The word and the codicon of a state. */
export function describeState(state: ItemState): { word: string; icon: string; tone: string } {
  switch (state) {
    case 'waiting':
      return { word: t('Waiting'), icon: 'circle-outline', tone: 'quiet-icon' };
    case 'prepared':
      return { word: t('Prepared'), icon: 'circle-large-outline', tone: 'quiet-icon' };
    case 'sent':
      return { word: t('Sent'), icon: 'cloud-upload', tone: 'info' };
    case 'done':
      return { word: t('Done'), icon: 'check', tone: '' };
    case 'failed':
      return { word: t('Failed'), icon: 'error', tone: 'error' };
    case 'skipped':
      return { word: t('Skipped'), icon: 'circle-slash', tone: 'quiet-icon' };
    case 'cancelled':
      return { word: t('Cancelled'), icon: 'stop-circle', tone: 'quiet-icon' };
    default:
      return state satisfies never;
  }
}

/** The word and the codicon of what a person said. */
export function describeReview(review: Review): { word: string; icon: string } {
  switch (review) {
    case 'accepted':
      return { word: t('Accepted'), icon: 'thumbsup-filled' };
    case 'rejected':
      return { word: t('Rejected'), icon: 'thumbsdown-filled' };
    case 'corrected':
      return { word: t('Corrected'), icon: 'edit' };
    default:
      return review satisfies never;
  }
}

/** The file name of an image. */
export function nameOfRow({ key }: Pick<SetRow, 'key'>): string {
  return key.slice(key.lastIndexOf('/') + 1) || nameOfAddress(key);
}

/** What was found, in a word: a text, labels or how many objects; empty where that is not known. */
export function describeFound({ text, labels = {}, count }: SetRow): string {
  if (text !== undefined) return text;
  return count === undefined ? Object.keys(labels).map(shownLabel).join(', ') : objectCount(count);
}

/** Name, state and count, for people who hear them; then what was said of it, and why it failed. */
export function rowLabel(row: SetRow): string {
  const review = row.review === undefined ? '' : describeReview(row.review).word;
  return [nameOfRow(row), describeState(row.state).word, describeFound(row), review, row.message].filter(Boolean).join(', ');
}
