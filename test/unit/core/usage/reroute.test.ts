import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currentModels, modelInfo, priceAt } from '../../../../src/core/models/models.ts';
import { buildRequest } from '../../../../src/core/request/buildRequest.ts';
import { partsOf } from '../../../../src/core/request/request.ts';
import { calibrationKey } from '../../../../src/core/usage/calibration.ts';
import { consentCostLines } from '../../../../src/core/usage/consentCost.ts';
import { billedUsd, costUsd } from '../../../../src/core/usage/cost.ts';
import { estimateFor } from '../../../../src/core/usage/estimate.ts';
import { describeEnd, modelDescription } from '../../../../src/core/usage/modelDescription.ts';
import { modelChoices, otherModels, resolutionChoices } from '../../../../src/core/usage/tokenChoices.ts';

// On 2026-12-01 gemini-2.5-flash and gemini-2.5-pro begin to be answered, and billed, by other models.
const BEFORE = new Date('2026-11-30T23:59:59Z');
const AFTER = new Date('2026-12-01T00:00:00Z');
const NEXT_YEAR = new Date('2027-01-01T00:00:00Z');

const basis = (date: Date) => ({ calibration: {}, prices: {}, date });
const segment = (model: string, date: Date) =>
  buildRequest({
    task: 'segment',
    query: '',
    model,
    date,
    mediaResolution: 'default',
    outputLanguage: '',
    systemInstruction: '',
    safetySettings: [],
    images: [{ mimeType: 'image/png', bytes: 7 }],
  });
const wordsOf = (request: ReturnType<typeof segment>) =>
  partsOf(request)
    .map((part) => (part.kind === 'text' ? part.text : ''))
    .join('');

for (const [model, to] of [
  ['gemini-2.5-flash', 'gemini-3.5-flash-lite'],
  ['models/gemini-2.5-flash-preview-09-2025', 'gemini-3.5-flash-lite'],
  ['gemini-2.5-pro', 'gemini-3.8-flash'],
] as const) {
  test(`${model} has its own rules to the last day, and those of ${to} from the day on`, () => {
    const before = modelInfo(model, BEFORE);
    assert.deepEqual([before.generation, before.tokenRule, before.maskFormat], [2.5, 'flat258', 'png']);
    const { id, status, reroute, ...rules } = modelInfo(model, AFTER);
    const { id: _, status: __, ...expected } = modelInfo(to, AFTER);
    assert.deepEqual(rules, expected);
    assert.deepEqual([id, status, reroute], [model.replace('models/', ''), 'ga', { from: '2026-12-01', to }]);
  });

  test(`${model} costs what ${to} costs from the day on, whether or not the reply names it`, () => {
    const usage = { prompt: 1e6, output: 1e5, thoughts: 1e5 };
    for (const date of [AFTER, NEXT_YEAR]) {
      assert.equal(costUsd(model, date, usage), costUsd(to, date, usage));
      assert.equal(billedUsd({ model }, date, usage), costUsd(to, date, usage));
      assert.equal(billedUsd({ model, modelVersion: to }, date, usage), costUsd(to, date, usage));
      assert.equal(priceAt(model, date, { [to]: { input: 7, output: 8 } })?.input, 7, "the user's own price of the one that answers");
    }
  });

  test(`${model} is asked for what the one that answers understands`, () => {
    assert.ok('thinkingBudget' in (segment(model, BEFORE).config.thinkingConfig ?? {}));
    assert.match(wordsOf(segment(model, BEFORE)), /base64 PNG/);
    assert.deepEqual(segment(model, AFTER).config, segment(to, AFTER).config);
    assert.match(wordsOf(segment(model, AFTER)), /outline as one polygon/);
    assert.equal(segment(model, AFTER).model, model.replace('models/', ''));
  });

  test(`the tokens of an image with ${model} are those of ${to} from the day on`, () => {
    const size = { width: 4000, height: 3000 };
    assert.equal(estimateFor(size, model, 'default', basis(BEFORE)).rule, 'documented');
    assert.deepEqual(estimateFor(size, model, 'default', basis(AFTER)), estimateFor(size, to, 'default', basis(AFTER)));
    const offered = (date: Date) => resolutionChoices(size, model, basis(date)).map(({ value, tokens }) => [value, tokens]);
    assert.ok(!offered(BEFORE).some(([value]) => value === 'ultraHigh'));
    assert.deepEqual(
      offered(AFTER),
      resolutionChoices(size, to, basis(AFTER)).map(({ value, tokens }) => [value, tokens]),
    );
    assert.notEqual(calibrationKey(modelInfo(model, BEFORE), 'high'), calibrationKey(modelInfo(model, AFTER), 'high'));
  });
}

