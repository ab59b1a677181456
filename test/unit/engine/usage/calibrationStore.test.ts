/** What bills teach, kept apart by backend, model and resolution. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelInfo } from '../../../../src/core/models/models.ts';
import { vertexDestination } from '../../../../src/core/models/vertex.ts';
import { buildRequest } from '../../../../src/core/request/buildRequest.ts';
import { estimateImage } from '../../../../src/core/request/estimateImage.ts';
import { calibrationKey } from '../../../../src/core/usage/calibration.ts';
import type { GeminiReply } from '../../../../src/core/usage/geminiReply.ts';
import type { MediaResolution } from '../../../../src/core/usage/tokens.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { OutgoingRequest } from '../../../../src/engine/sending/outgoing.ts';
import { CalibrationStore } from '../../../../src/engine/usage/calibrationStore.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';

const MODEL = 'gemini-2.5-flash-lite';
const SIZE = { width: 700, height: 1003 };
const GEMINI = 'https://generativelanguage.googleapis.com';
const VERTEX = vertexDestination({ project: 'my-project', location: 'global' });

function createStore() {
  const values = new Map<string, unknown>();
  const memory = {
    get: <T>(key: string) => values.get(key) as T | undefined,
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
  return new CalibrationStore(memory, () => undefined);
}

/** A request with one image that goes there. */
function outgoing(destination: string, mediaResolution: MediaResolution = 'default'): OutgoingRequest {
  const request = buildRequest({
    task: 'caption',
    query: '',
    model: MODEL,
    date: new Date(),
    mediaResolution,
    outputLanguage: '',
    systemInstruction: '',
    safetySettings: [],
    images: [{ mimeType: 'image/png', bytes: 7 }],
  });
  const basis = { calibration: {}, date: new Date() };
  const { estimate } = estimateImage(SIZE, { model: MODEL, mediaResolution }, basis);
  const image = { uri: 'file:///a.png', name: 'a.png', body: memorySource(new Uint8Array(7)), sha256: 'a', estimate };
  return { job: new Job(), request, uploads: [], images: [image], inputTokens: 0, destination };
}

const billed = (image: number): GeminiReply => ({ text: '', blockedCategories: [], cut: false, usage: { image } });

async function learn(store: CalibrationStore, sending: OutgoingRequest, image: number): Promise<void> {
  for (let call = 0; call < 5; call++) await store.learn(sending, billed(image));
}

const estimated = (store: CalibrationStore, backend: 'geminiApi' | 'vertexAi', mediaResolution: MediaResolution = 'default') => {
  const { estimate } = estimateImage(
    SIZE,
    { model: MODEL, mediaResolution },
    { calibration: store.calibration, date: new Date(), backend },
  );
  return [estimate.tokens, estimate.rule];
};

test('what one backend bills says nothing of the other', async () => {
  const store = createStore();
  await learn(store, outgoing(GEMINI), 258);
  assert.deepEqual(estimated(store, 'geminiApi'), [258, 'calibrated']);
  assert.deepEqual(estimated(store, 'vertexAi'), [1806, 'observed']);
  await learn(store, outgoing(VERTEX), 2000);
  assert.deepEqual(estimated(store, 'geminiApi'), [258, 'calibrated']);
  assert.deepEqual(estimated(store, 'vertexAi'), [2000, 'calibrated']);
});

test('nor does one resolution of another', async () => {
  const store = createStore();
  await learn(store, outgoing(GEMINI, 'low'), 100);
  assert.deepEqual(estimated(store, 'geminiApi', 'low'), [100, 'calibrated']);
  assert.deepEqual(estimated(store, 'geminiApi', 'medium'), [256, 'documented']);
});

test('an address in place of Google’s own is the Gemini API, and its key is the one that 0.1.0 wrote', async () => {
  const store = createStore();
  await learn(store, outgoing('http://127.0.0.1:8080'), 258);
  assert.deepEqual(Object.keys(store.calibration), [`${MODEL} default flat258`]);
  assert.equal(calibrationKey(modelInfo(MODEL, new Date()), 'default', 'vertexAi'), `vertexAi ${MODEL} default flat258`);
});
