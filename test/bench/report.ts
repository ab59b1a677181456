/** The middle one of the values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Milliseconds each run of a function takes, after some that do not count. */
export async function timesOf(runs: number, run: () => unknown, warmUp = 3): Promise<number[]> {
  const times: number[] = [];
  for (let i = -warmUp; i < runs; i++) {
    const start = performance.now();
    await run();
    if (i >= 0) times.push(performance.now() - start);
  }
  return times;
}

/** Prints rows in columns, the first of them as headings. */
export function printTable(rows: readonly (readonly (string | number)[])[]): void {
  const text = rows.map((row) => row.map(String));
  const widths = (text[0] ?? []).map((_, column) => Math.max(...text.map((row) => row[column]?.length ?? 0)));
  for (const row of text) {
    console.log(
      `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`,
    );
  }
}

/** The lines that `all.ts` repeats at the end. */
export const VERDICT = /^(?:met|MISSED|skipped) {2}| · (?:met|missed)$/;

/** Says whether a goal was met. `most` is the largest value that will do. */
export function printGoal(what: string, value: number, most: number, unit: string): void {
  const figure = `${Number(value.toPrecision(3))} ${unit}`.trim();
  console.log(`${value <= most ? 'met' : 'MISSED'}  ${what}: ${figure} (goal: at most ${most} ${unit})`.replace(/ \)/, ')'));
}

/** Says what could not be measured here, and why. */
export function printSkipped(what: string, reason: string): void {
  console.log(`skipped  ${what}: ${reason}`);
}
