import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addUp, dayOf, readSpending, type Spending } from '../core/ledger.ts';

/** More files, or more bytes, than this are folded into one. */
const MOST_FILES = 12;
const MOST_BYTES = 200_000;
/** Older days are forgotten. */
const MOST_DAYS = 400;

/**
 * What calls have cost, kept on disk for all windows together: each window only ever adds lines to a file of its own, so that none undoes what another
 * writes. When there are many files, those not written to today are folded into one with a line for each day, workspace and model.
 */
export class SpendingLedger {
  readonly #folder: string;
  readonly #file: string;
  readonly #now: () => Date;
  readonly #session: Spending[] = [];
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string, now: () => Date = () => new Date()) {
    this.#folder = folder;
    this.#file = join(folder, `${randomUUID()}.jsonl`);
    this.#now = now;
  }

  /** What this window has spent. */
  get session(): readonly Spending[] {
    return this.#session;
  }

  /** Adds a spending, one after the other. */
  record(spending: Spending): Promise<void> {
    this.#session.push(spending);
    const written = this.#writing.then(async () => {
      await mkdir(this.#folder, { recursive: true });
      await appendFile(this.#file, `${JSON.stringify(spending)}\n`);
      await this.#foldOld();
    });
    this.#writing = written.catch(() => undefined);
    return written;
  }

  /** All that is known, of every window and day; lines that cannot be read are passed over. */
  async all(): Promise<Spending[]> {
    const texts = await Promise.all((await this.#files()).map((name) => readFile(join(this.#folder, name), 'utf8').catch(() => '')));
    return texts.flatMap((text) => text.split('\n').flatMap((line) => readSpending(line) ?? []));
  }

  async today(): Promise<Spending[]> {
    const day = dayOf(this.#now());
    return (await this.all()).filter((spending) => spending.day === day);
  }

  async #files(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.endsWith('.jsonl') || name.endsWith('.folding'));
  }

  async #foldOld(): Promise<void> {
    const names = await this.#files();
    const facts = await Promise.all(names.map(async (name) => ({ name, ...(await factsOf(join(this.#folder, name))) })));
    const bytes = facts.reduce((sum, { size }) => sum + size, 0);
    if (facts.length <= MOST_FILES && bytes <= MOST_BYTES) return;
    const today = dayOf(this.#now());
    const old = facts.filter(({ written }) => dayOf(written) < today);
    // Nothing is gained by folding what was folded.
    if (old.length > 1 || (old[0]?.size ?? 0) > MOST_BYTES) await this.#fold(old.map(({ name }) => name));
  }

  /** Takes each file by renaming it, which only one window can do; whoever still writes to it begins a new one. */
  async #fold(names: readonly string[]): Promise<void> {
    const taken: string[] = [];
    for (const name of names) {
      const mine = join(this.#folder, `${randomUUID()}.folding`);
      const isMine = await rename(join(this.#folder, name), mine).then(
        () => true,
        () => false,
      );
      if (isMine) taken.push(mine);
    }
    const texts = await Promise.all(taken.map((path) => readFile(path, 'utf8')));
    const oldest = dayOf(new Date(this.#now().getTime() - MOST_DAYS * 86_400_000));
    const kept = addUp(texts.flatMap((text) => text.split('\n').flatMap((line) => readSpending(line) ?? []))).filter(
      ({ day }) => day >= oldest,
    );
    const folded = join(this.#folder, `folded-${randomUUID()}`);
    await writeFile(folded, kept.map((spending) => `${JSON.stringify(spending)}\n`).join(''));
    await rename(folded, `${folded}.jsonl`);
    for (const path of taken) await rm(path, { force: true });
  }
}

async function factsOf(path: string): Promise<{ size: number; written: Date }> {
  const facts = await stat(path).catch(() => undefined);
  return { size: facts?.size ?? 0, written: facts?.mtime ?? new Date() };
}
