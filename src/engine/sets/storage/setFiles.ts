import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { t } from '../../../core/base/l10n.ts';
import { isRecord } from '../../../core/base/shape.ts';
import type { Inspection } from '../../../core/inspection/inspection.ts';
import type { SetLine } from '../../../core/sets/inspectionSet.ts';
import {
  foldJournal,
  type JournalRecord,
  type JournalState,
  type ReviewRecord,
  type StateRecord,
  writeRecord,
} from '../../../core/sets/journal.ts';
import { rowResult } from '../../../core/sets/setRows.ts';
import { AppendFile } from './appendFile.ts';

export const JOURNAL = 'journal.ndjson';
export const RESULTS = 'results.ndjson';
/** Bytes that are read at a time. */
const PIECE = 4 * 1024 * 1024;

/**
 * The files of a set: a journal that says what becomes of each image, and the results, a line each. A line of results is on disk before the journal names it.
 * Whoever only looks opens them as they are; whoever runs the set has its lock, and makes whole what a kill has left.
 */
export class SetFiles {
  readonly folder: string;
  state: JournalState;
  #journal: AppendFile | undefined;
  #results: AppendFile | undefined;

  private constructor(folder: string, state: JournalState) {
    this.folder = folder;
    this.state = state;
  }

  /** A new set, with its first records on disk. */
  static async create(folder: string, records: readonly JournalRecord[]): Promise<SetFiles> {
    await mkdir(folder, { recursive: true });
    const text = records.map(writeRecord).join('');
    const journal = await AppendFile.open(join(folder, JOURNAL), 0);
    await journal.append(text);
    await journal.close();
    return new SetFiles(folder, foldJournal(text));
  }

  /** What is there of a set; undefined where there is none. Changes nothing. */
  static async read(folder: string): Promise<SetFiles | undefined> {
    const text = await readFile(join(folder, JOURNAL), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const state = foldJournal(text);
    return state.head === undefined ? undefined : new SetFiles(folder, state);
  }

  get resultsPath(): string {
    return join(this.folder, RESULTS);
  }

  /**
   * Reads the set anew and opens it for writing; only for whoever has its lock. Ends torn off are cut, results without a record get one, what was under way is
   * settled: what had not been sent waits again; what had may have been billed and is failed, so that nobody asks for it again unawares.
   */
  async openForWriting(): Promise<void> {
    const journalPath = join(this.folder, JOURNAL);
    const bytes = await readFile(journalPath);
    // Of bytes: a torn character would count otherwise.
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.state = foldJournal(bytes.toString('utf8', 0, end));
    this.#journal = await AppendFile.open(journalPath, end);
    const ends = this.state.images.flatMap(({ at = 0, length = -1, corrected }) => [
      at + length + 1,
      corrected ? corrected.at + corrected.length + 1 : 0,
    ]);
    const told = ends.reduce((most, end) => Math.max(most, end), 0);
    const there = await sizeOf(this.resultsPath);
    const untold = await linesFrom(this.resultsPath, Math.min(told, there), there);
    this.#results = await AppendFile.open(this.resultsPath, untold.end);
    await this.record(...this.#adopted(untold.lines));
    await this.record(...this.#settled());
  }

  /** Records of results that were written before the process ended, and of which the journal does not know. */
  #adopted(lines: readonly PlacedLine[]): StateRecord[] {
    const byKey = new Map(this.state.images.map(({ key, image }) => [key, image]));
    return lines.flatMap(({ line, at, length }) => {
      const image = line === undefined ? undefined : byKey.get(line.key);
      if (line === undefined || image === undefined || this.state.images[image]?.state !== 'sent' || line.inspection === undefined)
        return [];
      // Each image once: a second line of it would be the same answer.
      byKey.delete(line.key);
      return line.state === 'done' ? [doneRecord(image, line, { at, length })] : [];
    });
  }

  #settled(): StateRecord[] {
    const inJobs = new Set([...this.state.parts.values()].flatMap(({ step, images }) => (step === 'made' ? images : [])));
    return this.state.images.flatMap(({ image, state, twin }): StateRecord[] => {
      if (state === 'prepared') return [{ kind: 'state', image, state: 'waiting' }];
      return state === 'sent' && twin === undefined && !inJobs.has(image) ? [lostRecord(image)] : [];
    });
  }

  /** Writes records down, and takes them up. Throws where one says what cannot be; rejects where the disk does not take them. */
  async record(...records: readonly JournalRecord[]): Promise<void> {
    if (records.length === 0) return;
    const journal = this.#openJournal;
    this.#takeUp(records);
    await journal.append(records.map(writeRecord).join(''));
  }

  /** The same for what people say, of which no next step depends: what the disk does not take was not said. */
  async recordReviews(...records: readonly ReviewRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.#openJournal.append(records.map(writeRecord).join(''));
    this.#takeUp(records);
  }

  get #openJournal(): AppendFile {
    if (this.#journal === undefined) throw new Error('the set is not open for writing');
    return this.#journal;
  }

  #takeUp(records: readonly JournalRecord[]): void {
    for (const record of records)
      if (!this.state.add(record)) throw new Error(`the journal cannot say ${writeRecord(record).slice(0, 200)}`);
  }

