import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { type ConsentCost, consentCostLines } from '../../../../src/core/usage/consentCost.ts';

const linesOf = (changes: Partial<ConsentCost>) =>
  consentCostLines(
    { model: 'gemini-3.8-flash', inputTokens: 1151, requests: 1, imageTokens: undefined, isFree: false, ...changes },
    { calibration: {}, prices: {}, date: new Date(TABLE_DATE) },
  );

test('before something is sent its cost is told', () => {
  assert.deepEqual(linesOf({}), ['Cost: about 1,151 tokens, $0.0009 and the answer']);
  assert.deepEqual(linesOf({ model: 'gemini-9-xenon' }), ['Cost: about 1,151 tokens and the answer']);
});

test('of several images the cost of each, and their sum', () => {
  assert.deepEqual(linesOf({ requests: 4, imageTokens: 4356 }), [
    'Cost of each: about 1,151 tokens, $0.0009 and the answer',
    'All images together: about 4,356 tokens, $0.0033',
  ]);
  assert.deepEqual(linesOf({ requests: 4 }), ['Cost of each: about 1,151 tokens, $0.0009 and the answer']);
});

test('of a request that is repeated the cost of each, and of all', () => {
  assert.deepEqual(linesOf({ times: 5 }), [
    'Cost of each: about 1,151 tokens, $0.0009 and the answer',
    'All 5 together: about 5,755 tokens, $0.0043 and the answers',
  ]);
});

test('a count is free, of however many images', () => {
  assert.deepEqual(linesOf({ isFree: true, requests: 4, imageTokens: 4356 }), ['Counting the tokens costs nothing.']);
});
