import { html, LitElement, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';

const STEP = 0.02;
const FAR = 0.1;

/**
 * The line between two pictures that lie over each other, moved by mouse or arrows. Sets `--divide` on its parent: where it stands, in percent of the width.
 */
export class SwipeDivider extends LitElement {
  static override properties = { share: { state: true } };
  /** 0..1: how much of the first picture is seen. */
  declare private share: number;

  constructor() {
    super();
    this.share = 0.5;
  }

  protected override createRenderRoot() {
    return this;
  }

  protected override render(): TemplateResult {
    const percent = Math.round(100 * this.share);
    return html`<div class="divider-handle" role="slider" tabindex="0" aria-label=${t('Divider between the pictures')} title=${t('Drag to see more of one picture')}
      aria-orientation="horizontal" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent} aria-valuetext=${t('{0} % of the first picture', percent)}
      @pointerdown=${this.#start} @pointermove=${this.#move} @keydown=${this.#key}></div>`;
  }

  protected override updated(): void {
    this.parentElement?.style.setProperty('--divide', `${100 * this.share}%`);
  }

  #start(event: PointerEvent): void {
    if (event.button === 0) (event.currentTarget as Element).setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const frame = this.parentElement?.getBoundingClientRect();
    if (frame && (event.currentTarget as Element).hasPointerCapture(event.pointerId)) this.#to((event.clientX - frame.left) / frame.width);
  }

  #key(event: KeyboardEvent): void {
    const step = event.shiftKey ? FAR : STEP;
    const places: Partial<Record<string, number>> = {
      ArrowLeft: this.share - step,
      ArrowDown: this.share - step,
      ArrowRight: this.share + step,
      ArrowUp: this.share + step,
      PageDown: this.share - FAR,
      PageUp: this.share + FAR,
      Home: 0,
      End: 1,
    };
    const to = places[event.key];
    if (to === undefined) return;
    this.#to(to);
    event.preventDefault();
    event.stopPropagation();
  }

  /** Moves away from a part that it hides: of the first picture, or of the one over it. `from`, `to`: shares of the width. */
  uncover(from: number, to: number, isOver: boolean): void {
    if (isOver && from < this.share) this.#to(from - STEP);
    else if (!isOver && to > this.share) this.#to(to + STEP);
  }

  #to(share: number): void {
    this.share = Math.min(1, Math.max(0, share));
  }
}

customElements.define('swipe-divider', SwipeDivider);
