import { html, nothing, type TemplateResult } from 'lit';
import type { Task } from '../../core/inspection.ts';
import { t } from '../../core/l10n.ts';
import { formatShare } from '../figures.ts';
import type { PageContext } from '../pageContext.ts';
import { messageButton } from './message.ts';

/** An answer in words, as plain text with its line breaks. */
export function textResult(page: PageContext): TemplateResult {
  const { shown } = page;
  const text = shown.text ?? '';
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${heading(shown.task)}>
    ${text || !shown.running ? html`<h2 class="subtitle">${heading(shown.task)}</h2>` : nothing}
    <div class="caption" data-testid="caption">${text}</div>
    ${shown.run?.labels?.length ? labelTable(shown.run.labels) : nothing}
    ${
      text && shown.run
        ? html`<div class="buttons">${messageButton({ text: t('Copy'), kind: 'secondary', icon: 'copy', click: () => page.post({ type: 'act', action: 'copyText', text }) })}</div>`
        : nothing
    }
  </div>`;
}

function heading(task: Task | undefined): string {
  if (task === 'caption') return t('Caption');
  if (task === 'readText') return t('Text');
  return task === 'classify' ? t('Labels') : t('Answer');
}

function labelTable(labels: readonly { label: string; confidence?: number }[]): TemplateResult {
  return html`<ul class="labels">${labels.map(
    ({ label, confidence }) =>
      html`<li><span class="grow">${label}</span>${confidence === undefined ? nothing : html`<span class="quiet">${formatShare(confidence)}</span>`}</li>`,
  )}</ul>`;
}
