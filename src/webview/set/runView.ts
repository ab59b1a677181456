import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import type { SetSpeed } from '../../core/sets/inspectionSet.ts';
import { endedOf } from '../../core/sets/setEnded.ts';
import type { FromSetMessage, SetRunView, SetView } from '../../setProtocol.ts';
import { type Message, message } from '../panel/messages/message.ts';
import { figuresText, progressText } from './setWords.ts';

/** The bar over the grid: how far the set is, its pace and its cost, and how to stop it. */
export function progressBar({ speed }: SetView, run: SetRunView, post: (message: FromSetMessage) => void): TemplateResult {
  const { ended, all } = endedOf(run.counts);
  const isRunning = run.state === 'running' || run.state === 'overdue';
  return html`<div class="set-progress" data-testid="set-progress">
    ${run.state === 'ended' ? nothing : html`<progress aria-label=${t('Progress')} .max=${Math.max(1, all)} .value=${ended}></progress>`}
    <span class="set-progress-text">${progressText(run)}</span>
    <span class="quiet grow">${[figuresText(run), isRunning && speed === 'batch' ? t('You can close VS Code meanwhile.') : ''].filter(Boolean).join(' · ')}</span>
    ${isRunning ? html`<button type="button" class="button secondary" data-testid="set-cancel" @click=${() => post({ type: 'cancel' })}>${t('Cancel')}</button>` : nothing}
  </div>`;
}

/** What the user has to decide, or to know: a set that does not go on by itself. */
export function runMessages(set: SetView, run: SetRunView, post: (message: FromSetMessage) => void): TemplateResult | typeof nothing {
  const go = (speed: SetSpeed, text: string, kind: 'primary' | 'secondary') => ({
    text,
    kind,
    click: () => post({ type: 'continue', speed }),
  });
  const known: Partial<Record<SetRunView['state'], Message>> = {
    stopped: {
      icon: 'debug-pause',
      tone: 'info',
      title: t('This set is not running.'),
      detail: t('What is done is kept. Only the rest is sent.'),
      buttons: [go(set.speed, t('Continue'), 'primary')],
    },
    overdue: {
      icon: 'watch',
      tone: 'warning',
      title: t('The batch has not ended in time.'),
      detail: t('What is left can be sent one by one instead. A batch that is cancelled may still be billed for what it has answered.'),
      buttons: [
        go('flex', t('Continue with Flex'), 'primary'),
        go('standard', t('Continue at Standard Speed'), 'secondary'),
        go('batch', t('Keep Waiting'), 'secondary'),
      ],
    },
    elsewhere: {
      icon: 'multiple-windows',
      tone: 'info',
      title: t('Another window runs this set.'),
      detail: t('This view shows how it stood when it was opened.'),
    },
  };
  const shown = known[run.state];
  return shown === undefined ? nothing : message(shown);
}

/** Asks before requests are made again that may have been billed. */
export function retryQuestion(failed: number, billed: number, retry: () => void, close: () => void): TemplateResult {
  return html`<div data-testid="set-retry-question">${message({
    icon: 'warning',
    tone: 'warning',
    title: t('{0} of {1} failed requests may have been billed already.', billed, failed),
    detail: t('Their answers did not arrive. Asking again may cost the same once more.'),
    buttons: [
      { text: t('Retry'), kind: 'primary', click: retry },
      { text: t('Cancel'), kind: 'secondary', click: close },
    ],
    alert: true,
  })}</div>`;
}
