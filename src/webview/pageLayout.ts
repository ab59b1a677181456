import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../core/l10n.ts';
import type { PageContext } from './pageContext.ts';
import { failureMessage } from './panel/failure.ts';
import { promptBox } from './panel/promptBox.ts';
import { rawReply } from './panel/rawReply.ts';
import { results } from './panel/results.ts';
import { runHead } from './panel/runHead.ts';
import { tabBar } from './panel/tabBar.ts';
import { toolbar } from './panel/toolbar.ts';
import type { Middle } from './viewer/view.ts';
import type { PanelSizeChange } from './widgets/panelSash.ts';
import { styles } from './widgets/styles.ts';

/** What the layout needs besides what its parts see. */
export interface LayoutWorld {
  /** The part of the picture to begin with. */
  start: Middle | undefined;
  scaled(scale: number): void;
  /** The picture knows more than before of what is drawn. */
  drawn(): void;
}

/** Where everything stands: tabs, toolbar, picture, panel. */
export function pageLayout(page: PageContext, { start, scaled, drawn }: LayoutWorld): TemplateResult {
  const { session, state, shown, dispatch } = page;
  const image = session.images[0];
  return html`<main class="inspector ${state.panel ? '' : 'no-panel'} tab-${state.tab}" .style=${styles({ '--panel-width': px(state.panelSize.width), '--panel-height': px(state.panelSize.height) })}>
    <h1 class="spoken">${image?.name ?? t('Image Inspector')}</h1>
    ${tabBar(page)}${toolbar(page)}
    <image-viewer class="viewer-area" .image=${image} .objects=${shown.objects} .hiddenIds=${page.hidden.ids} .receiving=${shown.running !== undefined} .start=${start} .layers=${state.layers} .overlayHidden=${state.overlayHidden}
      .selected=${state.selected} .hovered=${state.hovered} .threshold=${state.appearance.threshold ?? session.maskThreshold} .appearance=${state.appearance} .tiles=${state.tokenGrid ? session.cost?.tiles : undefined}
      @object-select=${({ detail }: CustomEvent<string | null>) => dispatch({ type: 'select', id: detail ?? undefined })}
      @object-hover=${({ detail }: CustomEvent<string | null>) => dispatch({ type: 'hover', id: detail ?? undefined })}
      @view-scale=${({ detail }: CustomEvent<number>) => scaled(detail)}
      @view-middle=${({ detail }: CustomEvent<Middle | null>) => dispatch({ type: 'middle', middle: detail ?? undefined })}
      @view-drawn=${drawn}></image-viewer>
    ${image?.problem ? html`<div class="viewer-problem">${failureMessage(page, image.problem)}</div>` : nothing}
    <aside class="panel" data-testid="panel" aria-label=${t('Results')}>
      <panel-sash class="sash" @panel-size=${({ detail }: CustomEvent<PanelSizeChange>) => dispatch({ type: 'panelSize', ...detail })}></panel-sash>
      ${runHead(page)}
      <div class="panel-body">${results(page)}${rawReply(page)}</div>
      ${promptBox(page)}
    </aside>
    <div class="spoken" role="status"></div>
  </main>`;
}

function px(length: number | undefined): string | undefined {
  return length === undefined ? undefined : `${length}px`;
}
