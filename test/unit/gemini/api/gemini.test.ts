import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { buildRequest, type RequestFacts } from '../../../../src/core/request/buildRequest.ts';
import type { Gemini, Progress } from '../../../../src/gemini/api/api.ts';
import { createGemini } from '../../../../src/gemini/api/gemini.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import * as errors from '../../../fakes/errors.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { pngOf } from '../../../fakes/testClient.ts';
import { streamed } from './geminiStreamed.ts';

// Whatever the environment says about Gemini, requests go where the settings say, with the key that was given.
Object.assign(process.env, {
  GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:1',
  GOOGLE_API_KEY: 'key-of-the-environment',
  GEMINI_API_KEY: 'key-of-the-environment',
  GOOGLE_GENAI_USE_VERTEXAI: 'true',
  GOOGLE_CLOUD_PROJECT: 'project-of-the-environment',
});

const PICTURE = pngOf(597, 566);
let server: GeminiServer;

before(async () => {
  server = await startGeminiServer();
});
afterEach(() => {
  const violations = [...server.violations];
  server.reset();
  assert.deepEqual(violations, []);
});
after(() => server.close());

const client = (changes: Partial<Parameters<typeof createGemini>[0]> = {}): Gemini =>
  createGemini({ apiKey: 'test-key', baseUrl: server.url, fetch: (input, init) => globalThis.fetch(input, init), ...changes });

const request = (changes: Partial<RequestFacts> = {}) =>
  buildRequest({
    task: 'caption',
    query: '',
    model: 'gemini-3.8-flash',
    date: new Date(TABLE_DATE),
    mediaResolution: 'default',
    outputLanguage: '',
    systemInstruction: '',
    safetySettings: [],
    images: [{ mimeType: 'image/png', bytes: PICTURE.length }],
    ...changes,
  });

const bytes = async (): Promise<Uint8Array> => PICTURE;
const never = new AbortController().signal;

const rejectsWith = (work: Promise<unknown>, reason: string): Promise<InspectorError> =>
  work.then(
    () => assert.fail(`resolved instead of ${reason}`),
    (error: unknown) => {
      assert.ok(error instanceof InspectorError, String(error));
      assert.equal(error.reason, reason, `${error.message} ${error.detail} ${String(error.cause)}`);
      return error;
    },
  );

// VS Code's own fetch goes through its proxy and takes its certificates, but only where no dispatcher says how to connect.
test('every call goes through the fetch that was given, which alone says how to connect', async () => {
  const calls: RequestInit[] = [];
  const gemini = client({
    fetch: (input, init) => {
      calls.push(init ?? {});
      return globalThis.fetch(input, init);
    },
  });
  const options = { signal: never };
  await gemini.generate(request(), bytes, options);
  await gemini.countTokens(request(), bytes, options);
  await gemini.listModels(options);
  await gemini.checkKey(options);
  const content = {
    body: memorySource(PICTURE),
    mimeType: 'image/png',
    displayName: 'a.png',
    sha256: createHash('sha256').update(PICTURE).digest('hex'),
  };
  const { name } = await gemini.upload(content, { ...options, stall: 5000, onProgress: () => undefined });
  await gemini.listFiles(options);
  await gemini.getFile(name, options);
  await gemini.deleteFile(name, options);
  assert.equal(calls.length, server.requests.length);
  assert.ok(calls.length >= 9);
  for (const init of calls) for (const name of ['dispatcher', 'agent', 'client']) assert.ok(!(name in init), name);
});

test('the picture arrives as it is, before the words, at v1beta, with the key in its header alone', async () => {
  server.respondWith({ text: 'A grey square.' });
  const reply = await client().generate(request(), bytes, { signal: never });
  assert.equal(reply.text, 'A grey square.');
  assert.deepEqual([reply.finishReason, reply.modelVersion, reply.cut], ['STOP', 'gemini-3.8-flash', false]);
  assert.equal(reply.usage?.image, 1088);
  const [received] = server.requests;
  assert.equal(received?.path, '/v1beta/models/gemini-3.8-flash:streamGenerateContent');
  assert.equal(received?.headers['x-goog-api-key'], 'test-key');
  assert.ok(received?.images[0]?.bytes.equals(PICTURE));
  assert.deepEqual(
    received?.body?.contents?.[0]?.parts?.map((part) => Object.keys(part)),
    [['inlineData'], ['text']],
  );
  assert.equal(server.requests.length, 1);
});

