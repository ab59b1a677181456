import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { placeFloat } from './float.ts';
import { icon } from './icon.ts';

let count = 0;

/** A button that opens a small panel with fields; the panel goes by Esc or a click elsewhere. */
export class PopPanel extends LitElement {
  static override properties = {
    icon: { attribute: false },
    label: { attribute: false },
    heading: { attribute: false },
    content: { attribute: false },
    marked: { attribute: false },
    testId: { attribute: false },
    open: { state: true },
  };
  /** Codicon of the button. */
  declare icon: string;
  /** Tooltip and name of the button. */
  declare label: string;
  /** Name of the panel. */
  declare heading: string;
  /** What it holds; asked for only while it is open. */
  declare content: () => TemplateResult;
  /** Whether the button shows that something in the panel is set. */
  declare marked: boolean;
  /** `data-testid` of the panel. */
  declare testId: string | undefined;
  declare private open: boolean;
  /** Had the focus when it opened, and gets it back. */
  #before: HTMLElement | undefined;
  readonly #id = `panel-${++count}`;

  constructor() {
    super();
    this.icon = '';
    this.label = '';
    this.heading = '';
    this.content = () => html``;
    this.marked = false;
    this.testId = undefined;
    this.open = false;
  }

  protected override createRenderRoot() {
    return this;
  }

  /** Opens or closes it. */
  toggle(): void {
    if (!this.open) this.#before = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
    this.#panel.togglePopover();
  }

  protected override render(): TemplateResult {
    return html`<button type="button" class="tool ${this.marked ? 'marked' : ''}" title=${this.label} aria-label=${this.label}
        aria-haspopup="dialog" aria-expanded=${this.open} aria-controls=${this.#id} @click=${() => this.toggle()}>${icon(this.icon)}</button>
      <div id=${this.#id} class="pop-panel float" popover role="dialog" aria-label=${this.heading} data-testid=${this.testId ?? nothing}
        @toggle=${this.#toggled} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>${this.open ? this.content() : nothing}</div>`;
  }

  get #panel(): HTMLElement {
    return this.querySelector('.pop-panel') as HTMLElement;
  }

  get #button(): HTMLElement {
    return this.querySelector('button') as HTMLElement;
  }

  async #toggled(event: ToggleEvent): Promise<void> {
    if (event.target !== this.#panel) return;
    const hadFocus = this.#panel.contains(document.activeElement) || document.activeElement === document.body;
    this.open = event.newState === 'open';
    await this.updateComplete;
    if (this.open) {
      placeFloat(this.#panel, this.#button, this.closest('.toolbar')?.nextElementSibling ?? document.body);
      this.#panel.querySelector<HTMLElement>('input, select, button, [tabindex]')?.focus();
    } else if (hadFocus) (this.#before?.isConnected ? this.#before : this.#button).focus();
  }
}

customElements.define('pop-panel', PopPanel);