test('prices on the day before, the day itself and in the next year', () => {
  const rates = (model: string, date: Date) => {
    const { input, output } = priceAt(model, date) ?? { input: 0, output: 0 };
    return [input, output];
  };
  assert.deepEqual([BEFORE, AFTER, NEXT_YEAR].map((date) => rates('gemini-2.5-flash', date)), [[0.3, 2.5], [0.3, 2.5], [0.3, 2.5]]); // biome-ignore format: a table
  assert.deepEqual([BEFORE, AFTER, NEXT_YEAR].map((date) => rates('gemini-2.5-pro', date)), [[1.25, 10], [0.75, 3.75], [1.5, 7.5]]); // biome-ignore format: a table
  assert.deepEqual([BEFORE, AFTER, NEXT_YEAR].map((date) => rates('gemini-2.5-flash-lite', date)), [[0.1, 0.4], [0.1, 0.4], [0.1, 0.4]]); // biome-ignore format: a table
  assert.deepEqual([BEFORE, AFTER, NEXT_YEAR].map((date) => rates('gemini-4-argon', date)), [[2, 10], [4, 20], [4, 20]]); // biome-ignore format: a table
});

test('the consent names the price of the one that answers', () => {
  const cost = { model: 'gemini-2.5-pro', inputTokens: 1_000_000, requests: 1, allTokens: 1_000_000, isFree: false };
  assert.match(consentCostLines(cost, basis(BEFORE))[0] ?? '', /\$1\.25/);
  assert.match(consentCostLines(cost, basis(AFTER))[0] ?? '', /\$0\.75/);
  assert.match(consentCostLines(cost, basis(NEXT_YEAR))[0] ?? '', /\$1\.50/);
});

test('the words about a rerouted model: its masks with their last day, then the outlines of the one that answers', () => {
  assert.equal(
    modelDescription('gemini-2.5-flash', basis(BEFORE)),
    'boxes, masks until 2026-11-30, points · $0.30 in, $2.50 out per 1M · thinks · up to 3,600 images',
  );
  assert.equal(modelDescription('gemini-2.5-flash', basis(AFTER)), modelDescription('gemini-3.5-flash-lite', basis(AFTER)));
  assert.equal(
    modelDescription('gemini-2.5-pro', basis(BEFORE)),
    'boxes, masks until 2026-11-30, points · $1.25 in, $10.00 out per 1M, from 2026-12-01 $0.75, $3.75 · thinks · up to 3,600 images',
  );
  assert.equal(modelDescription('gemini-2.5-pro', basis(AFTER)), modelDescription('gemini-3.8-flash', basis(AFTER)));
  assert.match(
    modelDescription('gemini-2.5-pro', basis(AFTER)),
    /^boxes, outlines, points · \$0\.75 in, \$3\.75 out per 1M, from 2027-01-01 \$1\.50/,
  );
  assert.deepEqual(describeEnd('gemini-2.5-pro', BEFORE), ['from 2026-12-01 answered by gemini-3.8-flash']);
  assert.deepEqual(describeEnd('gemini-2.5-pro', AFTER), ['since 2026-12-01 answered by gemini-3.8-flash']);
});

test('the only model of the list with masks to come is gemini-2.5-flash-lite, on both days', () => {
  for (const date of [BEFORE, AFTER, NEXT_YEAR]) {
    const ids = currentModels(date).map(({ id }) => id);
    assert.deepEqual(
      ids.filter((id) => /\bmasks(?! until)/.test(modelDescription(id, basis(date)))),
      ['gemini-2.5-flash-lite'],
    );
    assert.deepEqual(
      ids.filter((id) => modelInfo(id, date).maskFormat === 'png' && modelInfo(id, date).reroute === undefined),
      ['gemini-2.5-flash-lite'],
    );
    assert.match(wordsOf(segment('gemini-2.5-flash-lite', date)), /base64 PNG/);
    assert.deepEqual(segment('gemini-2.5-flash-lite', date).config.thinkingConfig, { thinkingBudget: 0 });
    assert.ok(!ids.includes('gemini-robotics-er-1.6-preview'));
  }
  assert.deepEqual(describeEnd('gemini-robotics-er-1.6-preview', BEFORE), ['retired on 2026-08-31']);
});

test('a model that another one answers for is in the list, and is no cheaper way beside the one that answers', () => {
  const size = { width: 620, height: 620 };
  const ids = currentModels(AFTER).map(({ id }) => id);
  assert.ok(ids.includes('gemini-2.5-flash'));
  const offered = otherModels(size, 'gemini-4-argon', 'default', basis(AFTER)).map(({ value }) => value);
  assert.ok(!offered.includes('gemini-2.5-flash') && !offered.includes('gemini-2.5-pro'));
  const [flash] = modelChoices(size, ['gemini-2.5-flash'], 'default', basis(AFTER));
  assert.deepEqual(flash?.remarks, ['since 2026-12-01 answered by gemini-3.5-flash-lite']);
});