test('a part of a larger buffer is sent as that part alone', async () => {
  const larger = Buffer.concat([Buffer.alloc(5), PICTURE, Buffer.alloc(5)]);
  await client().generate(request(), async () => new Uint8Array(larger.buffer, larger.byteOffset + 5, PICTURE.length), { signal: never });
  assert.ok(server.requests[0]?.images[0]?.bytes.equals(PICTURE));
});

for (const model of [
  'gemini-3.8-flash',
  'gemini-3.5-flash',
  'gemini-3.5-flash-lite',
  'gemini-3.1-flash-lite',
  'gemini-3.1-pro-preview',
  'gemini-4-argon',
  'gemini-4-carbon',
  'gemini-2.5-flash',
  'gemini-2.5-flash-lite',
  'gemini-2.5-pro',
  'gemini-robotics-er-2-preview',
]) {
  test(`${model} takes all that is sent with every task`, async () => {
    for (const task of ['caption', 'detect', 'segment'] as const) {
      const safetySettings = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }];
      const full = request({ task, model, mediaResolution: 'ultraHigh', systemInstruction: 'Be brief.', safetySettings });
      const reply = await client().generate(full, bytes, { signal: never });
      assert.notEqual(reply.text, '');
      assert.deepEqual(server.requests.at(-1)?.body?.safetySettings, safetySettings);
      assert.equal(server.requests.at(-1)?.body?.systemInstruction?.parts?.[0]?.text, 'Be brief.');
    }
  });
}

test('progress tells the text so far, what is new, and that the model thinks', async () => {
  server.respondWith({ thoughts: 'Let me see.', chunks: ['A ', 'grey ', 'square.'] });
  const seen: Progress[] = [];
  const reply = await client().generate(request(), bytes, { signal: never, onProgress: (progress) => void seen.push(progress) });
  assert.equal(reply.text, 'A grey square.');
  assert.equal(seen[0]?.thinking, true);
  assert.deepEqual([seen[0]?.text, seen[0]?.delta], ['', '']);
  assert.deepEqual(
    seen.filter(({ delta }) => delta !== '').map(({ text, delta }) => [text, delta]),
    [
      ['A ', 'A '],
      ['A grey ', 'grey '],
      ['A grey square.', 'square.'],
    ],
  );
  assert.ok(seen.filter(({ text }) => text !== '').every(({ thinking }) => !thinking));
  assert.equal(seen.at(-1)?.outputTokens, reply.usage?.output);
});

test('nothing is tried twice', async () => {
  server.respondWith(errors.overloaded(), { text: 'second' });
  await rejectsWith(client().generate(request(), bytes, { signal: never }), 'overloaded');
  assert.equal(server.requests.length, 1);
});

for (const [answer, reason] of [
  [errors.rateLimited(), 'rateLimited'],
  [errors.dailyQuotaExhausted(), 'quotaExhausted'],
  [errors.modelNotFound('gemini-3.8-flash'), 'modelNotFound'],
  [errors.modelNotFoundAsStream('gemini-3.8-flash'), 'modelNotFound'],
  [errors.badGateway(), 'server'],
  [errors.nested(errors.overloaded()), 'overloaded'],
  [errors.imageNotProcessable(), 'unreadableImage'],
  [{ status: 500, body: '', headers: { 'content-type': 'application/json' } }, 'server'],
  [{ status: 429, body: 'slow down', headers: { 'retry-after': '3' } }, 'rateLimited'],
] as const) {
  test(`an answer ${answer.status} becomes ${reason}: ${JSON.stringify(answer.body).slice(0, 50)}`, async () => {
    server.respondWith(answer);
    await rejectsWith(client().generate(request(), bytes, { signal: never }), reason);
  });
}

