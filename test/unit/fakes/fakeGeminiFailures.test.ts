import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import * as errors from '../../fakes/errors.ts';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import type { StatusAnswer } from '../../fakes/script.ts';
import { sdk } from '../../fakes/testClient.ts';

const question = { model: 'gemini-3.8-flash', contents: 'Hello' };
let server: GeminiServer;
before(async () => {
  server = await startGeminiServer();
});
beforeEach(() => server.reset());
after(() => server.close());

const ask = () => sdk(server.url).models.generateContent(question);

/** Reads a stream to its end; the text that came, and the error that ended it. */
async function readStream(signal?: AbortSignal, onText?: () => void): Promise<{ text: string; error: Error | undefined }> {
  let text = '';
  try {
    const config = signal ? { abortSignal: signal } : {};
    for await (const event of await sdk(server.url).models.generateContentStream({ ...question, config })) {
      text += event.text ?? '';
      onText?.();
    }
    return { text, error: undefined };
  } catch (error) {
    return { text, error: error as Error };
  }
}

const CASES: [string, StatusAnswer, number, RegExp][] = [
  ['a key that is not valid', errors.apiKeyInvalid(), 400, /"reason":"API_KEY_INVALID"/],
  ['a leaked key', errors.apiKeyLeaked(), 403, /reported as leaked/],
  ['an API that is not enabled', errors.apiNotEnabled(), 403, /"reason":"SERVICE_DISABLED"/],
  ['a file that is gone', errors.fileForbidden(), 403, /File abc123 or it may not exist/],
  ['a file that is not found', errors.fileNotFound(), 404, /files\/abc123/],
  ['a retired model', errors.modelNotFound('gemini-2.0-flash'), 404, /gemini-2.0-flash is not found/],
  ['too many requests a minute', errors.rateLimited(), 429, /PerMinute.*"retryDelay":"47s"/],
  ['too many requests a day', errors.dailyQuotaExhausted(), 429, /PerDay.*"retryDelay"/],
  ['no quota at all', errors.noQuota(), 429, /limit: 0/],
  ['a 429 without details', errors.resourceExhausted(), 429, /^(?!.*details)/],
  ['an overloaded model', errors.overloaded(), 503, /UNAVAILABLE/],
  ['an internal error', errors.internalError(), 500, /INTERNAL/],
  ['a picture that cannot be processed', errors.imageNotProcessable(), 400, /Unable to process input image/],
  ['a picture that is not valid', errors.imageNotValid(), 400, /Provided image is not valid/],
  ['a MIME type that is not supported', errors.unsupportedMimeType('image/gif'), 400, /Unsupported MIME type: image\/gif/],
  ['a location that is not supported', errors.locationNotSupported(), 400, /FAILED_PRECONDITION/],
  ['files that are too large', errors.filesTooLarge(), 400, /total referenced files bytes/],
  ['a page of HTML', errors.badGateway(), 502, /<!DOCTYPE html>/],
  ['an error within an error', errors.nested(errors.overloaded()), 503, /\\"status\\":\\"UNAVAILABLE\\"/],
  ['a 404 under the type of a stream', errors.modelNotFoundAsStream('gemini-9'), 404, /gemini-9 is not found/],
];

for (const [name, answer, status, message] of CASES) {
  test(`${name}: the SDK throws an ApiError with status ${status}`, async () => {
    server.respondWith(answer);
    await assert.rejects(ask(), { name: 'ApiError', status, message });
  });
}

test('an error inside a stream comes after the text that had come', async () => {
  // The error comes by itself once the text has been read: in one piece with the text the SDK does not know it as one.
  let release = () => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  server.respondWith({ ...errors.errorInsideStream(errors.overloaded(), 'A picture'), hold, holdAfterChunks: 1 });
  const { text, error } = await readStream(undefined, release);
  assert.equal(text, 'A picture');
  assert.match(error?.message ?? '', /UNAVAILABLE/);
});

test('a stream that is cut keeps what had come', async () => {
  server.respondWith({ chunks: ['one', ' two', ' three'], cutAfterChunks: 2 });
  const { text, error } = await readStream();
  assert.equal(text, 'one two');
  assert.ok(error);
});

test('a cut is not taken for a client that left', async () => {
  const own = await startGeminiServer();
  own.respondWith({ text: 'one two three', cutAfterChunks: 1 });
  const events = await sdk(own.url).models.generateContentStream(question);
  await assert.rejects(async () => {
    for await (const event of events) assert.ok(event);
  });
  // Closed, it has seen the end of every connection.
  await own.close();
  assert.deepEqual(
    own.requests.map(({ aborted }) => aborted),
    [false],
  );
});

test('a reply in one piece that is cut is an error', async () => {
  server.respondWith({ text: 'one two three', cutAfterChunks: 0 });
  await assert.rejects(ask());
});

test('a connection that is reset is a network error, not one of the API', async () => {
  server.respondWith({ drop: true });
  await assert.rejects(ask(), (error: Error) => error.name !== 'ApiError' && /fetch failed/.test(String(error.message)));
  assert.equal(server.requests.length, 1);
});

test('an answer waits for its hold before anything is sent', async () => {
  let release = () => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  server.respondWith({ text: 'late', hold });
  let isAnswered = false;
  const reply = ask().finally(() => {
    isAnswered = true;
  });
  await server.waitForRequest();
  assert.equal(isAnswered, false);
  release();
  assert.equal((await reply).text, 'late');
});

test('a stream waits between its events', async () => {
  let release = () => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  server.respondWith({ chunks: ['one', ' two'], hold, holdAfterChunks: 1 });
  const stream = await sdk(server.url).models.generateContentStream(question);
  assert.equal((await stream.next()).value?.text, 'one');
  let isThere = false;
  const second = stream.next().finally(() => {
    isThere = true;
  });
  // A whole other stream goes by meanwhile.
  await readStream();
  assert.equal(isThere, false);
  release();
  assert.equal((await second).value?.text, ' two');
});

test('a client that leaves in the middle of a stream is noticed', async () => {
  const leaving = new AbortController();
  server.respondWith({ chunks: ['one', ' two'], hold: new Promise(() => undefined), holdAfterChunks: 1 });
  const config = { abortSignal: leaving.signal };
  const stream = await sdk(server.url).models.generateContentStream({ ...question, config });
  assert.equal((await stream.next()).value?.text, 'one');
  leaving.abort();
  assert.equal((await server.waitForAbort()).aborted, true);
  await assert.rejects(stream.next(), { name: 'AbortError' });
});

test('a client that leaves before the headers is noticed', async () => {
  server.respondWith({ text: 'never', delayMs: 3_600_000 });
  const leaving = new AbortController();
  const reading = readStream(leaving.signal);
  await server.waitForRequest(({ text }) => text === 'Hello');
  leaving.abort();
  await server.waitForAbort();
  assert.equal((await reading).error?.name, 'AbortError');
});

test('whoever still waits when the server is closed is told', async () => {
  const own = await startGeminiServer();
  const waiting = assert.rejects(own.waitForRequest(), /closed/);
  await own.close();
  await waiting;
});
