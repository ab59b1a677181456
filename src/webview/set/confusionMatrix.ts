import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import type { Evaluation } from '../../core/scoring/evaluation.ts';
import { type ConfusionCell, cellKey } from '../../core/scoring/objectCells.ts';
import { objectCount } from '../text/counts.ts';
import { formatCount } from '../text/format.ts';
import { shownLabel } from '../text/objectText.ts';
import { styles } from '../widgets/styles.ts';

/** Labels that have a row and a column: those with the most objects. */
const MOST_LABELS = 100;

/** What the objects of a cell are, in words. */
export function cellName({ label, as }: ConfusionCell): string {
  if (label === null) return t('{0}: not in the labels', shownLabel(as ?? ''));
  if (as === null) return t('{0}: missed', shownLabel(label));
  return label === as ? t('{0}: found', shownLabel(label)) : t('{0}: found as {1}', shownLabel(label), shownLabel(as));
}

/**
 * How often objects of each label were found as which, as a table: a row for each label, a column for what it was found as, a button where there are objects. Arrows go
 * from button to button, of which one takes the Tab key. Raises `choose-cell` with the cell, or null for none.
 */
export class ConfusionMatrix extends LitElement {
  static override properties = { evaluation: { attribute: false }, chosen: { attribute: false }, active: { state: true } };
  declare evaluation: Evaluation | undefined;
  /** Whose objects are looked at. */
  declare chosen: ConfusionCell | undefined;
  /** Key of the cell that takes the focus. */
  declare private active: string | undefined;

  constructor() {
    super();
    this.evaluation = undefined;
    this.chosen = undefined;
    this.active = undefined;
    this.addEventListener('keydown', (event) => this.#key(event));
  }

  protected override createRenderRoot() {
    return this;
  }

  protected override render(): TemplateResult {
    if (this.evaluation === undefined) return html``;
    const { perLabel, confusion } = this.evaluation;
    const labels = perLabel.slice(0, MOST_LABELS).map(({ label }) => label);
    const counts = new Map(confusion.map((cell) => [cellKey(cell), cell]));
    const chosen = this.chosen && cellKey(this.chosen);
    const active = this.active !== undefined && counts.has(this.active) ? this.active : [...counts.keys()][0];
    const ends = [...labels, null];
    return html`<div class="matrix-scroll"><table class="matrix">
      <caption class="visually-hidden">${t('Confusion matrix: rows are labels, columns what was found')}</caption>
      <thead><tr><th scope="col" class="matrix-corner"><span>${t('Label')}</span><span>${t('Found as')}</span></th>
        ${ends.map((as) => html`<th scope="col" class="matrix-as" title=${as === null ? nothing : shownLabel(as)}><span>${as === null ? t('missed') : shownLabel(as)}</span></th>`)}</tr></thead>
      <tbody>${ends.map((label, row) => {
        const cells = ends.map((as) => counts.get(cellKey({ label, as })));
        const sum = cells.reduce((total, cell) => total + (cell?.count ?? 0), 0);
        return html`<tr><th scope="row" title=${label === null ? nothing : shownLabel(label)}><span class="clip">${label === null ? t('not in the labels') : shownLabel(label)}</span></th>
          ${cells.map((cell, column) => this.#cell(cell, { row, column, share: (cell?.count ?? 0) / sum, chosen, active }))}</tr>`;
      })}</tbody></table></div>
      ${perLabel.length > MOST_LABELS ? html`<p class="note">${t('{0} more labels are in the list of mistakes.', formatCount(perLabel.length - MOST_LABELS))}</p>` : nothing}`;
  }

  #cell(
    cell: Evaluation['confusion'][number] | undefined,
    {
      row,
      column,
      share,
      chosen,
      active,
    }: { row: number; column: number; share: number; chosen: string | undefined; active: string | undefined },
  ): TemplateResult {
    if (cell === undefined) return html`<td></td>`;
    const key = cellKey(cell);
    const text = `${cellName(cell)}, ${objectCount(cell.count)}`;
    return html`<td><button type="button" class="matrix-cell ${row === column ? 'right' : ''}" data-testid="confusion-cell" data-row=${row} data-column=${column}
      aria-label=${text} title=${text} aria-pressed=${key === chosen} tabindex=${key === active ? 0 : -1} .style=${styles({ '--share': `${Math.round(100 * share)}%` })}
      @click=${() => this.#choose(cell)} @focus=${() => this.#focused(key)}>${formatCount(cell.count)}</button></td>`;
  }

  #choose({ label, as }: ConfusionCell): void {
    const cell = { label, as };
    const isChosen = this.chosen !== undefined && cellKey(this.chosen) === cellKey(cell);
    this.dispatchEvent(new CustomEvent<ConfusionCell | null>('choose-cell', { detail: isChosen ? null : cell }));
  }

  #focused(key: string): void {
    this.active = key;
  }

  /** Empty cells are passed over. */
  #key(event: KeyboardEvent): void {
    const from = event.target instanceof HTMLElement ? event.target.dataset : {};
    const step = STEPS[event.key];
    if (step === undefined || from.row === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const [row, column] = [Number(from.row), Number(from.column)];
    const buttons = [...this.querySelectorAll<HTMLElement>('.matrix-cell')];
    const along = buttons.filter(({ dataset }) => (step.is === 'row' ? Number(dataset.row) === row : Number(dataset.column) === column));
    const at = along.indexOf(event.target as HTMLElement);
    const to = step.by === 'first' ? along[0] : step.by === 'last' ? along.at(-1) : along[at + step.by];
    to?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}

/** Along the row or the column of a cell. */
const STEPS: Readonly<Record<string, { is: 'row' | 'column'; by: 1 | -1 | 'first' | 'last' }>> = {
  ArrowRight: { is: 'row', by: 1 },
  ArrowLeft: { is: 'row', by: -1 },
  ArrowDown: { is: 'column', by: 1 },
  ArrowUp: { is: 'column', by: -1 },
  Home: { is: 'row', by: 'first' },
  End: { is: 'row', by: 'last' },
};

customElements.define('confusion-matrix', ConfusionMatrix);