test('the wait that a header asks for is kept', async () => {
  server.respondWith({ status: 503, body: '', headers: { 'retry-after': '7' } });
  assert.equal((await rejectsWith(client().generate(request(), bytes, { signal: never }), 'overloaded')).retryAfterSeconds, 7);
});

test('a key that is not valid is told from one that cannot even be sent, and neither is shown', async () => {
  const wrong = await rejectsWith(
    client({ apiKey: 'wrong-key-0123456789' }).generate(request(), bytes, { signal: never }),
    'invalidApiKey',
  );
  const odd = await rejectsWith(client({ apiKey: 'päss\nword' }).generate(request(), bytes, { signal: never }), 'invalidApiKey');
  for (const error of [wrong, odd]) assert.doesNotMatch(`${error.message} ${error.detail} ${error.stack} ${error.cause}`, /wrong-key|päss/);
  assert.equal(server.requests.length, 1, 'the odd key was not sent');
});

for (const whole of [false, true]) {
  test(`an error within a stream ${whole ? 'in one piece' : 'in many pieces'} is that error, text or not`, async () => {
    const { raw } = errors.errorInsideStream(errors.overloaded());
    const text = [raw].flat().join('');
    server.respondWith({ raw: whole ? text : text.split(''), contentType: 'text/event-stream' });
    await rejectsWith(client().generate(request(), bytes, { signal: never }), 'overloaded');
  });
}

test('a reply that breaks off keeps its text', async () => {
  server.respondWith({ chunks: ['A ', 'grey ', 'square.'], cutAfterChunks: 2 });
  const reply = await client().generate(request(), bytes, { signal: never });
  assert.deepEqual([reply.text, reply.cut, reply.finishReason], ['A grey ', true, undefined]);
});

test('a reply that breaks off before its first word is a failure of the network', async () => {
  server.respondWith({ chunks: ['A '], cutAfterChunks: 0 });
  const { detail } = await rejectsWith(client().generate(request(), bytes, { signal: never }), 'network');
  assert.match(detail, /127\.0\.0\.1/);
});

test('a connection that is reset, refused or leads to no host is a failure of the network, with the host named', async () => {
  server.respondWith({ drop: true });
  const reset = await rejectsWith(client().generate(request(), bytes, { signal: never }), 'network');
  assert.match(reset.detail, /The connection to 127\.0\.0\.1:\d+ was lost/);
  const refused = await rejectsWith(client({ baseUrl: 'http://localhost:1' }).checkKey({ signal: never }), 'network');
  assert.match(refused.detail, /localhost:1/);
  const nowhere = await rejectsWith(client({ baseUrl: 'https://no-such-host.invalid' }).checkKey({ signal: never }), 'network');
  assert.match(nowhere.detail, /no-such-host\.invalid/);
});

test('words of the network stack of Chromium are understood', async () => {
  const fetch = async () => {
    throw new TypeError('fetch failed', { cause: new Error('net::ERR_NAME_NOT_RESOLVED') });
  };
  const { detail } = await rejectsWith(client({ fetch, baseUrl: 'https://example.com' }).checkKey({ signal: never }), 'network');
  assert.equal(detail, 'The name example.com could not be found.');
});

test('a redirect is not followed: neither key nor picture goes elsewhere', async () => {
  const elsewhere = await startGeminiServer();
  try {
    server.respondWith({
      status: 307,
      body: '',
      headers: { location: `${elsewhere.url}/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse` },
    });
    const { detail } = await rejectsWith(client().generate(request(), bytes, { signal: never }), 'network');
    assert.match(detail, /another address/);
    assert.equal(elsewhere.requests.length, 0);
  } finally {
    await elsewhere.close();
  }
});

test('a web page instead of a reply is a failure of the network', async () => {
  server.respondWith({ raw: '<html>Sign in</html>', contentType: 'text/html' });
  await rejectsWith(client().generate(request(), bytes, { signal: never }), 'network');
});

