/** Rows of cells as a table in Markdown, the first row as its head. Nothing in a cell ends it, or is markup. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...others] = rows.map((row) => `| ${row.map(cell).join(' | ')} |`);
  return [head, `|${(rows[0] ?? []).map(() => ' --- |').join('')}`, ...others].join('\n');
}

function cell(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ');
}
