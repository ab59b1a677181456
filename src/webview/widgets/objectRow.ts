import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import type { LabelStyle } from '../../core/drawing/palette.ts';
import { swatch } from './swatch.ts';

export type RowAction = 'zoom' | 'ask' | 'hide';

/**
 * A row of the list of objects. Its own text is exactly the label; number, swatch, size and actions are in its shadow root.
 * Raises `row-action`. The actions are for the mouse; keys do the same on the list.
 */
export class ObjectRow extends LitElement {
  static override properties = {
    number: { attribute: false },
    look: { attribute: false },
    value: { attribute: false },
    confidence: { attribute: false },
    note: { attribute: false },
    canAsk: { attribute: false },
    selected: { attribute: false },
    pointed: { state: true },
  };
  declare number: string;
  declare look: LabelStyle | undefined;
  /** The size, or why there is no mask. */
  declare value: string;
  /** How sure, such as "93 %"; empty where nobody has said so of this object, undefined where of none. */
  declare confidence: string | undefined;
  /** A second line under the label. */
  declare note: string;
  declare canAsk: boolean;
  declare selected: boolean;
  /** Was under the pointer once: a long list is there sooner when actions that nobody sees are not. */
  declare private pointed: boolean;

  static override styles = css`
      :host { display: flex; align-items: center; box-sizing: border-box; height: max(22px, 1.7em); padding-right: 12px; cursor: pointer; }
      :host([hidden]) { display: none; }
      :host(.two-lines) { height: max(38px, 2.9em); }
      :host(:hover), :host(.hovered) { background: var(--vscode-list-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
      :host([aria-selected='true']) { color: var(--vscode-list-activeSelectionForeground); background: var(--vscode-list-activeSelectionBackground); outline: 1px solid var(--vscode-contrastActiveBorder, var(--vscode-list-focusOutline, transparent)); outline-offset: -1px; }
      .number { width: 3.4em; padding-right: 9px; box-sizing: border-box; text-align: right; flex: none; }
      .swatch { flex: none; }
      .number, .value, .confidence, .note { font-size: calc(11em / 13); font-variant-numeric: tabular-nums; color: var(--vscode-descriptionForeground); white-space: nowrap; }
      :host([aria-selected='true']) :is(.number, .value, .confidence, .note) { color: inherit; }
      .confidence { flex: none; min-width: 3.6em; text-align: right; }
      .value { flex: none; }
      .note { display: block; overflow: hidden; text-overflow: ellipsis; }
      .label { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 0 10px 0 7px; }
      .actions { display: none; margin-right: -5px; order: 1; }
      :host(:hover) .actions, :host([aria-selected='true']) .actions { display: inline-flex; }
      :host(:hover) .value, :host([aria-selected='true']) .value { display: none; }
      .action { width: max(20px, 1.54em); height: max(20px, 1.54em); display: inline-flex; align-items: center; justify-content: center; border-radius: 4px; }
      .action:hover { background: var(--vscode-toolbar-hoverBackground); }
      .action svg { width: max(14px, 1.08em); height: max(14px, 1.08em); fill: none; stroke: currentColor; stroke-width: 1.2; }
      @media (pointer: coarse) { :host { height: 32px; } .action { width: 32px; height: 32px; } }
    `;

  constructor() {
    super();
    this.number = '';
    this.look = undefined;
    this.value = '';
    this.confidence = undefined;
    this.note = '';
    this.canAsk = false;
    this.selected = false;
    this.pointed = false;
    this.addEventListener('pointerenter', () => {
      this.pointed = true;
    });
  }

  protected override render(): TemplateResult {
    return html`<span class="number" aria-hidden="true">${this.number}</span>${this.look ? swatch(this.look) : nothing}<span class="label"><slot></slot>${this.note ? html`<span class="note" aria-hidden="true">${this.note}</span>` : nothing}</span>
      <span class="value" aria-hidden="true">${this.value}</span>
      ${this.confidence !== undefined ? html`<span class="confidence" aria-hidden="true" title=${t('Confidence')}>${this.confidence}</span>` : nothing}
      ${this.pointed || this.selected ? this.#actions() : nothing}`;
  }

  #actions(): TemplateResult {
    return html`<span class="actions" aria-hidden="true">
        <span class="action" title=${t('Zoom to object (Enter)')} @click=${(event: Event) => this.#act(event, 'zoom')}>
          <svg viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" /><circle cx="8" cy="8" r="3" /><circle cx="8" cy="8" r="0.6" fill="currentColor" /></svg></span>
        ${
          this.canAsk
            ? html`<span class="action" title=${t('Ask about this object (Shift+Enter)')} @click=${(event: Event) => this.#act(event, 'ask')}>
          <svg viewBox="0 0 16 16"><path d="M1.5 2.5h9v6h-5l-2.5 2v-2h-1.5z" /><path d="M12.5 5.5h2v6h-1.5v2l-2.5-2h-4v-1" /></svg></span>`
            : nothing
        }
        <span class="action" title=${t('Hide (Delete)')} @click=${(event: Event) => this.#act(event, 'hide')}>
          <svg viewBox="0 0 16 16"><path d="M1.5 9.5C3 6.5 5.3 5 8 5s5 1.5 6.5 4.5" /><circle cx="8" cy="9.5" r="2" /></svg></span>
      </span>`;
  }

  #act(event: Event, action: RowAction): void {
    event.stopPropagation();
    this.dispatchEvent(new CustomEvent<RowAction>('row-action', { detail: action, bubbles: true }));
  }
}

customElements.define('object-row', ObjectRow);
