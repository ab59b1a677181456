import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { StyledObject } from '../../result/types.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount, formatShare } from '../../text/format.ts';
import { shownLabel } from '../../text/objectText.ts';
import { swatch } from '../../widgets/swatch.ts';

/** The button that opens the totals of a result. */
export function totals(page: PageContext): TemplateResult {
  return html`<pop-panel .icon=${'graph'} .label=${t('Totals by label')} .heading=${t('Totals by label')} .testId=${'totals'} .content=${() => table(page)}></pop-panel>`;
}

/** For each label its count and, where masks are drawn, the share of the picture that its masks cover together. What is hidden counts too. */
function table({ shown, masks, state, dispatch }: PageContext): TemplateResult {
  const byLabel = Map.groupBy(shown.objects, ({ detection }) => detection.label);
  const ids = (objects: readonly StyledObject[]) => objects.map(({ detection }) => detection.id);
  const shares = shown.objects.some(({ detection }) => detection.mask);
  const share = (objects: readonly StyledObject[]) => {
    const value = masks.share(ids(objects));
    return value === undefined ? '' : formatShare(value);
  };
  const rows = [...byLabel].sort(([one, a], [other, b]) => b.length - a.length || one.localeCompare(other));
  const pick = (label: string) => dispatch({ type: 'filter', filter: { label: state.filter.label === label ? undefined : label } });
  return html`<table class="totals" tabindex="0"><thead><tr><th scope="col">${t('Label')}</th><th scope="col">${t('Objects')}</th>${shares ? html`<th scope="col">${t('Of image')}</th>` : nothing}</tr></thead>
    <tbody>${rows.map(
      ([
        label,
        objects,
      ]) => html`<tr><th scope="row">${state.appearance.colourBy === 'label' && objects[0] ? swatch(objects[0].style) : nothing} <button type="button" class="link" title=${t('Show only this label')} aria-pressed=${state.filter.label === label} @click=${() => pick(label)}>${shownLabel(label)}</button></th><td>${formatCount(objects.length)}</td>
        ${shares ? html`<td>${share(objects)}</td>` : nothing}</tr>`,
    )}</tbody>
    <tfoot><tr><th scope="row">${t('All')}</th><td>${formatCount(shown.objects.length)}</td>${shares ? html`<td>${share(shown.objects)}</td>` : nothing}</tr></tfoot></table>`;
}
