import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Detection } from '../../core/inspection.ts';
import { t } from '../../core/l10n.ts';
import { type Kind, kindWord } from '../comparison.ts';
import { formatCount, formatShare } from '../figures.ts';
import { imageTitle } from '../imageNames.ts';
import { objectAction } from '../objectActions.ts';
import { type Sort, sorted } from '../objectFilter.ts';
import type { PageContext } from '../pageContext.ts';
import type { StyledObject } from '../shownResult.ts';
import { icon } from '../widgets/icon.ts';
import type { RowAction } from '../widgets/objectRow.ts';
import { swatch } from '../widgets/swatch.ts';

/** Longer lists are grouped by label. */
const FLAT_UP_TO = 30;
const PAGE_STEP = 10;
const KIND_ICONS: Record<Kind, string> = { added: 'diff-added', lost: 'diff-removed', moved: 'arrow-swap', same: 'check' };

/** The id of an object's row. */
export function rowElementId(id: string): string {
  return `row-${id}`;
}

/** The objects that are not hidden, in the order of the list. */
export function listedObjects({ shown, state, hidden }: PageContext): StyledObject[] {
  return groupsOf({ shown, state }).flatMap(({ objects }) => objects.filter(({ detection }) => !hidden.ids.has(detection.id)));
}

interface Group {
  label: string | undefined;
  /** Name of a codicon in place of the swatch. */
  icon?: string;
  objects: readonly StyledObject[];
}

/** Of compared runs one for each thing that became of objects; else one group without a name for a short list, or one for each label. */
function groupsOf({ shown, state }: Pick<PageContext, 'shown' | 'state'>): Group[] {
  const compared = shown.compared?.groups;
  if (compared)
    return compared
      .filter(({ objects }) => objects.length > 0)
      .map(({ kind, objects }) => ({ label: kindWord(kind), icon: KIND_ICONS[kind], objects }));
  if (shown.compared) return [{ label: undefined, objects: shown.objects }];
  const objects = sorted(shown.objects, state.sort);
  if (objects.length <= FLAT_UP_TO) return [{ label: undefined, objects }];
  const byLabel = Map.groupBy(objects, ({ detection }) => detection.label);
  return Array.from(byLabel, ([label, members]) => ({ label, objects: members }));
}

/** The list of objects, with the filter over it. */
export function objectList(page: PageContext): TemplateResult {
  const { state, shown } = page;
  const hidden = page.hidden.ids;
  const several = shown.images.length > 1;
  const row = ({
    detection,
    style,
    compared,
  }: StyledObject) => html`<object-row role="option" id=${rowElementId(detection.id)} data-detection-id=${detection.id}
    class=${detection.id === state.hovered ? 'hovered' : ''} aria-selected=${detection.id === state.selected} aria-label=${[rowName(detection, shown.images[detection.imageIndex], compared?.number), compared?.spoken, several && imageTitle(shown, detection.imageIndex)].filter(Boolean).join(', ')} title=${detection.label}
    .number=${compared?.number ?? detection.id} .look=${style} .value=${[several && t('Image {0}', detection.imageIndex + 1), compared?.value ?? shownValue(detection, state.sort)].filter(Boolean).join(' · ')}
    @click=${() => page.dispatch({ type: 'select', id: detection.id })} @dblclick=${() => page.zoomTo(detection.id)}
    @pointerenter=${() => page.dispatch({ type: 'hover', id: detection.id })} @pointerleave=${() => page.dispatch({ type: 'hover', id: undefined })}
    @row-action=${({ detail }: CustomEvent<RowAction>) => objectAction(page, detail, detection.id)}
    .canAsk=${page.session.tasks.includes('ask')} .selected=${detection.id === state.selected}
    >${detection.label}</object-row>`;
  const rows = (objects: readonly StyledObject[]) =>
    repeat(
      objects.filter(({ detection }) => !hidden.has(detection.id)),
      ({ detection }) => detection.id,
      row,
    );
  return html`<div class="list" data-testid="detections" role="listbox" tabindex="0" aria-label=${t('Objects')} aria-activedescendant=${state.selected === undefined ? nothing : rowElementId(state.selected)}
      @keydown=${(event: KeyboardEvent) => moveSelection(page, event)}>
      ${groupsOf(page).map((group) =>
        group.label === undefined
          ? rows(group.objects)
          : html`<div role="group" aria-label=${group.label}>${groupHead(page, group, hidden)}${rows(group.objects)}</div>`,
      )}
    </div>`;
}

/** For the eye and the mouse: the group has its name, and single objects are hidden by key. */
function groupHead({ state, dispatch }: PageContext, { label, objects, icon: sign }: Group, hidden: ReadonlySet<string>): TemplateResult {
  const all = objects.map(({ detection }) => detection.id);
  const left = all.filter((id) => !hidden.has(id));
  const first = objects[0];
  const count = left.length === all.length ? formatCount(all.length) : t('{0} of {1}', formatCount(left.length), formatCount(all.length));
  const eye =
    left.length > 0
      ? html`<span class="group-action" title=${t('Hide All "{0}"', label ?? '')} @click=${() => dispatch({ type: 'hide', ids: left })}>${icon('eye')}</span>`
      : html`<span class="group-action" title=${t('Show All "{0}"', label ?? '')} @click=${() => dispatch({ type: 'unhide', ids: all })}>${icon('eye-closed')}</span>`;
  return html`<div class="group-head" aria-hidden="true">
    ${sign ? icon(sign) : first && state.appearance.colourBy === 'label' ? swatch(first.style) : nothing}<strong class="clip">${label}</strong>
    <span class="quiet grow">${count}</span>${eye}
  </div>`;
}

/** The size, or why there is no mask; the confidence where the list is sorted by it. */
function shownValue(detection: Detection, sort: Sort): string {
  if (sort === 'confidence' && detection.confidence !== undefined) return formatShare(detection.confidence);
  return detection.maskProblem ? t('box only: mask not readable') : sizeText(detection);
}

function sizeText({ pixelBox, point }: Detection): string {
  return point ? t('{0}, {1}', pixelBox.x, pixelBox.y) : `${pixelBox.width} × ${pixelBox.height}`;
}

/** Such as "3, glass jar, 69 by 106 pixels, at 70 % across, 35 % down". */
function rowName({ id, label, box, pixelBox, point, maskProblem }: Detection, image: { width: number } | undefined, number = id): string {
  const percent = (share: number) => Math.round(share * 100);
  const place = t('at {0} % across, {1} % down', percent(box.x + box.width / 2), percent(box.y + box.height / 2));
  const size = point || !image ? '' : t('{0} by {1} pixels', pixelBox.width, pixelBox.height);
  return [number, label, size, place, maskProblem && t('mask not readable')].filter(Boolean).join(', ');
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
