import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Detection } from '../../core/inspection.ts';
import { t } from '../../core/l10n.ts';
import { formatCount } from '../figures.ts';
import { hiddenIds, type PageContext } from '../pageContext.ts';
import type { StyledObject } from '../shownResult.ts';
import { icon } from '../widgets/icon.ts';
import type { RowAction } from '../widgets/objectRow.ts';
import { swatch } from '../widgets/swatch.ts';

/** Longer lists are grouped by label. */
const FLAT_UP_TO = 30;
const PAGE_STEP = 10;

/** The id of an object's row. */
export function rowElementId(id: string): string {
  return `row-${id}`;
}

/** The objects that are not hidden, in the order of the list. */
export function listedObjects({ shown, state }: PageContext): StyledObject[] {
  const hidden = hiddenIds(state);
  return groups(shown.objects).flatMap(({ objects }) => objects.filter(({ detection }) => !hidden.has(detection.id)));
}

interface Group {
  label: string | undefined;
  objects: readonly StyledObject[];
}

/** One group without a name for a short list, else one for each label. */
function groups(objects: readonly StyledObject[]): Group[] {
  if (objects.length <= FLAT_UP_TO) return [{ label: undefined, objects }];
  const byLabel = new Map<string, StyledObject[]>();
  for (const object of objects) {
    const { label } = object.detection;
    const members = byLabel.get(label);
    if (members) members.push(object);
    else byLabel.set(label, [object]);
  }
  return Array.from(byLabel, ([label, members]) => ({ label, objects: members }));
}

/** The list of objects with what is hidden said above it. */
export function objectList(page: PageContext): TemplateResult {
  const { state, shown, session } = page;
  const hidden = hiddenIds(state);
  const image = session.images[0];
  const row = ({
    detection,
    style,
  }: StyledObject) => html`<object-row role="option" id=${rowElementId(detection.id)} data-detection-id=${detection.id}
    class=${detection.id === state.hovered ? 'hovered' : ''} aria-selected=${detection.id === state.selected} aria-label=${rowName(detection, image)} title=${detection.label}
    .number=${detection.id} .look=${style} .value=${detection.maskProblem ? t('box only: mask not readable') : sizeText(detection)}
    @click=${() => page.dispatch({ type: 'select', id: detection.id })} @dblclick=${() => page.zoomTo(detection.id)}
    @pointerenter=${() => page.dispatch({ type: 'hover', id: detection.id })} @pointerleave=${() => page.dispatch({ type: 'hover', id: undefined })}
    @row-action=${({ detail }: CustomEvent<RowAction>) => (detail === 'zoom' ? page.zoomTo(detection.id) : page.dispatch({ type: 'hide', ids: [detection.id] }))}
    >${detection.label}</object-row>`;
  const rows = (objects: readonly StyledObject[]) =>
    repeat(
      objects.filter(({ detection }) => !hidden.has(detection.id)),
      ({ detection }) => detection.id,
      row,
    );
  return html`${hidden.size > 0 ? hiddenNote(page, hidden.size) : nothing}
    <div class="list" data-testid="detections" role="listbox" tabindex="0" aria-label=${t('Objects')} aria-activedescendant=${state.selected === undefined ? nothing : rowElementId(state.selected)}
      @keydown=${(event: KeyboardEvent) => moveSelection(page, event)}>
      ${groups(shown.objects).map((group) =>
        group.label === undefined
          ? rows(group.objects)
          : html`<div role="group" aria-label=${group.label}>${groupHead(page, group, hidden)}${rows(group.objects)}</div>`,
      )}
    </div>`;
}

function hiddenNote({ shown, dispatch }: PageContext, count: number): TemplateResult {
  const all = shown.objects.length;
  return html`<div class="hidden-note"><span class="grow">${t('{0} of {1} · {2} hidden', formatCount(all - count), formatCount(all), formatCount(count))}</span>
    <button type="button" class="link" @click=${() => dispatch({ type: 'showAll' })}>${t('Show All')}</button></div>`;
}

/** For the eye and the mouse: the group has its name, and single objects are hidden by key. */
function groupHead({ dispatch }: PageContext, { label, objects }: Group, hidden: ReadonlySet<string>): TemplateResult {
  const left = objects.filter(({ detection }) => !hidden.has(detection.id)).map(({ detection }) => detection.id);
  const first = objects[0];
  return html`<div class="group-head" aria-hidden="true">
    ${first ? swatch(first.style) : nothing}<strong class="clip">${label}</strong>
    <span class="quiet grow">${left.length === objects.length ? objects.length : t('{0} of {1}', left.length, objects.length)}</span>
    ${left.length > 0 ? html`<span class="group-action" title=${t('Hide All "{0}"', label ?? '')} @click=${() => dispatch({ type: 'hide', ids: left })}>${icon('eye')}</span>` : nothing}
  </div>`;
}

function sizeText({ pixelBox, point }: Detection): string {
  return point ? t('{0}, {1}', pixelBox.x, pixelBox.y) : `${pixelBox.width} × ${pixelBox.height}`;
}

/** Such as "3, glass jar, 69 by 106 pixels, at 70 % across, 35 % down". */
function rowName({ id, label, box, pixelBox, point, maskProblem }: Detection, image: { width: number } | undefined): string {
  const percent = (share: number) => Math.round(share * 100);
  const place = t('at {0} % across, {1} % down', percent(box.x + box.width / 2), percent(box.y + box.height / 2));
  const size = point || !image ? '' : t('{0} by {1} pixels', pixelBox.width, pixelBox.height);
  return [id, label, size, place, maskProblem && t('mask not readable')].filter(Boolean).join(', ');
}

function moveSelection(page: PageContext, event: KeyboardEvent): void {
  const ids = listedObjects(page).map(({ detection }) => detection.id);
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
