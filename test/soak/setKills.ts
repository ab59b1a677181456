import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ItemState, SetSpeed } from '../../src/core/sets/inspectionSet.ts';
import { foldJournal } from '../../src/core/sets/journal.ts';
import { type FaultRates, FaultScript } from '../fakes/faultScript.ts';
import { startGeminiServer } from '../fakes/geminiServer.ts';
import { noisePng } from '../fixtures/images.ts';
import { pseudoRandom } from '../tools/pseudoRandom.ts';
import type { SetProcessEnd, SetProcessOptions } from './setProcess.ts';

export interface KillOptions {
  images: number;
  kills: number;
  seed: number;
  speed: SetSpeed;
  concurrency: number;
  rates: FaultRates;
  /** Milliseconds within which a process is killed. */
  within: number;
}

/** What became of a set whose process was killed again and again. */
export interface KillTally {
  kills: number;
  states: Partial<Record<ItemState, number>>;
  /** Failed images by what is said of them. */
  failures: Record<string, number>;
  /** Images that may have been billed without an answer here. */
  mayBeBilled: number;
  /** Billed more than once. */
  billedTwice: number;
  billed: number;
  /** Lines of the journal in its middle that could not be read, and records that say what cannot be. */
  brokenRecords: number;
  illegalRecords: number;
  injected: Record<string, number>;
  end: SetProcessEnd | undefined;
  seconds: number;
  violations: readonly string[];
}

/** Runs a set over images that are all different, by processes that are killed at random moments until one may end. */
export async function runWithKills({ images, kills, seed, speed, concurrency, rates, within }: KillOptions): Promise<KillTally> {
  const started = Date.now();
  const random = pseudoRandom(seed);
  const root = await mkdtemp(join(tmpdir(), 'set-kills-'));
  const server = await startGeminiServer();
  server.faults = new FaultScript(seed, rates);
  try {
    await writeImages(join(root, 'images'), images);
    const options: SetProcessOptions = { url: server.url, images: join(root, 'images'), sets: join(root, 'sets'), speed, concurrency };
    let id: string | undefined;
    let killed = 0;
    let end: SetProcessEnd | undefined;
    while (end === undefined) {
      // The first one is let live until the set is in the journal.
      const after = killed < kills ? 50 + random() * within : undefined;
      const ran = await runProcess({ ...options, ...(id === undefined ? {} : { id }) }, after);
      id ??= ran.id;
      end = ran.end;
      if (end === undefined && after === undefined) throw new Error('the last process has not told its end');
      if (end === undefined) killed += 1;
    }
    const state = foldJournal(await readFile(join(root, 'sets', id ?? '', 'journal.ndjson'), 'utf8'));
    const states: Partial<Record<ItemState, number>> = {};
    const failures: Record<string, number> = {};
    for (const { state: one, message = '' } of state.images) {
      states[one] = (states[one] ?? 0) + 1;
      if (one === 'failed') failures[message] = (failures[message] ?? 0) + 1;
    }
    return {
      kills: killed,
      states,
      failures,
      mayBeBilled: state.images.filter(({ mayBeBilled }) => mayBeBilled).length,
      billedTwice: server.bills.twice().length,
      billed: server.bills.all.length,
      brokenRecords: state.broken,
      illegalRecords: state.illegal,
      injected: server.faults.injected,
      end,
      seconds: (Date.now() - started) / 1000,
      violations: server.violations,
    };
  } finally {
    await server.close();
    await rm(root, { recursive: true, force: true });
  }
}

/** So many small images that are all different, also from those of another `first`. */
export async function writeImages(folder: string, count: number, first = 0): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let index = 0; index < count; index++) await writeFile(join(folder, `image ${index}.png`), noisePng(16, 12, first + index + 1));
}

/** Runs a process until its end, or until it is killed after so many milliseconds from when its set was there. */
async function runProcess(options: SetProcessOptions, after: number | undefined): Promise<{ id?: string; end?: SetProcessEnd }> {
  const script = join(import.meta.dirname, 'setProcess.ts');
  const child = spawn(process.execPath, ['--expose-gc', script, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const told: { id?: string; end?: SetProcessEnd } = {};
  const killLater = () => after !== undefined && setTimeout(() => child.kill('SIGKILL'), after);
  if (options.id !== undefined) killLater();
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) told.end = JSON.parse(line) as SetProcessEnd;
    else {
      told.id = line;
      killLater();
    }
  }
  await closed;
  return told;
}
