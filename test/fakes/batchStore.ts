import { randomBytes } from 'node:crypto';
import type { FileStore } from './fileStore.ts';
import type { BatchRequestLine, WireBatch } from './wire.ts';

/** How a batch goes, as a test tells it. `{}`: it waits for one look and runs for one, and all of its lines are answered. */
export interface BatchCourse {
  /** Looks (`batches.get`) at which it has not begun. Infinity: the queue never moves. Default: 1. */
  pending?: number;
  /** Looks at which it runs; its lines are worked through bit by bit. Infinity: for ever. Default: 1. */
  running?: number;
  /** How it ends. FAILED and EXPIRED end before a line is answered if it never ran. Default: SUCCEEDED. */
  end?: 'SUCCEEDED' | 'FAILED' | 'EXPIRED' | 'CANCELLED';
  /** Why it FAILED, as a `google.rpc.Status`. */
  error?: { code: number; message: string };
  /** What happens to a line instead of its answer; undefined: it is answered. `lost`: it is answered and billed, and missing from the results. */
  line?: (line: BatchRequestLine, index: number) => { code: number; message: string } | 'lost' | undefined;
  /** Of the lines of the results. Default: as asked. */
  order?: 'asked' | 'reversed';
  /** The share of the bytes of the results that there are. Default: 1. */
  share?: number;
  /** So many looks are answered with 503 first. */
  unavailable?: number;
  /** The batch is made, and the connection breaks before the answer. */
  losesAnswer?: boolean;
  /** So many looks at a batch that has SUCCEEDED do not name its file yet. */
  fileLate?: number;
  /** A state that nobody knows, while it runs. */
  odd?: string;
  /** Called before the first line is worked through: files may go, clocks may move. */
  onStart?: (batch: StoredBatch) => void;
}

/** A batch as the stand-in keeps it. */
export interface StoredBatch {
  /** `batches/…` */
  name: string;
  key: string;
  model: string;
  displayName: string;
  fileName: string;
  lines: BatchRequestLine[];
  course: BatchCourse;
  state: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'EXPIRED';
  createdAt: number;
  updatedAt: number;
  endedAt: number | undefined;
  looks: number;
  /** Lines that were worked through. */
  worked: number;
  failed: number;
  results: string[];
  responsesFile: string | undefined;
  /** The look from which on its file is named. */
  namesFileFrom: number;
}

/** The result of a line: its words in the file, and whether it is an error. */
export interface WorkedLine {
  text: string;
  isError: boolean;
}

/** A batch that has not ended by then has expired. */
const LIFETIME = 48 * 3600e3;

/** The batches of the stand-in. They get on when they are looked at, and by the clock of its files. */
export class BatchStore {
  readonly #batches = new Map<string, StoredBatch>();
  readonly #courses: BatchCourse[] = [];
  readonly #files: FileStore;
  readonly #work: (batch: StoredBatch, line: BatchRequestLine) => WorkedLine;
  /** How batches go that no test has told. */
  usual: (batch: StoredBatch) => BatchCourse = () => ({});

  /** @param work answers a line, and bills it */
  constructor(files: FileStore, work: (batch: StoredBatch, line: BatchRequestLine) => WorkedLine) {
    this.#files = files;
    this.#work = work;
  }

  /** Tells how the next batches go, in this order. */
  plan(...courses: BatchCourse[]): void {
    this.#courses.push(...courses);
  }

