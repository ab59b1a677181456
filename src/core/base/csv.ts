/** A table as CSV by RFC 4180. Numbers are written as they are; text never becomes a formula in a spreadsheet. */
export function csvTable(rows: readonly (readonly (string | number)[])[]): string {
  let table = '';
  for (const row of rows) {
    for (const [place, value] of row.entries()) table += place === 0 ? csvCell(value) : `,${csvCell(value)}`;
    table += '\r\n';
  }
  return table;
}

/** What spreadsheets take for a formula when a cell begins with it, also in its full width. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
/** The same, and what a cell is quoted for: one look at a cell that has neither, as most have. */
const SPECIAL = /^[=+\-@\t＝＋－＠]|[",\r\n]/;

/** A cell by itself, without a separator. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  if (!SPECIAL.test(value)) return value;
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The text of a cell that was kept from becoming a formula, as it was. */
export function withoutFormulaGuard(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/** A row of a table, and the line in which it begins, from 1. */
export interface CsvRow {
  cells: string[];
  line: number;
}

/** The rows of a table by RFC 4180, with commas; with semicolons or tabs where its first line has no comma. A quote that is not closed ends with the text. */
export function* csvRows(text: string): Generator<CsvRow, void, void> {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const first = text.slice(start, (text.indexOf('\n') + 1 || text.length + 1) - 1);
  const separator = first.includes(',') ? ',' : first.includes(';') ? ';' : first.includes('\t') ? '\t' : ',';
  let row: CsvRow = { cells: [], line: 1 };
  let line = 1;
  let at = start;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      const quoted = text.slice(at + 1, end < 0 ? undefined : end);
      cell = quoted.replaceAll('""', '"');
      for (let found = quoted.indexOf('\n'); found >= 0; found = quoted.indexOf('\n', found + 1)) line += 1;
      at = end < 0 ? text.length : end + 1;
    }
    let end = at;
    while (end < text.length && text[end] !== separator && text[end] !== '\n') end += 1;
    const rest = text.slice(at, end);
    row.cells.push(cell + (rest.endsWith('\r') ? rest.slice(0, -1) : rest));
    at = end + 1;
    if (text[end] === separator && at < text.length) continue;
    if (text[end] === separator) row.cells.push('');
    yield row;
    line += 1;
    row = { cells: [], line };
  }
}
