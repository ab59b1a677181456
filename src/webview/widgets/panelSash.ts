import { html, LitElement, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import type { PanelSide } from '../state/pageState.ts';

/** The user's size of the panel, in CSS pixels; undefined is the size it comes with. */
export interface PanelSizeChange {
  side: PanelSide;
  size: number | undefined;
}

/** CSS pixels; the style sheet holds the panel to the same limits. */
const LEAST: Record<PanelSide, number> = { width: 280, height: 200 };
const MOST = 0.6;
const STEP = 20;
/** Which keys make the panel larger (1) and smaller (-1). */
const KEYS: Record<PanelSide, Partial<Record<string, 1 | -1>>> = {
  width: { ArrowLeft: 1, ArrowRight: -1 },
  height: { ArrowUp: 1, ArrowDown: -1 },
};

/** The edge of the panel, by which it is made wider, or higher where it is under the picture: drag, arrows, double click to reset. Raises `panel-size`. */
export class PanelSash extends LitElement {
  static override properties = { side: { state: true }, size: { state: true }, most: { state: true } };
  declare private side: PanelSide;
  declare private size: number;
  declare private most: number;
  readonly #observer = new ResizeObserver(() => this.#measure());

  constructor() {
    super();
    this.side = 'width';
    this.size = 0;
    this.most = 0;
  }

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.parentElement) this.#observer.observe(this.parentElement);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  protected override render(): TemplateResult {
    return html`<div class="sash-handle ${this.side}" role="separator" tabindex="0" title=${t('Drag to resize the panel, double-click to reset')}
      aria-label=${t('Size of the panel')} aria-orientation=${this.side === 'width' ? 'vertical' : 'horizontal'}
      aria-valuenow=${Math.round(this.size)} aria-valuemin=${LEAST[this.side]} aria-valuemax=${Math.round(this.most)}
      @pointerdown=${this.#start} @pointermove=${this.#move} @dblclick=${() => this.#change(undefined)} @keydown=${this.#key}></div>`;
  }

  /** The panel is under the picture when it is as wide as the page. */
  #measure(): void {
    const { width, height } = this.#panel.getBoundingClientRect();
    this.side = width < innerWidth - 1 ? 'width' : 'height';
    this.size = this.side === 'width' ? width : height;
    this.most = MOST * (this.side === 'width' ? innerWidth : innerHeight);
  }

  get #panel(): Element {
    return this.parentElement as Element;
  }

  #start(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    if (!(event.currentTarget as Element).hasPointerCapture(event.pointerId)) return;
    this.#change(this.side === 'width' ? innerWidth - event.clientX : innerHeight - event.clientY);
  }

  #key(event: KeyboardEvent): void {
    const direction = KEYS[this.side][event.key];
    const to: Partial<Record<string, number | undefined>> = { Home: LEAST[this.side], End: this.most };
    if (direction) this.#change(this.size + direction * STEP);
    else if (event.key in to) this.#change(to[event.key]);
    else if (event.key === 'Enter') this.#change(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #change(size: number | undefined): void {
    const held = size === undefined ? undefined : Math.round(Math.min(this.most, Math.max(LEAST[this.side], size)));
    const detail: PanelSizeChange = { side: this.side, size: held };
    this.dispatchEvent(new CustomEvent('panel-size', { detail }));
  }
}

customElements.define('panel-sash', PanelSash);
