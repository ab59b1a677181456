import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { formatBytes } from '../../../core/base/format.ts';
import { t } from '../../../core/base/l10n.ts';
import type { Inspection } from '../../../core/inspection/inspection.ts';
import { type PlaceInReply, placesInReply, type ReplyLine, replyLines, shownReply } from '../../result/replyPlaces.ts';
import type { StyledObject } from '../../result/types.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount } from '../../text/format.ts';
import { styles } from '../../widgets/styles.ts';
import { toolButton } from '../../widgets/toolButton.ts';
import { reviewNote } from './runHead.ts';

/** The id of the first element of an object in the raw reply. `index`: its place among the objects, from 0. */
export function replyElementId(index: number): string {
  return `reply-${index}`;
}

/** The reply as it came, by lines; objects carry their colour, and a click on one selects it. */
export function rawReply(page: PageContext): TemplateResult | typeof nothing {
  const { run } = page.shown;
  if (!run || !page.state.raw) return nothing;
  const { raw } = run;
  const shown = shownReply(raw).length;
  return html`<div class="raw">
    <div class="raw-title"><strong>${t('Raw reply')}</strong><span class="quiet">${formatBytes(raw.length)}</span><span class="grow"></span>
      ${toolButton({ icon: 'copy', title: t('Copy raw reply'), click: () => page.post({ type: 'act', action: 'copyText', text: raw }) })}
      ${toolButton({ icon: 'go-to-file', title: t('Open raw reply in editor'), click: () => page.post({ type: 'act', action: 'openText', text: raw }) })}
      ${toolButton({ icon: 'close', title: t('Close'), click: () => page.dispatch({ type: 'toggleRaw' }) })}</div>
    ${shown < raw.length ? html`<p class="note">${t('The first {0} of {1} characters. Copy takes all.', formatCount(shown), formatCount(raw.length))}</p>` : nothing}
    ${reviewNote(page, run)}
    <div class="raw-text" tabindex="0" role="region" aria-label=${t('Raw reply')} @click=${(event: Event) => select(page, event)}>
      ${guard([run, page.shown.objects, page.state.selected, page.state.rawPlace], () => lines(page, run))}
    </div>
  </div>`;
}

interface Marks {
  objects: ReadonlyMap<string, StyledObject>;
  selected: string | undefined;
  opened: number | undefined;
}

function lines({ shown, state }: PageContext, run: Inspection): TemplateResult {
  const marks: Marks = {
    objects: new Map(shown.objects.map((object) => [object.detection.id, object])),
    selected: state.selected,
    opened: state.rawPlace,
  };
  return html`<pre data-testid="raw">${replyLines(shownReply(run.raw), placesInReply(run)).map((line) => lineOfReply(line, marks))}</pre>`;
}

/** A line with one object is marked as a whole, each of several by itself. */
function lineOfReply(line: ReplyLine, marks: Marks): TemplateResult {
  const { text, start, places } = line;
  const [first] = places;
  if (!first) return html`<div class="reply-line">${text}</div>`;
  const end = start + text.length;
  const notes = places.flatMap((place) => (place.reason && place.end <= end ? t('{0} dropped: {1}', place.index + 1, place.reason) : []));
  const only = places.length === 1;
  return html`<div class="reply-line ${only ? `one ${classOf(first, marks)}` : 'several'}" .style=${only ? styleOf(first, marks) : ''} data-note=${notes.length > 0 ? notes.map((note) => `↑ ${note}`).join('\n') : nothing}>${places.map(
    (place, i) =>
      html`${text.slice(Math.max(0, (places[i - 1]?.end ?? start) - start), Math.max(0, place.start - start))}<span
        class="part ${only ? '' : classOf(place, marks)}" .style=${only ? '' : styleOf(place, marks)} id=${place.start >= start ? replyElementId(place.index) : nothing} data-part=${place.index}
        >${text.slice(Math.max(0, place.start - start), place.end - start)}</span>`,
  )}${text.slice((places.at(-1)?.end ?? end) - start)}</div>`;
}

function classOf({ index, reason }: PlaceInReply, { selected, opened }: Marks): string {
  return [reason && 'dropped', opened === index && 'opened', selected === String(index + 1) && 'selected'].filter(Boolean).join(' ');
}

function styleOf({ index }: PlaceInReply, { objects }: Marks): string {
  return styles({ '--colour': objects.get(String(index + 1))?.style.colour });
}

/** A click that ends a selection of text is none. */
function select(page: PageContext, { target }: Event): void {
  const part = (target as Element).closest('.reply-line')?.querySelectorAll('.part');
  const hit = (target as Element).closest('.part') ?? (part?.length === 1 ? part[0] : undefined);
  const id = hit && String(Number(hit.getAttribute('data-part')) + 1);
  if (!id || getSelection()?.isCollapsed === false) return;
  if (page.shown.objects.some(({ detection }) => detection.id === id)) page.dispatch({ type: 'select', id });
}