  /** Newest first. */
  all(key: string): StoredBatch[] {
    return [...this.#batches.values()].filter((batch) => batch.key === key).reverse();
  }

  get(name: string, key: string): StoredBatch | undefined {
    const batch = this.#batches.get(name);
    return batch?.key === key ? batch : undefined;
  }

  create(about: Pick<StoredBatch, 'key' | 'model' | 'displayName' | 'fileName' | 'lines'>): StoredBatch {
    const now = this.#files.now();
    const batch: StoredBatch = {
      ...about,
      name: `batches/${randomBytes(18).toString('hex')}`,
      course: {},
      state: 'PENDING',
      createdAt: now,
      updatedAt: now,
      endedAt: undefined,
      looks: 0,
      worked: 0,
      failed: 0,
      results: [],
      responsesFile: undefined,
      namesFileFrom: 0,
    };
    batch.course = this.#courses.shift() ?? this.usual(batch);
    this.#batches.set(batch.name, batch);
    return batch;
  }

  /** Lets a batch get on by one look. */
  look(batch: StoredBatch): void {
    batch.looks += 1;
    if (batch.endedAt !== undefined) return;
    batch.updatedAt = this.#files.now();
    if (batch.updatedAt - batch.createdAt >= LIFETIME) {
      this.#end(batch, 'EXPIRED');
      return;
    }
    const { pending = 1, running = 1, end = 'SUCCEEDED' } = batch.course;
    if (batch.looks <= pending) return;
    if (batch.state === 'PENDING' && (running > 0 || end === 'SUCCEEDED')) {
      batch.course.onStart?.(batch);
      batch.state = 'RUNNING';
    }
    const ran = batch.looks - pending;
    if (ran <= running) this.#workUpTo(batch, ran / (running + 1));
    else {
      if (end === 'SUCCEEDED') this.#workUpTo(batch, 1);
      this.#end(batch, end);
    }
  }

  /** Asked by its owner; what is done is billed, and not to be had. */
  cancel(batch: StoredBatch): void {
    if (batch.endedAt === undefined) this.#end(batch, 'CANCELLED');
  }

  /** A batch that nobody is interested in any more goes on all the same. */
  delete(batch: StoredBatch): void {
    if (batch.endedAt === undefined && batch.course.pending !== Number.POSITIVE_INFINITY) this.#workUpTo(batch, 1);
    this.#batches.delete(batch.name);
  }

  clear(): void {
    this.#batches.clear();
    this.#courses.length = 0;
    this.usual = () => ({});
  }

  #workUpTo(batch: StoredBatch, share: number): void {
    const upTo = Math.floor(batch.lines.length * share);
    for (const line of batch.lines.slice(batch.worked, upTo)) {
      const told = batch.course.line?.(line, batch.worked);
      batch.worked += 1;
      if (told !== undefined && told !== 'lost') {
        batch.failed += 1;
        batch.results.push(JSON.stringify({ key: line.key, error: told }));
        continue;
      }
      const { text, isError } = this.#work(batch, line);
      if (isError) batch.failed += 1;
      if (told !== 'lost') batch.results.push(text);
    }
  }

  #end(batch: StoredBatch, state: StoredBatch['state']): void {
    batch.state = state;
    batch.endedAt = this.#files.now();
    batch.updatedAt = batch.endedAt;
    if (state !== 'SUCCEEDED') return;
    const { order = 'asked', share = 1 } = batch.course;
    const lines = order === 'reversed' ? batch.results.toReversed() : batch.results;
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    batch.namesFileFrom = batch.looks + (batch.course.fileLate ?? 0);
    batch.responsesFile = `files/batch-${batch.name.slice('batches/'.length)}`;
    this.#files.generate(batch.responsesFile, batch.key, bytes.subarray(0, Math.floor(bytes.length * share)));
    batch.results = [];
  }
}

/** The batch as the API describes it. */
export function wireBatch(batch: StoredBatch): WireBatch {
  const { name, state, course, endedAt, lines, worked, failed } = batch;
  const responsesFile = batch.looks < batch.namesFileFrom ? undefined : batch.responsesFile;
  const instant = (time: number) => new Date(time).toISOString();
  const counts = {
    requestCount: lines.length,
    successfulRequestCount: worked - failed,
    failedRequestCount: failed,
    pendingRequestCount: lines.length - worked,
  };
  const error = course.error ?? { code: 13, message: 'Internal error encountered.' };
  return {
    name,
    metadata: {
      '@type': `${TYPE}GenerateContentBatch`,
      model: `models/${batch.model}`,
      displayName: batch.displayName,
      inputConfig: { fileName: batch.fileName },
      ...(responsesFile !== undefined && { output: { responsesFile } }),
      createTime: instant(batch.createdAt),
      ...(endedAt !== undefined && { endTime: instant(endedAt) }),
      updateTime: instant(batch.updatedAt),
      batchStats: Object.fromEntries(
        Object.entries(counts)
          .filter(([, count]) => count > 0)
          .map(([count, value]) => [count, String(value)]),
      ),
      state: state === 'RUNNING' && course.odd !== undefined ? course.odd : `BATCH_STATE_${state}`,
      name,
    },
    ...(endedAt !== undefined && { done: true }),
    ...(responsesFile !== undefined && { response: { '@type': `${TYPE}GenerateContentBatchOutput`, responsesFile } }),
    ...(state === 'FAILED' && { error }),
  };
}

const TYPE = 'type.googleapis.com/google.ai.generativelanguage.v1main.';
