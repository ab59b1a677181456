import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMaskAnswer } from '../../../../src/core/reply/maskAnswer.ts';

const mask = (byte: number, ...scores: unknown[]) => ({
  mask: { imageBytes: Buffer.from([byte]).toString('base64'), mimeType: 'image/png' },
  labels: scores.map((score) => ({ label: 'cat', score })),
});

test('the mask with the highest score is taken, with that score', () => {
  const answer = readMaskAnswer({ generatedMasks: [mask(1, 0.2), mask(2, 0.1, 0.9), mask(3)] });
  assert.deepEqual(answer, { mask: Uint8Array.from([2]), confidence: 0.9 });
});

test('a score that is none from 0 to 1 is no confidence', () => {
  for (const score of [1.5, -0.1, '0.9', null, undefined, Number.NaN])
    assert.deepEqual(readMaskAnswer({ generatedMasks: [mask(7, score)] }), { mask: Uint8Array.from([7]) });
  assert.equal(readMaskAnswer({ generatedMasks: [mask(7, 0)] }).confidence, 0);
});

test('an answer without a mask says that there is none', () => {
  for (const answer of [
    undefined,
    null,
    [],
    {},
    { generatedMasks: [] },
    { generatedMasks: 'x' },
    { generatedMasks: [{}, null, { mask: {} }] },
  ])
    assert.deepEqual(readMaskAnswer(answer), {});
});

test('what is no base64 throws', () => {
  assert.throws(() => readMaskAnswer({ generatedMasks: [{ mask: { imageBytes: '!!!!' } }] }), RangeError);
});
