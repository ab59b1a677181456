import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { buildRequest } from '../../../../src/core/request/buildRequest.ts';
import { createGemini } from '../../../../src/gemini/api/gemini.ts';
import { HttpError } from '../../../../src/gemini/http/httpError.ts';
import { createTransport, LONGEST_ERROR, LONGEST_REPLY } from '../../../../src/gemini/http/transport.ts';

const MB = 1024 * 1024;
const KEY = 'AQ.secret-key-of-someone';

/** A body of so many pieces, and how many of them were asked for. */
function bodyOf(piece: Uint8Array<ArrayBuffer>, pieces: number, first: Uint8Array<ArrayBuffer> = piece) {
  const state = { pulled: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (state.pulled === pieces) return controller.close();
        controller.enqueue(state.pulled === 0 ? first : piece);
        state.pulled += 1;
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { state, stream };
}

const filled = (bytes: number, text: string) => new Uint8Array(bytes).fill(text.charCodeAt(0));
const answering = (body: ReadableStream, init: ResponseInit) => async () => new Response(body, init);
const request = () =>
  buildRequest({
    task: 'caption',
    query: '',
    model: 'gemini-3.8-flash',
    date: new Date(TABLE_DATE),
    mediaResolution: 'default',
    outputLanguage: '',
    systemInstruction: '',
    safetySettings: [],
    images: [],
  });
const client = (fetch: typeof globalThis.fetch) => createGemini({ apiKey: KEY, baseUrl: 'https://example.com', fetch });
const generate = (fetch: typeof globalThis.fetch) =>
  client(fetch).generate(request(), async () => new Uint8Array(), { signal: new AbortController().signal });

test('of an error without end the first megabyte is read, and the rest is not fetched', async () => {
  const { stream, state } = bodyOf(filled(100_000, 'x'), 2000);
  const error = await createTransport(answering(stream, { status: 500 }))('https://example.com/').catch((thrown: unknown) => thrown);
  assert.ok(error instanceof HttpError);
  assert.equal(error.refused.body.length, LONGEST_ERROR);
  assert.ok(state.cancelled && state.pulled <= 12, `${state.pulled} pieces`);
});

test('an error of 200 MB full of the key is told at once and without it', async () => {
  const { stream } = bodyOf(new TextEncoder().encode(`${KEY} `.repeat(40_000)), 200);
  const started = performance.now();
  await assert.rejects(generate(answering(stream, { status: 400 })), (failure: Error) => {
    assert.ok(!`${failure.message} ${(failure.cause as Error).message}`.includes('secret-key'));
    return true;
  });
  assert.ok(performance.now() - started < 3000);
});

const event = (text: string) =>
  new TextEncoder().encode(`data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text }] } }] })}\n\n`);

test('a stream of events without end is broken off at 64 MB; what had come stays', async () => {
  const { stream, state } = bodyOf(event('y'.repeat(MB)), 500, event('A cat.'));
  const reply = await generate(answering(stream, { headers: { 'content-type': 'text/event-stream' } }));
  assert.ok(reply.cut && reply.text.startsWith('A cat.'));
  assert.ok(reply.text.length < LONGEST_REPLY && state.cancelled && state.pulled < 70, `${state.pulled} pieces`);
});

test('a stream that never ends an event is broken off at 64 MB', async () => {
  const { stream, state } = bodyOf(filled(MB, 'z'), 500);
  await assert.rejects(generate(answering(stream, { headers: { 'content-type': 'text/event-stream' } })), {
    reason: 'network',
    detail: 'The answer of example.com is longer than any of Gemini.',
    isTransient: false,
  });
  assert.ok(state.cancelled && state.pulled < 70, `${state.pulled} pieces`);
});

test('any other answer is broken off at 64 MB too', async () => {
  const signal = new AbortController().signal;
  for (const call of [
    (fetch: typeof globalThis.fetch) => client(fetch).countTokens(request(), async () => new Uint8Array(), { signal }),
    (fetch: typeof globalThis.fetch) => client(fetch).listModels({ signal }),
    (fetch: typeof globalThis.fetch) => client(fetch).listFiles({ signal }),
    (fetch: typeof globalThis.fetch) => client(fetch).deleteFile('files/abc', { signal }),
  ]) {
    const { stream, state } = bodyOf(filled(MB, ' '), 500);
    await assert.rejects(call(answering(stream, { headers: { 'content-type': 'application/json' } })), { reason: 'network' });
    assert.ok(state.cancelled && state.pulled < 70, `${state.pulled} pieces`);
  }
});

test('an answer of the very length that is let through stays whole', async () => {
  const { stream } = bodyOf(filled(MB, 'a'), 64);
  const response = await createTransport(answering(stream, {}))('https://example.com/');
  assert.equal((await response.arrayBuffer()).byteLength, LONGEST_REPLY);
});
