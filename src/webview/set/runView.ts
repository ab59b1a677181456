import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import type { SetSpeed } from '../../core/sets/inspectionSet.ts';
import { endedOf } from '../../core/sets/setEnded.ts';
import type { FromSetMessage, SetRunView, SetView } from '../../setProtocol.ts';
import { type Message, message } from '../panel/messages/message.ts';
import { imageCount } from '../text/counts.ts';
import { figuresText, progressText } from './setWords.ts';

/** The bar over the grid: how far the set is, its pace and its cost, and how to stop it. */
export function progressBar({ speed, isAltText }: SetView, run: SetRunView, post: (message: FromSetMessage) => void): TemplateResult {
  const { ended, all } = endedOf(run.counts);
  const isRunning = run.state === 'running' || run.state === 'overdue';
  return html`<div class="set-progress" data-testid="set-progress">
    ${run.state === 'ended' ? nothing : html`<progress aria-label=${t('Progress')} .max=${Math.max(1, all)} .value=${ended}></progress>`}
    <span class="set-progress-text">${progressText(run)}</span>
    <span class="quiet grow">${[figuresText(run), run.state === 'running' && speed === 'batch' ? t('You can close VS Code meanwhile.') : ''].filter(Boolean).join(' · ')}</span>
    ${run.state === 'ended' && isAltText && run.counts.done > 0 ? html`<button type="button" class="button" data-testid="set-alt-texts" @click=${() => post({ type: 'previewAltTexts' })}>${t('Review Changes')}</button>` : nothing}
    ${isRunning ? html`<button type="button" class="button secondary" data-testid="set-cancel" @click=${() => post({ type: 'cancel' })}>${t('Cancel')}</button>` : nothing}
  </div>`;
}

/** What the user has to decide, or to know: a set that does not go on by itself. */
export function runMessages(
  set: SetView,
  run: SetRunView,
  post: (message: FromSetMessage) => void,
  resume: () => void,
): TemplateResult | typeof nothing {
  const known: Partial<Record<SetRunView['state'], Message>> = {
    stopped: {
      icon: 'debug-pause',
      tone: 'info',
      title: t('This set is not running.'),
      detail: t('What is done is kept. Only the rest is sent.'),
      buttons: [{ text: t('Continue'), kind: 'primary', click: () => post({ type: 'continue', speed: set.speed }) }],
    },
    elsewhere: {
      icon: 'multiple-windows',
      tone: 'info',
      title: t('Another window runs this set.'),
      detail: t('This view shows how it stood when it was opened.'),
    },
    ...(run.counts.cancelled === 0 || run.state !== 'ended'
      ? {}
      : {
          ended: {
            icon: 'stop-circle',
            tone: 'info',
            title: t('This set was cancelled.'),
            detail: t('What is done is kept. Only the rest is sent.'),
            buttons: [{ text: t('Continue'), kind: 'primary', click: resume }],
          },
        }),
  };
  const shown = run.overdue === undefined ? known[run.state] : overdue(run.overdue, post);
  return shown === undefined ? nothing : message(shown);
}

/** The job of a batch did not answer all: what is left may go otherwise. What may have been billed is said before it is asked for again. */
function overdue(
  { why, images, mayBeBilled, isAtWork }: NonNullable<SetRunView['overdue']>,
  post: (message: FromSetMessage) => void,
): Message {
  const button = (speed: SetSpeed, text: string, kind: 'primary' | 'secondary') => ({
    text,
    kind,
    click: () => post({ type: 'continue', speed, ...(mayBeBilled > 0 ? { again: true } : {}) }),
  });
  return {
    icon: 'watch',
    tone: 'warning',
    title: why,
    detail: [
      images === 1
        ? t('1 image has no answer. It can be sent by itself instead.')
        : t('{0} have no answer. They can be sent one by one instead.', imageCount(images)),
      mayBeBilled > 0 && t('May have been billed already, and may cost the same once more: {0}.', imageCount(mayBeBilled)),
      isAtWork && t('The batch is stopped then.'),
    ]
      .filter((part) => part !== false)
      .join(' '),
    buttons: [
      button('flex', t('Continue with Flex'), 'primary'),
      button('standard', t('Continue at Standard Speed'), 'secondary'),
      isAtWork
        ? { text: t('Keep Waiting'), kind: 'secondary', click: () => post({ type: 'continue', speed: 'batch' }) }
        : button('batch', t('Send Another Batch'), 'secondary'),
    ],
    alert: true,
  };
}

/** Asks before requests are made again that may have been billed. `state`: of the images they are about. */
export function retryQuestion(
  state: 'failed' | 'cancelled',
  { images, billed }: { images: number; billed: number },
  retry: () => void,
  close: () => void,
): TemplateResult {
  return html`<div data-testid="set-retry-question">${message({
    icon: 'warning',
    tone: 'warning',
    title:
      state === 'failed'
        ? t('{0} of {1} failed requests may have been billed already.', billed, images)
        : t('{0} of {1} cancelled requests may have been billed already.', billed, images),
    detail: t('Their answers did not arrive. Asking again may cost the same once more.'),
    buttons: [
      { text: t('Retry'), kind: 'primary', click: retry },
      { text: t('Cancel'), kind: 'secondary', click: close },
    ],
    alert: true,
  })}</div>`;
}
