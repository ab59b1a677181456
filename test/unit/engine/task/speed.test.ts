import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { InspectorError } from '../../../../src/core/base/failure.ts';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { readInspection } from '../../../../src/core/inspection/storedInspection.ts';
import { readSpeed, readTraffic } from '../../../../src/core/models/speed.ts';
import type { Backend } from '../../../../src/core/models/vertex.ts';
import { buildRequest, requestBody } from '../../../../src/core/request/buildRequest.ts';
import { consentCostLines } from '../../../../src/core/usage/consentCost.ts';
import { costUsd } from '../../../../src/core/usage/cost.ts';
import { spendingOf } from '../../../../src/core/usage/spendingOf.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { connect } from '../../../../src/engine/sending/connect.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import { Retries } from '../../../../src/engine/sending/retry.ts';
import { Sender } from '../../../../src/engine/sending/sender.ts';
import type { SenderOptions } from '../../../../src/engine/sending/senderOptions.ts';
import { UploadCache } from '../../../../src/engine/sending/uploadCache.ts';
import { Uploads } from '../../../../src/engine/sending/uploads.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import { TaskPlanner } from '../../../../src/engine/task/taskPlanner.ts';
import { TaskRunner } from '../../../../src/engine/task/taskRunner.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { runCost } from '../../../../src/webview/text/format.ts';
import { flexShed } from '../../../fakes/errors.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { taskRules } from '../../../fakes/plainNode.ts';
import type { ReceivedRequest } from '../../../fakes/receivedRequest.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';

const MODEL = 'gemini-3.8-flash';
const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
let server: GeminiServer;
let folder: string;
let cat: string;

before(async () => {
  server = await startGeminiServer();
  folder = await mkdtemp(join(tmpdir(), 'speed-'));
  const path = join(folder, 'cat.png');
  await writeFile(path, await encoded(portrait(), { format: 'png' }));
  cat = pathToFileURL(path).href;
});

after(async () => {
  worker.dispose();
  await server.close();
  await rm(folder, { recursive: true });
});

beforeEach(() => server.reset());

/** All that runs tasks; waits between attempts take no time. */
function createRunner({
  setting = 'standard' as 'standard' | 'flex',
  chosen = undefined as 'standard' | 'flex' | undefined,
  backend = 'geminiApi' as Backend,
  sender: changes = {} as Partial<SenderOptions>,
} = {}) {
  const rules = taskRules(
    { model: MODEL, speed: setting },
    {
      sendOptionsFor: () => ({ redactions: [], speed: chosen }),
      tokenBasis: () => ({ calibration: {}, prices: {}, date: new Date(), backend }),
    },
  );
  const values = new Map<string, unknown>();
  const memory = {
    get: <T>(key: string) => values.get(key) as T | undefined,
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
  const options: SenderOptions = {
    permits: [],
    destination: () => server.url,
    key: async () => 'test-key',
    connect,
    uploads: async () => new Uploads(new UploadCache(memory), () => 20e6),
    timeout: () => 60_000,
    begin: async () => undefined,
    recordUsage: async () => undefined,
    log: () => undefined,
    ...changes,
  };
  const sender = new Sender(options, new Retries({ now: Date.now, random: () => 0 }));
  const results = { of: async () => [], find: async () => undefined, add: async () => undefined };
  const planner = new TaskPlanner(new ImagePreparer(LOCAL_FILES, worker, rules), LOCAL_FILES, rules, results);
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (line: string) => void warnings.push(line) };
  return { runner: new TaskRunner(planner, sender, results, log), warnings };
}

const call = (options: { speed?: string } = {}) => ({ task: 'caption' as const, images: [cat] as const, query: '', options });
const tierOf = ({ body }: ReceivedRequest) => body?.serviceTier;
const generated = () => server.requests.filter(({ endpoint }) => endpoint === 'streamGenerateContent');
const ignore = () => undefined;
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'sent',
    (error) => (error as InspectorError).reason,
  );

for (const [name, world, options, tier] of [
  ['nothing', {}, {}, undefined],
  ['the setting', { setting: 'flex' as const }, {}, 'flex'],
  ['the choice for an image, before the setting', { setting: 'flex' as const, chosen: 'standard' as const }, {}, undefined],
  ['a call, before both', { setting: 'standard' as const, chosen: 'standard' as const }, { speed: 'flex' }, 'flex'],
  ['the setting, where Vertex AI is asked', { setting: 'flex' as const, backend: 'vertexAi' as const }, {}, undefined],
] as const) {
  test(`the speed by ${name}: ${tier ?? 'standard'}`, async () => {
    const { runner } = createRunner(world);
    const { speed, seconds, mediaResolution } = await runner.inspect(call(options), new Job(), ignore);
    assert.deepEqual(generated().map(tierOf), [tier]);
    assert.equal(speed, tier ?? 'standard');
    assert.equal(mediaResolution, 'default');
    assert.ok(seconds !== undefined && seconds >= 0 && seconds < 60, `${seconds} s`);
  });
}

