import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import { contentsWith, pngOf, post } from '../../fakes/testClient.ts';
import { countedImageTokens, imageTokens } from '../../fakes/tokens.ts';

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;
let server: GeminiServer;
before(async () => {
  server = await startGeminiServer();
});
after(() => server.close());

test('Gemini 3 and later count a grid that depends on the proportions only', () => {
  const size = { width: 597, height: 566 };
  assert.equal(imageTokens('gemini-3.8-flash', size), 1088);
  assert.equal(imageTokens('gemini-4-argon', { width: 5970, height: 5660 }), 1088);
  assert.equal(imageTokens('gemini-3.8-flash', { width: 400, height: 301 }), 1102);
  assert.equal(imageTokens('gemini-3.8-flash', { width: 128, height: 128 }), 1089);
});

test('the resolution sets the budget of the grid', () => {
  const square = { width: 100, height: 100 };
  const tokens = ['LOW', 'MEDIUM', 'HIGH', 'ULTRA_HIGH'].map((word) => imageTokens('gemini-3.8-flash', square, `MEDIA_RESOLUTION_${word}`));
  assert.deepEqual(tokens, [16 ** 2, 23 ** 2, 33 ** 2, 47 ** 2]);
});

test('a very long picture still counts one row', () => {
  assert.equal(imageTokens('gemini-3.8-flash', { width: 10_000, height: 1 }), Math.floor(Math.sqrt(1120 * 10_000)));
});

test('2.5 bills a flat 258, 2.0 bills tiles and counts 258', () => {
  assert.equal(imageTokens('gemini-2.5-flash', { width: 3840, height: 2160 }), 258);
  assert.equal(imageTokens('gemini-2.5-flash', { width: 700, height: 1003 }), 258);
  assert.equal(imageTokens('gemini-2.5-flash', { width: 700, height: 1003 }, undefined, true), 1806);
  assert.equal(imageTokens('gemini-2.0-flash', { width: 3008, height: 2000 }), 3354);
  assert.equal(imageTokens('gemini-2.0-flash', { width: 540, height: 360 }), 1806);
  assert.equal(imageTokens('gemini-2.0-flash', { width: 384, height: 384 }), 258);
  assert.equal(countedImageTokens('gemini-2.0-flash', { width: 3008, height: 2000 }), 258);
});

test('countTokens adds the text to the picture and says nothing but the total', async () => {
  const { json } = await post(server.url, { contents: contentsWith(pngOf(40, 30), { text: '12345678' }) }, { method: 'countTokens' });
  assert.deepEqual(json, { totalTokens: imageTokens('gemini-3.8-flash', { width: 40, height: 30 }) + 2 });
});

test('usageMetadata adds up and tells picture and text apart', async () => {
  const body = { contents: contentsWith(pngOf(50, 50)), generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } };
  const usage = (await post(server.url, body)).json.usageMetadata;
  const { promptTokenCount = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0, promptTokensDetails = [] } = usage ?? {};
  assert.equal(usage?.totalTokenCount, promptTokenCount + candidatesTokenCount + thoughtsTokenCount);
  assert.ok(candidatesTokenCount > 0 && thoughtsTokenCount > 0);
  assert.equal(promptTokensDetails.find(({ modality }) => modality === 'IMAGE')?.tokenCount, 1089);
  assert.equal(
    promptTokenCount,
    promptTokensDetails.reduce((sum, { tokenCount = 0 }) => sum + tokenCount, 0),
  );
});

test('a resolution of the part goes before that of the request', async () => {
  const [content] = contentsWith(pngOf(50, 50)) as [{ parts: object[] }];
  content.parts[0] = { ...content.parts[0], mediaResolution: { level: 'MEDIA_RESOLUTION_ULTRA_HIGH' } };
  const body = { contents: [content], generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_LOW' } };
  const details = (await post(server.url, body)).json.usageMetadata?.promptTokensDetails ?? [];
  assert.equal(details.find(({ modality }) => modality === 'IMAGE')?.tokenCount, 47 ** 2);
});

test('the order of the details varies', async () => {
  const body = { contents: contentsWith(pngOf(8, 8)) };
  const replies = [await post(server.url, body), await post(server.url, body)];
  const first = replies.map(({ json }) => String(json.usageMetadata?.promptTokensDetails?.[0]?.modality));
  assert.deepEqual(first.sort(), ['IMAGE', 'TEXT']);
});

test('a text alone has no IMAGE entry', async () => {
  const { json } = await post(server.url, { contents: [{ parts: [{ text: 'Hello' }] }] });
  assert.deepEqual(json.usageMetadata?.promptTokensDetails, [{ modality: 'TEXT', tokenCount: 2 }]);
});

test('recorded pictures cost what the real API billed', { skip: !corpus && 'IMAGE_INSPECTOR_CORPUS is not set' }, async () => {
  const kiwi = readFileSync(join(corpus ?? '', 'images/241a70e3_597x566.jpg'));
  const { json } = await post(
    server.url,
    { contents: contentsWith(kiwi, { mimeType: 'image/jpeg' }) },
    { model: 'gemini-3.1-pro-preview' },
  );
  const recorded = JSON.parse(
    readFileSync(join(corpus ?? '', 'http/test_mixed_content_ordering[google_gemini3]__1.response.json'), 'utf8'),
  ) as typeof json;
  const billed = (reply: typeof json) => reply.usageMetadata?.promptTokensDetails?.find(({ modality }) => modality === 'IMAGE')?.tokenCount;
  assert.equal(billed(json), billed(recorded));
});
