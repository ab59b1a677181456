import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import type { InspectorError } from '../../../../src/core/base/failure.ts';
import type { GeminiRequest } from '../../../../src/core/request/request.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { OutgoingImage, OutgoingRequest } from '../../../../src/engine/sending/outgoing.ts';
import { Sender } from '../../../../src/engine/sending/sender.ts';
import type { Follower } from '../../../../src/engine/sending/senderOptions.ts';
import { type Memory, UploadCache } from '../../../../src/engine/sending/uploadCache.ts';
import { Uploads } from '../../../../src/engine/sending/uploads.ts';
import { createGemini } from '../../../../src/gemini/api/gemini.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import * as errors from '../../../fakes/errors.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import type { ReceivedRequest } from '../../../fakes/receivedRequest.ts';
import { pngOf } from '../../../fakes/testClient.ts';

const KEY = 'test-key-of-thirty-characters';
let server: GeminiServer;
before(async () => {
  server = await startGeminiServer({ keys: [KEY, 'other-key'] });
});
afterEach(() => {
  const violations = [...server.violations];
  server.reset();
  assert.deepEqual(violations, []);
});
after(() => server.close());

/** VS Code's memory; `values` outlive a restart. */
function memoryOf(values = new Map<string, unknown>()): Memory & { values: Map<string, unknown> } {
  return { values, get: <T>(key: string) => values.get(key) as T | undefined, update: async (key, value) => void values.set(key, value) };
}

interface Place {
  memory?: Memory;
  limit?: number;
  key?: string;
  now?: () => number;
  permits?: ((sending: OutgoingRequest) => Promise<void>)[];
}

const senderIn = ({ memory = memoryOf(), limit = 20e6, key = KEY, now = Date.now, permits = [] }: Place): Sender =>
  new Sender({
    permits,
    destination: () => server.url,
    key: async () => key,
    connect: async (apiKey, baseUrl) => createGemini({ apiKey, baseUrl, fetch: globalThis.fetch }),
    uploads: async () => new Uploads(new UploadCache(memory, now), () => limit),
    timeout: () => 10_000,
    begin: async () => undefined,
    recordUsage: async () => undefined,
    log: () => undefined,
  });

const SMALL = pngOf(30, 20);
const LARGE = pngOf(900, 600);
const LARGER = pngOf(1200, 800);

/** Sends pictures, and tells how each went and what was heard meanwhile. */
async function send(sender: Sender, pictures: readonly Buffer[], job = new Job()) {
  const images = pictures.map(
    (bytes, i): OutgoingImage => ({
      uri: `file:///${i}.png`,
      name: `貓 ${i}.png`,
      body: memorySource(bytes),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }),
  );
  const request: GeminiRequest = {
    task: 'compare',
    model: 'gemini-3.8-flash',
    turns: [
      {
        role: 'user',
        parts: [
          ...pictures.map((bytes, image) => ({
            kind: 'image' as const,
            image,
            mimeType: 'image/png',
            bytes: bytes.length,
            source: { kind: 'inline' as const },
          })),
          { kind: 'text', text: 'What is different?' },
        ],
      },
    ],
    config: {},
  };
  const heard = new Heard();
  const reply = await sender.generate({ job, request, images, inputTokens: 1 }, heard);
  return { reply, shares: heard.shares, sent: heard.requests, waits: heard.waits };
}

/** Keeps what a sender tells. */
class Heard implements Follower {
  readonly shares: number[] = [];
  readonly requests: GeminiRequest[] = [];
  waits = 0;

  uploading(share: number): void {
    this.shares.push(share);
  }

  sent(request: GeminiRequest): void {
    this.requests.push(request);
  }

  waiting(): void {
    this.waits += 1;
  }

  progress(): void {}
}

/** How the pictures of the last request that was answered came, in order; each is the very picture that was sent. */
function arrived(pictures: readonly Buffer[]): string[] {
  const { images } = server.requests.findLast(({ endpoint }) => endpoint === 'streamGenerateContent') ?? { images: [] };
  assert.deepEqual(
    images.map(({ bytes }) => bytes.length),
    pictures.map(({ length }) => length),
  );
  return images.map(({ via }) => via);
}

const uploadCount = () => server.requests.filter(({ endpoint }) => endpoint === 'startUpload').length;
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'sent',
    (error: InspectorError) => error.reason,
  );

test('what fits goes inside the request', async () => {
  const { shares } = await send(senderIn({}), [SMALL]);
  assert.deepEqual([arrived([SMALL]), uploadCount(), shares], [['inline'], 0, []]);
});