for (const [name, answer, expected] of [
  [
    'a blocked prompt',
    { promptFeedback: { blockReason: 'SAFETY', safetyRatings: [{ category: 'HARM_CATEGORY_HATE_SPEECH', probability: 'HIGH' }] } },
    { text: '', blockReason: 'SAFETY', blockedCategories: ['HARM_CATEGORY_HATE_SPEECH'], cut: false },
  ],
  [
    'an answer stopped for safety',
    { text: '', finishReason: 'SAFETY', safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'MEDIUM', blocked: true }] },
    { text: '', finishReason: 'SAFETY', blockedCategories: ['HARM_CATEGORY_HARASSMENT'] },
  ],
  [
    'an end that the API explains',
    { text: '', finishReason: 'RECITATION', finishMessage: 'Found in "a book".' },
    { text: '', finishReason: 'RECITATION', endMessage: 'Found in "a book".' },
  ],
  [
    'a refusal that the API explains',
    { promptFeedback: { blockReason: 'OTHER', blockReasonMessage: 'Not this one.' } },
    { text: '', blockReason: 'OTHER', endMessage: 'Not this one.' },
  ],
  ['an explanation without end', { text: 'x', finishReason: 'OTHER', finishMessage: 'y'.repeat(9000) }, { endMessage: 'y'.repeat(2000) }],
  ['an unknown end', { text: 'x', finishReason: 'A_NEW_ONE', odd: true }, { text: 'x', finishReason: 'A_NEW_ONE', cut: false }],
  ['an answer cut at the limit', { text: 'x', finishReason: 'MAX_TOKENS' }, { text: 'x', finishReason: 'MAX_TOKENS', cut: false }],
  ['no usage', { text: 'x', omit: ['usageMetadata'] }, { text: 'x', usage: undefined }],
  ['no parts', { text: '', omit: ['parts'] }, { text: '', finishReason: 'STOP' }],
  ['no content', { text: '', omit: ['content'] }, { text: '', finishReason: 'STOP' }],
  ['no candidates', { omit: ['candidates'] }, { text: '', finishReason: undefined, cut: false }],
  [
    'signatures, thoughts and empty parts',
    { parts: [{ thoughtSignature: 'abc' }, { text: 'hm', thought: true }, {}, { text: '' }, { text: 'x' }] },
    { text: 'x' },
  ],
  [
    'a usage with the image last',
    {
      text: 'x',
      usage: {
        promptTokenCount: 9,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 2 },
          { modality: 'IMAGE', tokenCount: 7 },
        ],
      },
    },
    { usage: { prompt: 9, image: 7 } },
  ],
  [
    'a usage with the image first',
    {
      text: 'x',
      usage: {
        promptTokensDetails: [
          { modality: 'IMAGE', tokenCount: 7 },
          { modality: 'TEXT', tokenCount: 2 },
        ],
      },
    },
    { usage: { prompt: 9, image: 7 } },
  ],
  [
    'a usage without an image',
    { text: 'x', usage: { promptTokenCount: 9, promptTokensDetails: [{ modality: 'TEXT', tokenCount: 9 }] } },
    { usage: { prompt: 9 }, billsNoImage: true },
  ],
  ['a usage that tells no kinds apart', { text: 'x', usage: { promptTokenCount: 9 } }, { usage: { prompt: 9 }, billsNoImage: undefined }],
] as const) {
  test(`the envelope: ${name}`, async () => {
    server.respondWith(answer);
    const reply: object = await client().generate(request(), bytes, { signal: never });
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(reply[key as keyof typeof reply], value, key);
  });
}

