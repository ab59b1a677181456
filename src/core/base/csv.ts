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

function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
