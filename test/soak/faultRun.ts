import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { type FailureReason, InspectorError } from '../../src/core/base/failure.ts';
import { replyFailure } from '../../src/core/failures/geminiFailure.ts';
import { redactSecret } from '../../src/core/failures/redactSecret.ts';
import type { Task } from '../../src/core/inspection/inspection.ts';
import { buildRequest } from '../../src/core/request/buildRequest.ts';
import { Job } from '../../src/engine/sending/job.ts';
import { Retries } from '../../src/engine/sending/retry.ts';
import { Sender } from '../../src/engine/sending/sender.ts';
import { UploadCache } from '../../src/engine/sending/uploadCache.ts';
import { Uploads } from '../../src/engine/sending/uploads.ts';
import { createGemini } from '../../src/gemini/api/gemini.ts';
import { memorySource } from '../../src/imaging/reading/byteSource.ts';
import * as errors from '../fakes/errors.ts';
import { startGeminiServer } from '../fakes/geminiServer.ts';
import type { StatusAnswer } from '../fakes/script.ts';
import { png } from '../fixtures/images.ts';
import { pseudoRandom } from '../tools/pseudoRandom.ts';
import { answerTo, type End, judge, problemOf, wordsOf } from './faultJudge.ts';
import { FAULTS, type Fault, type FaultKind, openFaultyLine } from './faultyLine.ts';

/** How the tasks of a run ended. */
export interface FaultTally {
  injected: Record<FaultKind, number>;
  tasks: number;
  /** Ends of the tasks that met a fault of the kind; a task may have met several. */
  ends: Record<FaultKind, Record<'right' | 'kept in part' | 'told', number>>;
  /** Tasks that met a fault, and how many of these ended right all the same. */
  struck: number;
  right: number;
  reasons: Partial<Record<FailureReason, number>>;
  /** What must not be: a wrong result, an unclear error, a hang, a key. Empty if all is well. */
  violations: string[];
}

const KEY = 'AQ.Ab8RN6-key-that-no-one-may-see-0123456789';
const MODEL = 'gemini-3.8-flash';
/** A wait of a second takes this many milliseconds. */
const SECOND = 4;
/** Milliseconds without a sign of life after which a request is given up. */
const TIMEOUT = 600;
const HANGING = 60_000;
const AT_ONCE = 12;
/** The share of the requests that meet a fault. */
const SHARE = 0.35;
const INLINE_LIMIT = 60_000;

/** Waits pass quickly. */
class QuickJob extends Job {
  override wait(milliseconds: number): Promise<void> {
    return super.wait((milliseconds / 1000) * SECOND);
  }
}

type Kind = Extract<Task, 'caption' | 'readText' | 'ask' | 'detect' | 'segment'> | 'count' | 'models' | 'key' | 'many' | 'cancelled';
const KINDS: readonly Kind[] = ['caption', 'readText', 'ask', 'detect', 'segment', 'count', 'models', 'key', 'many', 'cancelled'];

