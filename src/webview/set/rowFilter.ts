import type { FailureReason } from '../../core/base/failure.ts';
import type { ConfusionCell } from '../../core/scoring/objectCells.ts';
import type { ItemState, Review, SetRow } from '../../core/sets/inspectionSet.ts';

/** Which images of a set are listed: those for which all of it holds. */
export interface RowFilter {
  /** Part of a name, label or text, in any case. */
  text: string;
  state?: ItemState | undefined;
  label?: string | undefined;
  review?: Review | 'none' | undefined;
  reason?: FailureReason | undefined;
  /** Objects. */
  atLeast?: number | undefined;
  atMost?: number | undefined;
  /** Images whose least sure object is less sure than this, 0..1. */
  below?: number | undefined;
  /** Images that hold objects of this cell of the confusion matrix. */
  cell?: ConfusionCell | undefined;
}

export const ROW_SORTS = ['name', 'state', 'label', 'count', 'confidence', 'review', 'reason'] as const;
export type RowSort = (typeof ROW_SORTS)[number];

export const NO_ROW_FILTER: RowFilter = { text: '' };

/** In the order in which an image goes through them; what needs attention comes first. */
const STATE_ORDER: readonly ItemState[] = ['failed', 'sent', 'prepared', 'waiting', 'done', 'skipped', 'cancelled'];
const REVIEW_ORDER: readonly (Review | undefined)[] = [undefined, 'rejected', 'corrected', 'accepted'];

/** The images that a filter leaves, sorted. Those that are equal stay in the order of the set. `inCell`: the places of the images of its cell. */
export function listedRows(rows: readonly SetRow[], filter: RowFilter, sort: RowSort, inCell: readonly number[] = []): readonly SetRow[] {
  const from = filter.cell === undefined ? rows : inCell.flatMap((place) => rows[place] ?? []);
  const left = isOpen(filter) ? from : from.filter(matches(filter));
  return sort === 'name' ? left : [...left].sort(ORDERS[sort]);
}

/** True where a filter leaves everything. */
export function isOpen({ text, ...rest }: RowFilter): boolean {
  return text.trim() === '' && Object.values(rest).every((value) => value === undefined);
}

function matches({ text, state, label, review, reason, atLeast, atMost, below }: RowFilter): (row: SetRow) => boolean {
  const words = text.trim().toLowerCase();
  return (row) =>
    (words === '' ||
      row.key.toLowerCase().includes(words) ||
      row.text?.toLowerCase().includes(words) === true ||
      labelsOf(row).some((name) => name.toLowerCase().includes(words))) &&
    (state === undefined || row.state === state) &&
    (label === undefined || (row.labels !== undefined && Object.hasOwn(row.labels, label))) &&
    (review === undefined || (row.review ?? 'none') === review) &&
    (reason === undefined || row.reason === reason) &&
    (atLeast === undefined || (row.count ?? -1) >= atLeast) &&
    (atMost === undefined || (row.count !== undefined && row.count <= atMost)) &&
    (below === undefined || (row.confidence !== undefined && row.confidence < below));
}

const ORDERS: Record<Exclude<RowSort, 'name'>, (a: SetRow, b: SetRow) => number> = {
  state: (a, b) => STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state),
  label: (a, b) => last(mainLabel(a), mainLabel(b)) ?? mainLabel(a).localeCompare(mainLabel(b)),
  count: (a, b) => (b.count ?? -1) - (a.count ?? -1),
  confidence: (a, b) => (a.confidence ?? 2) - (b.confidence ?? 2),
  review: (a, b) => REVIEW_ORDER.indexOf(a.review) - REVIEW_ORDER.indexOf(b.review),
  reason: (a, b) => last(a.reason ?? '', b.reason ?? '') ?? (a.reason ?? '').localeCompare(b.reason ?? ''),
};

/** What is empty comes last; undefined where both are, or neither. */
function last(a: string, b: string): number | undefined {
  return (a === '') === (b === '') ? undefined : a === '' ? 1 : -1;
}

/** The label with the most objects. */
function mainLabel({ labels = {} }: SetRow): string {
  return Object.entries(labels).reduce((most, next) => (next[1] > most[1] ? next : most), ['', 0] as [string, number])[0];
}

function labelsOf({ labels = {} }: SetRow): string[] {
  return Object.keys(labels);
}

/** Why images failed: each reason with its message and its images. */
export interface FailureTotal {
  reason: FailureReason;
  message: string;
  images: number;
}

/** The failures of all images, the most frequent first. */
export function failureTotals(rows: readonly SetRow[]): FailureTotal[] {
  const totals = new Map<FailureReason, FailureTotal>();
  for (const { state, reason = 'server', message = '' } of rows) {
    if (state !== 'failed') continue;
    const total = totals.get(reason) ?? { reason, message, images: 0 };
    total.images += 1;
    totals.set(reason, total);
  }
  return [...totals.values()].sort((a, b) => b.images - a.images);
}

/** How many of the images that failed, or were cancelled, may have been billed: they were sent, and no answer arrived. */
export function maybeBilled(rows: readonly SetRow[], of: 'failed' | 'cancelled'): number {
  return rows.filter(({ state, mayBeBilled }) => state === of && mayBeBilled === true).length;
}
