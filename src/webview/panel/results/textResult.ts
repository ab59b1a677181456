import { html, nothing, type TemplateResult } from 'lit';
import { csvTable } from '../../../core/base/csv.ts';
import { t } from '../../../core/base/l10n.ts';
import { markdownTable } from '../../../core/exports/markdownTable.ts';
import type { Inspection, Task } from '../../../core/inspection/inspection.ts';
import { altTextOf, LONGEST_ALT_TEXT } from '../../../core/reply/altText.ts';
import { wordsInstead } from '../../../core/reply/answerInWords.ts';
import { tableOf } from '../../../core/reply/lineLayout.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatShare } from '../../text/format.ts';
import { messageButton } from '../messages/message.ts';
import { drawnAnswer, drawnAnswerSoFar } from './answerText.ts';
import { commitButton } from './changes.ts';
import { copyAnswerMenu } from './copyAnswer.ts';
import { droppedList } from './droppedList.ts';
import { groundedText } from './groundedText.ts';
import { reviewNote } from './runHead.ts';

/** An answer in words, as plain text with its line breaks; of a classification its labels. */
export function textResult(page: PageContext): TemplateResult {
  const { shown } = page;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${heading(shown.task)}>
    ${answer(page)}${shown.run?.labels ? droppedList(page, shown.run) : nothing}${reviewNote(page, shown.run)}
  </div>`;
}

/** The words of an answer with their title, and a button that copies them. */
export function answer(page: PageContext): TemplateResult {
  const { task, run, running, text = (run && wordsInstead(run)) ?? '' } = page.shown;
  const labels = run?.labels ?? [];
  const copied = labels.length > 0 ? labelLines(labels) : text;
  return html`${task === 'caption' && run && text !== '' ? altText(page, text) : nothing}${copied || !running ? html`<h2 class="subtitle">${heading(task)}</h2>` : nothing}
    <div class="caption ${task === 'readText' ? 'transcript' : ''}" data-testid="caption">${labels.length > 0 ? labelTable(labels) : words(page, text)}</div>
    ${
      copied && run
        ? html`<div class="buttons">${messageButton({ text: t('Copy'), kind: 'secondary', icon: 'copy', click: () => page.post({ type: 'act', action: 'copyText', text: copied }) })}${page.shown.lines.length > 0 ? tableButtons(page) : nothing}${task === 'readText' || labels.length > 0 ? nothing : copyAnswerMenu(page, run)}${commitButton(page, run)}</div>`
        : nothing
    }`;
}

function words(page: PageContext, text: string): string | TemplateResult {
  const { task, run, running } = page.shown;
  if (task === 'readText') return groundedText(page, text);
  return run ? drawnAnswer(page, run, text) : running ? drawnAnswerSoFar(page, text) : text;
}

/** The lines of a text as a table, by where they stand. */
function tableButtons(page: PageContext): TemplateResult {
  const copy = (text: string) => page.post({ type: 'act', action: 'copyText', text });
  const rows = () => tableOf(page.shown.lines);
  return html`${messageButton({ text: t('Copy as Markdown Table'), kind: 'secondary', click: () => copy(markdownTable(rows())) })}${messageButton({ text: t('Copy as CSV'), kind: 'secondary', click: () => copy(csvTable(rows())) })}`;
}

/** What stands for the image in a page, with how long it is, and a button that copies it. */
function altText(page: PageContext, description: string): TemplateResult {
  const words = altTextOf(description);
  const length = t('Alt text, {0} of {1} characters', [...words].length, LONGEST_ALT_TEXT);
  return html`<div class="alt-text" data-testid="alt-text"><span class="quiet grow">${length}</span>${messageButton({ text: t('Copy Alt Text'), kind: 'secondary', icon: 'copy', click: () => page.post({ type: 'act', action: 'copyText', text: words }) })}</div>`;
}

function heading(task: Task | undefined): string {
  if (task === 'caption') return t('Caption');
  if (task === 'readText') return t('Text');
  if (task === 'compare') return t('Comparison');
  return task === 'classify' ? t('Labels') : t('Answer');
}

type Labels = NonNullable<Inspection['labels']>;

function labelTable(labels: Labels): TemplateResult {
  return html`<ul class="labels">${labels.map(
    ({ label, confidence }) =>
      html`<li><span class="grow">${label}</span>${confidence === undefined ? nothing : html`<span class="quiet" title=${t('Confidence, as the model gave it')}>${formatShare(confidence)}</span>`}</li>`,
  )}</ul>`;
}

/** For the clipboard: a label a line, its confidence behind a tab. */
function labelLines(labels: Labels): string {
  return labels.map(({ label, confidence }) => (confidence === undefined ? label : `${label}\t${confidence}`)).join('\n');
}
