import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import { type Inspection, wasAsked } from '../../../core/inspection/inspection.ts';
import { wordsInstead } from '../../../core/reply/answerInWords.ts';
import { isCheck } from '../../../core/request/decision.ts';
import { isImageUnbilled } from '../../../core/usage/isImageUnbilled.ts';
import { waitOf } from '../../result/sessionChanges.ts';
import { isObjectTask } from '../../result/shownResult.ts';
import { describeRunning, type Outcome, outcome } from '../../result/statusText.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { icon } from '../../widgets/icon.ts';
import { comparison } from '../comparison/comparisonPanel.ts';
import { failureMessage } from '../messages/failure.ts';
import { type MessageButton, message } from '../messages/message.ts';
import { waitingMessage } from '../messages/waiting.ts';
import { details } from '../objects/details.ts';
import { filterBar, hiddenNote } from '../objects/filterBar.ts';
import { objectList } from '../objects/objectList.ts';
import { totals } from '../objects/totals.ts';
import { taskChooser } from '../prompt/taskChooser.ts';
import { changes } from './changes.ts';
import { conversation } from './conversation.ts';
import { droppedList, groupTitle } from './droppedList.ts';
import { costLine, reviewNote } from './runHead.ts';
import { answer, textResult } from './textResult.ts';

/** The part of the panel between its head and the prompt. */
export function results(page: PageContext): TemplateResult {
  const { session, shown } = page;
  const { run, running, compared } = shown;
  if (compared && session.pair)
    return html`<div class="panel-messages">${quietStatus(page)}</div>${changes(page)}${comparison(page, compared)}`;
  if (compared) return comparison(page, compared);
  if (!run && !running) return html`<div class="panel-messages">${quietStatus(page)}</div>${changes(page)}${taskChooser(page)}`;
  const how = outcome(shown, run?.task === 'segment' ? page.masks.share() : undefined);
  const isTalk = shown.task === 'ask';
  return html`${run ? html`${isTalk || (session.failure && !running) ? nothing : costLine(page, run)}${unseen(page, run)}` : nothing}
    <div class="panel-messages">${session.failure && !running ? quietStatus(page) : running ? runningStatus(page) : finished(page, how)}</div>
    ${isObjectTask(shown.task) || shown.task === 'compare' ? nothing : hiddenNote(page)}
    ${body(page, how)}`;
}

function body(page: PageContext, how: Outcome | undefined): TemplateResult {
  const { task, objects, run, grounding } = page.shown;
  if (task === 'ask') return conversation(page);
  if (task === 'compare' && objects.length > 0 && (!grounding || grounding === run))
    return html`<div class="scroll over-list" tabindex="0" role="region" aria-label=${t('Comparison')}>${answer(page)}</div>${objectResult(page, how)}`;
  if (!isObjectTask(task)) return textResult(page);
  return objects.length > 0 ? objectResult(page, how) : nothingKept(page, run);
}

/** What a model says of a picture that it was not shown is made up. */
function unseen({ session }: PageContext, { id, tokens, images }: Inspection): TemplateResult | typeof nothing {
  if (session.samples?.includes(id) || !isImageUnbilled(tokens, images.length)) return nothing;
  const problem = message({
    icon: 'warning',
    tone: 'warning',
    title: t('The model did not see the image.'),
    detail: t('No image tokens were billed, so the answer cannot be about it.'),
    testId: 'unseen',
  });
  return html`<div class="panel-messages">${problem}</div>`;
}

/** A failure, or a quiet line such as "Cancelled." */
function quietStatus(page: PageContext): TemplateResult | typeof nothing {
  const { failure, note } = page.session;
  if (failure) return failureMessage(page, failure, 'task-status');
  return note ? statusLine('', note) : nothing;
}

