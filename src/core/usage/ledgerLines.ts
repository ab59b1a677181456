import { isRecord } from '../base/shape.ts';
import { readSpending, type Spending } from './ledger.ts';

/**
 * A line of the ledger on disk. Lines are only ever added:
 * - `{"sending":"…","opened":{…}}` before a call goes out, with what it is expected to cost;
 * - `{…,"sending":"…"}`, a spending, when it has ended, in place of what was expected;
 * - `{"sending":"…","free":true}` when it has ended and cost nothing;
 * - `{"replaces":["….folding"]}` in a file of sums: the files whose lines it holds, should they still be there.
 * Version 0.1.0 wrote spendings without `sending` and passes over the other kinds, so that each version reads what the other has written.
 */
export type LedgerLine =
  | { kind: 'spent'; sending?: string; spending: Spending }
  | { kind: 'opened'; sending: string; spending: Spending }
  | { kind: 'free'; sending: string }
  | { kind: 'replaces'; files: readonly string[] };

/** The lines of a file; what is none, such as one that was cut off while it was written, is passed over. */
export function readLedger(text: string): LedgerLine[] {
  return text.split('\n').flatMap((line) => readLine(line) ?? []);
}

/** A line as text, with its end. */
export function writeLine(line: LedgerLine): string {
  return `${JSON.stringify(shapeOf(line))}\n`;
}

function shapeOf(line: LedgerLine): unknown {
  switch (line.kind) {
    case 'spent':
      return line.sending === undefined ? line.spending : { ...line.spending, sending: line.sending };
    case 'opened':
      return { sending: line.sending, opened: line.spending };
    case 'free':
      return { sending: line.sending, free: true };
    case 'replaces':
      return { replaces: line.files };
  }
}

/** The sendings that have ended by these lines. */
export function endedIn(lines: readonly LedgerLine[]): Set<string> {
  return new Set(lines.flatMap((line) => ((line.kind === 'spent' || line.kind === 'free') && line.sending ? [line.sending] : [])));
}

/** What was spent by these lines, each sending once: one that has not ended counts as expected. */
export function spentBy(lines: readonly LedgerLine[], ended = endedIn(lines)): { sending?: string; spending: Spending }[] {
  const seen = new Set<string>();
  return lines.flatMap((line) => {
    if (line.kind !== 'spent' && line.kind !== 'opened') return [];
    const { kind, sending, spending } = line;
    if (sending === undefined) return [{ spending }];
    if (seen.has(sending) || (kind === 'opened' && ended.has(sending))) return [];
    seen.add(sending);
    return [{ sending, spending }];
  });
}

function readLine(line: string): LedgerLine | undefined {
  const value = parse(line);
  if (!isRecord(value)) return undefined;
  const { sending, opened, free, replaces } = value;
  if (Array.isArray(replaces)) return { kind: 'replaces', files: replaces.filter((name) => typeof name === 'string') };
  const id = typeof sending === 'string' ? sending : undefined;
  if (id !== undefined && opened !== undefined) {
    const spending = readSpending(opened);
    return spending && { kind: 'opened', sending: id, spending };
  }
  if (id !== undefined && free === true) return { kind: 'free', sending: id };
  const spending = readSpending(value);
  return spending && { kind: 'spent', ...(id === undefined ? {} : { sending: id }), spending };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
