import { randomUUID } from 'node:crypto';
import { open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { hasShape, isFigure, isText } from '../../core/base/shape.ts';

/** How often an owner says that it is still there, in milliseconds. */
const BEAT = 10_000;
/** An owner on another computer that was silent for so long is taken for dead. */
const SILENT = 120_000;
/** The same for one whose process is there: another may have got its number since. A computer that has slept is given time to wake up. */
const SILENT_HERE = 600_000;

/** What the file of an owner says that has let go. */
const RELEASED = '{"released":true}';

const isOwner = hasShape({ pid: isFigure, host: isText, token: isText });

/**
 * A set is run by one process at a time. Each owner has a file with a number of its own, `lock.1`, `lock.2` and so on, of which the highest counts: making the
 * next one succeeds for one alone, whoever else has seen that the last owner is gone. Only files below the highest are taken away.
 */
export class SetLock {
  readonly #path: string;
  readonly #token: string;
  readonly #beat: NodeJS.Timeout;

  private constructor(path: string, token: string, lost: () => void) {
    this.#path = path;
    this.#token = token;
    this.#beat = setInterval(() => void this.#stillOwned().then((isOwned) => !isOwned && lost()), BEAT);
    this.#beat.unref();
  }

  /** Resolves to undefined where another process has it. `lost`: is called when somebody has taken it for dead. */
  static async take(folder: string, lost: () => void = () => undefined): Promise<SetLock | undefined> {
    const numbers = await numbersIn(folder);
    const highest = numbers.at(-1) ?? 0;
    if (highest > 0 && (await isAlive(join(folder, nameOf(highest))))) return undefined;
    const path = join(folder, nameOf(highest + 1));
    const token = randomUUID();
    try {
      await writeFile(path, JSON.stringify({ pid: process.pid, host: hostname(), token }), { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
      throw error;
    }
    for (const number of numbers) await rm(join(folder, nameOf(number)), { force: true });
    return new SetLock(path, token, lost);
  }

  /** True if a process has it, this one too. */
  static async isTaken(folder: string): Promise<boolean> {
    const highest = (await numbersIn(folder)).at(-1);
    return highest !== undefined && isAlive(join(folder, nameOf(highest)));
  }

  async #stillOwned(): Promise<boolean> {
    try {
      if (!(await readFile(this.#path, 'utf8')).includes(this.#token)) return false;
      const now = new Date();
      await utimes(this.#path, now, now);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOENT';
    }
  }

  /** The file stays, and says that it is nobody's: a number that is free again could be taken twice. */
  async release(): Promise<void> {
    clearInterval(this.#beat);
    // Where somebody else has taken it and the file is gone, it must not come back.
    const file = await open(this.#path, 'r+').catch(() => undefined);
    if (file === undefined) return;
    try {
      await file.truncate(0);
      await file.write(RELEASED, 0);
    } finally {
      await file.close();
    }
  }
}

async function numbersIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names
    .flatMap((name) => /^lock\.([1-9]\d*)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function nameOf(number: number): string {
  return `lock.${number}`;
}

async function isAlive(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return false;
  const silence = Date.now() - facts.mtimeMs;
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text === RELEASED) return false;
  const owner = parsed(text);
  // It is just being written, or its owner died while it wrote.
  if (owner === undefined) return silence < SILENT;
  if (owner.host !== hostname()) return silence < SILENT;
  return isRunning(owner.pid) && silence < SILENT_HERE;
}

function parsed(text: string): { pid: number; host: string; token: string } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isOwner(value) ? (value as { pid: number; host: string; token: string }) : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
