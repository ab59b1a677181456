import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { confusedPairs } from '../../../../src/core/scoring/confusions.ts';
import type { ScoredObject } from '../../../../src/core/scoring/evaluation.ts';
import { overlapOf } from '../../../../src/core/scoring/matchImage.ts';
import { random } from '../../../fixtures/exportImages.ts';

suite('pairs of what was found wrongly and what was missed', () => {
  test('are the same for few objects, all looked at, and for many, looked at near by', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      const objects = (count: number): ScoredObject[] =>
        Array.from({ length: count }, (_, id) => ({
          id: String(id),
          label: '',
          box: {
            x: Math.floor(next() * 60),
            y: Math.floor(next() * 60),
            width: 4 + Math.floor(next() * 30),
            height: 4 + Math.floor(next() * 30),
          },
          confidence: Math.floor(next() * 5) / 5,
        }));
      const [found, missed] = [objects(1 + Math.floor(next() * 60)), objects(Math.floor(next() * 60))];
      const iou = 0.2 + (seed % 4) / 5;
      assert.deepEqual(confusedPairs(found, missed, iou), naivePairs(found, missed, iou), `objects ${seed}`);
    }
  });
});

function naivePairs(found: readonly ScoredObject[], missed: readonly ScoredObject[], iou: number): Map<number, number> {
  const pairs = new Map<number, number>();
  const order = [...found.keys()].sort((a, b) => (found[b]?.confidence ?? 0) - (found[a]?.confidence ?? 0));
  const left = new Set(missed.keys());
  for (const place of order) {
    const overlaps = [...left].map((other) => ({
      other,
      overlap: overlapOf((found[place] as ScoredObject).box, (missed[other] as ScoredObject).box, undefined),
    }));
    const [best] = overlaps.filter(({ overlap }) => overlap >= iou).sort((a, b) => b.overlap - a.overlap || b.other - a.other);
    if (best === undefined) continue;
    left.delete(best.other);
    pairs.set(place, best.other);
  }
  return pairs;
}
