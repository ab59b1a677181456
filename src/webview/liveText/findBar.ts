import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import type { Detection } from '../../core/inspection/inspection.ts';
import { toolButton } from '../widgets/toolButton.ts';
import { findMatches, type Match } from './findMatches.ts';

const MARKS = 'live-text-match';
const CURRENT = 'live-text-current';

/** Finds words in the lines over the picture and marks them there. Raises `find-show` with the id of the line that is turned to, and `find-close`. */
class FindBar extends LitElement {
  static override properties = { lines: { attribute: false }, open: { state: true }, query: { state: true }, at: { state: true } };
  declare lines: readonly Detection[];
  declare private open: boolean;
  declare private query: string;
  /** The match that is turned to. */
  declare private at: number;
  #matches: readonly Match[] = [];

  constructor() {
    super();
    this.lines = [];
    this.open = false;
    this.query = '';
    this.at = 0;
  }

  protected override createRenderRoot() {
    return this;
  }

  /** Opens with what is selected, if that is in one line. */
  show(): void {
    const selected = getSelection()?.toString().trim() ?? '';
    if (selected !== '' && !selected.includes('\n')) this.query = selected;
    this.open = true;
    void this.updateComplete.then(() => this.querySelector('input')?.select());
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('lines') && this.lines.length === 0) this.open = false;
    if (!['lines', 'query', 'open'].some((name) => changed.has(name))) return;
    this.#matches = this.open ? findMatches(this.lines, this.query) : [];
    if (this.at >= this.#matches.length || changed.has('query')) this.at = 0;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.open) return nothing;
    const count = this.#matches.length;
    const words = this.query === '' ? '' : count === 0 ? t('No results') : t('{0} of {1}', this.at + 1, count);
    return html`<div class="find-bar float" data-testid="find-bar" role="search" @keydown=${this.#key}>
      <input class="field" type="text" aria-label=${t('Find in the text of the image')} placeholder=${t('Find')} .value=${this.query} @input=${(
        event: InputEvent,
      ) => {
        this.query = (event.target as HTMLInputElement).value;
      }} />
      <span class="find-count" data-testid="find-count" role="status">${words}</span>
      ${toolButton({ icon: 'arrow-up', title: t('Previous match (Shift+Enter)'), disabled: count === 0, click: () => this.#turn(-1) })}
      ${toolButton({ icon: 'arrow-down', title: t('Next match (Enter)'), disabled: count === 0, click: () => this.#turn(1) })}
      ${toolButton({ icon: 'close', title: t('Close (Esc)'), click: () => this.#close() })}
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    this.#mark();
    if (this.open && (changed.has('at') || changed.has('query')) && this.#matches.length > 0) this.#showCurrent();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const name of [MARKS, CURRENT]) CSS.highlights.delete(name);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Enter') this.#turn(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #turn(step: 1 | -1): void {
    const count = this.#matches.length;
    if (count > 0) this.at = (this.at + step + count) % count;
    this.#showCurrent();
  }

  #close(): void {
    this.open = false;
    this.dispatchEvent(new CustomEvent('find-close'));
  }

  #showCurrent(): void {
    const match = this.#matches[this.at];
    if (match) this.dispatchEvent(new CustomEvent('find-show', { detail: match.id }));
  }

  #mark(): void {
    const ranges = this.#matches.flatMap((match, index) => {
      const node = document.querySelector(`.text-line[data-detection-id="${CSS.escape(match.id)}"]`);
      const text = node && [...node.childNodes].find((child) => child instanceof Text);
      if (!text || (text.textContent ?? '').length < match.end) return [];
      const range = new Range();
      range.setStart(text, match.start);
      range.setEnd(text, match.end);
      return [{ range, isCurrent: index === this.at }];
    });
    const highlight = (current: boolean) =>
      new Highlight(...ranges.filter(({ isCurrent }) => isCurrent === current).map(({ range }) => range));
    CSS.highlights.set(MARKS, highlight(false));
    CSS.highlights.set(CURRENT, highlight(true));
  }
}

/** Opens the bar where there are lines to find words in; tells whether there are. */
export function openFindBar(page: Element): boolean {
  const bar = page.querySelector<FindBar>('find-bar');
  if (!bar || bar.lines.length === 0) return false;
  bar.show();
  return true;
}

customElements.define('find-bar', FindBar);
