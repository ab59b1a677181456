import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import type { CostBasis } from '../../core/usage/costBasis.ts';
import type { SendReview, SessionImage } from '../../protocol.ts';
import { differenceBar } from '../difference/differenceBar.ts';
import { differenceLayer } from '../difference/differenceLayer.ts';
import '../liveText/findBar.ts';
import { editBar } from '../editing/editBar.ts';
import { textLayer } from '../liveText/textLayer.ts';
import '../editing/editLayer.ts';
import { failureMessage } from '../panel/messages/failure.ts';
import { promptBox } from '../panel/prompt/promptBox.ts';
import { regionBar } from '../panel/prompt/regionBar.ts';
import { rawReply } from '../panel/results/rawReply.ts';
import { results } from '../panel/results/results.ts';
import { runHead } from '../panel/results/runHead.ts';
import { coverChip } from '../panel/review/coverChip.ts';
import { asSent, sendReview, shownPlace } from '../panel/review/sendReview.ts';
import { imageToCome, placeToCome, sentImage } from '../panel/review/sentImage.ts';
import { tabBar } from '../panel/tools/tabBar.ts';
import { toolbar } from '../panel/tools/toolbar.ts';
import { boxInPixels } from '../result/objectsAt.ts';
import { imageTitle } from '../state/imageNames.ts';
import type { PageContext } from '../state/pageContext.ts';
import { isStacked, showsDifference } from '../state/pictureModes.ts';
import type { Middle } from '../state/view.ts';
import { type Areas, NO_AREAS } from '../viewer/areaLayer.ts';
import { icon } from '../widgets/icon.ts';
import type { PanelSizeChange } from '../widgets/panelSash.ts';
import { styles } from '../widgets/styles.ts';

/** Where pictures stand, and who follows what is done with them. */
export interface ViewerControl {
  /** The part of the picture to begin with. */
  start: Middle | undefined;
  /** The user turns to one of several pictures, by its place. */
  turned(index: number): void;
  scaled(scale: number, index: number): void;
  /** A movement has ended. */
  rested(): void;
  /** The place of the picture that is laid over the first. */
  over: number;
  /** Brings a part of the picture (image pixels) into sight. */
  reveal(part: Box): void;
  /** The picture knows more than before of what is drawn. */
  drawn(): void;
}

/** Where everything stands: tabs, toolbar, picture, panel. */
export function pageLayout(page: PageContext, control: ViewerControl): TemplateResult {
  const { session, state, shown, dispatch } = page;
  const image = session.images[0];
  return html`<main class="inspector ${state.panel || page.review ? '' : 'no-panel'} tab-${state.tab}" .style=${styles({ '--panel-width': px(state.panelSize.width), '--panel-height': px(state.panelSize.height) })}>
    <h1 class="visually-hidden">${image?.name ?? t('Image Inspector')}</h1>
    ${tabBar(page)}${toolbar(page)}
    ${page.review ? sentPicture(page, page.review, control) : shown.images.length > 1 ? pictures(page, control) : picture(page, control)}
    <aside class="panel" data-testid="panel" aria-label=${t('Results')}>
      ${
        page.review
          ? sendReview(page, page.review)
          : html`${runHead(page)}
      <div class="panel-body">${results(page)}${rawReply(page)}</div>
      ${promptBox(page)}`
      }
      <panel-sash class="sash" @panel-size=${({ detail }: CustomEvent<PanelSizeChange>) => dispatch({ type: 'panelSize', ...detail })}></panel-sash>
    </aside>
    <shortcuts-dialog @change-keys=${() => page.post({ type: 'act', action: 'changeKeys' })}></shortcuts-dialog>
    <div class="visually-hidden" role="status"></div>
  </main>`;
}

/** The exact picture that is sent, with nothing drawn over it; before it is there, its place. */
function sentPicture(page: PageContext, review: SendReview, control: ViewerControl): TemplateResult {
  const { state } = page;
  const picture = review.pictures[shownPlace({ state }, review)];
  const image = picture ? sentImage(picture) : imageToCome(page, review);
  const note = picture || review.failure ? picture?.problem : t('The picture is being prepared.');
  return html`<image-viewer class="viewer-area sent" .image=${image} .text=${picture || !image ? nothing : placeToCome(image)} .appearance=${{ ...state.appearance, readout: false }}
      @view-scale=${({ detail }: CustomEvent<number>) => control.scaled(detail, 0)}></image-viewer>
    ${note ? html`<p class="viewer-note">${note}</p>` : nothing}
    ${picture ? html`<div class="sent-chip float" data-testid="as-sent">${icon('shield')}${asSent(picture)}</div>` : nothing}`;
}

/** One picture takes all the room. */
function picture(page: PageContext, control: ViewerControl): TemplateResult {
  const { state, dispatch, session } = page;
  const image = session.images[0];
  return html`${viewer(page, control, {
    index: 0,
    image,
    start: control.start,
    tiles: state.tokenGrid ? session.cost?.tiles : undefined,
    areas: areasOf(page),
    bar: regionBar(page),
    ...(state.editing && { above: html`<edit-layer .page=${page}></edit-layer>` }),
    settled: (middle) => dispatch({ type: 'middle', middle }),
  })}
    ${coverChip(page)}${editBar(page)}
    <find-bar .lines=${page.shown.lines} @find-show=${({ detail }: CustomEvent<string>) => showLine(page, control, detail)} @find-close=${() => page.focusPicture()}></find-bar>
    ${image?.problem ? html`<div class="viewer-problem">${failureMessage(page, image.problem)}</div>` : nothing}`;
}

