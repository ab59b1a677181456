import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { GenerateContentResponse } from '@google/genai/web';
import { PNG } from 'pngjs';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import { contentsWith, pngOf, post, sdk } from '../../fakes/testClient.ts';

const model = 'gemini-3.8-flash';
const contents = 'Hello';
let server: GeminiServer;
before(async () => {
  server = await startGeminiServer();
});
beforeEach(() => server.reset());
after(() => server.close());

async function eventsOf(stream: AsyncIterable<GenerateContentResponse>): Promise<GenerateContentResponse[]> {
  const events: GenerateContentResponse[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

async function askForJson(text: string): Promise<{ box_2d: number[]; mask?: string; label: string }[]> {
  const { json } = await post(server.url, {
    contents: contentsWith(pngOf(20, 20), { text }),
    generationConfig: { responseMimeType: 'application/json' },
  });
  return JSON.parse(json.candidates?.[0]?.content?.parts?.[0]?.text ?? '');
}

test('a caption tells the size of the picture, so that a test can see that it arrived', async () => {
  const { json } = await post(server.url, { contents: contentsWith(pngOf(34, 21)) });
  assert.match(json.candidates?.[0]?.content?.parts?.[0]?.text ?? '', /34 × 21/);
});

test('boxes are integers of 0..1000 with the smaller corner first', async () => {
  const items = await askForJson('Detect all items as a JSON list with "box_2d" and "label".');
  assert.equal(items.length, 3);
  for (const { box_2d: box, label } of items) {
    const [top = 0, left = 0, bottom = 0, right = 0] = box;
    assert.ok(box.length === 4 && box.every((value) => Number.isInteger(value) && value >= 0 && value <= 1000));
    assert.ok(top < bottom && left < right && label !== '');
  }
});

test('masks are grey PNGs of 256 x 256; two are yes or no, one is a probability', async () => {
  const items = await askForJson('Give the segmentation masks: "box_2d", "mask" and "label".');
  const values = items.map(({ mask = '' }) => {
    const bytes = Buffer.from(mask.replace('data:image/png;base64,', ''), 'base64');
    const png = PNG.sync.read(bytes);
    // Bytes 24 and 25 of a PNG: depth and colour type, 0 being grey.
    assert.deepEqual([png.width, png.height, bytes[24], bytes[25]], [256, 256, 8, 0]);
    return new Set(png.data.filter((_, at) => at % 4 === 0));
  });
  assert.deepEqual([...(values[0] ?? [])].sort(), [0, 255]);
  assert.deepEqual([...(values[1] ?? [])].sort(), [0, 255]);
  assert.ok((values[2]?.size ?? 0) > 100);
});

test('2.5 wraps JSON in a fence where it was not asked for JSON alone', async () => {
  const { json } = await post(server.url, { contents: contentsWith(pngOf(8, 8), { text: 'box_2d' }) }, { model: 'gemini-2.5-flash' });
  assert.match(json.candidates?.[0]?.content?.parts?.[0]?.text ?? '', /^```json\n\[[^`]+\]\n```$/);
});

test('the SDK gets a scripted reply whole and in pieces', async () => {
  server.respondWith({ text: 'A red house.' }, { chunks: ['A red', ' house.'] });
  const { models } = sdk(server.url);
  assert.equal((await models.generateContent({ model, contents })).text, 'A red house.');
  const events = await eventsOf(await models.generateContentStream({ model, contents }));
  assert.deepEqual(events.map((event) => event.text).filter(Boolean), ['A red', ' house.']);
});

test('a stream holds an event without parts, ends with a bare signature, and its usage grows', async () => {
  server.respondWith({ text: 'A sentence that is long enough for several events.', thoughts: 'Hm.' });
  const events = await eventsOf(await sdk(server.url).models.generateContentStream({ model, contents }));
  const parts = events.map((event) => event.candidates?.[0]?.content?.parts);
  assert.deepEqual(parts[0], [{ text: 'Hm.', thought: true }]);
  assert.equal(parts.at(-2), undefined);
  assert.deepEqual(Object.keys(parts.at(-1)?.[0] ?? {}), ['thoughtSignature']);
  assert.deepEqual(events.map((event) => event.candidates?.[0]?.finishReason).filter(Boolean), ['STOP']);
  assert.equal(events.at(-1)?.candidates?.[0]?.finishReason, 'STOP');
  const totals = events.map((event) => event.usageMetadata?.totalTokenCount ?? 0);
  assert.ok(
    totals.length > 5 && totals.every((total, index) => total >= (totals[index - 1] ?? 0)) && (totals[0] ?? 0) < (totals.at(-1) ?? 0),
  );
});

test('the lines of a stream end with CRLF', async () => {
  const { text } = await post(server.url, { contents: contentsWith(pngOf(8, 8)) }, { model, method: 'streamGenerateContent?alt=sse' });
  assert.match(text, /^(data: \{[^\r\n]+\}\r\n\r\n)+$/);
});

test('a stream without alt=sse is a JSON array', async () => {
  const { text } = await post(server.url, { contents: contentsWith(pngOf(8, 8)) }, { model, method: 'streamGenerateContent' });
  assert.ok(JSON.parse(text).length > 1);
});

test('parts, content, candidates and usage can be left out', async () => {
  server.respondWith(
    { text: 'x', omit: ['parts'] },
    { text: 'x', omit: ['content', 'usageMetadata'] },
    { text: 'x', omit: ['candidates'] },
  );
  const ask = async () => (await post(server.url, { contents: [{ parts: [{ text: contents }] }] })).json;
  assert.deepEqual((await ask()).candidates, [{ content: { role: 'model' }, finishReason: 'STOP', index: 0 }]);
  const second = await ask();
  assert.deepEqual([second.candidates, second.usageMetadata], [[{ finishReason: 'STOP', index: 0 }], undefined]);
  assert.equal((await ask()).candidates, undefined);
});

test('a blocked prompt has feedback and no candidates, in a stream as well', async () => {
  const blocked = { promptFeedback: { blockReason: 'SAFETY' } };
  server.respondWith(blocked, blocked);
  const { models } = sdk(server.url);
  const [event, ...more] = await eventsOf(await models.generateContentStream({ model, contents }));
  for (const reply of [await models.generateContent({ model, contents }), event]) {
    assert.deepEqual([reply?.promptFeedback, reply?.candidates], [blocked.promptFeedback, undefined]);
  }
  assert.deepEqual(more, []);
});

test('an ending other than STOP, another model and usage of one’s own are sent as scripted', async () => {
  const safetyRatings = [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'HIGH', blocked: true }];
  server.respondWith({ finishReason: 'SAFETY', safetyRatings, modelVersion: 'gemini-3.5-flash-lite', usage: { totalTokenCount: 7 } });
  const reply = await sdk(server.url).models.generateContent({ model, contents });
  assert.deepEqual(reply.candidates, [{ content: { role: 'model' }, finishReason: 'SAFETY', safetyRatings, index: 0 }]);
  assert.deepEqual([reply.modelVersion, reply.usageMetadata], ['gemini-3.5-flash-lite', { totalTokenCount: 7 }]);
});

test('a script that is not what the API sends is a violation unless it is meant', async () => {
  server.respondWith({ text: 'x', finishReason: 'NEW_WORD' }, { text: 'x', finishReason: 'NEW_WORD', odd: true });
  const body = { contents: [{ parts: [{ text: contents }] }] };
  const first = await post(server.url, body);
  assert.equal(first.status, 500);
  assert.match(first.text, /not what the API sends/);
  assert.equal(server.violations.length, 1);
  assert.equal((await post(server.url, body)).json.candidates?.[0]?.finishReason, 'NEW_WORD');
});

test('a rule goes before the queue and reaches every endpoint; the latest wins', async () => {
  server.respondWith({ text: 'from the queue' });
  server.respondWhen((request) => request.endpoint === 'countTokens', { status: 500, body: 'old' });
  server.respondWhen((request) => request.endpoint === 'countTokens', { raw: '{"totalTokens":42}' });
  const { models } = sdk(server.url);
  assert.equal((await models.countTokens({ model, contents })).totalTokens, 42);
  assert.equal((await models.generateContent({ model, contents })).text, 'from the queue');
});

test('a request that is refused leaves the queue as it is', async () => {
  server.respondWith({ text: 'kept' });
  await post(server.url, {});
  assert.equal((await sdk(server.url).models.generateContent({ model, contents })).text, 'kept');
});

test('answers can depend on the picture', async () => {
  const picture = pngOf(9, 9);
  const own = await startGeminiServer({
    answer: ({ images }) => (images[0]?.bytes.equals(picture) ? { text: 'I know this one.' } : undefined),
  });
  const texts = await Promise.all(
    [picture, pngOf(3, 3)].map(async (bytes) => (await post(own.url, { contents: contentsWith(bytes) })).text),
  );
  await own.close();
  assert.match(texts[0] ?? '', /I know this one/);
  assert.match(texts[1] ?? '', /practice answer/);
});

test('models are listed page by page', async () => {
  const { models } = sdk(server.url);
  const names: (string | undefined)[] = [];
  for await (const one of await models.list({ config: { pageSize: 4 } })) names.push(one.name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length > 4 && names.includes('models/gemini-3.8-flash'));
  assert.equal(server.requests.length, Math.ceil(names.length / 4));
  const one = await models.get({ model });
  assert.deepEqual(
    [one.displayName, one.inputTokenLimit, one.supportedActions?.includes('countTokens')],
    ['Gemini 3.8 Flash', 1_048_576, true],
  );
  await assert.rejects(models.get({ model: 'gemini-9' }), { status: 404 });
});
