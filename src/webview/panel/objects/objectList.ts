import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { t } from '../../../core/base/l10n.ts';
import type { Detection } from '../../../core/inspection/inspection.ts';
import { wasCalled } from '../../result/comparison.ts';
import type { StyledObject } from '../../result/types.ts';
import { imageTitle } from '../../state/imageNames.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatShare } from '../../text/format.ts';
import { shownLabel } from '../../text/objectText.ts';
import type { RowAction } from '../../widgets/objectRow.ts';
import { objectAction } from './objectActions.ts';
import { groupHead, groupsOf, isFolded, listStops, rowElementId } from './objectGroups.ts';

const PAGE_STEP = 10;

/** Of a longer list the rows that are hidden stay, unseen: with each letter in the filter others come and go. */
const KEEP_FROM = 100;
/** Of a still longer one only the first rows are made, and are taken for other objects: to style all of them takes longer than to make those. */
const KEEP_UP_TO = 300;

/** Rows that the browser skips together where they are out of sight. */
const CHUNK = 50;

/** The list of objects. Its rows have no listeners of their own, so that those in which nothing changed are left alone. */
export function objectList(page: PageContext): TemplateResult {
  const { state, shown, dispatch } = page;
  const hidden = page.hidden.ids;
  const isVeryLong = shown.objects.length > KEEP_UP_TO;
  const keepsHidden = shown.objects.length > KEEP_FROM && !isVeryLong;
  const isSeen = ({ detection }: StyledObject) => !hidden.has(detection.id);
  const row = rowOf(page);
  let left = page.rows;
  const rows = (objects: readonly StyledObject[]) => {
    const all = keepsHidden ? objects : objects.filter(isSeen);
    // The keys go to the selected one.
    const least = 1 + all.findIndex(({ detection }) => detection.id === state.selected);
    const listed = all.slice(0, Math.max(left, least));
    left = Math.max(0, left - listed.length);
    const chunks = Array.from({ length: Math.ceil(listed.length / CHUNK) }, (_, i) => {
      const chunk = listed.slice(i * CHUNK, (i + 1) * CHUNK);
      const seen = chunk.filter(isSeen).length;
      return html`<div class="rows" role="presentation" ?hidden=${seen === 0} ${ref((element) => setRows(element, seen))}>${isVeryLong ? chunk.map(row) : repeat(chunk, ({ detection }) => detection.id, row)}</div>`;
    });
    const rest = isVeryLong ? all.length - listed.length : 0;
    return rest === 0
      ? chunks
      : [...chunks, html`<div class="rest" ${ref((element) => setRows(element, rest))} ${ref(page.watchRest)}></div>`];
  };
  const onRow = (use: (id: string) => void) => (event: Event) => {
    const id = rowIdAt(event);
    if (id !== undefined) use(id);
  };
  const hover = (id: string | undefined) => dispatch({ type: 'hover', id });
  return html`<div class="list" data-testid="detections" role="listbox" tabindex="0" aria-label=${t('Objects')} aria-activedescendant=${state.selected === undefined ? nothing : rowElementId(state.selected)}
      @keydown=${(event: KeyboardEvent) => moveSelection(page, event)}
      @click=${onRow((id) => dispatch({ type: 'select', id }))} @dblclick=${onRow(page.zoomTo)}
      @pointerover=${(event: PointerEvent) => hover(rowIdAt(event))} @pointerleave=${() => hover(undefined)}
      @row-action=${(event: CustomEvent<RowAction>) => onRow((id) => objectAction(page, event.detail, id))(event)}>
      ${groupsOf(page).map((group) =>
        group.label === undefined
          ? rows(group.objects)
          : html`<div role="group" aria-label=${shownLabel(group.label)}>${groupHead(page, group)}${isFolded(state, group) ? nothing : rows(group.objects)}</div>`,
      )}
    </div>`;
}

/** How high the rows are that the browser has not laid out. */
function setRows(element: Element | undefined, count: number): void {
  if (element instanceof HTMLElement) element.style.setProperty('--rows', String(count));
}

/** The object whose row an event happened in. */
function rowIdAt({ target }: Event): string | undefined {
  return (target as Element).closest('object-row')?.getAttribute('data-detection-id') ?? undefined;
}

