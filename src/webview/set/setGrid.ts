import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { t } from '../../core/base/l10n.ts';
import type { SetRow } from '../../core/sets/inspectionSet.ts';
import type { Judgement } from '../../setProtocol.ts';
import { icon } from '../widgets/icon.ts';
import { styles } from '../widgets/styles.ts';
import { describeFound, describeReview, describeState, nameOfRow, rowLabel } from './describeRow.ts';
import { cellByKey, GAP, type GridMetrics, gridMetrics, rowsInView } from './gridMetrics.ts';

/** The keys that say something of images. */
export const VERDICT_KEYS: Readonly<Record<string, Judgement>> = { a: 'accepted', r: 'rejected', s: 'skipped' };

/**
 * The images of a set as a grid of which only what can be seen is in the document. Raises `open-row` and `correct-row` with a key, `verdict` with one for `chosen`,
 * `selection-change`, and `want-thumbnails` with the keys of what can be seen.
 */
export class SetGrid extends LitElement {
  static override properties = {
    rows: { attribute: false },
    thumbnails: { attribute: false },
    canCorrect: { attribute: false },
    metrics: { state: true },
    view: { state: true },
    active: { state: true },
    selected: { state: true },
  };
  /** As they are listed. */
  declare rows: readonly SetRow[];
  /** Where pictures are loaded from, by key. */
  declare thumbnails: ReadonlyMap<string, string>;
  /** Whether results have objects that can be corrected. */
  declare canCorrect: boolean;
  declare private metrics: GridMetrics;
  declare private view: { first: number; last: number };
  /** Key of the cell that takes the focus. */
  declare private active: string | undefined;
  declare private selected: ReadonlySet<string>;
  /** Where a range of the selection begins. */
  #anchor: string | undefined;
  #takesFocus = false;
  /** Where the cell with the focus was last, for when it is not listed any more. */
  #lastIndex = 0;
  #wanted = '';
  readonly #resized = new ResizeObserver(() => this.#measure());

