import type { Box } from '../inspection/inspection.ts';

/** A line of a text, and where it stands where that is known. */
export interface TextLine {
  label: string;
  /** Fractions of the image. */
  box?: Box;
}

/** Of the lower of two lines: so much of it is beside the other where both are in one row. */
const SAME_ROW = 0.5;
/** Of the lower of two lines: a wider gap is left between blocks. */
const BLOCK_GAP = 0.9;

/** All text in the order of its lines: a tab between those of one row, an empty line between blocks. */
export function joinLines(lines: readonly TextLine[]): string {
  return lines.map((line, index) => (index === 0 ? line.label : separator(lines[index - 1] as TextLine, line) + line.label)).join('');
}

function separator({ box: before }: TextLine, { box }: TextLine): string {
  if (!before || !box) return '\n';
  if (areInOneRow(before, box)) return box.x >= before.x + before.width / 2 ? '\t' : '\n';
  const gap = box.y - (before.y + before.height);
  const isAbove = box.y + box.height <= before.y;
  return isAbove || gap > BLOCK_GAP * Math.min(before.height, box.height) ? '\n\n' : '\n';
}

function areInOneRow(a: Box, b: Box): boolean {
  const overlap = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return overlap > SAME_ROW * Math.min(a.height, b.height);
}

/** The lines as a table: rows from top to bottom, cells from left to right, in columns that they share. */
export function tableOf(lines: readonly Required<TextLine>[]): string[][] {
  const rows: Required<TextLine>[][] = [];
  for (const line of [...lines].sort((a, b) => middle(a.box) - middle(b.box))) {
    const row = rows.at(-1);
    if (row?.[0] && areInOneRow(row[0].box, line.box)) row.push(line);
    else rows.push([line]);
  }
  const columns = columnsOf(lines);
  return rows.map((row) => {
    const cells = columns.map((): string[] => []);
    for (const line of [...row].sort((a, b) => a.box.x - b.box.x)) cells[columnAt(columns, line.box)]?.push(line.label);
    return cells.map((words) => words.join(' '));
  });
}

function middle({ y, height }: Box): number {
  return y + height / 2;
}

interface Column {
  from: number;
  to: number;
}

/** What lies above one another, from the narrowest on: a heading over several columns does not join them. */
function columnsOf(lines: readonly Required<TextLine>[]): Column[] {
  const columns: Column[] = [];
  for (const { box } of [...lines].sort((a, b) => a.box.width - b.box.width)) {
    const [from, to] = [box.x, box.x + box.width];
    const over = columns.filter((column) => from < column.to && to > column.from);
    const [only] = over;
    if (over.length === 0 || !only) columns.push({ from, to });
    else if (over.length === 1) Object.assign(only, { from: Math.min(only.from, from), to: Math.max(only.to, to) });
  }
  return columns.sort((a, b) => a.from - b.from);
}

function columnAt(columns: readonly Column[], { x, width }: Box): number {
  const at = columns.findIndex(({ from, to }) => x < to && x + width > from);
  return Math.max(0, at);
}
