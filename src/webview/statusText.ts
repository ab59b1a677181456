import { t } from '../core/l10n.ts';
import { formatCount, formatShare } from './figures.ts';
import { isObjectTask, type ShownResult } from './shownResult.ts';

/** How a finished run went. */
export type Outcome =
  | { kind: 'fine'; text: string }
  | { kind: 'nothing'; text: string; detail: string }
  | { kind: 'unreadable'; text: string; detail: string }
  | { kind: 'problem'; text: string; detail: string };

/** Tells apart: all well, truly nothing found, not readable, and partly usable. Undefined without a finished run. `share`: of the picture that masks cover, 0..1. */
export function outcome({ run }: ShownResult, share?: number): Outcome | undefined {
  if (!run) return undefined;
  if (!isObjectTask(run.task)) {
    if (!run.complete) return { kind: 'problem', text: cutText(run.finishReason), detail: '' };
    return { kind: 'fine', text: t('{0} characters', formatCount([...(run.text ?? '')].length)) };
  }
  const kept = run.detections?.length ?? 0;
  const dropped = run.dropped.length;
  if (kept === 0) {
    if (dropped === 0 && run.complete)
      return { kind: 'nothing', text: t('No objects found'), detail: t('Gemini answered with an empty list.') };
    const why = [run.dropped[0]?.reason, !run.complete && cutText(run.finishReason)].filter(Boolean).join(' ');
    return { kind: 'unreadable', text: t('The reply could not be read'), detail: why };
  }
  if (dropped === 0 && run.complete) return { kind: 'fine', text: countText(run.detections ?? [], share) };
  const unusable = dropped === 1 ? t('One object could not be used.') : t('{0} objects could not be used.', dropped);
  return {
    kind: 'problem',
    text: dropped > 0 ? t('{0} of {1} objects kept', kept, kept + dropped) : kept === 1 ? t('1 object kept') : t('{0} objects kept', kept),
    detail: [!run.complete && cutText(run.finishReason), dropped > 0 && unusable].filter(Boolean).join(' '),
  };
}

/** Such as "15 objects · 12 labels · 22 % of the image". */
function countText(detections: readonly { label: string }[], share: number | undefined): string {
  const counts = [objectCount(detections.length), labelCount(detections)];
  return [...counts, share !== undefined && t('{0} of the image', formatShare(share))].filter(Boolean).join(' · ');
}

export function labelCount(detections: readonly { label: string }[]): string {
  const labels = new Set(detections.map(({ label }) => label)).size;
  return labels === 1 ? t('1 label') : t('{0} labels', formatCount(labels));
}

export function objectCount(count: number): string {
  return count === 1 ? t('1 object') : t('{0} objects', formatCount(count));
}

function cutText(finishReason: string | undefined): string {
  if (finishReason === 'MAX_TOKENS') return t('The reply was cut at the output limit.');
  if (finishReason === undefined || finishReason === 'STOP') return t('The reply ended early.');
  return t('The reply ended early ({0}).', finishReason);
}

/** The status line of a task at work, such as "6 found so far". */
export function runningText(running: NonNullable<ShownResult['running']>): string {
  switch (running.phase) {
    case 'preparing':
      return t('Preparing…');
    case 'uploading':
      return t('Uploading {0} %', running.uploaded ?? 0);
    case 'waiting':
    // A wait that ends has no more to say.
    case 'retrying':
      return t('Waiting for Gemini…');
    case 'thinking':
      return t('Thinking…');
    case 'receiving':
      return running.detections.length > 0 ? t('{0} found so far', formatCount(running.detections.length)) : t('Receiving…');
    default:
      return running.phase satisfies never;
  }
}
