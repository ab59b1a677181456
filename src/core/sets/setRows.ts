import type { Inspection } from '../inspection/inspection.ts';
import type { ItemState, RowResult, SetCounts, SetRow } from './inspectionSet.ts';
import type { SetImage } from './journal.ts';

/** Labels of one image that a list keeps: an answer that runs on may have thousands. */
const MOST_LABELS = 50;
/** Characters of a label in a list. */
const LONGEST_LABEL = 80;
/** Characters of a text in a list. */
const LONGEST_TEXT = 160;

/** A label as a list of images shows it. */
export function listedLabel(label: string): string {
  return label.slice(0, LONGEST_LABEL);
}

/** Whether some of these labels may be in the result of a row: of a long answer it does not know all. */
export function mayHaveLabel({ labels = {} }: RowResult, wanted: ReadonlySet<string>): boolean {
  const known = Object.keys(labels);
  return known.length >= MOST_LABELS || known.some((label) => wanted.has(label));
}

/** What a list shows of a result. */
export function rowResult({ detections, labels, text }: Pick<Inspection, 'detections' | 'labels' | 'text'>): RowResult {
  const counts = new Map<string, number>();
  for (const { label } of [...(detections ?? []), ...(labels ?? [])]) {
    const short = listedLabel(label);
    if (counts.has(short) || counts.size < MOST_LABELS) counts.set(short, (counts.get(short) ?? 0) + 1);
  }
  const confidences = [...(detections ?? []), ...(labels ?? [])].flatMap(({ confidence }) => confidence ?? []);
  return {
    ...(counts.size === 0 ? {} : { labels: Object.fromEntries(counts) }),
    ...(detections === undefined ? {} : { count: detections.length }),
    ...(confidences.length === 0 ? {} : { confidence: confidences.reduce((a, b) => Math.min(a, b)) }),
    ...(text === undefined || text === '' ? {} : { text: shortened(text) }),
  };
}

function shortened(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST_TEXT)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT - 1).trimEnd()}…` : line;
}

/** An image of a set as a list shows it. */
export function rowOf({ key, uri, state, reason, message, review, mayBeBilled, result, corrected }: SetImage): SetRow {
  const isDone = state === 'done';
  return {
    key,
    uri,
    state,
    ...(reason === undefined || isDone ? {} : { reason }),
    ...(message === undefined || isDone ? {} : { message }),
    ...(review === undefined ? {} : { review }),
    ...(mayBeBilled === undefined || isDone ? {} : { mayBeBilled }),
    ...(corrected === undefined ? result : corrected.result),
  };
}

const COUNTED: Readonly<Record<ItemState, keyof SetCounts>> = {
  waiting: 'waiting',
  prepared: 'waiting',
  sent: 'waiting',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
};

/** How many images stand where. */
export function countStates(images: readonly { state: ItemState }[]): SetCounts {
  const counts: SetCounts = { waiting: 0, done: 0, failed: 0, skipped: 0, cancelled: 0 };
  for (const { state } of images) counts[COUNTED[state]] += 1;
  return counts;
}

/** How many objects have a label, and in how many images. */
export interface LabelTotal {
  label: string;
  objects: number;
  images: number;
}

/** The labels of all images, the most frequent first. */
export function labelTotals(rows: readonly RowResult[]): LabelTotal[] {
  const totals = new Map<string, LabelTotal>();
  for (const { labels = {} } of rows) {
    for (const [label, count] of Object.entries(labels)) {
      const total = totals.get(label) ?? { label, objects: 0, images: 0 };
      total.objects += count;
      total.images += 1;
      totals.set(label, total);
    }
  }
  return [...totals.values()].sort((a, b) => b.objects - a.objects || a.label.localeCompare(b.label));
}
