import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Inspection } from '../../../core/inspection/inspection.ts';
import { type JournalRecord, readRecord } from '../../../core/sets/journal.ts';
import { isSetId } from '../../../core/sets/keys.ts';
import { JOURNAL, RESULTS, readLineAt } from './setFiles.ts';

/** Sets that are looked at, the newest: the journal of each is read. */
const MOST_SETS = 30;

/** What sets have found in an image, by the hash of its file, and what people have made of that: of each set the answer, then what holds in its place. `folder`: path of the folder of all sets. */
export async function resultsInSets(folder: string, sha256: string): Promise<Inspection[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const ids = names.filter(isSetId).sort().slice(-MOST_SETS);
  const found: Inspection[] = [];
  // One after the other: a journal may have megabytes.
  for (const id of ids) {
    const journal = await readFile(join(folder, id, JOURNAL)).catch(() => undefined);
    for (const place of journal ? placesOf(journal, sha256) : []) {
      const line = await readLineAt(join(folder, id, RESULTS), place);
      if (line?.inspection !== undefined) found.push(line.inspection);
    }
  }
  return found;
}

/** Where a line of results stands. */
interface LinePlace {
  at: number;
  length: number;
}

/** Where the answer of an image stands, and what was made of it. Only lines that name the hash, or the image, are read. */
function placesOf(journal: Buffer, sha256: string): LinePlace[] {
  const named = `"sha256":"${sha256}"`;
  for (let found = journal.indexOf(named); found >= 0; found = journal.indexOf(named, found + named.length)) {
    const record = recordAround(journal, found);
    if (record?.kind !== 'state' || record.state !== 'done') continue;
    const { at, length, image } = record;
    if (at !== undefined && length !== undefined) return [{ at, length }, ...correctionOf(journal, image)];
  }
  return [];
}

/** What was said last of a correction holds. */
function correctionOf(journal: Buffer, image: number): LinePlace[] {
  const named = `"kind":"review","image":${image},`;
  for (let found = journal.lastIndexOf(named); found > 0; found = journal.lastIndexOf(named, found - 1)) {
    const record = recordAround(journal, found);
    if (record?.kind === 'review' && record.corrected !== undefined) return record.corrected === null ? [] : [record.corrected];
  }
  return [];
}

/** The record of the line with this byte. */
function recordAround(journal: Buffer, byte: number): JournalRecord | undefined {
  const end = journal.indexOf(0x0a, byte);
  return readRecord(journal.toString('utf8', journal.lastIndexOf(0x0a, byte) + 1, end < 0 ? undefined : end));
}
