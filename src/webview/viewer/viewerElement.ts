import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import type { Appearance, SessionImage } from '../../protocol.ts';
import type { Target } from '../result/objectsAt.ts';
import { isMasked } from '../result/shownResult.ts';
import type { StyledObject } from '../result/types.ts';
import { afterFrame } from '../state/afterFrame.ts';
import { INITIAL_APPEARANCE, type Layer } from '../state/pageState.ts';
import type { Middle } from '../state/view.ts';
import { areaPixels } from './area.ts';
import { AreaDrawing } from './areaDrawing.ts';
import { type Areas, drawAreas, NO_AREAS, openArea, placeUnder } from './areaLayer.ts';
import { drawnObjects, LIVE_WIDTHS_UP_TO, objectElementId, type ViewerDrawing } from './drawing/drawing.ts';
import { MaskLayer } from './drawing/maskLayer.ts';
import { drawnTargets, drawObjects, drawTags, drawTokenGrid, type Tiles } from './drawing/overlay.ts';
import { TagLayer } from './drawing/tagLayer.ts';
import { Hovering } from './hovering.ts';
import { MinimapFrame, minimap } from './minimap.ts';
import { clickedObject, doubleClick, type Pointed, pointedObject } from './pointing.ts';
import { stageViewport } from './stage.ts';
import type { ViewerEvents } from './viewerEvents.ts';
import { viewerName } from './viewerName.ts';
import type { Viewport } from './viewport.ts';

/** Properties that outlines depend on. */
const OF_OUTLINES: readonly PropertyKey[] = ['image', 'natural', 'objects', 'threshold', 'outlineRound'];

/** The picture with everything drawn over it. Picture and overlay stand under one transform. */
export class ImageViewer extends LitElement {
  static override properties = {
    image: { attribute: false },
    objects: { attribute: false },
    hiddenIds: { attribute: false },
    receiving: { attribute: false },
    start: { attribute: false },
    layers: { attribute: false },
    overlayHidden: { attribute: false },
    selected: { attribute: false },
    hovered: { attribute: false },
    lit: { attribute: false },
    threshold: { attribute: false },
    appearance: { attribute: false },
    tiles: { attribute: false },
    areas: { attribute: false },
    bar: { attribute: false },
    text: { attribute: false },
    natural: { state: true },
    broken: { state: true },
    settled: { state: true },
    outlineRound: { state: true },
  };
  declare image: SessionImage | undefined;
  /** All objects of the result. */
  declare objects: readonly StyledObject[];
  /** Ids of the objects that are not drawn. */
  declare hiddenIds: ReadonlySet<string>;
  /** Objects are arriving: each new one fades in. */
  declare receiving: boolean;
  /** The part of the picture to begin with, instead of all of it. */
  declare start: Middle | undefined;
  declare layers: Readonly<Record<Layer, boolean>>;
  declare overlayHidden: boolean;
  declare selected: string | undefined;
  declare hovered: string | undefined;
  /** Ids of further objects that are shown like the hovered one. */
  declare lit: readonly string[];
  declare threshold: number;
  declare appearance: Appearance;
  /** The token grid, where it is to be seen. */
  declare tiles: Tiles | undefined;
  declare areas: Areas;
  /** What floats under the area that is being changed. */
  declare bar: TemplateResult | undefined;
  declare text: TemplateResult | typeof nothing;
  /** The size the browser found, for pictures whose header the host could not read. */
  declare private natural: Size | undefined;
  declare private broken: boolean;
  /** Counts ends of movements, after which tags are placed again. */
  declare private settled: number;
  /** Counts arrivals of outlines. */
  declare private outlineRound: number;

