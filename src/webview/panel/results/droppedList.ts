import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { Inspection } from '../../../core/inspection/inspection.ts';
import { isCheck } from '../../../core/request/decision.ts';
import { droppedLabel, lineOf, type PlaceInReply, placesInReply, shownReply } from '../../result/replyPlaces.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount } from '../../text/format.ts';
import { icon } from '../../widgets/icon.ts';

/** The title of a group of objects, with their count. */
export function groupTitle(text: string, count: number): TemplateResult {
  return html`<h2 class="subtitle">${text} <span class="badge">${count}</span></h2>`;
}

/** Parts of the reply that could not be used, by their place in the reply, each with a link to where it stands there. */
export function droppedList(page: PageContext, run: Inspection): TemplateResult | typeof nothing {
  const { dropped, raw } = run;
  if (dropped.length === 0) return nothing;
  const checking = isCheck(run);
  const text = shownReply(raw);
  const places = new Map(placesInReply(run).map((place) => [place.index, place]));
  const link = (place: PlaceInReply) => {
    const line = lineOf(text, place);
    return html`<button type="button" class="link" @click=${() => page.dispatch({ type: 'showInRaw', place: place.index })}
      >${line === undefined ? t('Character {0}', formatCount(place.start + 1)) : t('Line {0}', formatCount(line))}</button>`;
  };
  return html`${groupTitle(checking ? t('Not judged') : t('Dropped'), dropped.length)}
    <ul class="dropped">${dropped.map(({ index, reason, raw: part }) => {
      const place = places.get(index);
      return html`<li><span class="number">${checking ? nothing : index + 1}</span>${icon('warning', 'warning')}
        <span class="grow">${checking ? nothing : html`<span class="dropped-label">${droppedLabel(part) ?? t('no label')}</span>`}<span class="quiet">${reason}</span></span>
        ${place ? link(place) : nothing}</li>`;
    })}</ul>`;
}
