import type { SetLine } from '../../core/sets/inspectionSet.ts';
import { csvHead, csvRow } from '../../core/sets/setCsv.ts';
import { type ExportTarget, filled } from '../export/exportTarget.ts';

/** The file of a summary. */
export const SUMMARY = 'summary.csv';

/** Writes a row for each line of a set, one after the other; resolves to the paths of what was written. `written`: told of how many rows there are so far. */
export function writeSummary(lines: AsyncIterable<SetLine>, target: ExportTarget, written: (rows: number) => void): Promise<string[]> {
  return filled(target, async () => {
    const spool = SUMMARY;
    await target.spool([{ spool, text: csvHead() }]);
    let rows = 0;
    for await (const line of lines) {
      await target.spool([{ spool, text: csvRow(line) }]);
      rows += 1;
      written(rows);
    }
    await target.compose({ path: SUMMARY, parts: [{ spool }] });
  });
}