/** Runs tasks of all kinds until so many faults have struck, at points that the seed decides. */
export async function runFaults({ seed, faults }: { seed: number; faults: number }): Promise<FaultTally> {
  const random = pseudoRandom(seed);
  const server = await startGeminiServer({
    keys: [KEY],
    inlineLimitBytes: INLINE_LIMIT + 100_000,
    answer: ({ text }) => ({ text: answerTo(text) }),
  });
  const line = await openFaultyLine(server.url);
  const met = new AsyncLocalStorage<Set<FaultKind>>();
  const tally = emptyTally();
  const told: string[] = [];
  let left = faults;
  const nextFault = ({ url }: { url: string }): Fault | undefined => {
    if (left <= 0 || random() > SHARE) return undefined;
    left -= 1;
    const isPiece = url.includes('upload_id=');
    const possible = FAULTS.filter((kind) => (kind === 'half upload' ? isPiece : kind !== 'cut stream' || url.includes('alt=sse')));
    // As often one as the other, as far as they can be.
    const kind = possible.reduce((least, other) => (tally.injected[other] < tally.injected[least] ? other : least));
    tally.injected[kind] += 1;
    met.getStore()?.add(kind);
    return {
      kind,
      at: random(),
      onTheWay: random() < 0.5 ? 'there' : 'back',
      ...(kind === 'wrong status' ? { answer: pick(WRONG, random) } : {}),
    };
  };
  const fetch = line.fetch(nextFault);
  const memory = new Map<string, unknown>();
  const uploads = new Uploads(
    new UploadCache({
      get: <T>(key: string) => memory.get(key) as T | undefined,
      update: async (key, value) => void memory.set(key, value),
    }),
    () => INLINE_LIMIT,
  );
  const sender = new Sender(
    {
      permits: [],
      destination: () => line.url,
      key: async () => KEY,
      connect: async (apiKey, baseUrl) =>
        createGemini({
          apiKey,
          baseUrl,
          fetch,
          pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, (milliseconds / 1000) * SECOND)),
        }),
      uploads: async () => uploads,
      timeout: () => TIMEOUT,
      begin: async () => undefined,
      recordUsage: async () => undefined,
      log: (text) => void told.push(text),
    },
    new Retries({ now: () => (Date.now() / SECOND) * 1000, random }),
  );

  async function generate(task: Task, job: Job): Promise<End> {
    // Every third picture is too large to go inside a request.
    const bytes = Buffer.concat([
      png(8 + Math.floor(random() * 40), 8),
      Buffer.alloc(random() < 0.33 ? 50_000 + Math.floor(random() * 80_000) : 0),
    ]);
    const query = task === 'ask' ? `What is it, number ${Math.floor(random() * 1e6)}?` : '';
    const request = buildRequest({
      task,
      query,
      labels: [],
      model: MODEL,
      date: new Date(),
      mediaResolution: 'default',
      outputLanguage: '',
      systemInstruction: '',
      safetySettings: [],
      images: [{ mimeType: 'image/png', bytes: bytes.length }],
    });
    const image = {
      uri: 'file:///a.png',
      name: 'a.png',
      body: memorySource(new Uint8Array(bytes)),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    const follow = {
      uploading: () => undefined,
      sent: () => undefined,
      waiting: ({ failure }: { failure: InspectorError }) => void told.push(...wordsOf(failure)),
      progress: () => undefined,
    };
    const outgoing = { job, request, images: [image], inputTokens: 1 };
    const reply = await sender.generate(outgoing, follow);
    const failure = replyFailure(reply);
    if (failure !== undefined) throw failure;
    return judge(
      task,
      reply,
      answerTo(request.turns.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []))).join('\n')),
    );
  }

  async function run(kind: Kind): Promise<End> {
    const job = new QuickJob();
    switch (kind) {
      case 'models':
        return (await sender.listModels(job)).length > 3 ? 'right' : { wrong: 'a list of models that is too short' };
      case 'key':
        await sender.checkKey(job, KEY);
        return 'right';
      case 'count': {
        const bytes = png(20, 20);
        const body = memorySource(bytes);
        const request = buildRequest({ ...COUNTED, date: new Date(), images: [{ mimeType: 'image/png', bytes: body.size }] });
        const tokens = await sender.countTokens({
          job,
          request,
          images: [{ uri: 'file:///b.png', name: 'b.png', body, sha256: createHash('sha256').update(bytes).digest('hex') }],
          inputTokens: 1,
        });
        return tokens > 0 ? 'right' : { wrong: 'a count of nothing' };
      }
      case 'many': {
        const ends = await Promise.all(['caption', 'detect', 'readText'].map((task) => generate(task as Task, job)));
        return ends.find((end) => end !== 'right') ?? 'right';
      }
      case 'cancelled':
        setTimeout(() => job.cancel(), random() * 60);
        return generate('detect', job);
      default:
        return generate(kind, job);
    }
  }

  async function attempt(): Promise<void> {
    const struck = new Set<FaultKind>();
    const kind = pick(KINDS, random);
    tally.tasks += 1;
    let end: End | 'told' = 'told';
    let timer: NodeJS.Timeout | undefined;
    const hanging = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('it hangs')), HANGING);
    });
    try {
      end = await Promise.race([met.run(struck, () => run(kind)), hanging]);
    } catch (error) {
      const problem = problemOf(error);
      if (problem !== undefined) tally.violations.push(`${kind} after ${[...struck].join(', ')}: ${problem}`);
      if (error instanceof InspectorError) {
        tally.reasons[error.reason] = (tally.reasons[error.reason] ?? 0) + 1;
        told.push(...wordsOf(error));
        if (struck.size === 0 && error.reason !== 'cancelled' && error.reason !== 'timeout')
          tally.violations.push(`${kind} without a fault: ${wordsOf(error).join(' / ')}`);
      }
    } finally {
      clearTimeout(timer);
    }
    if (typeof end === 'object') {
      tally.violations.push(`${kind} after ${[...struck].join(', ')}: ${end.wrong}`);
      return;
    }
    if (struck.size > 0) {
      tally.struck += 1;
      if (end === 'right') tally.right += 1;
    }
    for (const fault of struck) tally.ends[fault][end] += 1;
  }

  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) await attempt();
    }),
  );
  for (const text of told) if (redactSecret(text, KEY) !== text) tally.violations.push(`the key in: ${redactSecret(text, KEY)}`);
  tally.violations.push(...server.violations.filter((violation) => violation.includes('key in the URL')));
  await line.close();
  await server.close();
  return tally;
}

const COUNTED = {
  task: 'caption',
  query: '',
  labels: [],
  model: MODEL,
  mediaResolution: 'default',
  outputLanguage: '',
  systemInstruction: '',
  safetySettings: [],
} as const;

/** What a server, or something before it, may answer instead. One of them repeats the key. */
const WRONG: readonly StatusAnswer[] = [
  errors.overloaded(),
  errors.internalError(),
  errors.badGateway(),
  errors.rateLimited(2),
  errors.nested(errors.overloaded()),
  errors.resourceExhausted(),
  errors.dailyQuotaExhausted(),
  errors.modelNotFound(MODEL),
  errors.apiNotEnabled(),
  { status: 400, body: { error: { code: 400, message: `API key not valid: ${KEY}. Pass a valid key.`, status: 'INVALID_ARGUMENT' } } },
  { status: 200, body: '<!doctype html><title>Sign in</title>', headers: { 'content-type': 'text/html' } },
  { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } },
  { status: 403, body: '<html><body>Blocked by your administrator</body></html>', headers: { 'content-type': 'text/html' } },
  { status: 504, body: '' },
  { status: 418, body: 'short and stout' },
];

function pick<T>(values: readonly T[], random: () => number): T {
  return values[Math.floor(random() * values.length)] as T;
}

function emptyTally(): FaultTally {
  const each = <T>(make: () => T) => Object.fromEntries(FAULTS.map((kind) => [kind, make()])) as Record<FaultKind, T>;
  return {
    injected: each(() => 0),
    tasks: 0,
    ends: each(() => ({ right: 0, 'kept in part': 0, told: 0 })),
    struck: 0,
    right: 0,
    reasons: {},
    violations: [],
  };
}
