import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { localDay } from '../../core/base/dates.ts';
import { addUp, type Spending } from '../../core/usage/ledger.ts';
import { endedIn, type LedgerLine, readLedger, spentBy, writeLine } from '../../core/usage/ledgerLines.ts';
import { writeWhole } from '../files/wholeFile.ts';

/** More files, or more bytes, than this are folded into one. */
const MOST_FILES = 12;
const MOST_BYTES = 200_000;
/** Older days are forgotten. */
const MOST_DAYS = 400;
const DAY = 86_400_000;
/** How often files are listed anew because one of them got another name while they were read. */
const MOST_LISTINGS = 5;

/** A sending of this window. */
interface Own {
  /** Undefined while it is under way, and when it cost nothing. */
  spending?: Spending;
  /** True when its end is on disk. */
  written: boolean;
}

/**
 * What calls have cost, kept on disk for all windows together: each window only ever adds lines to a file of its own, so that none undoes what another
 * writes. What cannot be written is counted all the same, and written when that can be done again. When there are many files, those not written to
 * today are folded into one with a line for each day, workspace and model.
 */
export class SpendingLedger {
  readonly #folder: string;
  readonly #file: string;
  readonly #now: () => Date;
  readonly #troubled: (error: unknown) => void;
  readonly #session: Spending[] = [];
  readonly #own = new Map<string, Own>();
  #unwritten: LedgerLine[] = [];
  /** True when the last line may have been written in part. */
  #isTorn = false;
  #isTroubled = false;
  #writing: Promise<void> = Promise.resolve();

  /** @param troubled told once when lines cannot be written or read */
  constructor(folder: string, now: () => Date = () => new Date(), troubled: (error: unknown) => void = () => undefined) {
    this.#folder = folder;
    this.#file = join(folder, `${randomUUID()}.jsonl`);
    this.#now = now;
    this.#troubled = troubled;
  }

  /** What this window has spent. */
  get session(): readonly Spending[] {
    return this.#session;
  }

  /** Writes down what a sending is expected to cost, before it goes out: that counts if this window does not live to see its end. Never rejects. */
  begin(sending: string, expected: Spending): Promise<void> {
    this.#own.set(sending, { written: false });
    return this.#add({ kind: 'opened', sending, spending: expected });
  }

  /** Adds what a sending has cost, in place of what was expected. Never rejects. */
  record(spending: Spending, sending: string = randomUUID()): Promise<void> {
    this.#session.push(spending);
    this.#own.set(sending, { spending, written: false });
    return this.#add({ kind: 'spent', sending, spending });
  }

  /** Takes back what was expected of a sending, here or in another window: it cost nothing. Never rejects. */
  drop(sending: string): Promise<void> {
    return this.#add({ kind: 'free', sending });
  }

