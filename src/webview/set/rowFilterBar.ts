import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { FailureReason } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { ItemState, Review } from '../../core/sets/inspectionSet.ts';
import { formatCount, formatShare } from '../text/format.ts';
import { shownLabel } from '../text/objectText.ts';
import { icon } from '../widgets/icon.ts';
import { cellName } from './confusionMatrix.ts';
import { describeReview, describeState } from './describeRow.ts';
import { isOpen, NO_ROW_FILTER, ROW_SORTS, type RowFilter, type RowSort } from './rowFilter.ts';

const STATES: readonly ItemState[] = ['waiting', 'prepared', 'sent', 'done', 'failed', 'skipped', 'cancelled'];
const REVIEWS: readonly Review[] = ['accepted', 'rejected', 'corrected'];

/** What the bar takes. */
export interface FilterContext {
  filter: RowFilter;
  sort: RowSort;
  /** Of all images. */
  labels: readonly string[];
  reasons: readonly { reason: FailureReason; message: string }[];
  /** How many images are listed, and how many there are. */
  listed: number;
  all: number;
  setFilter(part: Partial<RowFilter>): void;
  setSort(sort: RowSort): void;
  focusGrid(): void;
}

/** The field over the grid: words, the conditions that are set, and the order. */
export function rowFilterBar(context: FilterContext): TemplateResult {
  const { filter, sort, setFilter, setSort } = context;
  const set = conditions(context);
  return html`<div class="filter-field" role="search">
      ${set.map(
        ({ text, without }) =>
          html`<button type="button" class="chip" title=${t('Remove')} @click=${() => setFilter(without)}><span class="clip">${text}</span>${icon('close')}</button>`,
      )}
      <input class="filter-text" type="text" spellcheck="false" data-testid="set-filter" aria-label=${t('Filter by name, label, or text')} placeholder=${t('Filter by name, label, or text')}
        .value=${live(filter.text)} @input=${({ target }: InputEvent) => setFilter({ text: (target as HTMLInputElement).value })}
        @keydown=${(event: KeyboardEvent) => fieldKey(context, event)} />
      <pop-panel .icon=${'filter'} .label=${t('Filter by state, label, count, confidence, review, reason')} .heading=${t('Filter')} .marked=${set.length > 0}
        .content=${() => fields(context)}></pop-panel>
    </div>
    <pop-menu .icon=${'sort-precedence'} .label=${t('Sort')} .arrow=${false} .items=${ROW_SORTS.map((id) => ({ id, text: sortName(id), checked: id === sort }))}
      @menu-choose=${({ detail }: CustomEvent<RowSort>) => setSort(detail)}></pop-menu>`;
}

/** How much is hidden, and a way back; never silent. */
export function hiddenRows({ filter, listed, all, setFilter }: FilterContext): TemplateResult | typeof nothing {
  if (isOpen(filter)) return nothing;
  return html`<div class="hidden-note"><span class="grow">${t('{0} of {1} · {2} hidden', formatCount(listed), formatCount(all), formatCount(all - listed))}</span>
    <button type="button" class="link" @click=${() => setFilter(NOTHING_SET)}>${t('Show All')}</button></div>`;
}

const UNSET = {
  state: undefined,
  label: undefined,
  review: undefined,
  reason: undefined,
  atLeast: undefined,
  atMost: undefined,
  below: undefined,
  cell: undefined,
};
const NOTHING_SET = { ...UNSET, ...NO_ROW_FILTER };

