import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelInfo } from '../../../../src/core/models/models.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { calibrationKey } from '../../../../src/core/usage/calibration.ts';
import { estimateFor, type TokenBasis } from '../../../../src/core/usage/estimate.ts';
import { describeChoice, modelChoices, otherModels, resolutionChoices } from '../../../../src/core/usage/tokenChoices.ts';
import { type TokenFacts, tokenFactRows } from '../../../../src/core/usage/tokenFacts.ts';
import type { MediaResolution } from '../../../../src/core/usage/tokens.ts';

const BASIS: TokenBasis = { calibration: {}, prices: {}, date: new Date(TABLE_DATE) };
const CUPCAKES = { width: 620, height: 620 };

function rowsOf(model: string, changes: Partial<TokenFacts> = {}, basis = BASIS): Record<string, string> {
  const resolution: MediaResolution = changes.resolution ?? 'default';
  const estimate = estimateFor(changes.size ?? CUPCAKES, model, resolution, basis);
  const facts = {
    model,
    resolution,
    estimate,
    size: CUPCAKES,
    type: 'PNG',
    wireBytes: 905_000,
    inlineLimit: 20e6,
    sign: '≈' as const,
    tokens: estimate.tokens,
    billed: undefined,
    ...changes,
  };
  return Object.fromEntries(tokenFactRows(facts, basis));
}

test('of an image for a model of today', () => {
  assert.deepEqual(rowsOf('gemini-3.8-flash', { billed: 1089 }), {
    Image: '≈ 1,089 tok',
    Resolution: 'default (as high)',
    Rule: 'Gemini 3 grid, 33 × 33 of 1,120',
    'Picture sent': '620 × 620 PNG, inline, 905 KB as base64',
    'Input cost': '$0.00082 at $0.75 per million (2026-11-27)',
    'Other resolutions': 'low 256 · medium 529 · ultra high 2,209',
    'Other models': '2.5-flash-lite $0.00010 · 3.1-flash-lite $0.00027 · 2.5-flash $0.00031',
    'Last run': '✓ 1,089 tok billed, as estimated',
  });
});

test('the two rules of 2.5 are shown while they disagree', () => {
  const rows = rowsOf('gemini-2.5-flash');
  assert.equal(rows['Documented rule'], '2 × 2 tiles of 413 px, 258 each');
  assert.equal(rows.Observed, '258 at any size');
  assert.equal(rows['Why two'], 'The two disagree; Count Exactly settles it');
  assert.equal(rowsOf('gemini-2.5-flash', { sign: '=', tokens: 258 })['Why two'], undefined, 'the count has settled it');
  assert.equal(rowsOf('gemini-2.5-flash', { size: { width: 300, height: 300 } }).Rule, '1 tile, 258');
  assert.equal(rowsOf('gemini-2.5-flash', { resolution: 'low' }).Observed, undefined);
});

test('on Vertex AI the tooltip tells the rule of its bills', () => {
  const rows = rowsOf('gemini-2.5-flash', { size: { width: 700, height: 1003 } }, { ...BASIS, backend: 'vertexAi' });
  assert.equal(rows.Image, '≈ 1,806 tok');
  assert.equal(rows['Documented rule'], '2 × 3 tiles of 466 px, 258 each');
  assert.equal(rows['On Vertex AI'], '1,806: the tiles and the whole picture, as in the one bill seen');
  assert.equal(rows['Seen in replies'] ?? rows['Why two'], undefined);
  const small = rowsOf('gemini-2.5-flash', { size: { width: 300, height: 300 } }, { ...BASIS, backend: 'vertexAi' });
  assert.equal(small.Rule, '1 tile, 258');
});

test('all choices go by the rule of the backend', () => {
  const size = { width: 700, height: 1003 };
  const vertex = { ...BASIS, backend: 'vertexAi' as const };
  const tokensOf = (choices: { value: string; tokens: number | undefined }[]) =>
    Object.fromEntries(choices.map(({ value, tokens }) => [value, tokens]));
  assert.deepEqual(tokensOf(resolutionChoices(size, 'gemini-2.5-flash', vertex)), { default: 1806, low: 64, medium: 256, high: 1806 });
  assert.deepEqual(tokensOf(modelChoices(size, ['gemini-2.5-flash', 'gemini-3.8-flash'], 'default', vertex)), {
    'gemini-2.5-flash': 1806,
    'gemini-3.8-flash': tokensOf(modelChoices(size, ['gemini-3.8-flash'], 'default', BASIS))['gemini-3.8-flash'],
  });
});

test('a calibrated estimate says by how many calls, and what the rule says', () => {
  const key = calibrationKey(modelInfo('gemini-2.5-flash', BASIS.date), 'default');
  const samples = Array.from({ length: 12 }, () => ({ images: 1, documented: 1548, observed: 258, billed: 258 }));
  const rows = rowsOf('gemini-2.5-flash', {}, { ...BASIS, calibration: { [key]: samples } });
  assert.equal(rows.Image, '≈ 258 tok');
  assert.equal(rows.Rule, 'calibrated on your last 12 calls');
  assert.equal(rows.Documented, '1,032');
});

