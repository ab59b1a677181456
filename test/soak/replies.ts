/** A million mutated replies, read in several threads. Another number: `node test/soak/replies.ts 20000`. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { printGoal, printSkipped, printTable } from '../bench/report.ts';
import { type FuzzResult, fuzzReplies } from './replyRun.ts';

/** Replies with one seed: a violation names it, and ends only its own shard. */
const SHARD = 2000;
const FIRST_SEED = 20_261_121;

interface Outcome {
  seed: number;
  result?: FuzzResult;
  violation?: string;
}

if (isMainThread) await readAll(Number(process.argv[2] ?? 1_000_000));
else await readShards(workerData as { recorded: string[] });

async function readAll(count: number): Promise<void> {
  const recorded = recordedReplies();
  if (recorded.length === 0) printSkipped('Mutations of recorded replies', 'IMAGE_INSPECTOR_CORPUS is not set');
  const total: FuzzResult = { replies: 0, withObjects: 0, onlyReasons: 0, empty: 0, detections: 0, dropped: 0, strict: 0 };
  const violations: Outcome[] = [];
  const seeds = Array.from({ length: Math.ceil(count / SHARD) }, (_, i) => FIRST_SEED + i);
  const start = performance.now();
  const add = (outcome: Outcome) => {
    if (outcome.violation !== undefined) violations.push(outcome);
    for (const key of Object.keys(total) as (keyof FuzzResult)[]) total[key] += outcome.result?.[key] ?? 0;
  };
  await Promise.all(Array.from({ length: availableParallelism() }, () => feed(recorded, seeds, add)));

  const share = (part: number) => `${((100 * part) / total.replies).toFixed(1)} %`;
  printTable([
    ['read', 'number', 'of the replies'],
    ['mutated replies', total.replies, ''],
    ['with objects', total.withObjects, share(total.withObjects)],
    ['with nothing but reasons', total.onlyReasons, share(total.onlyReasons)],
    ['that say there is nothing', total.empty, share(total.empty)],
    ['objects found', total.detections, ''],
    ['objects a strict reader finds', total.strict, ''],
    ['parts dropped, with a reason', total.dropped, ''],
  ]);
  console.log(
    `  ${Math.round((performance.now() - start) / 1000)} s in ${availableParallelism()} threads, seeds from ${FIRST_SEED}, ${SHARD} replies each`,
  );
  for (const { seed, violation } of violations) console.log(`  seed ${seed}: ${violation?.slice(0, 1000)}`);
  printGoal(`Crashes, silent or lost objects in ${total.replies.toLocaleString('en')} mutated replies`, violations.length, 0, '');
  if (violations.length > 0) process.exitCode = 1;
}

/** Gives seeds to a thread of its own until there are none left. */
function feed(recorded: readonly string[], seeds: number[], add: (outcome: Outcome) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { recorded } });
    const next = () => {
      const seed = seeds.shift();
      if (seed === undefined) void worker.terminate();
      else worker.postMessage(seed);
    };
    worker.on('message', (outcome: Outcome) => {
      add(outcome);
      next();
    });
    worker.once('error', reject);
    worker.once('exit', () => resolve());
    next();
  });
}

async function readShards({ recorded }: { recorded: string[] }): Promise<void> {
  parentPort?.on('message', (seed: number) => {
    parentPort?.postMessage(readShard(seed, recorded));
  });
}

function readShard(seed: number, recorded: readonly string[]): Outcome {
  try {
    return { seed, result: fuzzReplies({ seed, count: SHARD, recorded }) };
  } catch (error) {
    return { seed, violation: error instanceof Error ? error.message : String(error) };
  }
}

function recordedReplies(): string[] {
  const corpus = process.env.IMAGE_INSPECTOR_CORPUS;
  if (!corpus) return [];
  const folder = join(corpus, 'replies');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}