function conditions({ filter, reasons }: FilterContext): { text: string; without: Partial<RowFilter> }[] {
  const { state, label, review, reason, atLeast, atMost, below, cell } = filter;
  return [
    state !== undefined && { text: describeState(state).word, without: { state: undefined } },
    label !== undefined && { text: shownLabel(label), without: { label: undefined } },
    review !== undefined && { text: reviewName(review), without: { review: undefined } },
    reason !== undefined && { text: reasons.find((known) => known.reason === reason)?.message ?? reason, without: { reason: undefined } },
    atLeast !== undefined && { text: t('at least {0} objects', formatCount(atLeast)), without: { atLeast: undefined } },
    atMost !== undefined && { text: t('at most {0} objects', formatCount(atMost)), without: { atMost: undefined } },
    cell !== undefined && { text: cellName(cell), without: { cell: undefined } },
    below !== undefined && { text: t('confidence below {0}', formatShare(below)), without: { below: undefined } },
  ].filter((condition) => condition !== false);
}

function fields({ filter, labels, reasons, setFilter }: FilterContext): TemplateResult {
  return html`<div class="fields">
    ${choice(
      t('State'),
      filter.state,
      STATES,
      (state) => describeState(state).word,
      (state) => setFilter({ state }),
    )}
    ${labels.length === 0 ? nothing : choice(t('Label'), filter.label, labels, shownLabel, (label) => setFilter({ label }))}
    ${choice(t('Review'), filter.review, ['none', ...REVIEWS] as const, reviewName, (review) => setFilter({ review }))}
    ${
      reasons.length === 0
        ? nothing
        : choice(
            t('Reason'),
            filter.reason,
            reasons.map(({ reason }) => reason),
            (reason) => reasons.find((known) => known.reason === reason)?.message || reason,
            (reason) => setFilter({ reason }),
          )
    }
    ${bound(t('Minimum objects'), filter.atLeast, (atLeast) => setFilter({ atLeast }))}
    ${bound(t('Maximum objects'), filter.atMost, (atMost) => setFilter({ atMost }))}
    ${bound(t('Confidence below (%)'), filter.below === undefined ? undefined : filter.below * 100, (percent) => setFilter({ below: percent === undefined ? undefined : percent / 100 }))}
    <button type="button" class="button secondary" ?disabled=${isOpen(filter)} @click=${() => setFilter(NOTHING_SET)}>${t('Clear')}</button>
  </div>`;
}

/** A list to choose from. The values of its entries are places, since a label may be empty. */
function choice<Value extends string>(
  name: string,
  value: Value | undefined,
  values: readonly Value[],
  word: (value: Value) => string,
  set: (value: Value | undefined) => void,
): TemplateResult {
  const at = value === undefined ? -1 : values.indexOf(value);
  return html`<label>${name}<select .value=${live(String(at))} @change=${({ target }: Event) => set(values[Number((target as HTMLSelectElement).value)])}>
    <option value="-1">${t('Any')}</option>${values.map((each, index) => html`<option value=${index} ?selected=${index === at}>${word(each)}</option>`)}</select></label>`;
}

function bound(name: string, value: number | undefined, set: (value: number | undefined) => void): TemplateResult {
  const read = ({ target }: Event) => {
    const text = (target as HTMLInputElement).value;
    set(text === '' ? undefined : Math.max(0, Number(text)));
  };
  return html`<label>${name}<input type="number" min="0" .value=${live(value === undefined ? '' : String(Math.round(value)))} @input=${read} /></label>`;
}

function fieldKey({ filter, setFilter, focusGrid }: FilterContext, event: KeyboardEvent): void {
  if (event.isComposing) return;
  if (event.key === 'Escape') {
    if (filter.text === '') focusGrid();
    else setFilter({ text: '' });
  } else if (event.key === 'ArrowDown') focusGrid();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function reviewName(review: Review | 'none'): string {
  return review === 'none' ? t('Not reviewed') : describeReview(review).word;
}

function sortName(sort: RowSort): string {
  switch (sort) {
    case 'name':
      return t('By Name');
    case 'state':
      return t('By State');
    case 'label':
      return t('By Label');
    case 'count':
      return t('By Count');
    case 'confidence':
      return t('By Confidence');
    case 'review':
      return t('By Review');
    case 'reason':
      return t('By Reason');
    default:
      return sort satisfies never;
  }
}