for (const [name, raw, text, cut] of [
  ['no empty line at the end', 'data: {"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}]}', 'x', false],
  [
    'comments and event names',
    ': hello\n\nevent: message\ndata: {"candidates":[{"content":{"parts":[{"text":"x"}]}}]}\nid: 1\n\n: bye',
    'x',
    true,
  ],
  ['data over several lines', 'data: {"candidates":[{"content":\ndata: {"parts":[{"text":"x"}]},"finishReason":"STOP"}]}\n\n', 'x', false],
  ['an event cut in its middle', 'data: {"candidates":[{"content":{"parts":[{"text":"x"}]}}]}\n\ndata: {"candidates":[{"con', 'x', true],
  [
    'an event cut after the end',
    'data: {"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}]}\n\ndata: {"usageMeta',
    'x',
    false,
  ],
  [
    'odd values everywhere',
    'data: {"candidates":[{"content":{"parts":[null,7,{"text":8},{"text":"x"}]},"safetyRatings":{},"finishReason":5}],"usageMetadata":{"promptTokenCount":"9","promptTokensDetails":7}}\n\n',
    'x',
    true,
  ],
  ['characters cut in two', 'data: {"candidates":[{"content":{"parts":[{"text":"猫😀"}]},"finishReason":"STOP"}]}\r\n\r\n', '猫😀', false],
] as const) {
  test(`the stream: ${name}`, async () => {
    for (const pieceLength of [1, 2, 5, 100_000]) {
      const reply = await client({ fetch: async () => streamed(Buffer.from(raw), pieceLength) }).generate(request(), bytes, {
        signal: never,
      });
      assert.deepEqual([reply.text, reply.cut], [text, cut], `in pieces of ${pieceLength}`);
    }
  });
}

test('an abort ends a call at once: before it, while it waits, while it reads; the server sees the connection close', async () => {
  const gone = AbortSignal.abort();
  await rejectsWith(client().generate(request(), bytes, { signal: gone }), 'cancelled');
  assert.equal(server.requests.length, 0);

  const waiting = new AbortController();
  server.respondWith({ text: 'x', hold: new Promise(() => {}) });
  const first = rejectsWith(client().generate(request(), bytes, { signal: waiting.signal }), 'cancelled');
  await server.waitForRequest();
  waiting.abort();
  await first;
  await server.waitForAbort();
  server.reset();

  const reading = new AbortController();
  server.respondWith({ chunks: ['a', 'b', 'c'], hold: new Promise(() => {}), holdAfterChunks: 1 });
  const seen: string[] = [];
  await rejectsWith(
    client().generate(request(), bytes, {
      signal: reading.signal,
      onProgress: ({ text }) => {
        seen.push(text);
        reading.abort();
      },
    }),
    'cancelled',
  );
  assert.deepEqual(seen, ['a']);
  await server.waitForAbort();
});

test('an abort with a failure as its reason rejects with that failure', async () => {
  const controller = new AbortController();
  const timeout = new InspectorError('timeout', 'Gemini did not answer within 60 s.');
  server.respondWith({ text: 'x', hold: new Promise(() => {}) });
  const call = client().generate(request(), bytes, { signal: controller.signal });
  await server.waitForRequest();
  controller.abort(timeout);
  await assert.rejects(call, (error) => error === timeout);
});

test('an abort does not wait for bytes or for a fetch that do not listen', async () => {
  const controller = new AbortController();
  const reading = client().generate(request(), () => new Promise(() => {}), { signal: controller.signal });
  const fetching = client({ fetch: () => new Promise(() => {}) }).listModels({ signal: controller.signal });
  controller.abort();
  await rejectsWith(reading, 'cancelled');
  await rejectsWith(fetching, 'cancelled');
});

test('what the functions of the caller throw stays as it is', async () => {
  const broken = new Error('disk');
  await assert.rejects(
    client().generate(request(), () => Promise.reject(broken), { signal: never }),
    (error) => error === broken,
  );
  const onProgress = () => {
    throw broken;
  };
  server.respondWith({ chunks: ['a', 'b'], hold: new Promise(() => {}), holdAfterChunks: 1 });
  await assert.rejects(client().generate(request(), bytes, { signal: never, onProgress }), (error) => error === broken);
  // What nobody reads any more is closed.
  await server.waitForAbort();
});