function showLine({ shown, session }: PageContext, control: ViewerControl, id: string): void {
  const line = shown.lines.find((one) => one.id === id);
  const [image] = session.images;
  if (line && image) control.reveal(boxInPixels(line, image));
}

function areasOf({ state, session, shown }: PageContext): Areas {
  const { region, cover, placing } = state;
  const frame = shown.run?.images[0]?.sent?.region;
  return { region, cover, isOpen: placing || cover !== undefined, covered: session.covered ?? [], frame };
}

/** Several pictures, each with its name. */
function pictures(page: PageContext, control: ViewerControl): TemplateResult {
  const { pictures: mode, blink } = page.state;
  const differs = showsDifference(page) && blink === undefined;
  // What is over the picture can be hidden for a look at it.
  const layer = differs && !page.state.overlayHidden ? differenceLayer(page) : undefined;
  const seen = blink !== undefined ? `only-${blink}` : !differs ? 'divided' : layer ? 'only-b differing' : 'only-b';
  const apart = mode === 'side' || mode === 'above' ? mode : page.shown.images.length === 2 ? 'two' : '';
  const place = (index: number) => (index === 0 ? 'under' : index === control.over ? 'over' : 'aside');
  return html`<div class="viewer-area ${isStacked(page.state) ? `stacked ${seen}` : `side-by-side ${apart}`}" .style=${styles({ '--aspect': String(leastAspect(page.shown.images)) })}>${page.shown.images.map(
    (
      image,
      index,
    ) => html`<figure class="pair ${place(index)}" @focusin=${() => control.turned(index)} @pointerdown=${() => control.turned(index)}
      @wheel=${{ handleEvent: () => control.turned(index), capture: true, passive: true }}>
      <div class="pair-picture">${viewer(page, control, { index, image, ...(differs && index === control.over && { layer: layer ?? nothing }) })}
        ${image.problem ? html`<div class="viewer-problem">${failureMessage(page, image.problem)}</div>` : nothing}</div>
      <figcaption class="clip">${differs ? `${imageTitle(page.shown, 0)} → ${imageTitle(page.shown, control.over)}` : imageTitle(page.shown, index)}</figcaption>
    </figure>`,
  )}${mode === 'swipe' && blink === undefined ? html`<swipe-divider></swipe-divider>` : nothing}${differs ? differenceBar(page) : nothing}</div>`;
}

/** Width by height of the least wide picture; 0 where one is not wider than high. */
function leastAspect(images: readonly SessionImage[]): number {
  const least = Math.min(...images.map(({ width, height }) => width / height));
  return least > 1 ? least : 0;
}

interface OnePicture {
  index: number;
  image: SessionImage | undefined;
  start?: Middle | undefined;
  tiles?: CostBasis['tiles'] | undefined;
  areas?: Areas;
  bar?: TemplateResult | undefined;
  /** What lies over the picture in place of objects and words. */
  layer?: TemplateResult | typeof nothing;
  /** What lies over objects and words, and takes the pointer before them. */
  above?: TemplateResult;
  settled?(middle: Middle | undefined): void;
}

function viewer({ state, shown, session, hidden, dispatch }: PageContext, control: ViewerControl, one: OnePicture): TemplateResult {
  const { index } = one;
  return html`<image-viewer class="viewer-area" .image=${one.image} .objects=${shown.objectsIn[index] ?? []} .hiddenIds=${hidden.ids} .receiving=${shown.running !== undefined} .start=${one.start} .layers=${state.layers} .overlayHidden=${state.overlayHidden || (one.layer !== undefined && !shown.compared)}
      .selected=${state.selected} .hovered=${state.hovered} .lit=${state.lit} .threshold=${state.appearance.threshold ?? session.maskThreshold} .appearance=${state.appearance} .tiles=${one.tiles} .areas=${one.areas ?? NO_AREAS} .bar=${one.bar} .text=${one.layer ?? one.above ?? textLayer(index === 0 ? shown.lines : [], one.image)}
      @area-change=${({ detail }: CustomEvent<Box>) => dispatch({ type: 'area', area: detail })}
      @object-select=${({ detail }: CustomEvent<string | null>) => dispatch({ type: 'select', id: detail ?? undefined })}
      @object-hover=${({ detail }: CustomEvent<string | null>) => dispatch({ type: 'hover', id: detail ?? undefined })}
      @view-scale=${({ detail }: CustomEvent<number>) => control.scaled(detail, index)}
      @view-middle=${({ detail }: CustomEvent<Middle | null>) => {
        control.rested();
        one.settled?.(detail ?? undefined);
      }}
      @view-drawn=${control.drawn}></image-viewer>`;
}

function px(length: number | undefined): string | undefined {
  return length === undefined ? undefined : `${length}px`;
}
