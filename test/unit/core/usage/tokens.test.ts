import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelInfo } from '../../../../src/core/models/models.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { estimateImageTokens, estimateTextTokens, type MediaResolution } from '../../../../src/core/usage/tokens.ts';

const TODAY = new Date(TABLE_DATE);

const estimate = (model: string, width: number, height: number, resolution: MediaResolution = 'default') =>
  estimateImageTokens({ width, height }, modelInfo(model, TODAY), resolution);

/** [model, width, height, documented, observed]: the documentation's own numbers, and those of recorded replies. */
for (const [model, width, height, documented, observed] of [
  // The example of the documentation.
  ['gemini-2.0-flash', 960, 540, 6 * 258, 7 * 258],
  ['gemini-2.5-flash', 960, 540, 1548, 258],
  ['gemini-1.5-pro', 960, 540, 1548, undefined],
  // The threshold counts for both sides, and 384 itself is small.
  ['gemini-2.0-flash', 384, 384, 258, 258],
  ['gemini-2.0-flash', 385, 384, 2 * 2 * 258, 5 * 258],
  ['gemini-2.5-pro', 384, 100, 258, 258],
  ['gemini-1.5-flash', 1, 1, 258, undefined],
  // The unit is at most 768 and at least 256.
  ['gemini-2.0-flash', 3008, 2000, 4 * 3 * 258, 3354],
  ['gemini-2.0-flash', 540, 360, 3 * 2 * 258, 1806],
  ['gemini-2.5-flash', 3840, 2160, 5 * 3 * 258, 258],
  ['gemini-2.5-flash', 5000, 100, 20 * 258, 258],
] as const) {
  test(`${model} documents ${documented} tokens for ${width} x ${height}`, () => {
    const { tokens, rule, documented: byDocument, observed: seen } = estimate(model, width, height);
    assert.deepEqual(
      { tokens, rule, documented: byDocument, seen },
      { tokens: documented, rule: 'documented', documented, seen: observed },
    );
  });
}

test('the two editions of the documentation disagree on 384 pixels, < and <=: such an image is small', () => {
  for (const model of ['gemini-1.5-pro', 'gemini-2.0-flash', 'gemini-2.5-flash']) assert.equal(estimate(model, 384, 384).tokens, 258);
  assert.notEqual(estimate('gemini-2.0-flash', 384, 385).tokens, 258);
});

test('the tiles of the documentation are shown with their unit', () => {
  assert.deepEqual(estimate('gemini-2.0-flash', 960, 540).tiles, { columns: 3, rows: 2, unit: 360 });
  assert.deepEqual(estimate('gemini-2.0-flash', 384, 10).tiles, { columns: 1, rows: 1, unit: 384 });
});

for (const [model, resolution, width, height, tokens, budget] of [
  ['gemini-3.8-flash', 'default', 597, 566, 1088, 1120],
  ['gemini-3.8-flash', 'default', 400, 301, 1102, 1120],
  ['gemini-3.5-flash', 'default', 128, 128, 1089, 1120],
  ['gemini-4-argon', 'high', 597, 566, 1088, 1120],
  ['gemini-3-flash-preview', 'low', 128, 128, 256, 280],
  ['gemini-3.8-flash', 'medium', 128, 128, 529, 560],
  ['gemini-3.8-flash', 'ultraHigh', 128, 128, 2209, 2240],
  ['gemini-5-xenon', 'default', 12_800, 12_800, 1089, 1120],
  // Each factor is at least 1.
  ['gemini-3.8-flash', 'low', 100_000, 1, 5291, 280],
  ['gemini-3.8-flash', 'low', 1, 100_000, 5291, 280],
] as const) {
  test(`${model} takes ${tokens} tokens for ${width} x ${height} at ${resolution}`, () => {
    const found = estimate(model, width, height, resolution);
    assert.deepEqual({ ...found, tiles: undefined }, { tokens, rule: 'observed', documented: budget, observed: tokens, tiles: undefined });
    assert.equal((found.tiles?.columns ?? 0) * (found.tiles?.rows ?? 0), tokens);
  });
}

test('2.5 on Vertex AI is billed its tiles and the whole picture, where it is cut up', () => {
  const vertex = (width: number, height: number, resolution: MediaResolution = 'default', model = 'gemini-2.5-flash') =>
    estimateImageTokens({ width, height }, modelInfo(model, TODAY), resolution, 'vertexAi');
  assert.deepEqual(vertex(700, 1003), {
    tokens: 1806,
    rule: 'observed',
    documented: 6 * 258,
    observed: 1806,
    tiles: { columns: 2, rows: 3, unit: 466 },
  });
  assert.equal(vertex(700, 1003, 'high').tokens, 1806);
  assert.equal(vertex(384, 100).tokens, 258);
  assert.equal(vertex(700, 1003, 'low').tokens, 64);
  assert.equal(vertex(700, 1003, 'medium').tokens, 256);
  // Other families have one rule for both.
  for (const model of ['gemini-2.0-flash', 'gemini-3.8-flash', 'gemini-4-neon'])
    assert.deepEqual(vertex(700, 1003, 'default', model), estimate(model, 700, 1003));
});

test('2.5 has fixed numbers at low and medium, and its tiles above', () => {
  assert.equal(estimate('gemini-2.5-flash', 960, 540, 'low').tokens, 64);
  assert.equal(estimate('gemini-2.5-flash', 960, 540, 'medium').tokens, 256);
  assert.equal(estimate('gemini-2.5-flash', 960, 540, 'high').tokens, 1548);
  assert.deepEqual(estimate('gemini-2.5-flash', 960, 540, 'ultraHigh'), estimate('gemini-2.5-flash', 960, 540, 'high'));
});

test('an image without a size has no estimate', () => {
  for (const model of ['gemini-3.8-flash', 'gemini-2.5-flash'])
    for (const side of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => estimate(model, side, 10), RangeError);
      assert.throws(() => estimate(model, 10, side), RangeError);
    }
});

for (const [text, tokens] of [
  ['', 0],
  ['a', 1],
  ['Find all the cats.', 5],
  ['すべての猫', 5],
  ['猫 cat', 2],
] as const) {
  test(`"${text}" is about ${tokens} tokens`, () => assert.equal(estimateTextTokens(text), tokens));
}
