import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { placeFloat } from './float.ts';
import { icon } from './icon.ts';

export interface MenuItem {
  id: string;
  text: string;
  /** Small text at the end. */
  detail?: string;
  /** Name of a codicon. */
  icon?: string;
  /** Begins another group: a line stands above it. */
  begins?: true;
  /** Of a group of which one is chosen. */
  checked?: boolean;
  /** Why it cannot be chosen. */
  unavailable?: string;
}

let count = 0;

/** A button that opens a menu; raises `menu-choose` with the id of the item. Opens upward where there is no room below. */
export class PopMenu extends LitElement {
  static override properties = {
    text: { attribute: false },
    icon: { attribute: false },
    label: { attribute: false },
    items: { attribute: false },
    arrow: { attribute: false },
    testId: { attribute: false },
    open: { state: true },
  };
  /** Of the button. */
  declare text: string;
  /** Codicon before the text. */
  declare icon: string;
  /** Tooltip of the button and name of the menu. */
  declare label: string;
  declare items: readonly MenuItem[];
  /** Whether the button shows an arrow. */
  declare arrow: boolean;
  /** `data-testid` of the button. */
  declare testId: string | undefined;
  declare private open: boolean;
  readonly #id = `menu-${++count}`;

  constructor() {
    super();
    this.text = '';
    this.icon = '';
    this.label = '';
    this.items = [];
    this.arrow = true;
    this.testId = undefined;
    this.open = false;
  }

  protected override createRenderRoot() {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<button
        type="button" class="tool ${this.text ? 'text' : ''}" title=${this.label} aria-label=${this.text ? `${this.label}: ${this.text}` : this.label}
        aria-haspopup="menu" aria-expanded=${this.open} aria-controls=${this.#id} data-testid=${this.testId ?? nothing}
        @click=${() => this.#menu.togglePopover()} @keydown=${this.#buttonKey}>
        ${this.icon ? icon(this.icon) : nothing}${this.text ? html`<span class="clip">${this.text}</span>` : nothing}${this.arrow ? icon('chevron-down', 'arrow') : nothing}
      </button>
      <div id=${this.#id} class="menu float" popover role="menu" aria-label=${this.label} @toggle=${this.#toggled} @keydown=${this.#menuKey}>
        ${this.open ? this.items.map((item) => this.#item(item)) : nothing}
      </div>`;
  }

  #item(item: MenuItem): TemplateResult {
    const chosen = item.checked !== undefined;
    const mark = chosen
      ? item.checked
        ? 'check'
        : 'blank'
      : this.items.some(({ checked }) => checked !== undefined)
        ? 'blank'
        : undefined;
    return html`${item.begins ? html`<div class="menu-line" role="separator"></div>` : nothing}<button type="button" class="menu-item" tabindex="-1" role=${chosen ? 'menuitemradio' : 'menuitem'} aria-checked=${item.checked ?? nothing}
      aria-disabled=${item.unavailable === undefined ? nothing : 'true'} title=${item.unavailable ?? nothing} @click=${() => item.unavailable === undefined && this.#choose(item)}>
      ${mark === undefined ? nothing : icon(mark)}${item.icon ? icon(item.icon) : nothing}
      <span class="clip grow">${item.text}</span>${item.detail ? html`<span class="quiet">${item.detail}</span>` : nothing}
    </button>`;
  }

  get #menu(): HTMLElement {
    return this.querySelector('.menu') as HTMLElement;
  }

  get #button(): HTMLElement {
    return this.querySelector('button') as HTMLElement;
  }

  #choose(item: MenuItem): void {
    this.#menu.hidePopover();
    this.dispatchEvent(new CustomEvent('menu-choose', { detail: item.id }));
  }

  async #toggled(event: ToggleEvent): Promise<void> {
    const hadFocus = this.#menu.contains(document.activeElement) || document.activeElement === document.body;
    this.open = event.newState === 'open';
    await this.updateComplete;
    if (!this.open) {
      if (hadFocus) this.#button.focus();
      return;
    }
    placeFloat(this.#menu, this.#button);
    (this.#menu.querySelector<HTMLElement>('[aria-checked="true"]') ?? this.#menu.querySelector<HTMLElement>('button'))?.focus();
  }

  #buttonKey(event: KeyboardEvent): void {
    // not by `open`, which changes only with the event that follows
    if (this.#menu.matches(':popover-open') || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    event.stopPropagation();
    this.#menu.showPopover();
  }

  #menuKey(event: KeyboardEvent): void {
    event.stopPropagation();
    const items = [...this.#menu.querySelectorAll<HTMLElement>('button')];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
    const to = moves[event.key];
    if (event.key === 'Tab') this.#menu.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    items[to % items.length]?.focus();
  }
}

customElements.define('pop-menu', PopMenu);