test('nobody is told of what comes after an abort', async () => {
  const event = 'data: {"candidates":[{"content":{"parts":[{"text":"x"}]}}]}\n\n';
  const controller = new AbortController();
  let told = 0;
  // A connection that does not listen to its signal: all three events have come.
  const fetch = async () => streamed(Buffer.from(event.repeat(3)), 1000);
  const onProgress = () => {
    told++;
    controller.abort();
  };
  await rejectsWith(client({ fetch }).generate(request(), bytes, { signal: controller.signal, onProgress }), 'cancelled');
  // What is left of the stream is read within this turn of the event loop.
  await new Promise(setImmediate);
  assert.equal(told, 1);
});

test('a reply that offers to go on is not asked to: that would be billed again', async () => {
  const event = { candidates: [{ content: { parts: [{ text: 'x' }] }, continuationToken: 'more' }] };
  server.respondWith({ raw: `data: ${JSON.stringify(event)}\n\n`, contentType: 'text/event-stream' });
  const reply = await client().generate(request(), bytes, { signal: never });
  assert.deepEqual([reply.text, reply.cut, server.requests.length], ['x', true, 1]);
});

test('the listener of a call is gone after it', async () => {
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    },
    removeEventListener: (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    },
  });
  await client().checkKey({ signal });
  await client().generate(request(), bytes, { signal });
  assert.equal(listeners, 0);
});

test('the count is that of the picture and the words at the resolution asked for', async () => {
  const count = (changes: Partial<RequestFacts>) => client().countTokens(request(changes), bytes, { signal: never });
  const [normal, low, ultra, instructed] = [
    await count({}),
    await count({ mediaResolution: 'low' }),
    await count({ mediaResolution: 'ultraHigh' }),
    await count({ systemInstruction: 'x'.repeat(400) }),
  ];
  assert.equal(normal - low, 1088 - 16 * 17);
  assert.ok(ultra > normal + 1000);
  assert.equal(instructed - normal, 100);
  assert.ok(server.requests.every(({ endpoint }) => endpoint === 'countTokens'));
});

test('the count of a model that knows no resolution of parts sends none', async () => {
  await client().countTokens(request({ model: 'gemini-2.5-flash-lite', mediaResolution: 'low' }), bytes, { signal: never });
  assert.equal(server.requests[0]?.images[0]?.mediaResolution, undefined);
});

test('models are listed without their folder, those of all pages, and only those that generate content', async () => {
  const page = (names: string[], nextPageToken?: string) => ({
    status: 200,
    body: {
      models: names.map((name) => ({
        name: `models/${name}`,
        displayName: name.toUpperCase(),
        inputTokenLimit: 5,
        supportedGenerationMethods: [name.startsWith('embedding') ? 'embedContent' : 'generateContent'],
      })),
      ...(nextPageToken && { nextPageToken }),
    },
  });
  server.respondWhen(({ endpoint }) => endpoint === 'listModels', page(['c']));
  server.respondWhen(({ query }) => query.get('pageToken') === null, page(['a', 'embedding-1'], 'next'));
  const models = await client().listModels({ signal: never });
  assert.deepEqual(models, [
    { id: 'a', displayName: 'A', inputTokenLimit: 5 },
    { id: 'c', displayName: 'C', inputTokenLimit: 5 },
  ]);
});

test('checking a key asks for one model and sends nothing else', async () => {
  await client().checkKey({ signal: never });
  const [received] = server.requests;
  assert.deepEqual([received?.method, received?.path, received?.query.get('pageSize'), received?.bytes], ['GET', '/v1beta/models', '1', 0]);
  await rejectsWith(client({ apiKey: 'another-key' }).checkKey({ signal: never }), 'invalidApiKey');
});

test('an address with a path keeps its path', async () => {
  let asked = '';
  const fetch = (async (input) => {
    asked = String(input);
    return Response.json({ models: [] });
  }) as typeof globalThis.fetch;
  await client({ baseUrl: 'https://example.com/gemini', fetch }).checkKey({ signal: never });
  assert.equal(asked, 'https://example.com/gemini/v1beta/models?pageSize=1');
});