/** Draws rows, each anew only where something of it has changed. */
function rowOf({ state, shown, session, hidden }: PageContext): (object: StyledObject) => unknown {
  const hasConfidence = shown.objects.some(({ detection }) => detection.confidence !== undefined);
  const several = shown.images.length > 1;
  const canAsk = session.tasks.includes('ask');
  return (object) => {
    const { detection, style, compared } = object;
    const { id, label, imageIndex, confidence } = detection;
    const [selected, hovered, off] = [id === state.selected, id === state.hovered, hidden.ids.has(id)];
    const image = shown.images[imageIndex];
    const title = several && imageTitle(shown, imageIndex);
    return guard([object, selected, hovered, off, image === undefined, title, hasConfidence, canAsk], () => {
      const name = [rowName(detection, image, compared?.number), compared?.screenReaderText, title].filter(Boolean).join(', ');
      const value = [several && t('Image {0}', imageIndex + 1), compared?.value ?? shownValue(detection)].filter(Boolean).join(' · ');
      return html`<object-row role="option" id=${rowElementId(id)} data-detection-id=${id} class="${hovered ? 'hovered' : ''} ${compared?.was === undefined ? '' : 'two-lines'}" ?hidden=${off}
        aria-selected=${selected} aria-label=${name} title=${shownLabel(label)} .number=${compared?.number ?? id} .look=${style} .value=${value}
        .confidence=${compared || !hasConfidence ? undefined : confidence === undefined ? '' : formatShare(confidence)}
        .note=${compared?.was === undefined ? '' : wasCalled(compared.was)} .canAsk=${canAsk} .selected=${selected}>${shownLabel(label)}</object-row>`;
    });
  };
}

/** The size, or why there is no mask. */
function shownValue(detection: Detection): string {
  const value = detection.maskProblem ? t('box only: mask not readable') : formatSize(detection);
  return detection.accepted ? `✓ ${value}` : value;
}

function formatSize({ pixelBox, point }: Detection): string {
  return point ? t('{0}, {1}', pixelBox.x, pixelBox.y) : `${pixelBox.width} × ${pixelBox.height}`;
}

/** Such as "3, glass jar, 69 by 106 pixels, at 70 % across, 35 % down". */
function rowName(
  { id, label, box, pixelBox, point, maskProblem, confidence, accepted }: Detection,
  image: { width: number } | undefined,
  number = id,
): string {
  const percent = (share: number) => Math.round(share * 100);
  const place = t('at {0} % across, {1} % down', percent(box.x + box.width / 2), percent(box.y + box.height / 2));
  const size = point || !image ? '' : t('{0} by {1} pixels', pixelBox.width, pixelBox.height);
  return [
    number,
    shownLabel(label),
    size,
    place,
    maskProblem && t('mask not readable'),
    accepted && t('accepted'),
    confidence !== undefined && t('confidence {0}', formatShare(confidence)),
  ]
    .filter(Boolean)
    .join(', ');
}

function moveSelection(page: PageContext, event: KeyboardEvent): void {
  if (fold(page, event)) return;
  const ids = listStops(page);
  const at = page.state.selected === undefined ? -1 : ids.indexOf(page.state.selected);
  const last = ids.length - 1;
  const moves: Record<string, number> = {
    ArrowDown: Math.min(last, at + 1),
    ArrowUp: at < 0 ? last : Math.max(0, at - 1),
    Home: 0,
    End: last,
    PageDown: Math.min(last, at + PAGE_STEP),
    PageUp: Math.max(0, at - PAGE_STEP),
  };
  const to = moves[event.key];
  if (to === undefined || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  page.dispatch({ type: 'select', id: ids[to] });
}

/** Left folds the group of the selection, Right unfolds it; true if it did. */
function fold(page: PageContext, event: KeyboardEvent): boolean {
  const folded = event.key === 'ArrowLeft';
  if ((!folded && event.key !== 'ArrowRight') || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  const group = groupsOf(page).find(({ objects }) => objects.some(({ detection }) => detection.id === page.state.selected));
  if (group?.label === undefined || isFolded(page.state, group) === folded) return false;
  event.preventDefault();
  event.stopPropagation();
  page.dispatch({ type: 'fold', group: group.label, folded });
  return true;
}
