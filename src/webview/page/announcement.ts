import { t } from '../../core/l10n.ts';
import type { SessionState } from '../../protocol.ts';
import { formatCount } from '../text/format.ts';
import { type Wait, waitOf } from '../result/progress.ts';
import type { ShownResult } from '../result/shownResult.ts';
import { labelCount, objectCount, outcome } from '../result/statusText.ts';
import { taskWords } from '../text/taskWords.ts';

/** What a screen reader should say about the state of the session; the empty string for nothing. Failures are alerts of their own. */
export function announcement(session: SessionState, shown: ShownResult): string {
  const { running, run, compared } = shown;
  // Said when it begins.
  if (compared) return '';
  const wait = running && waitOf(running);
  if (wait) return waitText(wait);
  if (running) return running.detections.length === 0 ? taskWords(running.task).doing : foundText(running.detections.length);
  if (session.failure) return '';
  if (session.note) return session.note;
  if (!run) return '';
  if (run.text) return t('Done. {0}', run.text);
  if (run.labels?.length) return t('Done. {0}', run.labels.map(({ label }) => label).join(', '));
  const how = outcome(shown);
  if (how?.kind === 'problem')
    return run.dropped.length > 0 ? t('{0}, {1} dropped.', how.text, run.dropped.length) : `${how.text}. ${how.detail}`;
  if (how?.kind !== 'fine') return how?.text ?? '';
  return t('Done. {0}, {1}.', objectCount(run.detections?.length ?? 0), labelCount(run.detections ?? []));
}

function foundText(count: number): string {
  return t('{0} found so far', formatCount(count));
}

/** The same for the whole wait: its seconds are not counted aloud. */
function waitText({ failure, from, until, attempt, attempts }: Wait): string {
  const wait = t('Trying again in {0} s.', Math.round((until - from) / 1000));
  return `${failure.message} ${wait} ${t('Attempt {0} of {1}.', attempt, attempts)}`;
}