function statusLine(name: string, text: string, right?: string | TemplateResult): TemplateResult {
  return html`<div class="status">${name ? icon(name) : nothing}<span class="grow" data-testid="task-status">${text}</span>${right ? html`<span class="quiet">${right}</span>` : nothing}</div>`;
}

function runningStatus(page: PageContext): TemplateResult | typeof nothing {
  const { running } = page.shown;
  if (!running) return nothing;
  const wait = waitOf(running);
  if (wait) return waitingMessage(page, wait);
  const { sentAt } = running;
  const seconds = sentAt === undefined ? undefined : t('{0} s', Math.max(0, Math.floor((Date.now() - sentAt) / 1000)));
  return statusLine('loading codicon-modifier-spin', describeRunning(running), seconds);
}

function finished(page: PageContext, how: Outcome | undefined): TemplateResult | typeof nothing {
  const { note } = page.session;
  if (note) return statusLine('', note);
  if (!how) return nothing;
  const showRaw: MessageButton = {
    text: t('Show Raw Reply'),
    kind: 'secondary',
    click: () => page.state.raw || page.dispatch({ type: 'toggleRaw' }),
  };
  const { run } = page.shown;
  const checked = run && isCheck(run) ? run.id : undefined;
  const runAgain: MessageButton = {
    text: run?.brokenOff === 'connection' ? t('Try Again') : t('Run Again'),
    kind: 'primary',
    click: () => page.post(checked === undefined ? { type: 'act', action: 'tryAgain' } : { type: 'verify', run: checked }),
  };
  const chooseModel: MessageButton = {
    text: t('Choose Model…'),
    kind: 'secondary',
    click: () => page.post({ type: 'act', action: 'selectModel' }),
  };
  const isAsked = page.shown.run === undefined || wasAsked(page.shown.run);
  switch (how.kind) {
    case 'fine':
      // Of a conversation there is nothing to count.
      if (page.shown.task === 'ask') return html`<div class="visually-hidden" data-testid="task-status">${how.text}</div>`;
      return statusLine('check', how.text, page.shown.objects.length > 0 ? totals(page) : undefined);
    case 'nothing':
      return message({ icon: 'info', tone: 'info', title: how.text, detail: how.detail, buttons: [showRaw], testId: 'task-status' });
    case 'unreadable':
      return message({
        icon: 'warning',
        tone: 'warning',
        title: how.text,
        detail: how.detail,
        buttons: [{ ...showRaw, kind: 'primary' }, ...(isAsked ? [{ ...runAgain, kind: 'secondary' as const }] : [])],
        testId: 'task-status',
      });
    case 'problem':
      return message({
        icon: 'warning',
        tone: 'warning',
        title: how.text,
        detail: how.detail,
        buttons: isAsked ? [runAgain, ...(checked === undefined && run?.brokenOff === undefined ? [chooseModel] : [])] : [showRaw],
        testId: 'task-status',
      });
    default:
      return how satisfies never;
  }
}

function objectResult(page: PageContext, how: Outcome | undefined): TemplateResult {
  const { run } = page.shown;
  return html`${filterBar(page)}<div class="split">
    <div class="scroll" @scrollend=${(event: Event) => page.dispatch({ type: 'scroll', scroll: (event.target as Element).scrollTop })}>
      ${how?.kind === 'problem' && run?.dropped.length && !isCheck(run) ? groupTitle(t('Kept'), page.shown.objects.length) : nothing}
      ${objectList(page)}
      ${run ? droppedList(page, run) : nothing}${reviewNote(page, run)}
    </div>
    ${details(page)}
  </div>`;
}

/** The message has named the reason of the first part already. Words in place of objects are shown as what they are. */
function nothingKept(page: PageContext, run: Inspection | undefined): TemplateResult {
  const words = run && wordsInstead(run);
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('Objects')}>${words === undefined ? nothing : html`<div class="caption" data-testid="caption">${words}</div>`}
    ${run && run.dropped.length > 1 ? droppedList(page, run) : nothing}</div>`;
}
