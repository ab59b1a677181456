import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import type { SetCounts } from '../../core/sets/inspectionSet.ts';
import type { LabelTotal } from '../../core/sets/setRows.ts';
import { formatCount } from '../text/format.ts';
import { shownLabel } from '../text/objectText.ts';
import { icon } from '../widgets/icon.ts';
import type { FailureTotal, RowFilter } from './rowFilter.ts';

/** Labels that are listed; the others are found by the filter. */
const MOST_LABELS = 200;

/** What the side of the grid takes. */
export interface TotalsContext {
  labels: readonly LabelTotal[];
  failures: readonly FailureTotal[];
  counts: SetCounts;
  filter: RowFilter;
  canRetry: boolean;
  setFilter(part: Partial<RowFilter>): void;
  retry(): void;
}

/** Beside the grid: labels with their numbers, and failures with their reasons. Each lists its images. */
export function setTotals(context: TotalsContext): TemplateResult {
  return html`<aside class="set-totals" aria-label=${t('Totals')} data-testid="set-totals">
    ${failures(context)}${labels(context)}
    ${context.failures.length === 0 && context.labels.length === 0 ? html`<p class="note">${t('Labels and failures appear here.')}</p>` : nothing}
  </aside>`;
}

function failures({ failures, filter, canRetry, setFilter, retry }: TotalsContext): TemplateResult | typeof nothing {
  if (failures.length === 0) return nothing;
  const pick = (reason: FailureTotal['reason']) =>
    setFilter(filter.reason === reason ? { reason: undefined, state: undefined } : { reason, state: 'failed' });
  return html`<h2>${t('Failures')}</h2>
    <ul class="set-failures">${failures.map(
      ({
        reason,
        message,
        images,
      }) => html`<li><button type="button" class="set-total" aria-pressed=${filter.reason === reason} @click=${() => pick(reason)}>
        ${icon('error', 'error')}<span class="grow">${message || reason}</span><span class="quiet">${formatCount(images)}</span></button></li>`,
    )}</ul>
    ${canRetry ? html`<button type="button" class="button secondary" data-testid="set-retry" @click=${retry}>${icon('refresh')}${t('Retry Failed')}</button>` : nothing}`;
}

function labels({ labels: all, filter, setFilter }: TotalsContext): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  const pick = (label: string) => setFilter({ label: filter.label === label ? undefined : label });
  return html`<h2>${t('Totals by label')}</h2>
    <table class="totals"><thead><tr><th scope="col">${t('Label')}</th><th scope="col">${t('Objects')}</th><th scope="col">${t('Images')}</th></tr></thead>
    <tbody>${all.slice(0, MOST_LABELS).map(
      ({
        label,
        objects,
        images,
      }) => html`<tr><th scope="row"><button type="button" class="link" title=${t('Show only this label')} aria-pressed=${filter.label === label}
        @click=${() => pick(label)}>${shownLabel(label)}</button></th><td>${formatCount(objects)}</td><td>${formatCount(images)}</td></tr>`,
    )}</tbody></table>
    ${all.length > MOST_LABELS ? html`<p class="note">${t('{0} more labels: use the filter.', formatCount(all.length - MOST_LABELS))}</p>` : nothing}`;
}
