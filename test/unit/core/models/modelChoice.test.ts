import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModelId } from '../../../../src/core/models/modelId.ts';
import { offeredModels } from '../../../../src/core/models/modelList.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { reroutedModel } from '../../../../src/core/models/reroutedModel.ts';
import { billedUsd } from '../../../../src/core/usage/cost.ts';
import { describeEnd, describeLife, modelDescription } from '../../../../src/core/usage/modelDescription.ts';
import { spendingOf } from '../../../../src/core/usage/spendingOf.ts';

const TODAY = new Date(TABLE_DATE);
const BASIS = { date: TODAY, prices: {} };

for (const [model, modelVersion, other] of [
  ['gemini-3.8-flash', 'gemini-3.8-flash', undefined],
  ['gemini-3.8-flash', undefined, undefined],
  ['gemini-3.8-flash', 'models/gemini-3.8-flash-001', undefined],
  ['gemini-2.5-flash', 'gemini-2.5-flash-preview-09-2025', undefined],
  ['gemini-2.5-flash-preview-05-20', 'gemini-2.5-flash', undefined],
  ['gemini-3.1-pro-preview', 'gemini-3.1-pro-preview-20260219', undefined],
  ['gemini-flash-latest', 'gemini-3.8-flash', undefined],
  ['gemini-flash-lite-latest', 'gemini-3.5-flash-lite-001', undefined],
  // Its name begins with that of the model that was asked.
  ['gemini-3.5-flash', 'gemini-3.5-flash-lite', 'gemini-3.5-flash-lite'],
  ['gemini-flash-latest', 'gemini-3.5-flash-lite', 'gemini-3.5-flash-lite'],
  ['gemini-2.5-pro', 'publishers/google/models/gemini-3.8-flash', 'gemini-3.8-flash'],
  ['my-own', 'gemini-3.8-flash', 'gemini-3.8-flash'],
] as const) {
  test(`${model}, answered by ${modelVersion}: ${other === undefined ? 'the same model' : 'another one'}`, () => {
    assert.equal(reroutedModel({ model, modelVersion }), other);
  });
}

test('the model that answered is billed; one without a known price by that of the model that was asked', () => {
  const usage = { prompt: 1_000_000, output: 0 };
  const cost = (modelVersion: string) => billedUsd({ model: 'gemini-3.8-flash', modelVersion }, TODAY, usage);
  assert.equal(cost('gemini-3.8-flash-001'), 0.75);
  assert.equal(cost('gemini-3.5-flash-lite'), 0.3);
  assert.equal(cost('gemini-9-xenon'), 0.75);
  const reply = { text: 'A cat.', blockedCategories: [], cut: false, modelVersion: 'gemini-3.5-flash-lite', usage };
  const call = { model: 'gemini-3.8-flash', workspace: '', date: TODAY, imageTokens: 0, inputTokens: 0, ending: { reply } };
  assert.equal(spendingOf(call, {}).usd, 0.3);
});

for (const [text, id] of [
  ['gemini-3.8-flash', 'gemini-3.8-flash'],
  ['  models/gemini-3.8-flash-001 ', 'gemini-3.8-flash-001'],
  ['publishers/google/models/gemini-2.5-pro', 'gemini-2.5-pro'],
  ['gemini 3', undefined],
  ['', undefined],
  ['../files/x', undefined],
  ['gemini-3.8-flash:countTokens', undefined],
  ['gemini?key=x', undefined],
] as const) {
  test(`"${text}" is ${id === undefined ? 'not the id of a model' : `the id ${id}`}`, () => assert.equal(readModelId(text), id));
}

test('what a model can do and costs, and what follows', () => {
  assert.equal(
    modelDescription('gemini-3.8-flash', BASIS),
    'boxes, outlines, points · $0.75 in, $3.75 out per 1M, from 2027-01-01 $1.50, $7.50 · thinks · image addresses · up to 3,000 images',
  );
  assert.equal(
    modelDescription('gemini-3.1-flash-lite', BASIS),
    'boxes, points · $0.25 in, $1.50 out per 1M · thinks · image addresses · up to 3,000 images',
  );
  assert.equal(
    modelDescription('gemini-robotics-er-2-preview', BASIS),
    'boxes, points · price unknown · image addresses · up to 3,000 images',
  );
  assert.equal(
    modelDescription('gemini-2.5-flash-lite', BASIS),
    'boxes, masks, points · $0.10 in, $0.40 out per 1M · thinks · up to 3,600 images',
  );
  assert.equal(modelDescription('gemini-9-xenon', BASIS), 'not in the table · price unknown');
  const prices = { 'gemini-9-xenon': { input: 1, output: 2 } };
  assert.equal(modelDescription('gemini-9-xenon', { ...BASIS, prices }), 'not in the table · $1.00 in, $2.00 out per 1M (your price)');
  assert.match(modelDescription('gemini-3.8-flash', { ...BASIS, date: new Date('2027-07-01') }), /\(price of 2026-11-27, may be old\)/);
});

test('an end of a model is told before it comes and after', () => {
  assert.deepEqual(describeEnd('gemini-3.1-flash-lite', TODAY), ['retires on 2027-05-07']);
  assert.deepEqual(describeEnd('gemini-3.1-flash-lite', new Date('2027-05-07')), ['retired on 2027-05-07']);
  assert.deepEqual(describeEnd('gemini-2.5-flash', TODAY), ['from 2026-12-01 answered by gemini-3.5-flash-lite']);
  assert.deepEqual(describeEnd('gemini-2.5-flash', new Date('2026-12-01')), ['since 2026-12-01 answered by gemini-3.5-flash-lite']);
  assert.deepEqual(describeEnd('gemini-2.0-flash', TODAY), ['retired on 2026-06-01']);
  assert.deepEqual(describeEnd('gemini-3-pro-preview', TODAY), ['retired']);
  assert.deepEqual(describeEnd('gemini-3.8-flash', TODAY), []);
  assert.deepEqual(describeLife('gemini-3.1-pro-preview', TODAY), ['preview']);
});

test('the list is the table as far as the API lists it, then what else it lists that answers about images', () => {
  const live = [
    { id: 'gemini-9-xenon', inputTokenLimit: 2_000_000 },
    { id: 'gemini-2.5-flash-image' },
    { id: 'gemini-3.1-flash-tts-preview' },
    { id: 'gemini-2.0-flash-001' },
    { id: 'gemini-3.8-flash', inputTokenLimit: 1_048_576 },
  ];
  assert.deepEqual(offeredModels('gemini-3.8-flash', live, TODAY), [
    { id: 'gemini-3.8-flash', remarks: [], inputTokenLimit: 1_048_576 },
    { id: 'gemini-9-xenon', remarks: [], inputTokenLimit: 2_000_000 },
  ]);
});

test('the model that holds is always in the list, and it is said where the API does not list it', () => {
  const live = [{ id: 'gemini-3.8-flash' }];
  assert.deepEqual(offeredModels('my-own', live, TODAY)[0], { id: 'my-own', remarks: ['not listed for this key'] });
  assert.deepEqual(offeredModels('gemini-2.0-flash', undefined, TODAY)[0], { id: 'gemini-2.0-flash', remarks: [] });
  assert.equal(offeredModels('gemini-3.8-flash', undefined, TODAY)[0]?.id, 'gemini-3.8-flash');
  assert.deepEqual(offeredModels('gemini-3.8-flash', [], TODAY), [{ id: 'gemini-3.8-flash', remarks: ['not listed for this key'] }]);
});
