import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Inspection } from '../../../core/inspection/inspection.ts';
import { readRecord } from '../../../core/sets/journal.ts';
import { isSetId } from '../../../core/sets/keys.ts';
import { JOURNAL, RESULTS, readLineAt } from './setFiles.ts';

/** Sets that are looked at, the newest: the journal of each is read. */
const MOST_SETS = 30;

/** What sets have found in an image, by the hash of its file: one result of each set. `folder`: path of the folder of all sets. */
export async function resultsInSets(folder: string, sha256: string): Promise<Inspection[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const ids = names.filter(isSetId).sort().slice(-MOST_SETS);
  const found: Inspection[] = [];
  // One after the other: a journal may have megabytes.
  for (const id of ids) {
    const journal = await readFile(join(folder, id, JOURNAL)).catch(() => undefined);
    const place = journal && placeOf(journal, sha256);
    const line = place && (await readLineAt(join(folder, id, RESULTS), place));
    if (line?.inspection !== undefined) found.push(line.inspection);
  }
  return found;
}

/** Where the answer of an image stands. Only lines that name the hash are read. */
function placeOf(journal: Buffer, sha256: string): { at: number; length: number } | undefined {
  const named = `"sha256":"${sha256}"`;
  for (let found = journal.indexOf(named); found >= 0; found = journal.indexOf(named, found + named.length)) {
    const end = journal.indexOf(0x0a, found);
    const record = readRecord(journal.toString('utf8', journal.lastIndexOf(0x0a, found) + 1, end < 0 ? undefined : end));
    if (record?.kind !== 'state' || record.state !== 'done') continue;
    const { at, length } = record;
    if (at !== undefined && length !== undefined) return { at, length };
  }
  return undefined;
}
