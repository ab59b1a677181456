import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CostBasis } from '../../../../src/core/usage/costBasis.ts';
import { nearestTowards, nextAt, objectsAt, readingOrder, type Target } from '../../../../src/webview/result/objectsAt.ts';
import { droppedLabel } from '../../../../src/webview/result/replyPlaces.ts';
import { formatShare, imageTokensOf, promptCost, runCost } from '../../../../src/webview/text/format.ts';

test('shares are short', () => {
  assert.deepEqual([formatShare(0.78), formatShare(0.015), formatShare(0)], ['78 %', '1.5 %', '0 %']);
});

test('a run shows what was billed, or what was estimated', () => {
  assert.deepEqual(runCost({ estimated: 1089, image: 1089, prompt: 1151, total: 1623, costUsd: 0.0022 }), {
    text: '✓ 1,623 tok · $0.0022',
    title: 'Image 1,089 · Input 1,151',
  });
  assert.equal(runCost({ estimated: 1548, image: 258, prompt: 300, total: 400 }).title, 'Image 258 (1,548 estimated) · Input 300');
  assert.equal(runCost({ estimated: 1089 }).text, '≈ 1,089 tok');
});

const COST: CostBasis = {
  imageTokens: 1089,
  instructionTokens: { detect: 50 },
  inputPrice: 0.75,
  priceDate: '2026-11',
};

test('the prompt adds its words, and ours, to the image', () => {
  assert.deepEqual(promptCost(COST, 'detect', 'x'.repeat(48)), {
    text: '≈ 1,151 tok · $0.0009',
    title: 'Image 1,089 + prompt about 62. Price of 2026-11.',
  });
  assert.equal(promptCost(COST, 'detect', 'すべての猫')?.title, 'Image 1,089 + prompt about 55. Price of 2026-11.');
  assert.equal(promptCost(undefined, 'detect', ''), undefined);
});

test('a part of the image is estimated by the rule of the backend, and by what was learnt there', () => {
  const region = { x: 0, y: 0, width: 0.5, height: 0.5 };
  const part = { region, image: { width: 1400, height: 2006 }, model: 'gemini-2.5-flash-lite' };
  const tokensBy = (rule: Partial<NonNullable<CostBasis['rule']>>) =>
    imageTokensOf(
      {
        ...COST,
        rule: { mimeType: 'image/png', mediaResolution: 'default', calibration: {}, date: '2026-11-28T00:00:00.000Z', ...rule },
      },
      part,
    );
  assert.equal(tokensBy({}), 1548);
  assert.equal(tokensBy({ backend: 'geminiApi' }), 1548);
  assert.equal(tokensBy({ backend: 'vertexAi' }), 1806);
  const samples = Array.from({ length: 5 }, () => ({ images: 1, documented: 1548, observed: 258, billed: 258 }));
  const calibration = { 'gemini-2.5-flash-lite default flat258': samples };
  assert.deepEqual([tokensBy({ calibration }), tokensBy({ calibration, backend: 'vertexAi' })], [258, 1806]);
});

test('the price says when it is old, or the user’s own', () => {
  assert.match(promptCost({ ...COST, priceOld: true }, 'detect', '')?.title ?? '', /Price of 2026-11, may be old\.$/);
  const { priceDate: _, ...own } = COST;
  assert.match(promptCost(own, 'detect', '')?.title ?? '', /Your own price\.$/);
});

test('the label of a dropped part is found even where the part is broken', () => {
  assert.equal(droppedLabel('{"box_2d": [1, 2, 3], "label": "a \\"big\\" lid", "mas'), 'a "big" lid');
  assert.equal(droppedLabel('{"box_2d": [203,'), undefined);
});

const target = (id: string, x: number, y: number, width: number, height: number): Target => ({ id, box: { x, y, width, height } });
const TABLE = target('table', 0, 0, 100, 100);
const CUP = target('cup', 10, 10, 20, 20);
const LID = target('lid', 12, 10, 10, 5);

test('the smallest object under the pointer comes first, and a click again takes the next below', () => {
  const all = [TABLE, CUP, LID];
  assert.deepEqual(
    objectsAt(all, 14, 12).map(({ id }) => id),
    ['lid', 'cup', 'table'],
  );
  assert.equal(nextAt(all, 14, 12, undefined), 'lid');
  assert.equal(nextAt(all, 14, 12, 'lid'), 'cup');
  assert.equal(nextAt(all, 14, 12, 'table'), 'lid');
  assert.equal(nextAt(all, 200, 200, 'lid'), undefined);
});

test('an object whose mask is not under the pointer comes after those whose is', () => {
  const missed = { ...LID, covers: () => false };
  assert.deepEqual(
    objectsAt([TABLE, missed], 14, 12).map(({ id }) => id),
    ['table', 'lid'],
  );
});

test('thin objects and points can be hit from a little beside', () => {
  assert.equal(nextAt([target('point', 50, 50, 0, 0)], 52, 49, undefined, 3), 'point');
});

test('arrows go to the nearest object in their direction', () => {
  const middle = target('middle', 50, 50, 10, 10);
  const all = [middle, target('left', 10, 50, 10, 10), target('far left', 0, 50, 10, 10), target('up', 55, 0, 10, 10)];
  assert.equal(nearestTowards(all, middle.box, 'left'), 'left');
  assert.equal(nearestTowards(all, middle.box, 'up'), 'up');
  assert.equal(nearestTowards(all, middle.box, 'right'), undefined);
});

test('reading order goes by rows', () => {
  const all = [target('c', 0, 52, 10, 10), target('b', 50, 12, 10, 10), target('a', 0, 10, 10, 10)];
  assert.deepEqual(
    readingOrder(all).map(({ id }) => id),
    ['a', 'b', 'c'],
  );
});
