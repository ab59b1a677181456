import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { replyFailure } from '../../../../src/core/failures/geminiFailure.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { buildRequest } from '../../../../src/core/request/buildRequest.ts';
import type { GeminiReply } from '../../../../src/core/usage/geminiReply.ts';
import { createGemini } from '../../../../src/gemini/api/gemini.ts';
import { streamed } from './geminiStreamed.ts';

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;
const options = { skip: corpus === undefined && 'IMAGE_INSPECTOR_CORPUS is not set' };

const REQUEST = buildRequest({
  task: 'caption',
  query: '',
  model: 'gemini-3.8-flash',
  date: new Date(TABLE_DATE),
  mediaResolution: 'default',
  outputLanguage: '',
  systemInstruction: '',
  safetySettings: [],
  images: [],
});

/** A recorded stream played in pieces of so many bytes, which cuts lines and characters wherever they are. */
async function replay(file: string, pieceLength: number): Promise<{ reply: GeminiReply; deltas: string }> {
  const bytes = readFileSync(join(corpus as string, file));
  const fetch = async (): Promise<Response> => streamed(bytes, pieceLength);
  let deltas = '';
  const gemini = createGemini({ apiKey: 'test-key', baseUrl: 'https://example.com', fetch });
  const reply = await gemini.generate(REQUEST, async () => new Uint8Array(), {
    signal: new AbortController().signal,
    onProgress: ({ delta }) => {
      deltas += delta;
    },
  });
  return { reply, deltas };
}

const EXPECTED: [file: string, begins: RegExp, expected: Partial<GeminiReply>][] = [
  [
    'streams/test_google_model_stream__0.sse.txt',
    /^The capital of France is Paris\.\n$/,
    { finishReason: 'STOP', usage: { prompt: 13, output: 8, total: 21 } },
  ],
  [
    'streams/test_google_stream_usage_is_live_mid_stream__0.sse.txt',
    /^1\n2\n[\d\n]*\n30$/,
    { finishReason: 'STOP', usage: { prompt: 18, output: 80, thoughts: 35, total: 133 } },
  ],
  ['streams/test_google_model_thinking_part_iter__0.sse.txt', /^This is /, { finishReason: 'STOP', modelVersion: 'gemini-2.5-pro' }],
  ['firebase/streaming-success-basic-reply-short.txt', /\S/, { finishReason: 'STOP' }],
  ['firebase/streaming-success-basic-reply-long.txt', /\S/, { finishReason: 'STOP' }],
  ['firebase/streaming-success-empty-parts.txt', /^Here's a cute cartoon kitten/, { finishReason: 'STOP' }],
  ['firebase/streaming-success-no-content-parts.txt', /^I will generate/, { finishReason: 'STOP' }],
  ['firebase/streaming-success-thinking-reply-thought-summary.txt', /^The sky is blue/, { finishReason: 'STOP' }],
  ['firebase/streaming-success-citations.txt', /^Okay, let's break down quantum mechanics\./, { finishReason: 'STOP' }],
  // The program and its output are parts of their own, and no words of the answer.
  ['firebase/streaming-success-code-execution.txt', /^To find the sum (?!.*print\().*\b28\b/s, { finishReason: 'STOP' }],
  ['firebase/streaming-success-url-context.txt', /^\nThe Google homepage/, { finishReason: 'STOP' }],
  ['firebase/streaming-success-finish-message.txt', /^Hello world!$/, { finishReason: 'STOP' }],
  [
    'firebase/streaming-failure-prompt-blocked-safety.txt',
    /^$/,
    { blockReason: 'SAFETY', blockedCategories: ['HARM_CATEGORY_HATE_SPEECH'] },
  ],
  ['firebase/streaming-failure-recitation-no-content.txt', /^text1text2/, { finishReason: 'RECITATION' }],
];

for (const [file, begins, expected] of EXPECTED) {
  test(`recorded: ${file}`, options, async () => {
    for (const pieceLength of [1, 7, 1000, 1_000_000]) {
      const { reply, deltas } = await replay(file, pieceLength);
      assert.match(reply.text, begins);
      assert.equal(deltas, reply.text);
      assert.equal(reply.cut, false);
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(reply[key as keyof GeminiReply], value, key);
    }
  });
}

test('recorded: a refused prompt is a refusal by name', options, async () => {
  const { reply } = await replay('firebase/streaming-failure-prompt-blocked-safety.txt', 100);
  assert.equal(replyFailure(reply)?.message, "Gemini's safety filters refused this image or prompt (SAFETY).");
});

test('recorded: an error as the whole stream, in pieces', options, async () => {
  await assert.rejects(replay('firebase/streaming-failure-image-rejected.txt', 7), {
    reason: 'server',
    message: 'Gemini refused the request: Request contains an invalid argument.',
  });
});

test('recorded: a stream that ends early at any byte keeps what had come, or fails', options, async () => {
  const bytes = readFileSync(join(corpus as string, 'streams/test_google_model_stream__0.sse.txt'));
  for (let end = 0; end < bytes.length; end += 13) {
    const fetch = async (): Promise<Response> => streamed(bytes.subarray(0, end), 1000);
    const gemini = createGemini({ apiKey: 'test-key', baseUrl: 'https://example.com', fetch });
    const outcome = await gemini
      .generate(REQUEST, async () => new Uint8Array(), { signal: new AbortController().signal })
      .catch((error) => error.reason);
    if (typeof outcome === 'string') assert.equal(outcome, 'network');
    else {
      assert.ok('The capital of France is Paris.\n'.startsWith(outcome.text));
      assert.equal(outcome.cut, outcome.text !== '' && outcome.finishReason === undefined);
    }
  }
});