  /** Writes a line of results; resolves to its place once it is on disk. */
  async addLine(line: SetLine): Promise<{ at: number; length: number }> {
    if (this.#results === undefined) throw new Error('the set is not open for writing');
    const text = JSON.stringify(line);
    const at = await this.#results.append(`${text}\n`);
    return { at, length: Buffer.byteLength(text) };
  }

  /** Reads a line of results; undefined for one that is not there. */
  readLine(place: { at: number; length: number }): Promise<SetLine | undefined> {
    return readLineAt(this.resultsPath, place);
  }

  /** Closes what was opened for writing, once all is on disk. */
  async close(): Promise<void> {
    const open = [this.#journal, this.#results];
    this.#journal = undefined;
    this.#results = undefined;
    for (const file of open) await file?.close();
  }
}

/** The record of an image whose answer is in the file of results. */
export function doneRecord(image: number, { sha256, inspection }: SetLine, place: { at: number; length: number }): StateRecord {
  return {
    kind: 'state',
    image,
    state: 'done',
    ...place,
    ...(sha256 === '' ? {} : { sha256 }),
    ...(inspection === undefined ? {} : { result: rowResult(inspection) }),
    ...billOf(inspection),
  };
}

/** What an answer has cost, as far as it says: also one that cannot be used. */
export function billOf(inspection: Pick<Inspection, 'tokens'> | undefined): Pick<StateRecord, 'billed' | 'costUsd'> {
  const { total, costUsd } = inspection?.tokens ?? {};
  return { ...(total === undefined ? {} : { billed: total }), ...(costUsd === undefined ? {} : { costUsd }) };
}

/** The record of an image that was sent, and whose answer is not known. */
export function lostRecord(image: number): StateRecord {
  return {
    kind: 'state',
    image,
    state: 'failed',
    reason: 'network',
    message: t('It was sent, and no answer was stored. It may have been billed.'),
    mayBeBilled: true,
  };
}

/** Reads a line of a file of results; undefined for one that is not there. */
export async function readLineAt(path: string, { at, length }: { at: number; length: number }): Promise<SetLine | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, at);
    return readSetLine(bytes.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}

/** Bytes of all files of a set, small pictures included. */
export async function setSize(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (entry.isFile()) bytes += await sizeOf(join(entry.parentPath, entry.name));
  }
  return bytes;
}

/** Of a file; 0 where there is none. */
function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** A line with its place. */
interface PlacedLine {
  /** Undefined for what is no line of results. */
  line: SetLine | undefined;
  at: number;
  length: number;
}

/** The whole lines of a file from a place on, and where the last of them ends. One at a time is held, and of each only what a record needs. */
async function linesFrom(path: string, from: number, to: number): Promise<{ lines: PlacedLine[]; end: number }> {
  const lines: PlacedLine[] = [];
  if (from >= to) return { lines, end: from };
  const file = await open(path, 'r');
  try {
    let held = Buffer.alloc(0);
    let start = from;
    for (let at = from; at < to; at += PIECE) {
      const piece = Buffer.alloc(Math.min(PIECE, to - at));
      await file.read(piece, 0, piece.length, at);
      held = Buffer.concat([held, piece]);
      for (let end = held.indexOf(0x0a); end >= 0; end = held.indexOf(0x0a)) {
        lines.push({ line: readSetLine(held.toString('utf8', 0, end)), at: start, length: end });
        held = held.subarray(end + 1);
        start += end + 1;
      }
    }
    return { lines, end: start };
  } finally {
    await file.close();
  }
}

function readSetLine(text: string): SetLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && typeof value.key === 'string' ? (value as unknown as SetLine) : undefined;
  } catch {
    return undefined;
  }
}
