import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { buildRequest, type RequestFacts, requestBody, wireSize } from '../../../../src/core/request/buildRequest.ts';
import { type GeminiRequest, partsOf, sentResolution } from '../../../../src/core/request/request.ts';
import { createGemini } from '../../../../src/gemini/api/gemini.ts';

const facts = (changes: Partial<RequestFacts> = {}): RequestFacts => ({
  task: 'detect',
  query: '',
  model: 'gemini-3.8-flash',
  date: new Date(TABLE_DATE),
  mediaResolution: 'default',
  outputLanguage: '',
  systemInstruction: '',
  safetySettings: [],
  images: [{ mimeType: 'image/png', bytes: 7 }],
  ...changes,
});

const outlineOf = ({ turns }: GeminiRequest) =>
  turns.map(({ role, parts }) => [role, ...parts.map((part) => (part.kind === 'image' ? part.image : part.text.split('\n')[0]))]);

test('the words come after the image', () => {
  const [image, words, ...others] = partsOf(buildRequest(facts()));
  assert.deepEqual([image?.kind, words?.kind, others], ['image', 'text', []]);
});

test('each of several images comes behind its name, in their order', () => {
  const images = [
    { mimeType: 'image/png', bytes: 7 },
    { mimeType: 'image/webp', bytes: 8 },
  ];
  assert.deepEqual(outlineOf(buildRequest(facts({ task: 'compare', images }))), [
    ['user', 'Image 1:', 0, 'Image 2:', 1, 'Compare these images: what is different, and what is the same?'],
  ]);
});

test('a question that follows comes after the conversation so far, the images before its first words', () => {
  const past = [
    { task: 'ask' as const, query: 'What is it?', answer: 'A cat.' },
    { task: 'ask' as const, query: 'Which colour?', answer: 'Grey.' },
  ];
  assert.deepEqual(outlineOf(buildRequest(facts({ task: 'ask', query: 'And its eyes?', past }))), [
    ['user', 0, 'Answer this question about this image: "What is it?"'],
    ['model', 'A cat.'],
    ['user', 'Answer this next question about this image: "Which colour?"'],
    ['model', 'Grey.'],
    ['user', 'Answer this next question about this image: "And its eyes?"'],
  ]);
});

test('labels are answered in JSON, texts are not', () => {
  assert.deepEqual(buildRequest(facts({ task: 'classify' })).config, { responseMimeType: 'application/json' });
  for (const task of ['ask', 'caption', 'compare'] as const) assert.deepEqual(buildRequest(facts({ task })).config, {});
  // Lines of text come with their places, as objects do.
  assert.deepEqual(buildRequest(facts({ task: 'readText' })).config, buildRequest(facts({ task: 'detect' })).config);
});

for (const [model, thinkingConfig] of [
  ['gemini-2.5-flash', { thinkingBudget: 0 }],
  ['gemini-2.5-flash-lite', { thinkingBudget: 0 }],
  ['gemini-2.5-flash-preview-05-20', { thinkingBudget: 0 }],
  ['gemini-2.5-pro', { thinkingBudget: 128 }],
  ['gemini-3.8-flash', { thinkingLevel: 'LOW' }],
  ['gemini-3.5-flash', { thinkingLevel: 'MINIMAL' }],
  ['gemini-4-argon', { thinkingLevel: 'LOW' }],
  ['gemini-5-xenon', { thinkingLevel: 'LOW' }],
  ['gemini-3.5-flash-lite', undefined],
  ['gemini-2.0-flash', undefined],
  ['gemini-2.5-flash-image', undefined],
  ['gemini-flash-latest', undefined],
] as const) {
  test(`${model} thinks as little as it can when it looks for objects, and as it likes for a caption`, () => {
    for (const task of ['detect', 'segment'] as const) {
      const { responseSchema: _, ...config } = buildRequest(facts({ model, task })).config;
      assert.deepEqual(config, { responseMimeType: 'application/json', ...(thinkingConfig && { thinkingConfig }) });
    }
    assert.deepEqual(buildRequest(facts({ model, task: 'caption' })).config, {});
  });
}