test('a speed that there is not, or that Vertex AI lacks, is refused before anything is sent', async () => {
  assert.equal(await reasonOf(createRunner().runner.inspect(call({ speed: 'turbo' }), new Job(), ignore)), 'unsupported');
  assert.equal(
    await reasonOf(createRunner({ backend: 'vertexAi' }).runner.inspect(call({ speed: 'flex' }), new Job(), ignore)),
    'unsupported',
  );
  assert.equal(server.requests.length, 0);
});

test('the tier that answered is the one that is shown and priced, also where it is another', async () => {
  const cost = async (serviceTier: string) => {
    server.respondWith({ text: 'A cat.', serviceTier, usage: { promptTokenCount: 1e6, totalTokenCount: 1e6, serviceTier } });
    const { runner, warnings } = createRunner({ setting: 'flex' });
    const { speed, askedSpeed, tokens } = await runner.inspect(call(), new Job(), ignore);
    return {
      speed,
      usd: tokens.costUsd ?? 0,
      text: runCost(tokens, speed, askedSpeed ?? speed)
        .text.split(' · ')
        .slice(2)
        .join(),
      warnings,
    };
  };
  const standard = costUsd(MODEL, new Date(), { prompt: 1e6 }) ?? 0;
  assert.ok(standard > 0);
  assert.deepEqual(await cost('flex'), { speed: 'flex', usd: standard / 2, text: 'flex', warnings: [] });
  assert.deepEqual(await cost('standard'), {
    speed: 'standard',
    usd: standard,
    text: 'standard',
    warnings: ['caption · asked flex, answered at standard'],
  });
  const priority = await cost('priority');
  assert.deepEqual([priority.speed, priority.usd, priority.text], ['priority', standard * 2, 'priority']);
  const shown = runCost({ estimated: 1, total: 2, costUsd: 0.01 }, 'priority', 'flex');
  assert.equal(shown.text, '✓ 2 tok · ≈ $0.01 · priority');
  assert.match(shown.title, /Speed priority · asked for flex · what priority costs is not published here/);
  assert.equal(runCost({ estimated: 1, total: 2 }, 'standard').text, '✓ 2 tok', 'the usual one, as asked');
});

test('flex waits at least 900 s, whatever the setting; standard as long as it says', async (context) => {
  for (const [speed, seconds, limit] of [
    ['flex', 61, 900],
    ['flex', 3600, 3600],
    ['standard', 61, 61],
  ] as const) {
    server.reset();
    const hold = Promise.withResolvers<void>();
    server.respondWith({ text: 'A cat.', hold: hold.promise });
    const silences: number[] = [];
    const connecting: typeof connect = (key, address, silence) => {
      silences.push(silence);
      return connect(key, address, silence);
    };
    const { runner } = createRunner({ setting: speed, sender: { timeout: () => seconds * 1000, connect: connecting } });
    const waits: number[] = [];
    const timers = context.mock.method(globalThis, 'setTimeout', ((work: () => void, ms = 0) => {
      waits.push(ms);
      return original(work, ms);
    }) as typeof setTimeout);
    const answer = runner.inspect(call(), new Job(), ignore);
    await server.waitForRequest(({ endpoint }) => endpoint === 'streamGenerateContent');
    timers.mock.restore();
    hold.resolve();
    await answer;
    assert.ok(waits.includes(limit * 1000), `${speed}, set to ${seconds} s: ${waits.join(', ')}`);
    assert.deepEqual(silences, [limit * 1000], 'the connection has to bear it');
    assert.equal(waits.includes(seconds * 1000), seconds === limit, `${speed}: no clock of ${seconds} s`);
  }
});
const original = globalThis.setTimeout;

test('what flex sheds is tried again, and then goes out at standard speed if the user says so', async () => {
  const asked: string[] = [];
  const answering = (answer: boolean) => ({
    setting: 'flex' as const,
    sender: {
      standardInstead: async (_: unknown, failure: InspectorError) => {
        asked.push(failure.reason);
        return answer;
      },
    },
  });
  const run = (world: Parameters<typeof createRunner>[0], job = new Job()) =>
    createRunner(world).runner.inspect(call(), job, ({ phase }) => {
      if (phase === 'retrying') setImmediate(() => job.skipWait());
    });
  server.respondWith(flexShed());
  assert.equal((await run(answering(true))).speed, 'flex', 'there was room the second time');
  assert.deepEqual(asked, []);

  server.reset();
  server.respondWhen(({ body }) => body?.serviceTier === 'flex', flexShed());
  const moved: Inspection = await run(answering(true));
  assert.equal(moved.speed, 'standard');
  assert.deepEqual(generated().map(tierOf), [...Array(5).fill('flex'), undefined]);
  assert.deepEqual(asked, ['overloaded']);

  assert.equal(await reasonOf(run(answering(false))), 'overloaded');
  assert.equal(asked.length, 2);
  assert.equal(await reasonOf(run(answering(true), new Job(1, 1, true))), 'overloaded', 'a program is not asked');
  assert.equal(asked.length, 2);

  const job = new Job();
  const waiting = {
    setting: 'flex' as const,
    sender: { standardInstead: () => new Promise<boolean>(() => setImmediate(() => job.cancel())) },
  };
  assert.equal(await reasonOf(run(waiting, job)), 'cancelled', 'a question that nobody answers ends with the task');
});

