import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../../src/core/scoring/evaluate.ts';
import { scoredImages } from '../../fixtures/scoredImages.ts';
import { comparable, differences, naiveScore } from '../../soak/naiveScore.ts';
import { scoreDifferences } from '../../soak/scoreRun.ts';

test('a naive comparison with labels says the same of 30 made-up sets', () => {
  for (let seed = 500; seed < 530; seed++) assert.deepEqual(scoreDifferences(seed), [], `set ${seed}`);
});

test('what is different is found', () => {
  const images = scoredImages(502);
  assert.notDeepEqual(differences(comparable(evaluate(images, { iou: 0.5 })), naiveScore(images, 0.75)), []);
});