test('what does not fit is uploaded, with progress, under its own name', async () => {
  const { shares, sent } = await send(senderIn({ limit: 1000 }), [LARGE]);
  assert.deepEqual(arrived([LARGE]), ['file']);
  assert.deepEqual([shares[0], shares.at(-1)], [0, 1]);
  assert.equal(server.files.all(KEY)[0]?.displayName, '貓 0.png');
  const part = sent[0]?.turns[0]?.parts[0];
  assert.ok(part?.kind === 'image' && part.source.kind === 'file' && part.source.uri.endsWith(server.files.all(KEY)[0]?.name ?? '-'));
});

test('of several the largest are uploaded, and their order stays', async () => {
  const limit = 4 * Math.ceil((SMALL.length + LARGE.length) / 3) + 700;
  await send(senderIn({ limit }), [SMALL, LARGER, LARGE]);
  assert.deepEqual(arrived([SMALL, LARGER, LARGE]), ['inline', 'file', 'inline']);
});

test('the same picture is uploaded once, also for later requests and after a restart', async () => {
  const memory = memoryOf();
  await send(senderIn({ memory, limit: 1000 }), [LARGE, LARGE]);
  assert.deepEqual([arrived([LARGE, LARGE]), uploadCount()], [['file', 'file'], 1]);
  const { shares } = await send(senderIn({ memory: memoryOf(memory.values), limit: 1000 }), [LARGE]);
  assert.deepEqual([arrived([LARGE]), uploadCount(), shares], [['file'], 1, []]);
  // Even where it would fit.
  await send(senderIn({ memory }), [LARGE]);
  assert.deepEqual([arrived([LARGE]), uploadCount()], [['file'], 1]);
});

test('a file is not used with another key, nor at another address; and of the key nothing is kept', async () => {
  const memory = memoryOf();
  await send(senderIn({ memory, limit: 1000 }), [LARGE]);
  await send(senderIn({ memory, limit: 1000, key: 'other-key' }), [LARGE]);
  assert.equal(uploadCount(), 2);
  const kept = JSON.stringify([...memory.values]);
  for (let i = 0; i + 8 <= KEY.length; i++) assert.ok(!kept.includes(KEY.slice(i, i + 8)));
  assert.ok(!kept.includes(createHash('sha256').update(KEY).digest('hex')));
  const elsewhere = await new UploadCache(memory).of({ destination: 'https://example.com', key: KEY });
  assert.deepEqual(elsewhere, []);
});

test('a file is not used any more shortly before it expires', async () => {
  const memory = memoryOf();
  await send(senderIn({ memory, limit: 1000 }), [LARGE]);
  const later = Date.now() + 48 * 3600e3 - 60e3;
  await send(senderIn({ memory, limit: 1000, now: () => later }), [LARGE]);
  assert.equal(uploadCount(), 2);
});

test('what is remembered has a bound', async () => {
  const memory = memoryOf();
  const uploads = new UploadCache(memory);
  const way = { destination: 'https://example.com', key: KEY };
  for (let i = 0; i < 503; i++) {
    const file = { name: `files/${i}`, uri: `https://example.com/${i}`, displayName: '', mimeType: 'image/png', bytes: 1, state: 'ACTIVE' };
    await uploads.remember(way, String(i), file);
  }
  assert.equal((await uploads.of(way)).length, 500);
  assert.equal(await uploads.find(way, { sha256: '2', mimeType: 'image/png' }), undefined);
  assert.equal((await uploads.find(way, { sha256: '502', mimeType: 'image/png' }))?.name, 'files/502');
});

test('a memory that holds something odd is an empty one', async () => {
  const memory = memoryOf(new Map<string, unknown>([['uploads', { not: 'a list' }]]));
  await send(senderIn({ memory, limit: 1000 }), [LARGE]);
  assert.deepEqual(arrived([LARGE]), ['file']);
});

for (const [how, gone] of [
  ['as a 403 with its words', undefined],
  ['as a 404 with its words', errors.fileNotFound()],
  ['as a 404 that does not say what', errors.googleError(404, 'NOT_FOUND', 'Requested entity was not found.')],
] as const) {
  test(`a file that has vanished, told ${how}, is uploaded again unnoticed`, async () => {
    const memory = memoryOf();
    await send(senderIn({ memory, limit: 1000 }), [LARGE]);
    const [file] = server.files.all(KEY);
    server.files.delete(file?.name ?? '');
    if (gone) server.respondWhen((request) => JSON.stringify(request.json ?? '').includes(file?.name ?? '-'), gone);
    const { reply } = await send(senderIn({ memory, limit: 1000 }), [LARGE]);
    assert.equal(reply.finishReason, 'STOP');
    assert.deepEqual([arrived([LARGE]), uploadCount()], [['file'], 2]);
    assert.notEqual(server.files.all(KEY)[0]?.name, file?.name);
  });
}

