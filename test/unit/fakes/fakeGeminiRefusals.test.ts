import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import { contentsWith, pngOf, post } from '../../fakes/testClient.ts';

const hello = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] };
let server: GeminiServer;
before(async () => {
  server = await startGeminiServer({ inlineLimitBytes: 4000 });
});
beforeEach(() => server.reset());
after(() => server.close());

/** The request is refused with 400 INVALID_ARGUMENT, and for that reason. */
async function assertRefused(body: unknown, message: RegExp, options: { model?: string; method?: string } = {}): Promise<void> {
  const { status, json } = await post(server.url, body, options);
  assert.match(json.error?.message ?? `not refused: ${status}`, message);
  assert.deepEqual([status, json.error?.code, json.error?.status], [400, 400, 'INVALID_ARGUMENT']);
}

async function assertTaken(body: unknown, options: { model?: string; method?: string } = {}): Promise<void> {
  const { status, text } = await post(server.url, body, options);
  assert.equal(status, 200, text);
}

test('a plain request is taken', () => assertTaken(hello));

test('no key: 403', async () => {
  const { status, json } = await post(server.url, hello, { headers: { 'x-goog-api-key': '' } });
  assert.deepEqual([status, json.error?.status], [403, 'PERMISSION_DENIED']);
  assert.match(json.error?.message ?? '', /unregistered callers/);
});

test('a wrong key: 400 with the reason API_KEY_INVALID', async () => {
  const { status, json } = await post(server.url, hello, { headers: { 'x-goog-api-key': 'wrong' } });
  assert.deepEqual([status, json.error?.details?.[0]?.reason], [400, 'API_KEY_INVALID']);
});

test('a key in the URL is refused and noted as a violation', async () => {
  const response = await fetch(`${server.url}/v1beta/models/gemini-3.8-flash:generateContent?key=test-key`, {
    method: 'POST',
    body: JSON.stringify(hello),
  });
  assert.equal(response.status, 400);
  assert.equal(server.violations.length, 1);
  assert.doesNotMatch(server.violations[0] ?? '', /test-key/);
});

test('an unknown model: 404 that names model and method', async () => {
  const { status, json } = await post(server.url, hello, { model: 'gemini-9-flash', method: 'countTokens' });
  assert.deepEqual([status, json.error?.status], [404, 'NOT_FOUND']);
  assert.match(json.error?.message ?? '', /^models\/gemini-9-flash is not found .* not supported for countTokens/);
});

test('an unknown method, version or path: 404', async () => {
  const statuses = await Promise.all(
    ['/v1beta/models/gemini-3.8-flash:embedContent', '/v1/models/gemini-3.8-flash:generateContent', '/v1beta/files', '/'].map(
      async (path) => (await fetch(server.url + path, { method: 'POST', headers: { 'x-goog-api-key': 'test-key' }, body: '{}' })).status,
    ),
  );
  assert.deepEqual(statuses, [404, 404, 404, 404]);
});

test('a body that is no JSON', () => assertRefused('{', /^Invalid JSON payload received/));

test('an unknown field is named, with its place', async () => {
  await assertRefused({ ...hello, config: {} }, /Unknown name "config": Cannot find field/);
  await assertRefused({ ...hello, generationConfig: { safetySettings: [] } }, /Unknown name "safety_settings" at 'generation_config'/);
  await assertRefused({ contents: [{ parts: [{ txt: 'Hello' }] }] }, /Unknown name "txt" at 'contents\[0\].parts\[0\]'/);
});

test('fields of Vertex AI are unknown', async () => {
  await assertRefused({ ...hello, generationConfig: { audioTimestamp: true } }, /Unknown name "audio_timestamp"/);
  await assertRefused({ ...hello, safetySettings: [{ method: 'SEVERITY' }] }, /Unknown name "method"/);
});

test('countTokens takes contents only', async () => {
  await assertRefused({ ...hello, systemInstruction: hello.contents[0] }, /Unknown name "system_instruction"/, { method: 'countTokens' });
});

test('a value of the wrong type', () =>
  assertRefused({ contents: [{ parts: [{ text: 5 }] }] }, /Invalid value at 'contents\[0\].parts\[0\].text' \(TYPE_STRING\), 5/));

