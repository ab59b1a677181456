import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeTokens, formatTokenLabel, type TokenLabel } from '../../../../src/core/usage/tokenLabel.ts';

const LABEL: TokenLabel = { sign: '≈', tokens: 1089, usd: 0.00081675, images: 1, show: 'tokens', overBudget: false };

for (const [text, change] of [
  ['≈ 1,089 tok', {}],
  ['= 1,089 tok', { sign: '=' }],
  ['✓ 1,089 tok', { sign: '✓' }],
  ['≈ $0.0008 (1,089 tok)', { show: 'cost' }],
  ['≈ 1,089 tok · $0.0008', { show: 'both' }],
  ['≈ 1,089 tok · $0.02', { show: 'both', usd: 0.0212 }],
  ['≈ 1,089 tok', { show: 'cost', usd: undefined }],
  ['≈ 4,356 tok · 4 images', { tokens: 4356, images: 4 }],
  ['$(loading~spin) ≈ 1,089 tok', { work: { found: 0 } }],
  ['$(loading~spin) ≈ 1,089 tok · 6 found', { work: { found: 6 } }],
  ['≈ ? tok', { tokens: undefined, usd: undefined }],
  ['$(warning) ≈ 1,089 tok · over budget', { overBudget: true }],
] satisfies [string, Partial<TokenLabel>][]) {
  test(`the status bar can say "${text}"`, () => assert.equal(formatTokenLabel({ ...LABEL, ...change }), text));
}

for (const [words, change] of [
  ['About 1,089 tokens for cat.png, estimated', {}],
  ['1,089 tokens for cat.png, counted by Gemini', { sign: '=' }],
  ['1,089 tokens for cat.png, billed', { sign: '✓' }],
  ['4,356 tokens for 4 images, counted by Gemini', { sign: '=', tokens: 4356, images: 4 }],
  ['The tokens of cat.png cannot be estimated', { tokens: undefined }],
  ['About 1,089 tokens for cat.png, estimated, over budget', { overBudget: true }],
] satisfies [string, Partial<TokenLabel>][]) {
  test(`a screen reader says "${words}"`, () => assert.equal(describeTokens({ ...LABEL, ...change }, 'cat.png'), words));
}
