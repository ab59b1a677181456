import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { IDENTITY } from '../../../src/core/base/geometry.ts';
import { reroutedModel } from '../../../src/core/models/reroutedModel.ts';
import { readDetections } from '../../../src/core/reply/detections.ts';
import { buildRequest } from '../../../src/core/request/buildRequest.ts';
import { createGemini } from '../../../src/gemini/api/gemini.ts';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import { pngOf } from '../../fakes/testClient.ts';

const PICTURE = pngOf(600, 600);
let server: GeminiServer | undefined;
afterEach(() => server?.close());

for (const [day, model, answers] of [
  ['2026-11-30T23:59:59Z', 'gemini-2.5-pro', undefined],
  ['2026-12-01T00:00:00Z', 'gemini-2.5-pro', 'gemini-3.8-flash'],
  ['2027-01-01T00:00:00Z', 'gemini-2.5-flash', 'gemini-3.5-flash-lite'],
  ['2027-01-01T00:00:00Z', 'gemini-2.5-flash-lite', undefined],
] as const) {
  test(`Detect and Segment with ${model} on ${day.slice(0, 10)}: answered by ${answers ?? 'itself'}`, async () => {
    const date = new Date(day);
    server = await startGeminiServer({ today: () => date });
    const gemini = createGemini({ apiKey: 'test-key', baseUrl: server.url, fetch: globalThis.fetch });
    for (const task of ['detect', 'segment'] as const) {
      const request = buildRequest({
        ...{ task, query: '', model, date, mediaResolution: 'default', outputLanguage: '', systemInstruction: '', safetySettings: [] },
        images: [{ mimeType: 'image/png', bytes: PICTURE.length }],
      });
      const reply = await gemini.generate(request, async () => PICTURE, { signal: new AbortController().signal });
      assert.equal(reroutedModel({ model, modelVersion: reply.modelVersion }), answers);
      assert.equal(reply.usage?.image, answers === undefined ? 258 : 1089, 'counted by the rule of the one that answers');
      const { detections, dropped } = readDetections(reply.text, { imageIndex: 0, width: 600, height: 600, toImage: IDENTITY });
      assert.deepEqual([detections.length, dropped], [3, []]);
      if (task === 'segment') assert.ok(detections.every(({ mask }) => mask !== undefined));
    }
    assert.deepEqual(server.violations, []);
  });
}