  #viewport: Viewport | undefined;
  readonly masks = new MaskLayer(() => {
    this.outlineRound++;
  });
  #visible: readonly StyledObject[] = [];
  #hovering: Hovering | undefined;
  #areaDrawing: AreaDrawing | undefined;
  readonly #settle = (): void => {
    this.settled++;
  };
  readonly #tagLayer = new TagLayer(this.#settle);

  constructor() {
    super();
    this.image = undefined;
    this.objects = [];
    this.hiddenIds = new Set();
    this.receiving = false;
    this.start = undefined;
    this.layers = { masks: true, boxes: true, labels: true, points: true };
    this.overlayHidden = false;
    this.selected = undefined;
    this.hovered = undefined;
    this.lit = [];
    this.threshold = 127;
    this.appearance = INITIAL_APPEARANCE;
    this.tiles = undefined;
    this.areas = NO_AREAS;
    this.bar = undefined;
    this.text = nothing;
    this.natural = undefined;
    this.broken = false;
    this.settled = 0;
    this.outlineRound = 0;
  }

  protected override createRenderRoot() {
    return this;
  }

  /** The picture's size in upright pixels; undefined while nobody knows it. */
  get size(): Size | undefined {
    if (this.image && this.image.width > 0 && this.image.height > 0) return this.image;
    return this.natural;
  }

  /** Zoom and pan, once the viewer is on the page. */
  get viewport(): Viewport | undefined {
    return this.#viewport;
  }

  get #surface(): HTMLElement {
    return this.querySelector('.viewer') as HTMLElement;
  }

  override focus(options?: FocusOptions): void {
    this.#surface.focus(options);
  }

  /** Takes the focus without a ring, until a key is used: at the start nobody has asked for it. */
  focusQuietly(): void {
    const surface = this.#surface;
    surface.classList.add('quiet');
    for (const name of ['keydown', 'blur']) surface.addEventListener(name, () => surface.classList.remove('quiet'), { once: true });
    surface.focus({ preventScroll: true });
  }

  /** The box of an object in image pixels. */
  boxOf(id: string | undefined): Box | undefined {
    return this.targets().find((target) => target.id === id)?.box;
  }

  /** Whether there is room for the numbers of objects only. */
  get numbersOnly(): boolean {
    return this.#tagLayer.placed?.numbersOnly ?? false;
  }

  /** The object under the pointer. */
  objectUnder(event: MouseEvent): string | undefined {
    return this.#viewport && pointedObject(this.#pointed(this.#viewport), event);
  }

  /** What can be hit: the objects that are drawn, in image pixels. */
  targets(): Target[] {
    const { size } = this;
    return size && !this.overlayHidden ? drawnTargets(this.#drawing(size), this) : [];
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('image') && (changed.get('image') as SessionImage | undefined)?.src !== this.image?.src) {
      this.natural = undefined;
      this.broken = false;
    }
    if (changed.has('objects') || changed.has('hiddenIds'))
      this.#visible = this.objects.filter(({ detection }) => !this.hiddenIds.has(detection.id));
    const { size } = this;
    if (!size) return;
    if (OF_OUTLINES.some((name) => changed.has(name))) {
      const detections = this.objects.map(({ detection }) => detection);
      this.masks.update(detections, size, this.threshold);
    }
    const before = (changed.get('objects') as readonly StyledObject[] | undefined)?.length;
    const grown = before !== undefined && before < this.#visible.length / 2;
    this.#tagLayer.follow(this.#drawing(size), this.#viewport, { grown, filtered: changed.has('hiddenIds') });
  }

  #drawing(size: Size): ViewerDrawing {
    const { objects, layers, hiddenIds, selected, hovered, lit } = this;
    const masked = objects.some(({ detection }) => isMasked(detection));
    return { ...drawnObjects(objects, this.#visible), hiddenIds, masked, layers, selected, hovered, lit, size, outlines: this.masks.drawn };
  }

  protected override render(): TemplateResult {
    const { image, size, selected } = this;
    const drawing = size && this.#drawing(size);
    const shown = image && !image.problem;
    const word = image?.flaw ?? image?.hint;
    const note = shown && (word ?? (this.broken ? t('VS Code cannot show this kind of image.') : undefined));
    return html`<div
        class="viewer behind-${this.appearance.background} ${this.areas.isOpen ? 'drawing' : ''}" data-testid="viewer" role="application" tabindex="0"
        aria-roledescription=${t('image viewer')} aria-label=${viewerName(image, size, this.#visible.length)}
        aria-activedescendant=${selected === undefined ? nothing : objectElementId(selected)}
        @click=${this.#click} @dblclick=${this.#doubleClick} @pointermove=${this.#pointerMove} @pointerleave=${this.#pointerLeave}>
        <div class="stage" ?hidden=${!size || !shown}><div class="layer">
          ${shown && image.src ? html`<img class="picture ${this.broken ? 'broken' : ''}" src=${image.src} alt="" draggable="false" @load=${this.#loaded} @error=${this.#failed} />` : nothing}
          <svg class="overlay ${this.overlayHidden ? 'off' : ''} ${this.receiving ? 'receiving' : ''}" data-testid="overlay" width=${size?.width ?? 0} height=${size?.height ?? 0}>
            ${this.tiles && size ? drawTokenGrid(this.tiles, size) : nothing}
            ${drawing ? [drawObjects(drawing), this.#tagLayer.placed ? drawTags(this.#tagLayer.placed, drawing) : nothing] : nothing}
            ${size ? drawAreas(this.areas, size) : nothing}
          </svg>${this.text}
        </div></div>
        <div class="readout float" aria-hidden="true" hidden></div>
      </div>
      ${shown && image.src && !this.broken ? minimap(image.src, () => this.#viewport) : nothing}
      ${this.bar ? html`<div class="area-bar float">${this.bar}</div>` : nothing}
      ${note ? html`<p class="viewer-note ${word ? 'below' : ''}">${note}</p>` : nothing}`;
  }

  protected override firstUpdated(): void {
    const surface = this.#surface;
    this.#hovering = new Hovering(this.querySelector('.readout') as HTMLElement);
    this.#viewport = stageViewport(surface, this.querySelector('.stage') as HTMLElement, {
      drawn: () => this.#visible.length,
      moved: (k) => {
        if (this.#viewport) this.#minimap?.follow(this.#viewport);
        this.#placeBar();
        this.#hovering?.viewMoved();
        this.#emit('view-scale', k);
      },
      settled: () => {
        if (this.#visible.length > LIVE_WIDTHS_UP_TO) afterFrame(this.#settle);
        else this.#settle();
        this.#showMinimap();
        this.#emit('view-middle', this.#viewport?.middle ?? null);
      },
    });
    this.#areaDrawing = new AreaDrawing({
      surface,
      viewport: this.#viewport,
      size: () => this.size,
      area: () => openArea(this.areas),
      isOpen: () => this.areas.isOpen,
      changed: (area) => this.#emit('area-change', area),
    });
    new ResizeObserver(() => {
      this.#viewport?.setViewer({ width: surface.clientWidth, height: surface.clientHeight });
      this.#showMinimap();
      this.#placeBar();
    }).observe(surface);
  }

  #placeBar(): void {
    const bar = this.#bar;
    const area = openArea(this.areas);
    if (bar && area && this.size && this.#viewport) placeUnder(bar, areaPixels(area, this.size), this.#viewport);
  }

  #fittedTo = '';
  #hadNumbersOnly = false;

  /** Looked for once a drawing, not once a frame. */
  #minimap: MinimapFrame | undefined;
  #bar: HTMLElement | null = null;

  #showMinimap(): void {
    if (this.#viewport) this.#minimap?.show(this.#viewport);
  }

  protected override updated(changed: PropertyValues): void {
    const { size } = this;
    if (changed.has('appearance')) {
      const { style } = this.#surface;
      for (const name of ['fill', 'outline', 'labels'] as const) style.setProperty(`--${name}`, String(this.appearance[name]));
    }
    const map = this.querySelector<HTMLElement>('.minimap');
    if (this.#minimap?.element !== map) this.#minimap = map ? new MinimapFrame(map) : undefined;
    this.#bar = this.querySelector('.area-bar');
    this.#showMinimap();
    this.#placeBar();
    if (!size) return;
    const outlined = this.masks.drawn.size > 0 && !this.masks.busy && OF_OUTLINES.some((name) => changed.has(name));
    if (outlined || this.numbersOnly !== this.#hadNumbersOnly) this.#emit('view-drawn', null);
    this.#hadNumbersOnly = this.numbersOnly;
    const picture = this.querySelector<HTMLImageElement>('.picture');
    if (picture) Object.assign(picture.style, { width: `${size.width}px`, height: `${size.height}px` });
    const key = `${size.width} ${size.height} ${this.image?.uri}`;
    if (key === this.#fittedTo) return;
    const isFirst = this.#fittedTo === '';
    this.#fittedTo = key;
    this.#viewport?.setPicture({ width: size.width, height: size.height }, isFirst ? this.start : undefined);
  }

  #loaded(event: Event): void {
    const { naturalWidth, naturalHeight } = event.target as HTMLImageElement;
    this.broken = false;
    if (naturalWidth > 0) this.natural = { width: naturalWidth, height: naturalHeight };
  }

  #failed(): void {
    this.broken = true;
  }

  #pointed(viewport: Viewport): Pointed {
    return { surface: this.#surface, viewport, targets: this.targets(), selected: this.selected };
  }

  #click(event: MouseEvent): void {
    // The second click of a double click must not choose the object below.
    if (this.#areaDrawing?.tookClick()) return;
    if (this.#viewport && event.detail <= 1) this.#emit('object-select', clickedObject(this.#pointed(this.#viewport), event) ?? null);
  }

  #doubleClick(event: MouseEvent): void {
    if (this.#viewport) doubleClick(this.#pointed(this.#viewport), event);
  }

  #pointerMove(event: PointerEvent): void {
    const { size, image, appearance } = this;
    if (!this.#viewport || event.buttons !== 0 || event.pointerType === 'touch') return;
    const picture = size && image && appearance.readout ? { src: this.broken ? undefined : image.src, size } : undefined;
    this.#hover(this.#hovering?.over(this.#pointed(this.#viewport), event, picture));
  }

  #pointerLeave(): void {
    this.#hovering?.left();
    this.#hover(undefined);
  }

  #hover(id: string | undefined): void {
    if (id !== this.hovered) this.#emit('object-hover', id ?? null);
  }

  #emit<Name extends keyof ViewerEvents>(name: Name, detail: ViewerEvents[Name]['detail']): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define('image-viewer', ImageViewer);