test('when a small picture’s file has vanished the picture goes inside the request', async () => {
  const memory = memoryOf();
  await send(senderIn({ memory, limit: 1000 }), [LARGE]);
  server.files.delete(server.files.all(KEY)[0]?.name ?? '');
  await send(senderIn({ memory }), [LARGE]);
  assert.deepEqual([arrived([LARGE]), uploadCount()], [['inline'], 1]);
});

test('of several files only those that have vanished are uploaded again', async () => {
  const memory = memoryOf();
  await send(senderIn({ memory, limit: 1000 }), [LARGE, LARGER]);
  const gone = server.files.all(KEY).find(({ size }) => size === LARGE.length);
  server.files.delete(gone?.name ?? '');
  await send(senderIn({ memory, limit: 1000 }), [LARGE, LARGER]);
  assert.deepEqual([arrived([LARGE, LARGER]), uploadCount()], [['file', 'file'], 3]);
});

test('a file that is gone as soon as it has been uploaded is told of, and does not go on for ever', async () => {
  server.respondWhen(({ endpoint }) => endpoint === 'streamGenerateContent', errors.fileForbidden());
  const memory = memoryOf();
  assert.equal(await reasonOf(send(senderIn({ memory, limit: 1000 }), [LARGE])), 'server');
  assert.equal(await reasonOf(send(senderIn({ memory, limit: 1000 }), [LARGE])), 'server');
  assert.equal(uploadCount(), 2);
});

test('an unknown model is an unknown model, with its files still there', async () => {
  const memory = memoryOf();
  await send(senderIn({ memory, limit: 1000 }), [LARGE]);
  server.respondWhen(({ endpoint }) => endpoint === 'streamGenerateContent', errors.modelNotFound('gemini-3.8-flash'));
  assert.equal(await reasonOf(send(senderIn({ memory, limit: 1000 }), [LARGE])), 'modelNotFound');
  assert.equal(uploadCount(), 1);
});

test('nothing is uploaded before all permits have passed, which are told how the images go', async () => {
  const told: (readonly number[])[] = [];
  const permit = async ({ uploads, request }: OutgoingRequest) => {
    told.push(uploads);
    assert.equal(server.requests.length, 0);
    const part = request.turns[0]?.parts[0];
    assert.ok(part?.kind === 'image' && part.source.kind === 'file');
  };
  const refuse = async () => {
    throw Object.assign(new Error('no'), { reason: 'notConfirmed' });
  };
  assert.equal(await reasonOf(send(senderIn({ limit: 1000, permits: [permit, refuse] }), [LARGE])), 'notConfirmed');
  assert.deepEqual([told, server.requests.length], [[[0]], 0]);
});

test('a busy server is asked again to begin an upload; what was uploaded is not sent twice', async () => {
  const busy = { ...errors.overloaded(), headers: { 'retry-after': '0' } };
  let first: ReceivedRequest | undefined;
  server.respondWhen((request) => {
    if (request.endpoint === 'startUpload') first ??= request;
    return request === first;
  }, busy);
  server.respondWith(busy);
  const { reply, waits } = await send(senderIn({ limit: 1000 }), [LARGE]);
  assert.equal(reply.finishReason, 'STOP');
  assert.deepEqual([waits, uploadCount(), server.files.all(KEY).length], [2, 2, 1]);
});

test('cancel during the upload ends it; nothing is remembered, and nothing asked', async () => {
  const memory = memoryOf();
  const job = new Job();
  server.breakUploads({ kind: 'stall', at: 100 });
  const pending = reasonOf(send(senderIn({ memory, limit: 1000 }), [LARGE], job));
  await server.waitForRequest(({ endpoint }) => endpoint === 'continueUpload');
  const cancelled = performance.now();
  job.cancel();
  assert.equal(await pending, 'cancelled');
  assert.ok(performance.now() - cancelled < 1000);
  assert.equal(memory.values.get('uploads'), undefined);
  assert.ok(server.requests.every(({ endpoint }) => endpoint !== 'streamGenerateContent'));
});