  constructor() {
    super();
    this.rows = [];
    this.thumbnails = new Map();
    this.canCorrect = false;
    this.metrics = gridMetrics(600, 13);
    this.view = { first: 0, last: 0 };
    this.active = undefined;
    this.selected = new Set();
    this.addEventListener('scroll', () => this.#look(), { passive: true });
    this.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('click', (event) => this.#click(event));
    this.addEventListener('focusin', ({ target }) => this.#focused(target));
  }

  /** The images that a verdict is about: the selected ones, else the one with the focus. */
  get chosen(): string[] {
    if (this.selected.size > 0) return this.rows.filter(({ key }) => this.selected.has(key)).map(({ key }) => key);
    return this.rows.length === 0 ? [] : [this.rows[this.#activeIndex]?.key ?? ''];
  }

  /** How many images are selected. */
  get selectedCount(): number {
    return this.selected.size;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'grid');
    this.setAttribute('aria-multiselectable', 'true');
    this.setAttribute('aria-label', t('Images'));
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  /** Gives the focus to the cell that had it last. */
  focusCell(): void {
    this.#takesFocus = true;
    this.requestUpdate();
  }

  /** Has the image with the focus corrected, and goes on to the next one: there the focus is to come back to. */
  correct(): void {
    const key = this.rows[this.#activeIndex]?.key;
    if (key === undefined || !this.canCorrect) return;
    this.dispatchEvent(new CustomEvent<string>('correct-row', { detail: key }));
    this.#goTo(Math.min(this.rows.length - 1, this.#activeIndex + 1));
  }

  /** Goes on to the next image, after a verdict. */
  goOn(): void {
    if (this.selected.size === 0) this.#goTo(Math.min(this.rows.length - 1, this.#activeIndex + 1));
  }

  protected override createRenderRoot() {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('rows')) return;
    // Its cell may be another one now.
    if (this.contains(document.activeElement)) this.#takesFocus = true;
    const at = this.rows.findIndex(({ key }) => key === this.active);
    if (at < 0) this.active = this.rows[Math.min(this.#lastIndex, this.rows.length - 1)]?.key;
    else this.#lastIndex = at;
    if (this.selected.size > 0) {
      const listed = new Set(this.rows.map(({ key }) => key));
      if ([...this.selected].some((key) => !listed.has(key))) this.#select(new Set([...this.selected].filter((key) => listed.has(key))));
    }
    this.view = this.#rowsInView();
  }

  protected override render(): TemplateResult {
    const { columns, step } = this.metrics;
    const rowCount = Math.ceil(this.rows.length / columns);
    const active = this.#activeIndex;
    return html`<div class="set-space" role="presentation" .style=${styles({ height: `${rowCount * step + GAP}px` })}>
      ${repeat(
        this.#drawnRows(Math.floor(active / columns), rowCount),
        (row) => row,
        (
          row,
        ) => html`<div role="row" class="set-row" aria-rowindex=${row + 1} .style=${styles({ transform: `translateY(${row * step + GAP}px)` })}>
          ${this.rows.slice(row * columns, (row + 1) * columns).map((item, column) => this.#cell(item, column, row * columns + column === active))}
        </div>`,
      )}</div>`;
  }

  protected override updated(): void {
    this.setAttribute('aria-rowcount', String(Math.ceil(this.rows.length / this.metrics.columns)));
    this.setAttribute('aria-colcount', String(this.metrics.columns));
    if (this.#takesFocus) {
      this.#takesFocus = false;
      this.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus({ preventScroll: true });
    }
    this.#wantThumbnails();
  }

  #cell(row: SetRow, column: number, isActive: boolean): TemplateResult {
    const { cellWidth, cellHeight } = this.metrics;
    const src = this.thumbnails.get(row.key);
    const isSelected = this.selected.has(row.key);
    return html`${guard([row, src, isSelected, isActive, column, cellWidth, cellHeight], () => {
      const state = describeState(row.state);
      const review = row.review === undefined ? undefined : describeReview(row.review);
      return html`<div role="gridcell" class="set-item ${row.state}" data-testid="set-item" data-key=${row.key} data-state=${row.state} aria-colindex=${column + 1}
        aria-selected=${isSelected} aria-label=${rowLabel(row)} tabindex=${isActive ? 0 : -1} title=${[row.key, row.text, row.message].filter(Boolean).join('\n')}
        .style=${styles({ width: `${cellWidth}px`, height: `${cellHeight}px` })}>
        <div class="set-thumb">${src ? html`<img src=${src} alt="" draggable="false" decoding="async" />` : icon('file-media', 'quiet-icon')}
          ${review === undefined ? nothing : html`<span class="set-review clip">${icon(review.icon)}${review.word}</span>`}
          ${isSelected ? icon('pass-filled', 'set-mark') : nothing}</div>
        <div class="set-name clip">${nameOfRow(row)}</div>
        <div class="set-state clip">${icon(state.icon, state.tone)}<span class=${row.state === 'done' && row.text !== undefined ? 'visually-hidden' : ''}>${state.word}</span><span class="quiet">${describeFound(row)}</span></div>
      </div>`;
    })}`;
  }

  get #activeIndex(): number {
    return Math.max(
      0,
      this.rows.findIndex(({ key }) => key === this.active),
    );
  }

  /** Those in view, and the one with the focus, which would be lost with it. */
  #drawnRows(active: number, rowCount: number): number[] {
    const { first, last } = this.view;
    const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
    if (rowCount === 0 || (active >= first && active <= last)) return rows;
    return active < first ? [active, ...rows] : [...rows, active];
  }

  #measure(): void {
    const em = Number.parseFloat(getComputedStyle(this).fontSize);
    const next = gridMetrics(this.clientWidth, em);
    if (next.columns !== this.metrics.columns || next.cellWidth !== this.metrics.cellWidth || next.cellHeight !== this.metrics.cellHeight) {
      // What stood at the top stays there.
      const top = Math.floor(this.scrollTop / this.metrics.step) * this.metrics.columns;
      this.metrics = next;
      void this.updateComplete.then(() => {
        this.scrollTop = Math.floor(top / next.columns) * next.step;
      });
    }
    this.#look();
  }

  #look(): void {
    const { first, last } = this.#rowsInView();
    if (first !== this.view.first || last !== this.view.last) this.view = { first, last };
  }

  #rowsInView() {
    const { columns, step } = this.metrics;
    return rowsInView(this.scrollTop, this.clientHeight, step, Math.ceil(this.rows.length / columns));
  }

  /** Says what is in view once that has changed. */
  #wantThumbnails(): void {
    const { columns } = this.metrics;
    const keys = this.rows.slice(this.view.first * columns, (this.view.last + 1) * columns).map(({ key }) => key);
    const wanted = JSON.stringify(keys);
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.dispatchEvent(new CustomEvent<string[]>('want-thumbnails', { detail: keys }));
  }

  #key(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (altKey || event.isComposing || this.rows.length === 0) return;
    const { columns, step } = this.metrics;
    const page = Math.max(1, Math.floor(this.clientHeight / step));
    const to = cellByKey(event, this.#activeIndex, { columns, count: this.rows.length, page });
    const verdict = ctrlKey || metaKey || shiftKey ? undefined : VERDICT_KEYS[key];
    if (to !== undefined) {
      if (shiftKey) this.#selectTo(to);
      this.#goTo(to);
    } else if (verdict === undefined && key === 'c' && !ctrlKey && !metaKey && !shiftKey) this.correct();
    else if (verdict !== undefined) this.dispatchEvent(new CustomEvent<Judgement>('verdict', { detail: verdict }));
    else if (key === 'Enter') this.#open(this.rows[this.#activeIndex]?.key);
    else if (key === ' ') this.#toggle(this.rows[this.#activeIndex]?.key);
    else if (key === 'Escape' && this.selected.size > 0) this.#select(new Set());
    else if (key.toLowerCase() === 'a' && (ctrlKey || metaKey)) this.#select(new Set(this.rows.map((row) => row.key)));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #click(event: MouseEvent): void {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('.set-item') : undefined;
    const key = cell?.dataset.key;
    if (key === undefined) return;
    const at = this.rows.findIndex((row) => row.key === key);
    if (event.shiftKey) this.#selectTo(at);
    else if (event.ctrlKey || event.metaKey) this.#toggle(key);
    this.#goTo(at);
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) this.#open(key);
  }

  /** Assistive technology gives the focus to any cell. */
  #focused(target: EventTarget | null): void {
    const key = target instanceof HTMLElement ? target.dataset.key : undefined;
    if (key !== undefined) this.active = key;
  }

