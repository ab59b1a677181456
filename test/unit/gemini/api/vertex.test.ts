import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { GoogleGenAI, SegmentMode } from '@google/genai/node';
import type { InspectorError } from '../../../../src/core/base/failure.ts';
import { decodeMask } from '../../../../src/core/masks/mask.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { vertexAt, vertexDestination } from '../../../../src/core/models/vertex.ts';
import { buildRequest } from '../../../../src/core/request/buildRequest.ts';
import type { GeminiRequest } from '../../../../src/core/request/request.ts';
import { segmentationRequest } from '../../../../src/core/request/segmentation.ts';
import { createGemini } from '../../../../src/gemini/api/gemini.ts';
import { Credentials, createVertex } from '../../../../src/gemini/api/vertex.ts';
import * as errors from '../../../fakes/errors.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { pngOf } from '../../../fakes/testClient.ts';
import { startVertexLogin, VERTEX_TOKEN, type VertexLogin } from '../../../fakes/vertexLogin.ts';

const CREDENTIALS = 'GOOGLE_APPLICATION_CREDENTIALS';
const image = pngOf(8, 8);
const signal = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'vertex-'));
const file = join(folder, 'credentials.json');
const environment = { ...process.env };
let server: GeminiServer;
let login: VertexLogin;

before(async () => {
  server = await startGeminiServer();
  login = await startVertexLogin();
});

beforeEach(() => {
  server.reset();
  writeFileSync(file, JSON.stringify(login.credentials));
  process.env[CREDENTIALS] = file;
  // What is set for the Gemini API must not reach Vertex AI.
  Object.assign(process.env, { GEMINI_API_KEY: 'test-key', GOOGLE_API_KEY: 'test-key', GOOGLE_CLOUD_PROJECT: 'other-project' });
});

afterEach(() => {
  for (const name of [CREDENTIALS, 'GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_CLOUD_PROJECT']) delete process.env[name];
  Object.assign(process.env, environment);
});

after(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([server.close(), login.close()]);
});

const fetched = (fetch = globalThis.fetch) => login.through((input, init) => fetch(input, init));

function client({ project = 'my-project', location = 'us-central1', credentials = new Credentials(fetched()) } = {}) {
  return createVertex({ base: server.url, project, location, fetch: (input, init) => globalThis.fetch(input, init), credentials });
}

function requestFor(model = 'gemini-3.8-flash'): GeminiRequest {
  return buildRequest({
    task: 'caption',
    query: '',
    model,
    date: new Date(TABLE_DATE),
    mediaResolution: 'ultraHigh',
    outputLanguage: '',
    systemInstruction: '',
    safetySettings: [],
    images: [{ mimeType: 'image/png', bytes: image.length }],
  });
}

const generate = (gemini = client(), request = requestFor()) => gemini.generate(request, async () => image, { signal });
const failureOf = (promise: Promise<unknown>): Promise<InspectorError> =>
  promise.then(
    () => assert.fail('resolved'),
    (error) => error,
  );

test('a request goes to the project and location with a token and without a key, and is answered', async () => {
  const reply = await generate();
  assert.notEqual(reply.text, '');
  const [request, ...others] = server.requests;
  assert.deepEqual(others, []);
  assert.equal(
    request?.path,
    '/v1beta1/projects/my-project/locations/us-central1/publishers/google/models/gemini-3.8-flash:streamGenerateContent',
  );
  assert.equal(request?.headers.authorization, `Bearer ${VERTEX_TOKEN}`);
  assert.ok(!Object.values(request?.headers ?? {}).some((value) => String(value).includes('test-key')));
  assert.deepEqual([request?.images[0]?.via, request?.images[0]?.mediaResolution], ['inline', 'MEDIA_RESOLUTION_ULTRA_HIGH']);
  assert.ok(request?.images[0]?.bytes.equals(image));
  assert.deepEqual(server.violations, []);
});

