import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY } from '../../../../src/core/base/geometry.ts';
import { makeInspection } from '../../../../src/core/reply/makeInspection.ts';
import { ResponseReader } from '../../../../src/core/reply/responseReader.ts';
import { costUsd } from '../../../../src/core/usage/cost.ts';
import { spendingOf } from '../../../../src/core/usage/spendingOf.ts';
import { billable, type Usage, wholeUsage } from '../../../../src/core/usage/usage.ts';
import { runCost } from '../../../../src/webview/text/format.ts';

const DATE = new Date('2026-11-28T12:00:00Z');

/** What is made of a bill: the inspection, and the line of the ledger. */
function billed(usageMetadata: object, model = 'gemini-2.5-flash', text = '') {
  const reader = new ResponseReader();
  reader.add({ candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP' }], usageMetadata });
  const reply = reader.finish(false);
  const facts = { id: 'a', task: 'caption', createdAt: DATE.toISOString(), prompt: '', model, images: [] } as const;
  const { tokens } = makeInspection(
    { ...facts, images: [], contexts: [{ imageIndex: 0, width: 1, height: 1, toImage: IDENTITY }], estimatedImageTokens: 258 },
    reply,
  );
  const ledger = spendingOf({ model, workspace: '', date: DATE, imageTokens: 258, inputTokens: 300, ending: { reply } }, {});
  return { tokens, ledger, usd: tokens.costUsd ?? Number.NaN };
}

const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

test('cached tokens cost a tenth of others from 2.5 on, in the inspection and in the ledger', () => {
  const { tokens, ledger, usd } = billed({ promptTokenCount: 18625, cachedContentTokenCount: 18010, candidatesTokenCount: 188 });
  assert.ok(usd >= 0.00119 && usd <= 0.00201, String(usd));
  near(usd, (615 * 0.3 + 18010 * 0.03 + 188 * 2.5) / 1e6);
  near(ledger.usd, usd);
  assert.deepEqual([tokens.prompt, tokens.cached, tokens.output], [18625, 18010, 188]);
  assert.deepEqual([ledger.prompt, ledger.cached], [18625, 18010]);
});

test('a share holds for prices of the user and for those of long prompts too; no more is cached than was sent', () => {
  const own = { 'gemini-2.5-flash': { input: 10, output: 0 } };
  near(costUsd('gemini-2.5-flash', DATE, { prompt: 1e6, cached: 5e5 }, own) ?? 0, 5.5);
  near(costUsd('gemini-3.1-pro-preview', DATE, { prompt: 1e6, cached: 1e6 }) ?? 0, 0.4);
  near(costUsd('gemini-3.8-flash', DATE, { prompt: 100, cached: 1e6 }) ?? 0, (100 * 0.075) / 1e6);
});

test('what tools read is input once more, beside the prompt', () => {
  const { tokens, ledger, usd } = billed({
    promptTokenCount: 118,
    candidatesTokenCount: 312,
    toolUsePromptTokenCount: 1961,
    thoughtsTokenCount: 46,
    totalTokenCount: 2437,
  });
  near(usd, ((118 + 1961) * 0.3 + (312 + 46) * 2.5) / 1e6);
  near(ledger.usd, usd);
  assert.deepEqual([tokens.toolUse, ledger.prompt, ledger.toolUse, ledger.thoughts], [1961, 2079, 1961, 46]);
});

const MISSING: [what: string, usage: Usage, whole: Usage][] = [
  ['the answer', { prompt: 100, total: 150 }, { prompt: 100, output: 50, total: 150 }],
  ['the answer, beside thoughts', { prompt: 100, thoughts: 20, total: 150 }, { prompt: 100, output: 30, thoughts: 20, total: 150 }],
  ['the prompt', { output: 50, total: 150 }, { prompt: 100, output: 50, total: 150 }],
  ['thoughts', { prompt: 100, output: 50, total: 190 }, { prompt: 100, output: 50, thoughts: 40, total: 190 }],
  ['tools', { prompt: 100, output: 50, thoughts: 10, total: 190 }, { prompt: 100, output: 50, thoughts: 10, toolUse: 30, total: 190 }],
  ['nothing', { prompt: 100, output: 50, total: 150 }, { prompt: 100, output: 50, total: 150 }],
  ['nothing that a total too small could tell', { prompt: 100, output: 50, total: 100 }, { prompt: 100, output: 50, total: 100 }],
  ['all but the total', { total: 7 }, { total: 7 }],
  [
    'the total',
    { prompt: 100, cached: 60, image: 90, output: 50, thoughts: 10, toolUse: 30 },
    { prompt: 100, cached: 60, image: 90, output: 50, thoughts: 10, toolUse: 30, total: 190 },
  ],
  ['the total and the answer', { prompt: 100 }, { prompt: 100 }],
];

for (const [what, usage, whole] of MISSING) {
  test(`what is missing of a bill is told by its total: ${what}`, () => assert.deepEqual(wholeUsage(usage), whole));
}

test('counts are also read from the entries by kind', () => {
  const { tokens } = billed({
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: 7 },
      { modality: 'IMAGE', tokenCount: 258 },
    ],
    cacheTokensDetails: [{ modality: 'IMAGE', tokenCount: 200 }],
    candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: 9 }],
    toolUsePromptTokensDetails: [{ modality: 'TEXT', tokenCount: 3 }],
  });
  assert.deepEqual([tokens.prompt, tokens.image, tokens.cached, tokens.output, tokens.toolUse], [265, 258, 200, 9, 3]);
});

