import assert from 'node:assert/strict';
import { hash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { buildRequest } from '../../../../src/core/request/buildRequest.ts';
import type { GeminiReply } from '../../../../src/core/usage/geminiReply.ts';
import { createGemini } from '../../../../src/gemini/api/gemini.ts';
import type { UploadSource } from '../../../../src/gemini/files/sentHash.ts';
import { FETCH_PATIENCE, patientFetch } from '../../../../src/gemini/http/patientFetch.ts';
import { Timeout } from '../../../../src/gemini/http/timeout.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { pngOf } from '../../../fakes/testClient.ts';
import { GRANULARITY } from '../../../fakes/uploads.ts';

const PICTURE = pngOf(597, 566);
let server: GeminiServer;
before(async () => {
  server = await startGeminiServer();
});
after(() => server.close());

const request = () =>
  buildRequest({
    ...{ task: 'caption', query: '', model: 'gemini-3.8-flash', date: new Date(TABLE_DATE), mediaResolution: 'default', speed: 'flex' },
    ...{ outputLanguage: '', systemInstruction: '', safetySettings: [] },
    images: [{ mimeType: 'image/png', bytes: PICTURE.length }],
  });
const generate = (fetch: typeof globalThis.fetch, signal = new AbortController().signal) =>
  createGemini({ apiKey: 'test-key', baseUrl: server.url, fetch }).generate(request(), async () => PICTURE, { signal });

interface Dispatcher {
  dispatch(options: object, handler: object): boolean;
}
const PLACE = Symbol.for('undici.globalDispatcher.1');

/** Node's fetch with limits of a moment in place of its 300 s, while the work is done. */
async function impatient<T>(work: () => Promise<T>): Promise<T> {
  const places = globalThis as unknown as Record<symbol, Dispatcher>;
  void new Headers();
  const usual = places[PLACE] as Dispatcher;
  places[PLACE] = { dispatch: (options, handler) => usual.dispatch({ ...options, headersTimeout: 1, bodyTimeout: 1 }, handler) };
  try {
    return await work();
  } finally {
    places[PLACE] = usual;
  }
}

for (const [silent, holdAfterChunks] of [
  ['before its headers', undefined],
  ['within its answer', 1],
] as const) {
  test(`a server that is silent ${silent}: fetch gives up by its own limit, the patient one waits`, { timeout: 60_000 }, () =>
    impatient(async () => {
      server.reset();
      const script = (hold: Promise<void>) =>
        server.respondWith({
          chunks: ['A grey ', 'square.'],
          hold,
          ...(holdAfterChunks === undefined ? {} : { holdAfterChunks }),
        });
      const patientHold = Promise.withResolvers<void>();
      script(patientHold.promise);
      const patient = generate(patientFetch);
      await server.waitForRequest();
      const usualHold = Promise.withResolvers<void>();
      script(usualHold.promise);
      const usual = await generate((input, init) => globalThis.fetch(input, init)).catch((error: unknown) => error);
      if (holdAfterChunks === undefined) assert.equal((usual as InspectorError).reason, 'timeout');
      else assert.equal((usual as GeminiReply).cut, true);
      // The other one, asked before, is still waiting.
      usualHold.resolve();
      patientHold.resolve();
      const { text, cut } = await patient;
      assert.deepEqual([text, cut], ['A grey square.', false]);
    }),
  );
}

test('the patient one sends and reads what fetch does', async () => {
  server.reset();
  for (const fetch of [globalThis.fetch, patientFetch]) {
    server.respondWith({ text: 'Ein Bär 🐻' });
    assert.equal((await generate(fetch)).text, 'Ein Bär 🐻');
  }
  const [usual, patient] = server.requests;
  assert.deepEqual(patient?.json, usual?.json);
  for (const name of ['x-goog-api-key', 'content-type', 'content-length']) assert.equal(patient?.headers[name], usual?.headers[name]);
  for (const asked of [usual, patient]) {
    assert.ok(Number(asked?.headers['content-length']) > PICTURE.length);
    assert.equal(asked?.headers['transfer-encoding'], undefined);
  }
  server.respondWith({
    status: 503,
    body: { error: { code: 503, status: 'UNAVAILABLE', message: 'busy' } },
    headers: { 'retry-after': '7' },
  });
  await assert.rejects(generate(patientFetch), { reason: 'overloaded', retryAfterSeconds: 7 });
  server.respondWith({ status: 302, body: '', headers: { location: 'https://example.com/' } });
  await assert.rejects(generate(patientFetch), { reason: 'network' });
  server.respondWith({ drop: true });
  await assert.rejects(generate(patientFetch), { reason: 'network' });
  assert.deepEqual(server.violations, []);
});

test('the patient one uploads what is read while it goes out, and says why that could not be read', async () => {
  server.reset();
  const gemini = createGemini({ apiKey: 'test-key', baseUrl: server.url, fetch: patientFetch });
  const bytes = randomBytes(GRANULARITY + 300_000);
  const sha256 = hash('sha256', bytes);
  const upload = (read: UploadSource['read']) =>
    gemini.upload(
      { body: { size: bytes.length, read }, mimeType: 'image/png', displayName: 'cat.png', sha256 },
      { signal: new AbortController().signal, stall: 60_000, onProgress: () => undefined },
    );
  await upload(async (offset, length) => bytes.subarray(offset, offset + length));
  assert.deepEqual(
    server.files.all('test-key').map((file) => file.sha256),
    [sha256],
  );
  const gone = new InspectorError('unreadableImage', 'It is gone.');
  const broken = upload(async (offset, length) => {
    if (offset > 500_000) throw gone;
    return bytes.subarray(offset, offset + length);
  });
  await assert.rejects(broken, gone);
  assert.deepEqual(server.violations, []);
});

test('its own time-out is the one bound, and ends the connection', async () => {
  server.reset();
  server.respondWith({ text: 'late', hold: new Promise(() => undefined) });
  const failure = new InspectorError('timeout', 'No answer.');
  using timeout = new Timeout(new AbortController().signal, 50, () => failure);
  await assert.rejects(generate(patientFetch, timeout.signal), failure);
  await server.waitForAbort();
  assert.equal(FETCH_PATIENCE, 300_000);
});
