import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TABLE_DATE } from '../../../src/core/models/modelTable.ts';
import { buildRequest } from '../../../src/core/request/buildRequest.ts';
import { createGemini } from '../../../src/gemini/api/gemini.ts';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import { png } from '../../fixtures/images.ts';

let server: GeminiServer;
before(async () => {
  server = await startGeminiServer();
});
after(() => server.close());

const requestFor = (url: string) =>
  buildRequest({
    task: 'caption',
    query: '',
    model: 'gemini-3.8-flash',
    date: new Date(TABLE_DATE),
    mediaResolution: 'default',
    outputLanguage: '',
    systemInstruction: '',
    safetySettings: [],
    images: [{ mimeType: 'image/png', bytes: 0, source: { kind: 'url', url } }],
  });
const noBytes = () => Promise.reject(new Error('no image is sent'));
const gemini = () => createGemini({ apiKey: 'test-key', baseUrl: server.url, fetch: globalThis.fetch });
const { signal } = new AbortController();

test('an image by address is counted and billed like one inside the request, and none of it is sent', async () => {
  const address = 'https://example.com/cat.png?w=2';
  server.web.set(address, Buffer.from(png(597, 566)));
  const reply = await gemini().generate(requestFor(address), noBytes, { signal });
  assert.equal(reply.usage?.image, 1088);
  assert.ok((await gemini().countTokens(requestFor(address), noBytes, { signal })) >= 1088);
  const [request] = server.requests;
  assert.deepEqual(request?.body?.contents?.[0]?.parts?.[0], { fileData: { fileUri: address, mimeType: 'image/png' } });
  assert.equal(request?.images[0]?.via, 'url');
});

test('an address at which nothing is, or without encryption, is refused', async () => {
  server.web.set('http://example.com/cat.png', Buffer.from(png()));
  for (const address of ['https://example.com/none.png', 'http://example.com/cat.png'])
    await assert.rejects(gemini().generate(requestFor(address), noBytes, { signal }), { name: 'InspectorError' }, address);
});