test('outlines are asked for by a schema, the mask after the box; bitmaps and boxes without one', () => {
  const schemaOf = (model: string, task: 'detect' | 'segment') => buildRequest(facts({ model, task })).config.responseSchema;
  for (const model of ['gemini-3.8-flash', 'gemini-3.5-flash-lite', 'gemini-4-argon', 'gemini-robotics-er-2-preview']) {
    const schema = schemaOf(model, 'segment');
    assert.ok(schema?.type === 'ARRAY' && schema.items.type === 'OBJECT', model);
    assert.deepEqual(schema.items.propertyOrdering, ['box_2d', 'label', 'mask']);
    assert.deepEqual(schema.items.propertyOrdering, Object.keys(schema.items.properties), 'all that is named');
    assert.deepEqual(schema.items.properties.mask, { type: 'ARRAY', items: { type: 'ARRAY', items: { type: 'INTEGER' } } });
    assert.equal(schemaOf(model, 'detect'), undefined);
  }
  assert.equal(schemaOf('gemini-2.5-flash-lite', 'segment'), undefined, 'its documented masks are text');
});

for (const [model, resolution, config, part] of [
  ['gemini-3.8-flash', 'default', undefined, undefined],
  ['gemini-3.8-flash', 'low', 'MEDIA_RESOLUTION_LOW', undefined],
  ['gemini-3.8-flash', 'medium', 'MEDIA_RESOLUTION_MEDIUM', undefined],
  ['gemini-3.8-flash', 'high', 'MEDIA_RESOLUTION_HIGH', undefined],
  ['gemini-3.8-flash', 'ultraHigh', undefined, 'MEDIA_RESOLUTION_ULTRA_HIGH'],
  ['gemini-4-hydrogen', 'medium', 'MEDIA_RESOLUTION_MEDIUM', undefined],
  ['gemini-4-hydrogen', 'ultraHigh', undefined, 'MEDIA_RESOLUTION_ULTRA_HIGH'],
  ['gemini-2.5-flash', 'ultraHigh', 'MEDIA_RESOLUTION_HIGH', undefined],
  ['gemini-2.5-flash', 'low', 'MEDIA_RESOLUTION_LOW', undefined],
] as const) {
  test(`${model} is asked for ${resolution} resolution where it takes it`, () => {
    const request = buildRequest(facts({ model, mediaResolution: resolution }));
    const image = partsOf(request)[0];
    assert.equal(request.config.mediaResolution, config);
    assert.ok(image?.kind === 'image');
    assert.equal(image.mediaResolution, part);
  });
}

for (const [model, resolutions, config, parts] of [
  ['gemini-3.8-flash', ['low', 'ultraHigh', 'default'], undefined, ['MEDIA_RESOLUTION_LOW', 'MEDIA_RESOLUTION_ULTRA_HIGH', undefined]],
  ['gemini-4-neon', ['medium', 'ultraHigh'], undefined, ['MEDIA_RESOLUTION_MEDIUM', 'MEDIA_RESOLUTION_ULTRA_HIGH']],
  ['gemini-3.8-flash', ['low', 'low'], 'MEDIA_RESOLUTION_LOW', [undefined, undefined]],
  ['gemini-3.8-flash', ['ultraHigh', 'ultraHigh'], undefined, ['MEDIA_RESOLUTION_ULTRA_HIGH', 'MEDIA_RESOLUTION_ULTRA_HIGH']],
  // Before 3 no part has its own: that of the first image holds for all.
  ['gemini-2.5-flash', ['low', 'high'], 'MEDIA_RESOLUTION_LOW', [undefined, undefined]],
  ['gemini-2.5-flash', ['default', 'low'], undefined, [undefined, undefined]],
] as const) {
  test(`${model} is asked for images of ${resolutions.join(' and ')} resolution together`, () => {
    const images = resolutions.map((mediaResolution) => ({ mimeType: 'image/png', bytes: 3, mediaResolution }));
    const request = buildRequest(facts({ model, task: 'compare', images }));
    assert.equal(request.config.mediaResolution, config);
    assert.deepEqual(
      partsOf(request).flatMap((part) => (part.kind === 'image' ? [part.mediaResolution] : [])),
      parts,
    );
    const differ = new Set(parts).size > 1;
    const same = model === 'gemini-2.5-flash' ? (resolutions[0] as string) : resolutions.at(-1);
    assert.equal(sentResolution(request), differ ? undefined : same);
  });
}