test('a price past its day is shown as old, and one of the user as theirs', () => {
  assert.equal(
    rowsOf('gemini-3.8-flash', {}, { ...BASIS, date: new Date('2027-06-01') })['Input cost'],
    '$0.00163 (price of 2026-11-27, may be old)',
  );
  const prices = { 'gemini-3.8-flash': { input: 0.5, output: 1 } };
  assert.equal(rowsOf('gemini-3.8-flash', {}, { ...BASIS, prices })['Input cost'], '$0.00054 at $0.50 per million (your price)');
  assert.equal(rowsOf('gemini-9-xenon')['Input cost'], 'price unknown');
});

for (const [day, flash, pro, rule, others] of [
  [
    '2026-11-30',
    '$0.00082 at $0.75 per million (2026-11-27)',
    '$0.00129 at $1.25 per million (2026-11-27)',
    undefined,
    '2.5-flash-lite $0.00010 · 3.1-flash-lite $0.00027 · 2.5-flash $0.00031',
  ],
  [
    '2026-12-01',
    '$0.00082 at $0.75 per million (2026-11-27)',
    '$0.00082 at $0.75 per million (2026-11-27)',
    'Gemini 3 grid, 33 × 33 of 1,120',
    '2.5-flash-lite $0.00010 · 3.1-flash-lite $0.00027 · 3.5-flash-lite $0.00033',
  ],
  [
    '2027-01-01',
    '$0.00163 at $1.50 per million (2026-11-27)',
    '$0.00163 at $1.50 per million (2026-11-27)',
    'Gemini 3 grid, 33 × 33 of 1,120',
    '2.5-flash-lite $0.00010 · 3.1-flash-lite $0.00027 · 3.5-flash-lite $0.00033',
  ],
] as const) {
  test(`the tooltip on ${day}: prices, the rule of what answers for 2.5-pro, and no other model that is answered for`, () => {
    const basis = { ...BASIS, date: new Date(day) };
    const now = rowsOf('gemini-3.8-flash', {}, basis);
    assert.deepEqual([now['Input cost'], now['Other models']], [flash, others]);
    const rerouted = rowsOf('gemini-2.5-pro', {}, basis);
    assert.deepEqual([rerouted['Input cost'], rerouted.Rule], [pro, rule]);
  });
}

test('what is not known before the work is done is not said', () => {
  assert.equal(rowsOf('gemini-3.8-flash', { type: undefined, wireBytes: undefined })['Picture sent'], '620 × 620, converted first');
  assert.match(rowsOf('gemini-3.8-flash', { wireBytes: 30e6 })['Picture sent'] ?? '', /above the limit for one request/);
});

test('the choices of resolutions, with what each costs', () => {
  assert.deepEqual(
    resolutionChoices(CUPCAKES, 'gemini-3.8-flash', BASIS).map((choice) => `${choice.value}: ${describeChoice(choice)}`),
    [
      'default: ≈ 1,089 tok · $0.00082 · same as high',
      'low: ≈ 256 tok · $0.00019',
      'medium: ≈ 529 tok · $0.00040',
      'high: ≈ 1,089 tok · $0.00082',
      'ultraHigh: ≈ 2,209 tok · $0.00166 · this image only',
    ],
  );
  assert.deepEqual(
    resolutionChoices(CUPCAKES, 'gemini-2.0-flash', BASIS).map(({ value }) => value),
    ['default', 'low', 'medium', 'high'],
  );
});

test('the choices of models, with what each costs', () => {
  const ids = ['gemini-3.8-flash', 'gemini-3.5-flash-lite', 'gemini-3.1-pro-preview', 'gemini-2.5-flash', 'gemini-9-xenon'];
  assert.deepEqual(modelChoices(CUPCAKES, ids, 'default', BASIS).map(describeChoice), [
    '≈ 1,089 tok · $0.00082',
    '≈ 1,089 tok · $0.00033',
    '≈ 1,089 tok · $0.00218 · preview',
    '≈ 1,032 tok · $0.00031 · cheapest that takes images · from 2026-12-01 answered by gemini-3.5-flash-lite',
    '≈ 1,089 tok · price unknown',
  ]);
  assert.equal(modelChoices(undefined, ids, 'default', BASIS).map(describeChoice)[0], '');
});

test('other models are those in general use, the cheapest first, without the one that holds', () => {
  const others = otherModels(CUPCAKES, 'gemini-2.5-flash-lite', 'default', BASIS);
  assert.deepEqual(
    others.map(({ value }) => value),
    ['gemini-3.1-flash-lite', 'gemini-2.5-flash', 'gemini-3.5-flash-lite'],
  );
});
