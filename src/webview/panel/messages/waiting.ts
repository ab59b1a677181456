import { html, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { Wait } from '../../result/sessionChanges.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { styles } from '../../widgets/styles.ts';
import { actionButton, failureLook } from './failure.ts';
import { message } from './message.ts';

/** Whole seconds until the next attempt. */
export function secondsLeft({ until }: Wait): number {
  return Math.max(0, Math.ceil((until - Date.now()) / 1000));
}

/** Why and until when a task waits for its next attempt. */
export function waitingMessage(page: PageContext, wait: Wait): TemplateResult {
  const { failure, from, until, attempt, attempts } = wait;
  const left = secondsLeft(wait);
  const share = Math.min(1, Math.max(0, (left * 1000) / Math.max(1, until - from)));
  return html`${message({
    ...failureLook(failure),
    title: `${failure.message} ${left > 0 ? t('Trying again in {0} s.', left) : t('Trying again…')}`,
    detail: [t('Attempt {0} of {1}.', attempt, attempts), failure.detail].filter(Boolean).join(' '),
    bar: html`<div class="wait-bar" aria-hidden="true"><i .style=${styles({ width: `${share * 100}%` })}></i></div>`,
    buttons: [{ text: t('Try Now'), kind: 'primary', click: () => page.post({ type: 'tryNow' }) }, actionButton(page, 'openLog', false)],
    testId: 'task-status',
  })}
  <p class="note">${t('Nothing is sent until the wait is over.')}</p>`;
}