  /**
   * All that is known, of every window and day; lines that cannot be read are passed over. Of other windows, what is under way counts as expected; what is
   * under way in this one does not.
   */
  async all(): Promise<Spending[]> {
    const { lines } = await this.#read();
    // Lines of earlier days may have been folded, and have lost their names.
    const today = localDay(this.#now());
    const own = new Map(
      [...this.#own].filter(([, { spending, written }]) => !written || (spending !== undefined && spending.day === today)),
    );
    const others = spentBy(lines).filter(({ sending }) => sending === undefined || !own.has(sending));
    return [...others.map(({ spending }) => spending), ...[...own.values()].flatMap(({ spending }) => spending ?? [])];
  }

  async today(): Promise<Spending[]> {
    const day = localDay(this.#now());
    return (await this.all()).filter((spending) => spending.day === day);
  }

  #add(line: LedgerLine): Promise<void> {
    this.#unwritten.push(line);
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Writes what is to be written, also what could not be before. */
  async #write(): Promise<void> {
    const lines = this.#unwritten;
    if (lines.length === 0) return;
    this.#unwritten = [];
    try {
      await mkdir(this.#folder, { recursive: true });
      await appendFile(this.#file, `${this.#isTorn ? '\n' : ''}${lines.map(writeLine).join('')}`);
      this.#isTorn = false;
    } catch (error) {
      this.#unwritten = [...lines, ...this.#unwritten];
      this.#isTorn = true;
      this.#report(error);
      return;
    }
    this.#isWritten(lines);
    // Nothing is lost if it fails.
    await this.#foldOld().catch(() => undefined);
  }

  #isWritten(lines: readonly LedgerLine[]): void {
    for (const line of lines) {
      if (line.kind === 'free') this.#own.delete(line.sending);
      const own = line.kind === 'spent' && line.sending !== undefined ? this.#own.get(line.sending) : undefined;
      if (own !== undefined) own.written = true;
    }
    const today = localDay(this.#now());
    for (const [sending, { spending, written }] of this.#own) if (written && spending?.day !== today) this.#own.delete(sending);
  }

  #report(error: unknown): void {
    if (this.#isTroubled) return;
    this.#isTroubled = true;
    this.#troubled(error);
  }

  /** All lines but those of files that others replace, with the names of both. */
  async #read(): Promise<{ lines: LedgerLine[]; names: string[]; replaced: string[] }> {
    for (let listing = 1; ; listing++) {
      const names = await this.#files();
      const texts = await Promise.all(names.map((name) => this.#textOf(name)));
      // Another window has given it a new name meanwhile, to fold it.
      if (texts.includes(undefined) && listing < MOST_LISTINGS) continue;
      const files = texts.map((text, place) => ({ name: names[place] ?? '', lines: readLedger(text ?? '') }));
      const replaced = new Set(files.flatMap(({ lines }) => lines.flatMap((line) => (line.kind === 'replaces' ? line.files : []))));
      return {
        lines: files.flatMap(({ name, lines }) => (replaced.has(name) ? [] : lines)),
        names: names.filter((name) => !replaced.has(name)),
        replaced: names.filter((name) => replaced.has(name)),
      };
    }
  }

  /** Undefined where there is no such file any more. */
  async #textOf(name: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.#folder, name), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      this.#report(error);
      return '';
    }
  }

  async #files(): Promise<string[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (!isMissing(error)) this.#report(error);
      return [];
    });
    return names.filter((name) => name.endsWith('.jsonl') || name.endsWith('.folding'));
  }

  async #foldOld(): Promise<void> {
    const names = await this.#files();
    const facts = await Promise.all(names.map(async (name) => ({ name, ...(await factsOf(join(this.#folder, name))) })));
    const bytes = facts.reduce((sum, { size }) => sum + size, 0);
    if (facts.length <= MOST_FILES && bytes <= MOST_BYTES) return;
    const today = localDay(this.#now());
    const old = facts.filter(({ written }) => localDay(written) < today);
    // Nothing is gained by folding what was folded.
    if (old.length > 1 || (old[0]?.size ?? 0) > MOST_BYTES) await this.#fold(new Set(old.map(({ name }) => name)));
  }

  /** Takes each file by renaming it, which only one window can do; whoever still writes to it begins a new one. */
  async #fold(old: ReadonlySet<string>): Promise<void> {
    const { names, lines: known, replaced } = await this.#read();
    const taken: string[] = [];
    for (const name of names.filter((name) => old.has(name))) {
      const mine = `${randomUUID()}.folding`;
      const isMine = await rename(join(this.#folder, name), join(this.#folder, mine)).then(
        () => true,
        () => false,
      );
      if (isMine) taken.push(mine);
    }
    const texts = await Promise.all(taken.map((name) => readFile(join(this.#folder, name), 'utf8')));
    const gone = [...taken, ...replaced];
    // The new file takes the place of the others in the moment in which it gets its name, whatever becomes of them.
    const lines = [{ kind: 'replaces', files: gone } as const, ...this.#folded(texts.flatMap(readLedger), known)];
    if (taken.length > 0) await writeWhole(join(this.#folder, `folded-${randomUUID()}.jsonl`), lines.map(writeLine).join(''));
    for (const name of gone) await rm(join(this.#folder, name), { force: true });
  }

  /** The sums of lines. What may still be under way stays as it is: its end is yet to come. */
  #folded(lines: readonly LedgerLine[], known: readonly LedgerLine[]): LedgerLine[] {
    const now = this.#now().getTime();
    const oldest = localDay(new Date(now - MOST_DAYS * DAY));
    const yesterday = localDay(new Date(now - DAY));
    const ended = endedIn([...known, ...lines]);
    const open = lines.filter((line) => line.kind === 'opened' && !ended.has(line.sending) && line.spending.day >= yesterday);
    const closed = lines.filter((line) => !open.includes(line));
    const sums = addUp(spentBy(closed, ended).map(({ spending }) => spending)).filter(({ day }) => day >= oldest);
    return [...sums.map((spending): LedgerLine => ({ kind: 'spent', spending })), ...open];
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

async function factsOf(path: string): Promise<{ size: number; written: Date }> {
  const facts = await stat(path).catch(() => undefined);
  return { size: facts?.size ?? 0, written: facts?.mtime ?? new Date() };
}
