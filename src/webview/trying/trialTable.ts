import { html, nothing, type TemplateResult } from 'lit';
import { formatFineUsd } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { resolutionName } from '../../core/usage/tokenChoices.ts';
import type { TryRow, TryView } from '../../tryProtocol.ts';
import { imageCount } from '../text/counts.ts';
import { formatCount, formatRatio, formatSeconds } from '../text/format.ts';
import { icon } from '../widgets/icon.ts';

/** Columns by which rows can be sorted. */
type Column = 'model' | 'mediaResolution' | 'query' | 'f1' | 'precision' | 'recall' | 'costUsd' | 'seconds' | 'tokens' | 'failed';

/** By what rows are sorted. */
export interface TrySort {
  by: Column;
  descending: boolean;
}

/** What the table takes. */
export interface TrialTableContext extends NonNullable<TryView['results']> {
  images: number;
  sort: TrySort;
  sortBy(sort: TrySort): void;
  use(row: number): void;
}

/** Columns of which more is better: they begin with the most. */
const MORE_IS_BETTER: readonly Column[] = ['f1', 'precision', 'recall'];

/** What each trial came to, sorted by what is cared for. */
export function trialTable({ measure, rows, images, sort, sortBy, use }: TrialTableContext): TemplateResult {
  const hasQueries = new Set(rows.map(({ query }) => query)).size > 1;
  const columns: { id: Column; name: string; title: string }[] = [
    { id: 'model', name: t('Model'), title: '' },
    { id: 'mediaResolution', name: t('Resolution'), title: '' },
    ...(hasQueries ? [{ id: 'query' as const, name: t('Prompt'), title: '' }] : []),
    measure === 'labels'
      ? { id: 'f1', name: 'F1', title: t('Precision and recall in one') }
      : { id: 'f1', name: t('Agreement'), title: t('F1 against what at least half of the results have found') },
    { id: 'precision', name: t('Precision'), title: t('Share of what was found that is right') },
    { id: 'recall', name: t('Recall'), title: measure === 'labels' ? t('Share of the labels that was found') : '' },
    { id: 'costUsd', name: t('Price'), title: t('Of an image') },
    { id: 'seconds', name: t('Time'), title: t('Of an image') },
    { id: 'tokens', name: t('Tokens'), title: t('Of an image') },
    { id: 'failed', name: t('Failed'), title: t('Images whose request failed') },
  ];
  const head = ({ id, name, title }: (typeof columns)[number]) => {
    const isSorted = sort.by === id;
    const descending = isSorted ? !sort.descending : MORE_IS_BETTER.includes(id);
    return html`<th scope="col" aria-sort=${isSorted ? (sort.descending ? 'descending' : 'ascending') : nothing}>
      <button type="button" class="try-sort" title=${title || nothing} @click=${() => sortBy({ by: id, descending })}>${name}${isSorted ? icon(sort.descending ? 'arrow-down' : 'arrow-up') : nothing}</button></th>`;
  };
  const sorted = [...rows.entries()].sort(([, a], [, b]) => compare(a, b, sort));
  return html`<div class="try-scroll"><table class="try-results" data-testid="try-results">
    <caption class="visually-hidden">${t('What each of them came to')}</caption>
    <thead><tr>${columns.map(head)}<th scope="col"><span class="visually-hidden">${t('Use This')}</span></th></tr></thead>
    <tbody>${sorted.map(([place, row]) => {
      const of = formatCount(failedOf(row));
      return html`<tr class=${row.isUsed ? 'used' : ''}><th scope="row">${row.model}</th><td class="words">${resolutionName(row.mediaResolution)}</td>
        ${hasQueries ? html`<td class="words">${row.query || t('All prominent objects')}</td>` : nothing}
        ${[row.f1, row.precision, row.recall].map((value) => html`<td>${value === undefined ? '–' : formatRatio(value)}</td>`)}
        <td>${row.costUsd === undefined ? '–' : formatFineUsd(row.costUsd)}</td><td>${row.seconds === undefined ? '–' : formatSeconds(row.seconds)}</td>
        <td>${row.tokens === undefined ? '–' : formatCount(row.tokens)}</td>
        <td title=${row.failures.map(failureText).join('\n') || nothing}>${failedOf(row) === 0 ? '0' : html`${icon('error', 'error')} ${of}`}</td>
        <td>${
          row.isUsed
            ? html`<span class="badge">${t('In use')}</span>`
            : html`<button type="button" class="button secondary" data-testid="try-use" aria-label=${t('Use {0}, {1}', row.model, resolutionName(row.mediaResolution))} @click=${() => use(place)}>${t('Use This')}</button>`
        }</td></tr>`;
    })}</tbody></table></div>
    ${reasons(rows)}
    <p class="note">${[
      measure === 'labels'
        ? t('Measured by the labels, at an overlap (IoU) of 0.5.')
        : t('Measured by what at least half of all results have found, at an overlap (IoU) of 0.5.'),
      t('Price, time, and tokens are averages per image; images that failed do not count. Each result is kept with its image.'),
      images < 10 ? t('With so few images, these figures say little.') : '',
    ]
      .filter(Boolean)
      .join(' ')}</p>`;
}

/** Why requests failed, of all trials. */
function reasons(rows: readonly TryRow[]): TemplateResult | typeof nothing {
  const failed = rows.flatMap(({ model, mediaResolution, failures }) =>
    failures.map((failure) => `${model}, ${resolutionName(mediaResolution)}: ${failureText(failure)}`),
  );
  if (failed.length === 0) return nothing;
  return html`<ul class="try-reasons" aria-label=${t('Failures')}>${failed.map((text) => html`<li>${icon('error', 'error')}${text}</li>`)}</ul>`;
}

function failureText({ message, images }: TryRow['failures'][number]): string {
  return `${imageCount(images)}: ${message}`;
}

function failedOf({ failures }: TryRow): number {
  return failures.reduce((sum, { images }) => sum + images, 0);
}

/** What is not known comes last, whatever the direction. */
function compare(a: TryRow, b: TryRow, { by, descending }: TrySort): number {
  const figureOf = (row: TryRow) => (by === 'failed' ? failedOf(row) : row[by]);
  const [one, other] = [figureOf(a), figureOf(b)];
  if (one === undefined || other === undefined) return one === other ? 0 : one === undefined ? 1 : -1;
  const order = typeof one === 'string' ? one.localeCompare(String(other)) : one - Number(other);
  return descending ? -order : order;
}