test('tokens are counted', async () => {
  const tokens = await client({ location: 'global' }).countTokens(requestFor(), async () => image, { signal });
  assert.ok(tokens > 2000, `${tokens}`);
  assert.equal(server.requests[0]?.endpoint, 'countTokens');
  assert.equal(server.requests[0]?.vertex, 'projects/my-project/locations/global');
});

test('a mask is asked for as the SDK itself asks, and the best one is read', async () => {
  const request = segmentationRequest('the cat', { mimeType: 'image/png', bytes: image.length });
  const answer = await client().segment(request, async () => image, { signal });
  assert.equal(answer.confidence, 0.87);
  assert.deepEqual([...decodeMask(Buffer.from(answer.mask ?? []).toString('base64')).data], Array(64).fill(255));

  const sdk = new GoogleGenAI({
    vertexai: true,
    project: 'my-project',
    location: 'us-central1',
    apiVersion: 'v1beta1',
    httpOptions: { baseUrl: server.url, headers: { authorization: `Bearer ${VERTEX_TOKEN}` } },
    googleAuthOptions: { authClient: await new Credentials(fetched()).get() },
  });
  await sdk.models.segmentImage({
    model: 'image-segmentation-001',
    source: { prompt: 'the cat', image: { imageBytes: image.toString('base64'), mimeType: 'image/png' } },
    config: { mode: SegmentMode.PROMPT, maxPredictions: 1 },
  });
  const [own, theirs] = server.requests;
  assert.equal(own?.endpoint, 'predict');
  assert.deepEqual([own?.path, own?.json], [theirs?.path, theirs?.json]);
});

test('a mask that cannot be read, and errors of the mask engine, are failures as any other', async () => {
  const request = segmentationRequest('the cat', { mimeType: 'image/png', bytes: image.length });
  const asked = () => client().segment(request, async () => image, { signal });
  server.respondWhen(({ endpoint }) => endpoint === 'predict', { status: 200, body: { predictions: [{ bytesBase64Encoded: '!!!!' }] } });
  assert.equal((await failureOf(asked())).reason, 'network');
  server.respondWhen(({ endpoint }) => endpoint === 'predict', errors.overloaded());
  assert.equal((await failureOf(asked())).reason, 'overloaded');
  const cancelled = new AbortController();
  cancelled.abort();
  assert.equal((await failureOf(client().segment(request, async () => image, { signal: cancelled.signal }))).reason, 'cancelled');
});

test('the Gemini API has no mask engine: nothing is sent', async () => {
  const gemini = createGemini({ apiKey: 'test-key', baseUrl: server.url, fetch: globalThis.fetch });
  const request = segmentationRequest('the cat', { mimeType: 'image/png', bytes: image.length });
  assert.equal((await failureOf(gemini.segment(request, async () => image, { signal }))).reason, 'unsupported');
  assert.equal(server.requests.length, 0);
});

test('one token serves many requests', async () => {
  const credentials = new Credentials(fetched());
  const before = login.asked;
  await Promise.all([generate(client({ credentials })), generate(client({ credentials }))]);
  await generate(client({ credentials }));
  assert.equal(login.asked, before + 1);
  assert.equal(server.requests.length, 3);
});

test('without credentials it says how to sign in, and sends nothing', async () => {
  for (const content of [undefined, 'not JSON private_key', '{}']) {
    process.env[CREDENTIALS] = content === undefined ? join(folder, 'missing.json') : file;
    if (content !== undefined) writeFileSync(file, content);
    const failure = await failureOf(generate());
    assert.equal(failure.reason, 'noApiKey', content);
    assert.match(failure.detail, /gcloud auth application-default login/);
    assert.doesNotMatch(String(failure.cause), /private|missing/);
  }
  assert.deepEqual(server.requests, []);
});

test('a sign-in that is refused or not reached is told; after a new one it goes on', async () => {
  const credentials = new Credentials(
    fetched(async (input, init) => {
      if (isOff === 'network')
        throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) });
      return isOff === 'refused' ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : fetch(input, init);
    }),
  );
  let isOff: 'refused' | 'network' | undefined = 'refused';
  const refused = await failureOf(generate(client({ credentials })));
  assert.deepEqual([refused.reason, refused.isTransient], ['invalidApiKey', false]);
  isOff = 'network';
  assert.equal((await failureOf(generate(client({ credentials })))).reason, 'network');
  assert.deepEqual(server.requests, []);
  isOff = undefined;
  assert.notEqual((await generate(client({ credentials }))).text, '');
});

