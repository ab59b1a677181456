import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import { kindWord } from '../../result/comparedObject.ts';
import { sorted } from '../../result/objectFilter.ts';
import type { Kind, StyledObject } from '../../result/types.ts';
import type { PageContext } from '../../state/pageContext.ts';
import type { PageState } from '../../state/pageState.ts';
import { formatCount } from '../../text/format.ts';
import { shownLabel } from '../../text/objectText.ts';
import { icon } from '../../widgets/icon.ts';
import { swatch } from '../../widgets/swatch.ts';

/** Longer lists are grouped by label. */
const FLAT_UP_TO = 30;
const KIND_ICONS: Record<Kind, string> = {
  added: 'diff-added',
  lost: 'diff-removed',
  renamed: 'rename',
  moved: 'arrow-swap',
  same: 'check',
  wrong: 'error',
  missed: 'circle-slash',
  right: 'pass',
};

/** Objects that stand together in the list. */
export interface Group {
  /** By which it is folded: a label, or what became of the objects. */
  label: string | undefined;
  /** Name of a codicon in place of the swatch. */
  icon?: string;
  objects: readonly StyledObject[];
}

/** The id of an object's row. */
export function rowElementId(id: string): string {
  return `row-${id}`;
}

/** Of compared runs one for each thing that became of objects; else one group without a name for a short list, or one for each label. */
export function groupsOf({ shown, state }: Pick<PageContext, 'shown' | 'state'>): Group[] {
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

export function isFolded({ folded }: Pick<PageState, 'folded'>, { label }: Group): boolean {
  return label !== undefined && folded.includes(label);
}

/** The ids of the objects that the keys stop at, in the order of the list: those that are not hidden, and of a folded group one. */
export function listStops(page: PageContext): string[] {
  return groupsOf(page).flatMap((group) => {
    const left = group.objects.flatMap(({ detection }) => (page.hidden.ids.has(detection.id) ? [] : detection.id));
    return isFolded(page.state, group) ? (stopOf(page.state, left) ?? []) : left;
  });
}

/** Of a folded group: the selected object if it is in there, else the first. */
function stopOf({ selected }: PageState, ids: readonly string[]): string | undefined {
  return ids.find((id) => id === selected) ?? ids[0];
}

/** For the eye and the mouse, as the group has its name, and single objects are hidden by key. A folded one stands for its objects. */
export function groupHead({ state, hidden, dispatch }: PageContext, group: Group): TemplateResult {
  const { label = '', objects, icon: sign } = group;
  const name = shownLabel(label);
  const all = objects.map(({ detection }) => detection.id);
  const left = all.filter((id) => !hidden.ids.has(id));
  const first = objects[0];
  const folded = isFolded(state, group);
  const stop = folded ? stopOf(state, left) : undefined;
  const count = left.length === all.length ? formatCount(all.length) : t('{0} of {1}', formatCount(left.length), formatCount(all.length));
  const toggleAll = (event: Event) => {
    event.stopPropagation();
    dispatch(left.length > 0 ? { type: 'hide', ids: left } : { type: 'unhide', ids: all });
  };
  const mark = sign ? icon(sign) : first && state.appearance.colourBy === 'label' ? swatch(first.style) : nothing;
  // A filter without a hit in the group leaves nothing to stand under it.
  if (left.length === 0 && all.every((id) => hidden.byFilter.has(id))) return html``;
  const content = html`${icon(folded ? 'chevron-right' : 'chevron-down')}${mark}<strong class="clip">${name}</strong>
    <span class="quiet grow">${count}</span><span class="group-action" title=${left.length > 0 ? t('Hide All "{0}"', name) : t('Show All "{0}"', name)} @click=${toggleAll}>${icon(left.length > 0 ? 'eye' : 'eye-closed')}</span>`;
  const toggle = () => dispatch({ type: 'fold', group: label, folded: !folded });
  return stop === undefined
    ? html`<div class="group-head" aria-hidden="true" @click=${toggle}>${content}</div>`
    : html`<div class="group-head" role="option" id=${rowElementId(stop)} aria-selected=${stop === state.selected} aria-label=${t('{0}, {1}, folded', name, count)} @click=${toggle}>${content}</div>`;
}
