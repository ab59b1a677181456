import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';

/** More are not listed: one more letter finds them. */
const MOST_LISTED = 50;

let count = 0;

/**
 * A field for the label of an object with the list of labels that are used: a combobox with a list (ARIA Authoring Practices). Raises `label-choose` with
 * the label, and `label-leave` when it is to go back to the picture.
 */
export class LabelEdit extends LitElement {
  static override properties = {
    value: { attribute: false },
    labels: { attribute: false },
    typed: { state: true },
    open: { state: true },
    at: { state: true },
  };
  /** The label of the object. */
  declare value: string;
  declare labels: readonly string[];
  /** What is in the field, while it is another. */
  declare private typed: string | undefined;
  declare private open: boolean;
  /** The place in the list that is active; -1 for none. */
  declare private at: number;
  readonly #id = `labels-${++count}`;

  constructor() {
    super();
    this.value = '';
    this.labels = [];
    this.typed = undefined;
    this.open = false;
    this.at = -1;
  }

  protected override createRenderRoot() {
    return this;
  }

  /** Those that hold what was typed; those that begin with it come first. */
  get #listed(): readonly string[] {
    const words = this.typed?.trim().toLowerCase() ?? '';
    const found = this.labels.filter((label) => label.toLowerCase().includes(words));
    return found
      .toSorted((a, b) => Number(b.toLowerCase().startsWith(words)) - Number(a.toLowerCase().startsWith(words)))
      .slice(0, MOST_LISTED);
  }

  protected override render(): TemplateResult {
    const listed = this.open ? this.#listed : [];
    const active = listed[this.at] === undefined ? nothing : `${this.#id}-${this.at}`;
    return html`<input class="label-edit" data-testid="label-edit" type="text" role="combobox" autocomplete="off" spellcheck="false"
        aria-label=${t('Label')} aria-autocomplete="list" aria-expanded=${listed.length > 0} aria-controls=${this.#id} aria-activedescendant=${active}
        .value=${this.typed ?? this.value} @input=${this.#input} @keydown=${this.#key} @focus=${this.#show} @click=${this.#show} @blur=${this.#leave} />
      <ul class="label-list float" id=${this.#id} role="listbox" aria-label=${t('Labels in use')} ?hidden=${listed.length === 0} @pointerdown=${(event: Event) => event.preventDefault()}>
        ${listed.map((label, index) => html`<li id=${`${this.#id}-${index}`} role="option" aria-selected=${index === this.at} @click=${() => this.#choose(label, true)}>${label}</li>`)}
      </ul>`;
  }

  protected override updated(): void {
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  readonly #show = (): void => {
    this.open = true;
    this.at = -1;
  };

  readonly #input = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value;
    this.#show();
  };

  /** What was typed counts, as in a form. */
  readonly #leave = (): void => {
    if (this.typed !== undefined) this.#choose(this.typed, false);
    this.open = false;
  };

  #choose(label: string, leave: boolean): void {
    this.typed = undefined;
    this.open = false;
    this.dispatchEvent(new CustomEvent('label-choose', { detail: label.trim() }));
    if (leave) this.dispatchEvent(new CustomEvent('label-leave'));
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const { length } = this.#listed;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        const by = event.key === 'ArrowDown' ? 1 : -1;
        if (!this.open) this.#show();
        this.at = length === 0 ? -1 : this.at < 0 && by < 0 ? length - 1 : (this.at + by + length) % length;
        break;
      }
      case 'Enter':
        this.#choose((this.open ? this.#listed[this.at] : undefined) ?? this.typed ?? this.value, true);
        break;
      case 'Escape':
        // First the list, then the change, then the field.
        if (this.open && this.at >= 0) this.at = -1;
        else {
          this.typed = undefined;
          this.open = false;
          this.dispatchEvent(new CustomEvent('label-leave'));
        }
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
}

customElements.define('label-edit', LabelEdit);