test('the stand-in refuses tiers and levels that there are not', async () => {
  const ask = async (change: object) => {
    const body = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }], ...change };
    const response = await fetch(`${server.url}/v1beta/models/${MODEL}:generateContent`, {
      method: 'POST',
      headers: { 'x-goog-api-key': 'test-key', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return [response.status, JSON.stringify(await response.json())] as const;
  };
  for (const serviceTier of ['turbo', 'FLEX']) {
    const [status, words] = await ask({ serviceTier });
    assert.equal(status, 400);
    assert.match(words, /service_tier/);
  }
  const [status, words] = await ask({ generationConfig: { thinkingConfig: { thinkingLevel: 'XXHIGH' } } });
  assert.equal(status, 400);
  assert.match(words, /thinking_level/);
  assert.equal((await ask({ generationConfig: { thinkingConfig: { thinkingLevel: 'XHIGH' } } }))[0], 400, 'only hydrogen thinks so hard');
  for (const serviceTier of ['flex', 'standard', 'priority']) {
    const [taken, reply] = await ask({ serviceTier });
    assert.deepEqual([taken, reply.includes(`"serviceTier":"${serviceTier}"`)], [200, true]);
  }
});

test('the tier stands beside the configuration in the body, and half the price in estimates', () => {
  const facts = { query: '', model: MODEL, date: new Date('2026-12-01'), mediaResolution: 'default' as const, outputLanguage: '' };
  const rest = { systemInstruction: '', safetySettings: [], images: [{ mimeType: 'image/png', bytes: 7 }] };
  const body = requestBody(buildRequest({ ...facts, ...rest, task: 'caption', speed: 'flex' }), () => '');
  assert.equal(body.serviceTier, 'flex');
  assert.ok(!JSON.stringify(body.generationConfig).includes('flex'));
  const basis = { calibration: {}, prices: {}, date: new Date('2026-12-01') };
  const cost = { model: MODEL, inputTokens: 1e6, requests: 1, allTokens: 1_000_000, isFree: false };
  assert.match(consentCostLines(cost, basis)[0] ?? '', /\$0\.75/);
  assert.match(consentCostLines({ ...cost, speed: 'flex' }, basis)[0] ?? '', /\$0\.37|\$0\.38/);
  const spent = (speed: 'flex' | 'standard', answered?: 'standard') =>
    spendingOf(
      {
        model: MODEL,
        speed,
        workspace: '',
        date: new Date('2026-12-01'),
        imageTokens: 0,
        inputTokens: 1e6,
        ending: {
          reply: { text: '', blockedCategories: [], cut: false, usage: { prompt: 1e6, total: 1e6 }, ...(answered && { speed: answered }) },
        },
      },
      {},
    ).usd;
  assert.deepEqual([spent('standard'), spent('flex'), spent('flex', 'standard')], [0.75, 0.375, 0.75]);
});

test('tiers are read in any spelling, and unknown ones are none', () => {
  assert.deepEqual(['ON_DEMAND', 'ON_DEMAND_PRIORITY', 'ON_DEMAND_FLEX', 'PROVISIONED_THROUGHPUT', 'constructor', 7].map(readTraffic), [
    'standard',
    'priority',
    'flex',
    undefined,
    undefined,
    undefined,
  ]);
  assert.deepEqual(['flex', 'FLEX', 'SERVICE_TIER_PRIORITY', 'turbo', '', 7, undefined].map(readSpeed), [
    'flex',
    'flex',
    'priority',
    ...Array(4).fill(undefined),
  ]);
});

test('what is stored with a speed, seconds and resolution is read again; what is none is broken', () => {
  const stored = {
    ...{ version: 1, id: 'a', task: 'caption', createdAt: '', prompt: '', model: 'm', dropped: [], tokens: {}, complete: true, raw: '' },
    images: [
      {
        ...{ uri: 'file:///a', sha256: '', mimeType: '', width: 1, height: 1 },
        sent: { mimeType: '', width: 1, height: 1, bytes: 1, via: 'inline' },
      },
    ],
    ...{ speed: 'flex', seconds: 3.5, mediaResolution: 'high' },
  };
  assert.deepEqual(readInspection(JSON.stringify(stored)), stored);
  for (const change of [{ speed: 7 }, { seconds: 'long' }, { mediaResolution: {} }])
    assert.equal(readInspection(JSON.stringify({ ...stored, ...change })), 'broken');
});
