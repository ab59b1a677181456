import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { t } from '../../../core/base/l10n.ts';
import { canCorrect, isFromScratch, toggleEditing } from '../../editing/correcting.ts';
import type { PageContext } from '../../state/pageContext.ts';
import type { Layer } from '../../state/pageState.ts';
import { showsDifference } from '../../state/pictureModes.ts';
import { formatCount } from '../../text/format.ts';
import { beginCover, chooseRegion } from '../../viewer/region.ts';
import { icon } from '../../widgets/icon.ts';
import type { MenuItem } from '../../widgets/popMenu.ts';
import { toolButton } from '../../widgets/toolButton.ts';
import { compareControls } from '../comparison/compareControls.ts';
import { appearancePanel } from './appearancePanel.ts';
import { moveInBar, rovingTabindex } from './rovingTabindex.ts';
import { setItems, setSteps } from './setSteps.ts';

const LEVELS = [50, 100, 200, 400];
// Functions, because translations arrive after this module has loaded.
const ZOOMS = [
  { id: 'fit', text: () => t('Fit'), key: '0' },
  { id: 'fitWidth', text: () => t('Fit Width'), key: '9' },
  { id: 'fitHeight', text: () => t('Fit Height'), key: '8' },
] as const;

/** The controls over the picture: what is drawn at the left, zoom at the right. One stop of the Tab key, arrows inside. */
export function toolbar(page: PageContext): TemplateResult {
  const { state, view } = page;
  const layers = layersOf(page);
  const tiles = page.session.cost?.tiles !== undefined && !page.review;
  const empty = !page.session.images[0] || page.session.images[0].problem !== undefined;
  return html`<div class="toolbar" data-testid="toolbar" role="toolbar" aria-label=${t('View')} @keydown=${moveInBar} @focusin=${({ currentTarget }: Event) => rovingTabindex(currentTarget as Element)}>
    ${layers.map(({ layer, text, title }) =>
      toolButton({ text, title, pressed: state.layers[layer], click: () => page.dispatch({ type: 'toggleLayer', layer }) }),
    )}
    ${appearancePanel(page)}
    ${layers.length > 0 || showsDifference(page) ? hideButton(page) : nothing}
    ${page.shown.images.length > 1 || page.review ? nothing : html`<span class="wide">${toolButton({ icon: 'screen-cut', title: t('Choose a region to send (R)'), pressed: state.region !== undefined, disabled: empty, click: () => chooseRegion(page) })}${toolButton({ icon: 'shield', title: t('Cover an area…'), pressed: state.cover !== undefined, disabled: empty, click: () => beginCover(page) })}${canCorrect(page) ? toolButton({ icon: 'edit', title: isFromScratch(page) ? t('Annotate by hand (C)') : t('Correct objects (C)'), pressed: state.editing, testId: 'correct', click: () => toggleEditing(page) }) : nothing}</span>`}
    ${tiles ? html`<span class="separator wide"></span><span class="wide">${toolButton({ icon: 'table', title: t('Show token grid (G)'), pressed: state.tokenGrid, click: () => page.dispatch({ type: 'toggleTokenGrid' }) })}</span>` : nothing}
    ${compareControls(page)}
    <span class="grow"></span>
    ${setSteps(page)}
    ${toolButton({ icon: 'zoom-out', title: t('Zoom out (-)'), disabled: empty, click: view.zoomOut })}
    <pop-menu class="zoom-level" .text=${live(formatZoom(page.scale))} .label=${t('Zoom')} .arrow=${false}
      .items=${[...LEVELS.map((level) => ({ id: String(level), text: t('{0} %', level) })), ...ZOOMS.map(({ id, text, key }) => ({ id, text: text(), detail: key }))]}
      @menu-choose=${({ detail }: CustomEvent<string>) => {
        const zoom = ZOOMS.find(({ id }) => id === detail)?.id;
        if (zoom) view[zoom]();
        else view.zoomToScale(Number(detail) / 100);
      }}></pop-menu>
    ${toolButton({ icon: 'zoom-in', title: t('Zoom in (+)'), disabled: empty, click: view.zoomIn })}
    ${toolButton({ icon: 'screen-full', title: t('Fit image (0)'), disabled: empty, click: view.fit })}
    <span class="separator"></span>
    <span class="panel-toggle">${toolButton({ icon: 'layout-sidebar-right', title: t('Toggle panel (P)'), pressed: state.panel, click: () => page.dispatch({ type: 'togglePanel' }) })}</span>
    <span class="folded">${moreMenu(page, tiles)}</span>
  </div>`;
}

