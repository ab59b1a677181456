import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelInfo } from '../../../../src/core/models/models.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { nextSmallerSize } from '../../../../src/core/usage/smallerSize.ts';
import { estimateImageTokens } from '../../../../src/core/usage/tokens.ts';

const TODAY = new Date(TABLE_DATE);

const smaller = (model: string, width: number, height: number) => nextSmallerSize({ width, height }, modelInfo(model, TODAY), 'default');

test('the next smaller size is the largest that costs fewer tiles', () => {
  for (const [width, height] of [
    [3008, 2000],
    [4000, 3000],
    [960, 540],
    [500, 500],
  ] as const) {
    const found = smaller('gemini-2.0-flash', width, height);
    assert.ok(found);
    const tokensOf = (w: number, h: number) =>
      estimateImageTokens({ width: w, height: h }, modelInfo('gemini-2.0-flash', TODAY), 'default').tokens;
    assert.ok(found.tokens < tokensOf(width, height));
    assert.equal(found.tokens, tokensOf(found.width, found.height));
    for (let side = width - 1; side > found.width; side--)
      assert.ok(tokensOf(side, Math.round((height * side) / width)) >= tokensOf(width, height), `${side} wide would do`);
  }
});

test('3008 x 2000 has 12 tiles of 768; one column fewer fits into 2304', () => {
  assert.deepEqual(smaller('gemini-2.0-flash', 3008, 2000), { width: 2310, height: 1536, tokens: 8 * 258 });
});

test('from 3 on no smaller size is cheaper, nor for an image of one tile', () => {
  assert.equal(smaller('gemini-3.8-flash', 4000, 3000), undefined);
  assert.equal(smaller('gemini-2.0-flash', 384, 300), undefined);
  assert.equal(nextSmallerSize({ width: 4000, height: 3000 }, modelInfo('gemini-2.5-flash', TODAY), 'low'), undefined);
});