test('counts come before the sums of their kinds, whichever event of a stream tells them', () => {
  const reader = new ResponseReader();
  reader.add({ usageMetadata: { promptTokenCount: 300, candidatesTokenCount: 5 } });
  reader.add({ usageMetadata: { promptTokensDetails: [{ modality: 'IMAGE', tokenCount: 258 }], cachedContentTokenCount: 7 } });
  reader.add({ usageMetadata: { cacheTokensDetails: [{ modality: 'TEXT', tokenCount: 3 }] } });
  assert.deepEqual(reader.finish(false).usage, { prompt: 300, cached: 7, image: 258, output: 5, total: 305 });
});

test('a bill is the sum of its parts of all kinds, each at its price', () => {
  const { tokens, ledger, usd } = billed(
    {
      promptTokenCount: 5000,
      cachedContentTokenCount: 4200,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 644 },
        { modality: 'IMAGE', tokenCount: 4356 },
      ],
      cacheTokensDetails: [
        { modality: 'IMAGE', tokenCount: 4100 },
        { modality: 'TEXT', tokenCount: 100 },
      ],
      toolUsePromptTokenCount: 700,
      toolUsePromptTokensDetails: [
        { modality: 'TEXT', tokenCount: 100 },
        { modality: 'IMAGE', tokenCount: 600 },
      ],
      candidatesTokenCount: 80,
      thoughtsTokenCount: 20,
      totalTokenCount: 5800,
    },
    'gemini-4-neon',
  );
  // 3 dollars in, 15 out for one million; cached tokens cost a tenth.
  near(usd, ((800 + 700) * 3 + 4200 * 0.3 + 100 * 15) / 1e6);
  near(ledger.usd, usd);
  assert.deepEqual(tokens.image, 4356, 'what tools read is no image that was sent');
  assert.deepEqual([ledger.prompt, ledger.image, ledger.cached, ledger.toolUse], [5700, 4356, 4200, 700]);
  assert.equal(tokens.total, 5800);
});

test('an answer whose tokens nobody told is not free', () => {
  const text = 'word '.repeat(80);
  const { usd, ledger } = billed({ promptTokenCount: 100 }, 'gemini-2.5-flash', text);
  near(usd, (100 * 0.3 + 100 * 2.5) / 1e6);
  near(ledger.usd, usd);
  assert.deepEqual(billable({ prompt: 100, total: 100 }, text), { prompt: 100, total: 100 }, 'a total says that it cost nothing');
});

test('a bill names what was cached and what tools read', () => {
  const { title } = runCost({ estimated: 258, prompt: 5000, cached: 4000, output: 10, toolUse: 30, total: 5040 });
  assert.equal(title, 'Input 5,000 (4,000 cached) · Tools 30 · Output 10');
});