test('names in snake case are taken as well', async () => {
  await assertTaken({ contents: hello.contents, generation_config: { response_mime_type: 'application/json' } });
});

test('no contents, no parts, a part without data', async () => {
  await assertRefused({}, /contents is not specified/);
  await assertRefused({ contents: [] }, /contents is not specified/);
  await assertRefused({ contents: [{ role: 'user', parts: [] }] }, /contents\[0\].parts: contents.parts must not be empty/);
  await assertRefused({ contents: [{ role: 'user', parts: [{}] }] }, /parts\[0\].data: required oneof field/);
  await assertRefused({ contents: [{ role: 'user', parts: [{ text: '' }] }] }, /parts\[0\].data: required oneof field/);
});

test('a role is user or model; only a single turn may go without', async () => {
  const turn = (role?: string) => ({ ...(role !== undefined && { role }), parts: [{ text: 'Hello' }] });
  await assertTaken({ contents: [turn()] });
  await assertTaken({ contents: [turn('user'), turn('model'), turn('user')] });
  await assertRefused({ contents: [turn('')] }, /valid role/);
  await assertRefused({ contents: [turn('system')] }, /valid role/);
  await assertRefused({ contents: [turn('user'), turn()] }, /valid role/);
});

test('a request over the limit of bytes', () =>
  assertRefused({ contents: contentsWith(pngOf(8, 8), { text: 'x'.repeat(4000) }) }, /payload size exceeds the limit: 4000 bytes/));

test('a file that was never uploaded: 403', async () => {
  const { status, json } = await post(server.url, {
    contents: [{ parts: [{ fileData: { mimeType: 'image/png', fileUri: 'https://host/v1beta/files/xyz' } }] }],
  });
  assert.equal(status, 403);
  assert.match(json.error?.message ?? '', /permission to access the File xyz/);
});

test('the resolution ULTRA_HIGH is for a part, not for the whole request', async () => {
  const level = 'MEDIA_RESOLUTION_ULTRA_HIGH';
  const [content] = contentsWith(pngOf(8, 8)) as [{ parts: object[] }];
  await assertRefused(
    { contents: [content], generationConfig: { mediaResolution: level } },
    /Invalid value at 'generation_config.media_resolution'/,
  );
  const byPart = { contents: [{ parts: [{ ...content.parts[0], mediaResolution: { level } }] }] };
  await assertTaken(byPart);
  await assertRefused(byPart, /Media resolution of a part is not supported/, { model: 'gemini-2.5-flash' });
});

const thinking = (thinkingConfig: object) => ({ ...hello, generationConfig: { thinkingConfig } });

test('a thinking budget and a level together', () =>
  assertRefused(thinking({ thinkingBudget: 0, thinkingLevel: 'LOW' }), /only one of thinking budget and thinking level/));

test('2.5 takes a budget and no level', async () => {
  await assertTaken(thinking({ thinkingBudget: 0 }), { model: 'gemini-2.5-flash' });
  await assertRefused(thinking({ thinkingLevel: 'LOW' }), /Thinking level is not supported/, { model: 'gemini-2.5-flash' });
});

test('models that always think refuse a budget of 0', async () => {
  for (const model of ['gemini-2.5-pro', 'gemini-3.1-pro-preview', 'gemini-4-argon']) {
    await assertRefused(thinking({ thinkingBudget: 0 }), /Budget 0 is invalid/, { model });
    await assertTaken(thinking({ thinkingBudget: -1 }), { model });
  }
});

test('the level MINIMAL is taken where the model has it', async () => {
  await assertTaken(thinking({ thinkingLevel: 'MINIMAL' }), { model: 'gemini-3.5-flash' });
  for (const model of ['gemini-3.8-flash', 'gemini-4-argon']) {
    await assertRefused(thinking({ thinkingLevel: 'MINIMAL' }), /Thinking level MINIMAL is not supported/, { model });
  }
});

test('the level OFF does not exist', () =>
  assertRefused(thinking({ thinkingLevel: 'OFF' }), /Invalid value at 'generation_config.thinking_config.thinking_level'/));
