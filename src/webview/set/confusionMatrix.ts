import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import type { Confusion, Evaluation } from '../../core/scoring/evaluation.ts';
import { type ConfusionCell, cellKey } from '../../core/scoring/objectCells.ts';
import { objectCount } from '../text/counts.ts';
import { formatCount } from '../text/format.ts';
import { shownLabel } from '../text/objectText.ts';
import { styles } from '../widgets/styles.ts';

/** Labels that have a row and a column: those with the most objects. */
const MOST_LABELS = 100;

/** A cell with objects. */
interface MatrixCell extends Confusion {
  key: string;
  /** What its objects are and how many, in words. */
  text: string;
  /** Of the objects of its row, 0..1. */
  share: number;
}

/** What is shown of an evaluation, worked out once for it: 100 labels have 10,000 cells. */
interface Matrix {
  /** Of the rows, and of the columns; null is what is not in the labels, and what was missed. */
  labels: readonly (string | null)[];
  rows: readonly (readonly (MatrixCell | undefined)[])[];
  /** Of its cells with objects, in their order. */
  keys: ReadonlySet<string>;
  /** Labels that have no row. */
  more: number;
}

function matrixOf({ perLabel, confusion }: Evaluation): Matrix {
  const labels = [...perLabel.slice(0, MOST_LABELS).map(({ label }) => label), null];
  const counted = new Map(confusion.map((cell) => [cellKey(cell), cell]));
  const rows = labels.map((label): (MatrixCell | undefined)[] => {
    const cells = labels.map((as) => {
      const key = cellKey({ label, as });
      const cell = counted.get(key);
      return cell && { ...cell, key };
    });
    const sum = cells.reduce((total, cell) => total + (cell?.count ?? 0), 0);
    return cells.map((cell) => cell && { ...cell, text: `${cellName(cell)}, ${objectCount(cell.count)}`, share: cell.count / sum });
  });
  const keys = new Set(rows.flat().flatMap((cell) => cell?.key ?? []));
  return { labels, rows, keys, more: perLabel.length - labels.length + 1 };
}

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
  #matrix: Matrix | undefined;

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

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('evaluation')) this.#matrix = this.evaluation && matrixOf(this.evaluation);
  }

  protected override render(): TemplateResult {
    if (this.#matrix === undefined) return html``;
    const { labels, rows, keys, more } = this.#matrix;
    const chosen = this.chosen && cellKey(this.chosen);
    const active = this.active !== undefined && keys.has(this.active) ? this.active : [...keys][0];
    return html`<div class="matrix-scroll"><table class="matrix">
      <caption class="visually-hidden">${t('Confusion matrix: rows are labels, columns what was found')}</caption>
      <thead><tr><th scope="col" class="matrix-corner"><span>${t('Label')}</span><span>${t('Found as')}</span></th>
        ${labels.map((as) => html`<th scope="col" class="matrix-as" title=${as === null ? nothing : shownLabel(as)}><span>${as === null ? t('missed') : shownLabel(as)}</span></th>`)}</tr></thead>
      <tbody>${rows.map((cells, row) => {
        const label = labels[row] ?? null;
        return html`<tr><th scope="row" title=${label === null ? nothing : shownLabel(label)}><span class="clip">${label === null ? t('not in the labels') : shownLabel(label)}</span></th>
          ${cells.map((cell, column) => this.#cell(cell, { row, column, chosen, active }))}</tr>`;
      })}</tbody></table></div>
      ${more > 0 ? html`<p class="note">${t('{0} more labels are in the list of mistakes.', formatCount(more))}</p>` : nothing}`;
  }

  #cell(
    cell: MatrixCell | undefined,
    { row, column, chosen, active }: { row: number; column: number; chosen: string | undefined; active: string | undefined },
  ): TemplateResult {
    if (cell === undefined) return html`<td></td>`;
    const { key, text, count, share } = cell;
    return html`<td><button type="button" class="matrix-cell ${row === column ? 'right' : ''}" data-testid="confusion-cell" data-row=${row} data-column=${column}
      aria-label=${text} title=${text} aria-pressed=${key === chosen} tabindex=${key === active ? 0 : -1} .style=${styles({ '--share': `${Math.round(100 * share)}%` })}
      @click=${() => this.#choose(cell)} @focus=${() => this.#focused(key)}>${formatCount(count)}</button></td>`;
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
