import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currentModels, modelInfo, priceAt } from '../../../../src/core/models/models.ts';
import { MODEL_TABLE, TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { costUsd } from '../../../../src/core/usage/cost.ts';

const TODAY = new Date(TABLE_DATE);

for (const [id, row] of [
  ['models/gemini-3.8-flash', 'gemini-3.8-flash'],
  ['publishers/google/models/gemini-2.5-pro', 'gemini-2.5-pro'],
  ['gemini-2.5-flash-preview-05-20', 'gemini-2.5-flash'],
  ['gemini-2.5-flash-lite-preview-06-17', 'gemini-2.5-flash-lite'],
  ['gemini-2.5-pro-exp-03-25', 'gemini-2.5-pro'],
  ['gemini-2.0-flash-001', 'gemini-2.0-flash'],
  ['gemini-3.5-flash-latest', 'gemini-3.5-flash'],
  [' gemini-4-argon ', 'gemini-4-argon'],
] as const) {
  test(`"${id}" is looked up as ${row}`, () => {
    const { id: _, ...expected } = modelInfo(row, TODAY);
    const { id: asked, ...found } = modelInfo(id, TODAY);
    assert.notEqual(expected.status, 'unknown');
    assert.deepEqual(found, expected);
    assert.equal(asked, id.trim().split('/').at(-1), 'the id stays the one that was asked for');
  });
}

test('a preview of its own is not taken for a version of another model', () => {
  assert.equal(modelInfo('gemini-3.1-pro-preview', TODAY).status, 'preview');
  assert.equal(modelInfo('gemini-3.1-pro-preview-customtools', TODAY).status, 'unknown');
});

for (const [id, generation, tokenRule] of [
  ['gemini-5-xenon', 5, 'budget'],
  ['gemini-12.5-flash', 12.5, 'budget'],
  ['gemini-3.9-flash', 3.9, 'budget'],
  ['gemini-2.5-flash-image', 2.5, 'flat258'],
  ['gemini-2.0-flash-thinking', 2, 'tiles'],
  ['gemini-1.5-flash-8b', 1.5, 'tiles'],
  ['gemini-flash-latest', 4, 'budget'],
  ['something else', 4, 'budget'],
  ['', 4, 'budget'],
] as const) {
  test(`the unknown model "${id}" counts as generation ${generation}`, () => {
    const info = modelInfo(id, TODAY);
    assert.deepEqual([info.generation, info.tokenRule, info.status], [generation, tokenRule, 'unknown']);
    assert.equal(priceAt(id, TODAY), undefined);
  });
}

test('the 2 of robotics-er-2 is not its generation', () => {
  assert.equal(modelInfo('gemini-robotics-er-2-preview', TODAY).tokenRule, 'budget');
});

test('no image model of 2.5 is told how to think', () => {
  assert.deepEqual(modelInfo('gemini-2.5-flash-image-preview', TODAY).thinking, { kind: 'none' });
});

test('a price holds until its last day and the next one from the day after', () => {
  assert.equal(priceAt('gemini-3.8-flash', new Date('2026-12-31T23:59:59Z'))?.input, 0.75);
  assert.equal(priceAt('gemini-3.8-flash', new Date('2027-01-01T00:00:00Z'))?.input, 1.5);
  assert.equal(priceAt('gemini-4-argon', new Date('2026-11-30'))?.output, 10);
  assert.equal(priceAt('gemini-4-argon', new Date('2026-12-01'))?.output, 20);
});

test('a rerouted model costs what the one that answers costs', () => {
  assert.equal(priceAt('gemini-2.5-flash', new Date('2026-11-30'))?.output, 2.5);
  assert.deepEqual(priceAt('gemini-2.5-flash', new Date('2026-12-01')), priceAt('gemini-3.5-flash-lite', new Date('2026-12-01')));
  assert.equal(priceAt('gemini-2.5-pro', new Date('2026-11-30'))?.input, 1.25);
  assert.equal(priceAt('gemini-2.5-pro', new Date('2027-01-01'))?.input, 1.5);
});

test('every model that can be asked is in force and is offered once; retired ones are not offered', () => {
  const offered = currentModels(TODAY).map(({ id }) => id);
  assert.equal(new Set(offered).size, offered.length);
  assert.equal(offered[0], 'gemini-3.8-flash');
  assert.ok(!offered.includes('gemini-2.0-flash') && !offered.includes('gemini-3-pro-preview'));
  assert.ok(offered.includes('gemini-3.1-flash-lite'));
  assert.ok(!currentModels(new Date('2027-05-07')).some(({ id }) => id === 'gemini-3.1-flash-lite'));
});

test('the prices of a model never overlap, and rerouting leads to a model of the table', () => {
  for (const { id, prices = [], reroute } of MODEL_TABLE) {
    for (const [i, price] of prices.slice(1).entries())
      assert.ok((prices[i]?.until ?? '9999') < (price.from ?? ''), `${id}: prices overlap`);
    if (reroute) assert.ok(MODEL_TABLE.some((row) => row.id === reroute.to));
  }
});

test('the cost is that of prompt, output and thoughts', () => {
  const cost = costUsd('gemini-3.8-flash', TODAY, { prompt: 1_000_000, output: 100_000, thoughts: 100_000 });
  assert.ok(Math.abs((cost ?? 0) - 1.5) < 1e-9);
  assert.equal(costUsd('gemini-3.8-flash', TODAY, {}), 0);
  assert.equal(costUsd('gemini-5-xenon', TODAY, { prompt: 1 }), undefined);
});

test('a long prompt makes the whole request dearer', () => {
  assert.equal(costUsd('gemini-3.1-pro-preview', TODAY, { prompt: 200_000, output: 1000 }), 0.412);
  assert.equal(costUsd('gemini-3.1-pro-preview', TODAY, { prompt: 200_001, output: 1000 }), (200_001 * 4 + 1000 * 18) / 1e6);
});
