import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import { png } from '../../fixtures/images.ts';

let server: GeminiServer;
before(async () => {
  server = await startGeminiServer();
});
after(() => server.close());

const NOUL = { type: 'noul', instructions: 'Is it?' };
const IMAGE = { type: 'image', data: Buffer.from(png()).toString('base64'), mime_type: 'image/png' };
const BODY = { model: 'models/gemini-decision-1', input: [IMAGE, { type: 'text', text: 'A cat.' }], questions: { a: NOUL } };

async function status(body: object, path = '/v1beta/decisions', key = 'test-key'): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-goog-api-key': key };
  return (await fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

const options = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`o${index}`, 'x']));
const questions = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`q${index}`, NOUL]));

test('the Decisions API is spoken on v1beta, within its limits', async () => {
  assert.equal(await status(BODY), 200);
  assert.equal(await status({ ...BODY, questions: questions(1000) }), 200);
  assert.equal(await status({ ...BODY, questions: { a: { type: 'choice', instructions: 'Which?', criteria: options(255) } } }), 200);
  assert.equal(await status(BODY, '/v1/decisions'), 404);
  assert.equal(await status(BODY, '/v1beta/decisions', 'other'), 400);
});

for (const [name, body] of Object.entries({
  'no questions': { ...BODY, questions: {} },
  '1,001 questions': { ...BODY, questions: questions(1001) },
  'one option': { ...BODY, questions: { a: { type: 'choice', instructions: 'Which?', criteria: options(1) } } },
  '256 options': { ...BODY, questions: { a: { type: 'choice', instructions: 'Which?', criteria: options(256) } } },
  'a field that there is not': { ...BODY, temperature: 1 },
  'names in camel case': { ...BODY, input: [{ type: 'image', data: IMAGE.data, mimeType: 'image/png' }] },
  'a kind that there is not': { ...BODY, questions: { a: { type: 'bool', instructions: 'Is it?' } } },
  'a picture that is none': { ...BODY, input: [{ ...IMAGE, data: 'AAAA' }] },
})) {
  test(`it refuses ${name}`, async () => assert.equal(await status(body), 400));
}

test('it refuses a model that does not decide', async () => {
  assert.equal(await status({ ...BODY, model: 'models/gemini-3.8-flash' }), 404);
});
