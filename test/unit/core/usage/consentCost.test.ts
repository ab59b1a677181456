import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { type ConsentCost, consentCostLines } from '../../../../src/core/usage/consentCost.ts';

const linesOf = (changes: Partial<ConsentCost>) =>
  consentCostLines(
    { model: 'gemini-3.8-flash', inputTokens: 1151, requests: 1, allTokens: 1151, isFree: false, ...changes },
    { calibration: {}, prices: {}, date: new Date(TABLE_DATE) },
  );

test('before something is sent its cost is told', () => {
  assert.deepEqual(linesOf({}), ['Input cost: about 1,151 tokens, $0.0009 + output']);
  assert.deepEqual(linesOf({ model: 'gemini-9-xenon' }), ['Input cost: about 1,151 tokens + output']);
});

test('of several images, and of a request that is repeated, their sum', () => {
  assert.deepEqual(linesOf({ requests: 4, allTokens: 4604 }), ['Total input cost of 4 requests: about 4,604 tokens, $0.0035 + output']);
  assert.deepEqual(linesOf({ times: 5, allTokens: 5755 }), ['Total input cost of 5 requests: about 5,755 tokens, $0.0043 + output']);
});

test('a count is free, of however many images', () => {
  assert.deepEqual(linesOf({ isFree: true, requests: 4, allTokens: 4604 }), ['Counting the tokens costs nothing.']);
});
