import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detection } from '../../../../src/core/inspection/inspection.ts';
import { judged, readDecisions } from '../../../../src/core/reply/decisionAnswers.ts';

const BOX = { x: 0, y: 0, width: 0.5, height: 0.5 };

function object(id: string, more: Partial<Detection> = {}): Detection {
  return { id, label: 'mug', imageIndex: 0, box: BOX, pixelBox: BOX, ...more };
}

test('the probability of a yes becomes the confidence, never that of the answer', () => {
  const reply = readDecisions({ answers: { object_1: { type: 'noul', noul: 0.07, confidence: 0.93 } } });
  assert.deepEqual(judged([object('4')], reply), { detections: [object('4', { confidence: 0.07 })], dropped: [] });
});

for (const [name, answer] of [
  ['no answer', undefined],
  ['null', null],
  ['text', '0.9'],
  ['a number that is text', { type: 'noul', noul: '0.9', confidence: 0.9 }],
  ['no noul', { type: 'noul', confidence: 0.9 }],
  ['more than one', { type: 'noul', noul: 1.2, confidence: 0.9 }],
  ['less than nothing', { type: 'noul', noul: -0.1, confidence: 0.9 }],
  ['another kind', { type: 'score', score: 1, confidence: 0.9 }],
  ['a blocked one', { type: 'noul', block_reason: 'safety' }],
] as const) {
  test(`what is odd never becomes a number: ${name}`, () => {
    const reply = readDecisions({ answers: answer === undefined ? {} : { object_1: answer } });
    const { detections, dropped } = judged([object('1', { confidence: 0.5 })], reply);
    assert.deepEqual(detections, [object('1')], 'nor is an older one left');
    assert.equal(dropped.length, 1);
    assert.match(dropped[0]?.reason ?? '', /object 1 |Object 1 /);
  });
}

for (const body of [undefined, null, 'no', [], { answers: [] }, { answers: 'x', usage: 7 }, { answers: { constructor: 1 } }]) {
  test(`a reply that is none answers nothing: ${JSON.stringify(body)}`, () => {
    const reply = readDecisions(body);
    assert.equal(judged([object('1')], reply).dropped.length, 1);
    assert.deepEqual(reply.usage, { output: 0 });
  });
}

test('the bill and the reason of a refusal are read', () => {
  const usage = {
    total_input_tokens: 1200,
    total_output_tokens: 0,
    input_tokens_by_modality: [
      { modality: 'text', tokens: 111 },
      { modality: 'image', tokens: 1089 },
    ],
  };
  const { usage: read, blockReason } = readDecisions({ prompt_feedback: { block_reason: 'safety' }, usage });
  assert.deepEqual(read, { prompt: 1200, image: 1089, output: 0, total: 1200 });
  assert.equal(blockReason, 'safety');
});

test('what was cached of the input is read, and sums stand in for counts that are missing', () => {
  const kinds = [
    { modality: 'IMAGE', tokens: 1089 },
    { modality: 'image', tokens: 1080 },
    { modality: 'text', tokens: 31 },
  ];
  const cached = [{ modality: 'image', tokens: 1000 }];
  const read = (usage: object) => readDecisions({ usage }).usage;
  assert.deepEqual(read({ input_tokens_by_modality: kinds, cached_tokens_by_modality: cached }), {
    prompt: 2200,
    cached: 1000,
    image: 2169,
    output: 0,
    total: 2200,
  });
  assert.deepEqual(read({ total_input_tokens: 2500, total_cached_tokens: 2000, input_tokens_by_modality: kinds }), {
    prompt: 2500,
    cached: 2000,
    image: 2169,
    output: 0,
    total: 2500,
  });
});
