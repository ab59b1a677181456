import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { t } from '../../../core/base/l10n.ts';
import { isEmptyFilter, NO_FILTER, type ObjectFilter, type PictureHalf, PLACES, SORTS, type Sort } from '../../result/objectFilter.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount, formatShare } from '../../text/format.ts';
import { shownLabel } from '../../text/objectText.ts';
import { icon } from '../../widgets/icon.ts';

/** The field over the list: words, the conditions that are set, and the order; under it what is hidden. */
export function filterBar(page: PageContext): TemplateResult {
  const { state, shown, dispatch } = page;
  const filter = (part: Partial<ObjectFilter>) => dispatch({ type: 'filter', filter: part });
  const hasConfidence = shown.objects.some(({ detection }) => detection.confidence !== undefined);
  return html`<div class="filter-bar" data-testid="filter" role="search">
    <div class="filter-field">
      ${conditions(state.filter).map(
        ({ text, without }) => html`<button type="button" class="chip" title=${t('Remove')} @click=${() => filter(without)}>
          <span class="clip">${text}</span>${icon('close')}</button>`,
      )}
      <input class="filter-text" type="text" spellcheck="false" aria-label=${t('Filter objects')} placeholder=${t('Filter objects')} .value=${live(state.filter.text)}
        @input=${({ target }: InputEvent) => filter({ text: (target as HTMLInputElement).value })} @keydown=${(event: KeyboardEvent) => fieldKey(page, event)} />
      <pop-panel .icon=${'filter'} .label=${t('Filter by size, position, label')} .heading=${t('Filter')} .marked=${conditions(state.filter).length > 0}
        .content=${() => fields(page, hasConfidence)}></pop-panel>
    </div>
    <pop-menu .icon=${'sort-precedence'} .label=${t('Sort')} .arrow=${false}
      .items=${SORTS.filter((sort) => sort !== 'confidence' || hasConfidence).map((id) => ({ id, text: sortName(id), checked: id === state.sort }))}
      @menu-choose=${({ detail }: CustomEvent<Sort>) => dispatch({ type: 'sort', sort: detail })}></pop-menu>
  </div>
  ${hiddenNote(page)}`;
}

/** How much is hidden, and a way back; never silent. */
export function hiddenNote({ shown, hidden, dispatch }: PageContext): TemplateResult | typeof nothing {
  const all = shown.objects.length;
  const count = shown.objects.filter(({ detection }) => hidden.ids.has(detection.id)).length;
  if (count === 0) return nothing;
  return html`<div class="hidden-note"><span class="grow">${t('{0} of {1} · {2} hidden', formatCount(all - count), formatCount(all), formatCount(count))}</span>
    <button type="button" class="link" @click=${() => dispatch({ type: 'showAll' })}>${t('Show All')}</button></div>`;
}

/** What is set besides words, and how to take it back. */
function conditions({ label, atLeast, atMost, place, confidence }: ObjectFilter): { text: string; without: Partial<ObjectFilter> }[] {
  return [
    label !== undefined && { text: shownLabel(label), without: { label: undefined } },
    atLeast !== undefined && { text: t('at least {0} px', formatCount(atLeast)), without: { atLeast: undefined } },
    atMost !== undefined && { text: t('at most {0} px', formatCount(atMost)), without: { atMost: undefined } },
    place !== undefined && { text: placeName(place), without: { place: undefined } },
    confidence !== undefined && { text: t('confidence {0} or more', formatShare(confidence)), without: { confidence: undefined } },
  ].filter((condition) => condition !== false);
}

function fields({ state, shown, dispatch }: PageContext, hasConfidence: boolean): TemplateResult {
  const { filter } = state;
  const set = (part: Partial<ObjectFilter>) => dispatch({ type: 'filter', filter: part });
  const labels = [...new Set(shown.objects.map(({ detection }) => detection.label))].sort((a, b) => a.localeCompare(b));
  return html`<div class="fields">
    <label>${t('Label')}<select .value=${live(filter.label === undefined ? '' : optionOf(filter.label))} @change=${(event: Event) => set({ label: fieldValue(event) === '' ? undefined : fieldValue(event).slice(1) })}>
      <option value="">${t('Any')}</option>${labels.map((label) => html`<option value=${optionOf(label)} ?selected=${label === filter.label}>${shownLabel(label)}</option>`)}</select></label>
    <label>${t('Position')}<select .value=${live(filter.place ?? '')} @change=${(event: Event) => set({ place: (fieldValue(event) as PictureHalf) || undefined })}>
      <option value="">${t('Anywhere')}</option>${PLACES.map((place) => html`<option value=${place} ?selected=${place === filter.place}>${placeName(place)}</option>`)}</select></label>
    ${bound(t('Minimum size (px)'), filter.atLeast, (atLeast) => set({ atLeast }))}
    ${bound(t('Maximum size (px)'), filter.atMost, (atMost) => set({ atMost }))}
    ${hasConfidence ? bound(t('Minimum confidence (%)'), filter.confidence === undefined ? undefined : filter.confidence * 100, (percent) => set({ confidence: percent === undefined ? undefined : percent / 100 })) : nothing}
    <button type="button" class="button secondary" ?disabled=${isEmptyFilter(filter)} @click=${() => set({ ...UNSET, ...NO_FILTER })}>${t('Clear')}</button>
  </div>`;
}

/** The value of a label's entry, which is not that of "Any" where the label is empty. */
function optionOf(label: string): string {
  return `=${label}`;
}

const UNSET = {
  label: undefined,
  atLeast: undefined,
  atMost: undefined,
  place: undefined,
  confidence: undefined,
} satisfies Partial<ObjectFilter>;

function bound(name: string, value: number | undefined, set: (value: number | undefined) => void): TemplateResult {
  const read = (event: Event) => set(fieldValue(event) === '' ? undefined : Math.max(0, Number(fieldValue(event))));
  return html`<label>${name}<input type="number" min="0" .value=${live(value === undefined ? '' : String(Math.round(value)))} @input=${read} /></label>`;
}

function fieldValue({ target }: Event): string {
  return (target as HTMLInputElement | HTMLSelectElement).value;
}

function fieldKey(page: PageContext, event: KeyboardEvent): void {
  if (event.isComposing) return;
  if (event.key === 'Escape') {
    if (page.state.filter.text === '') page.focusPicture();
    else page.dispatch({ type: 'filter', filter: { text: '' } });
  } else if (event.key === 'ArrowDown') page.focusList();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function placeName(place: PictureHalf): string {
  switch (place) {
    case 'left':
      return t('left half');
    case 'right':
      return t('right half');
    case 'top':
      return t('upper half');
    case 'bottom':
      return t('lower half');
    default:
      return place satisfies never;
  }
}

function sortName(sort: Sort): string {
  switch (sort) {
    case 'reply':
      return t('Reply Order');
    case 'label':
      return t('By Label');
    case 'size':
      return t('By Size');
    case 'position':
      return t('By Position');
    case 'confidence':
      return t('By Confidence');
    default:
      return sort satisfies never;
  }
}