test('what cannot be the id of a model makes no request', () => {
  assert.throws(() => buildRequest(facts({ model: '../files/x' })), { reason: 'modelNotFound' });
  assert.equal(buildRequest(facts({ model: 'my-own-model' })).model, 'my-own-model');
});

test('the request is plain JSON and names the model without its folder', () => {
  const request = buildRequest(facts({ model: 'models/gemini-3.8-flash', systemInstruction: 'Be brief.' }));
  assert.equal(request.model, 'gemini-3.8-flash');
  assert.deepEqual(JSON.parse(JSON.stringify(request)), request);
});

test('blank instructions and an empty list of safety settings are not sent', () => {
  const { config } = buildRequest(facts({ task: 'caption', systemInstruction: ' \n' }));
  assert.deepEqual(config, {});
});

/** The body that the SDK hands to fetch for a request. */
async function bodySent(changes: Partial<RequestFacts>, images: Uint8Array[]): Promise<{ body: string; expected: number; json: unknown }> {
  const request = buildRequest(facts({ ...changes, images: images.map(({ length }) => ({ mimeType: 'image/png', bytes: length })) }));
  let body = '';
  const fetch = (async (_, init) => {
    // A stream of pieces, where there are pictures in it.
    body = await new Response(init?.body).text();
    return new Response('data: {}\n\n', { headers: { 'content-type': 'text/event-stream' } });
  }) as typeof globalThis.fetch;
  const gemini = createGemini({ apiKey: 'test-key', baseUrl: 'https://example.com', fetch });
  await gemini.generate(request, async (image) => images[image] as Uint8Array, { signal: new AbortController().signal });
  const json = requestBody(request, (image) => Buffer.from(images[image] as Uint8Array).toString('base64'));
  return { body, expected: wireSize(request), json };
}

const CONTENT = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 256);

for (const [name, changes, lengths] of [
  ['a caption', { task: 'caption' }, [999]],
  ['bytes that do not fill their last group', { task: 'caption' }, [1000]],
  ['bytes that begin one', { task: 'detect' }, [998]],
  ['several images at ultra high', { task: 'segment', mediaResolution: 'ultraHigh' }, [1, 2, 3]],
  [
    'a system instruction and safety settings',
    { systemInstruction: 'Be "brief".', safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }] },
    [10],
  ],
  ['words of many scripts, control characters and a lone surrogate', { query: 'é 猫 😀 \u0001 \ud800 "quoted" \\ </script>' }, [10]],
  ['an empty image', { mediaResolution: 'low' }, [0]],
] as const) {
  test(`the size of ${name} is that of the body the SDK sends`, async () => {
    const { body, expected, json } = await bodySent(
      changes as Partial<RequestFacts>,
      lengths.map((length) => CONTENT.subarray(0, length)),
    );
    assert.equal(expected, Buffer.byteLength(body));
    assert.deepEqual(JSON.parse(body), JSON.parse(JSON.stringify(json)));
  });
}

test('an image that the API has elsewhere is named in the request, and takes no room in it', () => {
  const uri = 'https://generativelanguage.googleapis.com/v1beta/files/abc';
  const inline = buildRequest(facts({ images: [{ mimeType: 'image/png', bytes: 3000 }] }));
  const [image, words] = partsOf(inline);
  assert.ok(image?.kind === 'image' && words);
  const file: GeminiRequest = { ...inline, turns: [{ role: 'user', parts: [{ ...image, source: { kind: 'file', uri } }, words] }] };
  const address: GeminiRequest = {
    ...inline,
    turns: [{ role: 'user', parts: [{ ...image, source: { kind: 'url', url: 'https://example.com/a.png' } }, words] }],
  };
  const firstPart = (request: GeminiRequest) =>
    (requestBody(request, () => 'data') as { contents: { parts: object[] }[] }).contents[0]?.parts[0];
  assert.deepEqual(firstPart(inline), { inlineData: { data: 'data', mimeType: 'image/png' } });
  assert.deepEqual(firstPart(file), { fileData: { fileUri: uri, mimeType: 'image/png' } });
  assert.deepEqual(firstPart(address), { fileData: { fileUri: 'https://example.com/a.png', mimeType: 'image/png' } });
  assert.ok(wireSize(inline) > 4000);
  assert.ok(wireSize(file) < 1000);
});