/** Such as "133 %". `scale`: CSS pixels for one image pixel. */
export function formatZoom(scale: number): string {
  return t('{0} %', formatCount(scale * 100));
}

/** What has no room in the bar over a narrow picture. */
function moreMenu(page: PageContext, tiles: boolean): TemplateResult {
  const items: (MenuItem & { run(): void })[] = [
    ...setItems(page),
    { id: 'appearance', icon: 'settings', text: t('Appearance'), detail: 'A', run: page.toggleAppearance },
    { id: 'region', icon: 'screen-cut', text: t('Region'), detail: 'R', run: () => chooseRegion(page) },
    { id: 'cover', icon: 'shield', text: t('Cover an Area…'), run: () => beginCover(page) },
    ...(canCorrect(page)
      ? [
          {
            id: 'correct',
            icon: 'edit',
            text: isFromScratch(page) ? t('Annotate by Hand') : t('Correct Objects'),
            detail: 'C',
            run: () => toggleEditing(page),
          },
        ]
      : []),
    ...(tiles
      ? [
          {
            id: 'grid',
            icon: 'table',
            text: page.state.tokenGrid ? t('Hide Token Grid') : t('Show Token Grid'),
            detail: 'G',
            run: () => page.dispatch({ type: 'toggleTokenGrid' }),
          },
        ]
      : []),
    {
      id: 'panel',
      icon: 'layout-panel',
      text: page.state.panel ? t('Hide Panel') : t('Show Panel'),
      detail: 'P',
      run: page.togglePanel,
    },
  ];
  return html`<pop-menu .icon=${'ellipsis'} .label=${t('More actions')} .arrow=${false} .items=${items}
    @menu-choose=${({ detail }: CustomEvent<string>) => items.find(({ id }) => id === detail)?.run()}></pop-menu>`;
}

/** The layers that the shown result has; over the changes between two pictures none is drawn. */
function layersOf({ shown, state, numbersOnly }: PageContext): { layer: Layer; text: string; title: string }[] {
  if (showsDifference({ state, shown })) return [];
  const detections = shown.objects.map(({ detection }) => detection);
  return [
    detections.some(({ mask }) => mask) && ({ layer: 'masks', text: t('Masks'), title: t('Show masks (M)') } as const),
    detections.some(({ point }) => !point) && ({ layer: 'boxes', text: t('Boxes'), title: t('Show boxes (B)') } as const),
    detections.length > 0 &&
      ({
        layer: 'labels',
        text: t('Labels'),
        title: numbersOnly ? `${t('Show labels (L)')}. ${t('Numbers only: zoom in for names.')}` : t('Show labels (L)'),
      } as const),
    detections.some(({ point }) => point) && ({ layer: 'points', text: t('Points'), title: t('Show points (O)') } as const),
  ].filter((layer) => layer !== false);
}

/** Hides what is drawn for as long as it is held, by mouse or key. */
function hideButton({ state, dispatch }: PageContext): TemplateResult {
  const hold = (hidden: boolean) => () => dispatch({ type: 'hideOverlay', hidden });
  const key = (hidden: boolean) => (event: KeyboardEvent) => {
    if (event.key === ' ' || event.key === 'Enter') dispatch({ type: 'hideOverlay', hidden });
  };
  const title = t('Hide everything over the image (hold H)');
  return html`<button type="button" class="tool" title=${title} aria-label=${title} aria-pressed=${state.overlayHidden}
    @pointerdown=${hold(true)} @pointerup=${hold(false)} @pointerleave=${hold(false)} @keydown=${key(true)} @keyup=${key(false)} @blur=${hold(false)}>
    ${icon(state.overlayHidden ? 'eye-closed' : 'eye')}</button>`;
}