test('errors speak of project and credentials, not of a key', async () => {
  const other = await failureOf(generate(client({ project: 'their-project' })));
  assert.equal(other.reason, 'permissionDenied');
  assert.match(other.message, /"their-project"/);
  server.respondWith(errors.apiNotEnabled('my-project'));
  assert.match((await failureOf(generate())).detail, /isn't enabled in this project/);
  const missing = await failureOf(generate(client(), requestFor('gemini-9-xenon')));
  assert.deepEqual([missing.reason, missing.actions], ['modelNotFound', ['selectModel', 'openSettings']]);
  assert.match(missing.message, /"us-central1"/);
  server.respondWith(errors.noQuota());
  assert.match((await failureOf(generate())).message, /quota of the project "my-project"/);
  server.respondWith(errors.googleError(401, 'UNAUTHENTICATED', `Bad token ${VERTEX_TOKEN}`));
  const unknown = await failureOf(generate());
  assert.equal(unknown.reason, 'invalidApiKey');
  for (const { message, detail } of [other, missing, unknown]) assert.doesNotMatch(`${message} ${detail}`, /\bkey\b/i);
  assert.doesNotMatch(String(unknown.cause), /token-of-the-stand-in/);
});

test('what it does not have is refused in words, and nothing is sent', async () => {
  const gemini = client();
  assert.match((await failureOf(gemini.listFiles({ signal }))).message, /keeps no uploaded images/);
  assert.match((await failureOf(gemini.listModels({ signal }))).message, /lists no models/);
  assert.match((await failureOf(gemini.checkKey({ signal }))).message, /No key is used/);
  const noBatch = [
    gemini.createBatch({ model: 'gemini-3.8-flash', fileName: 'files/a', displayName: 'a' }, { signal }),
    gemini.getBatch('batches/a', { signal }),
    gemini.cancelBatch('batches/a', { signal }),
    gemini.deleteBatch('batches/a', { signal }),
    readAll(gemini.listBatches({ signal })),
    readAll(gemini.resultLines('files/a', { signal, stall: 1 })),
  ];
  for (const call of noBatch) {
    const { reason, message } = await failureOf(call);
    assert.equal(reason, 'unsupported');
    assert.match(message, /Cloud Storage/);
  }
  assert.deepEqual(server.requests, []);
});

async function readAll(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

test('a cancel ends the wait for the sign-in at once', async () => {
  const controller = new AbortController();
  const waiting = new Promise<never>(() => {});
  const gemini = client({ credentials: new Credentials(() => waiting) });
  const failure = failureOf(gemini.generate(requestFor(), async () => image, { signal: controller.signal }));
  controller.abort();
  assert.equal((await failure).reason, 'cancelled');
});

for (const [location, host] of [
  ['us-central1', 'us-central1-aiplatform.googleapis.com'],
  ['global', 'aiplatform.googleapis.com'],
  ['eu', 'aiplatform.eu.rep.googleapis.com'],
] as const) {
  test(`the destination for ${location} names host, project and location`, () => {
    const destination = vertexDestination({ project: 'my-project', location });
    assert.equal(destination, `https://${host}/v1beta1/projects/my-project/locations/${location}`);
    assert.deepEqual(vertexAt(destination), { base: `https://${host}`, project: 'my-project', location });
  });
}

test('without a project or location, or with what is none, there is no destination', () => {
  for (const [project, location] of [
    ['', 'global'],
    ['my-project', ''],
    ['my/project', 'global'],
    ['my-project', 'evil.example.com/'],
    ['my-project', 'x#'],
  ] as const) {
    assert.throws(() => vertexDestination({ project, location }), { reason: 'permissionDenied' });
  }
  assert.equal(vertexAt('https://generativelanguage.googleapis.com'), undefined);
});
