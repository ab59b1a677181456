import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import { VERTEX_TOKEN } from '../../fakes/vertexLogin.ts';
import { png } from '../../fixtures/images.ts';

let server: GeminiServer;
before(async () => {
  server = await startGeminiServer();
});
after(() => server.close());

const image = { bytesBase64Encoded: Buffer.from(png()).toString('base64'), mimeType: 'image/png' };
const BODY = { instances: [{ image, prompt: 'a cat' }], parameters: { mode: 'PROMPT' } };
const VERTEX = '/v1beta1/projects/my-project/locations/us-central1/publishers/google/models/image-segmentation-001';
const TOKEN = { authorization: `Bearer ${VERTEX_TOKEN}` };
const KEY = { 'x-goog-api-key': 'test-key' };

function post(path: string, headers: Record<string, string>, body: object = BODY): Promise<Response> {
  const sent = { 'content-type': 'application/json', ...headers };
  return fetch(`${server.url}${path}`, { method: 'POST', headers: sent, body: JSON.stringify(body) });
}

test('Vertex AI answers with a mask of the size of the picture, its label and a score', async () => {
  const response = await post(`${VERTEX}:predict`, TOKEN);
  assert.equal(response.status, 200);
  const { predictions } = (await response.json()) as { predictions: { mimeType: string; labels: object[] }[] };
  assert.deepEqual(
    predictions.map(({ mimeType, labels }) => [mimeType, labels]),
    [['image/png', [{ label: 'a cat', score: 0.87 }]]],
  );
});

test('it wants the token, a project of its own, and this model', async () => {
  assert.equal((await post(`${VERTEX}:predict`, {})).status, 401);
  assert.equal((await post(`${VERTEX}:predict`, { ...TOKEN, ...KEY })).status, 400);
  assert.equal((await post(`${VERTEX.replace('my-project', 'other')}:predict`, TOKEN)).status, 403);
  assert.equal((await post(`${VERTEX.replace('image-segmentation-001', 'gemini-3.8-flash')}:predict`, TOKEN)).status, 404);
});

test('the model generates no content', async () => {
  const body = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] };
  assert.equal((await post(`${VERTEX}:generateContent`, TOKEN, body)).status, 404);
});

test('the Gemini API does not have it, whatever is asked of it', async () => {
  for (const [method, body] of [
    ['predict', BODY],
    ['generateContent', { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }],
  ] as const) {
    const response = await post(`/v1beta/models/image-segmentation-001:${method}`, KEY, body);
    assert.equal(response.status, 404);
    assert.match(await response.text(), new RegExp(`image-segmentation-001 is not found .* not supported for ${method}`));
  }
});

const [instance] = BODY.instances;
for (const [name, body] of Object.entries({
  'no mode': { ...BODY, parameters: {} },
  'a mode that there is not': { ...BODY, parameters: { mode: 'prompt' } },
  'no prompt where one is needed': { ...BODY, instances: [{ image }] },
  'a prompt where none goes': { ...BODY, parameters: { mode: 'FOREGROUND' } },
  'a scribble where none goes': { ...BODY, instances: [{ ...instance, scribble: { image } }] },
  'no scribble where one is needed': { instances: [{ image }], parameters: { mode: 'INTERACTIVE' } },
  'two pictures': { ...BODY, instances: [instance, instance] },
  'the names of the SDK': {
    ...BODY,
    instances: [{ prompt: 'a cat', image: { imageBytes: image.bytesBase64Encoded, mimeType: 'image/png' } }],
  },
  'a field that there is not': { ...BODY, contents: [] },
  'a picture that is none': { ...BODY, instances: [{ ...instance, image: { ...image, bytesBase64Encoded: 'AAAA' } }] },
  'a type that the picture is not of': { ...BODY, instances: [{ ...instance, image: { ...image, mimeType: 'image/jpeg' } }] },
})) {
  test(`it refuses ${name}`, async () => assert.equal((await post(`${VERTEX}:predict`, TOKEN, body)).status, 400));
}