  #open(key: string | undefined): void {
    if (key !== undefined) this.dispatchEvent(new CustomEvent<string>('open-row', { detail: key }));
  }

  #goTo(index: number): void {
    const { columns, step } = this.metrics;
    this.active = this.rows[index]?.key;
    this.#lastIndex = index;
    this.#takesFocus = true;
    const top = Math.floor(index / columns) * step;
    if (top < this.scrollTop) this.scrollTop = top;
    else if (top + step + GAP > this.scrollTop + this.clientHeight) this.scrollTop = top + step + GAP - this.clientHeight;
    this.requestUpdate();
  }

  #toggle(key: string | undefined): void {
    if (key === undefined) return;
    const selected = new Set(this.selected);
    if (!selected.delete(key)) selected.add(key);
    this.#anchor = key;
    this.#select(selected);
  }

  #selectTo(index: number): void {
    const from = this.rows.findIndex(({ key }) => key === (this.#anchor ?? this.active));
    const start = Math.max(0, from);
    this.#anchor = this.rows[start]?.key;
    this.#select(new Set(this.rows.slice(Math.min(start, index), Math.max(start, index) + 1).map(({ key }) => key)));
  }

  #select(selected: ReadonlySet<string>): void {
    if (selected.size === 0) this.#anchor = undefined;
    this.selected = selected;
    this.dispatchEvent(new CustomEvent('selection-change'));
  }
}

customElements.define('set-grid', SetGrid);
