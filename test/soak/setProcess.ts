/**
 * A process that runs a set to its end, to be killed: `node setProcess.ts '{"url", "images", "sets", "id"?, "speed", "concurrency"}'`. Without an id it plans and makes the set
 * first, and prints its id on a line. At its end it prints a line of JSON about what it took.
 */
import { pathToFileURL } from 'node:url';
import type { SetSpeed } from '../../src/core/sets/inspectionSet.ts';
import { LOCAL_FILES } from '../../src/engine/files/localFiles.ts';
import { Job } from '../../src/engine/sending/job.ts';
import { LOCAL_FOLDERS } from '../../src/engine/sets/folderAccess.ts';
import { InspectionSets } from '../../src/engine/sets/inspectionSets.ts';
import { ImagePreparer } from '../../src/engine/task/imagePreparer.ts';
import { TaskPlanner } from '../../src/engine/task/taskPlanner.ts';
import { ImageWorker } from '../../src/imaging/worker/imageWorker.ts';
import { plainSender, taskRules } from '../fakes/plainNode.ts';

/** What a run in a process of its own is about. */
export interface SetProcessOptions {
  url: string;
  /** Paths of folders. */
  images: string;
  sets: string;
  id?: string;
  speed: SetSpeed;
  concurrency: number;
}

/** What it tells at its end. */
export interface SetProcessEnd {
  isEnded: boolean;
  reason?: string;
  /** Bytes above those before the set was opened: what was still in use after collections, at most; the same with garbage; of the process. */
  kept: number;
  withGarbage: number;
  resident: number;
}

/** Milliseconds in place of a pause between two looks at a job. */
const PAUSE = 20;
/** Jobs that fail, expire or are late before what is left goes at standard speed. */
const PATIENCE = 3;
/** Milliseconds. */
const BETWEEN_COLLECTIONS = 3000;

const options = JSON.parse(process.argv[2] ?? '{}') as SetProcessOptions;
const worker = new ImageWorker({ entry: new URL('../../src/imaging/worker/worker.ts', import.meta.url) });
const rules = taskRules();
let time = Date.now();
const sets = new InspectionSets({
  folder: options.sets,
  files: LOCAL_FILES,
  folders: LOCAL_FOLDERS,
  rules,
  planner: async () => {
    const results = { of: async () => [], find: async () => undefined };
    return new TaskPlanner(new ImagePreparer(LOCAL_FILES, worker, rules), LOCAL_FILES, rules, results);
  },
  sender: plainSender(options.url),
  stored: async () => [],
  log: { info: () => undefined, warn: () => undefined },
  concurrency: () => options.concurrency,
  now: () => time,
  wait: async (milliseconds, job) => {
    time += milliseconds;
    await job.wait(PAUSE);
  },
});

const memory = { kept: 0, withGarbage: 0, resident: 0 };
collect();
const before = process.memoryUsage();
const sampling = setInterval(() => sample(false), 50);
const collecting = setInterval(() => sample(true), BETWEEN_COLLECTIONS);
let { id } = options;
if (id === undefined) {
  const planned = await sets.plan({ uris: [pathToFileURL(options.images).href], task: 'detect', query: 'cat', onlyNew: false }, new Job());
  ({ id } = await sets.start(planned, options.speed));
  console.log(id);
}
const set = await sets.open(id);
let end = await set.run({ fromCode: true });
// A job that did not answer all: what it has left goes into another, and at last at standard speed.
for (let turns = 0; !end.isEnded && turns < 20; turns++) {
  if (end.isStalled && turns >= PATIENCE) await set.continueAt('standard');
  end = await set.run({ fromCode: true });
}
clearInterval(sampling);
clearInterval(collecting);
sample(true);
await sets.dispose();
worker.dispose();
const told: SetProcessEnd = {
  isEnded: end.isEnded,
  ...(end.isEnded || end.reason === undefined ? {} : { reason: `${end.reason.reason}: ${end.reason.message}` }),
  ...memory,
};
console.log(JSON.stringify(told));

/** What nobody uses any more goes; what nobody but a finalizer knows of needs a second turn. Without `--expose-gc` nothing is collected. */
function collect(): void {
  globalThis.gc?.();
  globalThis.gc?.();
}

function sample(isCollected: boolean): void {
  const now = process.memoryUsage();
  memory.withGarbage = Math.max(memory.withGarbage, inUse(now) - inUse(before));
  memory.resident = Math.max(memory.resident, now.rss - before.rss);
  if (!isCollected) return;
  collect();
  memory.kept = Math.max(memory.kept, inUse(process.memoryUsage()) - inUse(before));
}

/** Objects, and the bytes of buffers, which lie outside the heap. */
function inUse({ heapUsed, external }: NodeJS.MemoryUsage): number {
  return heapUsed + external;
}
