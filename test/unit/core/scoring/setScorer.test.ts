import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Scorer } from '../../../../src/core/scoring/evaluate.ts';
import type { ScoredImage } from '../../../../src/core/scoring/evaluation.ts';
import { cellEntries, cellKey } from '../../../../src/core/scoring/objectCells.ts';
import { SetScorer } from '../../../../src/core/scoring/setScorer.ts';
import { scoredImages } from '../../../fixtures/scoredImages.ts';

suite('the objects of each cell of the confusion matrix', () => {
  test('are as many as the matrix counts, on made-up sets with crowds, ties and empty images', () => {
    for (let seed = 0; seed < 60; seed++) {
      const scorer = new Scorer(0.5);
      const counts = new Map<string, number>();
      for (const image of scoredImages(seed)) {
        const entries = cellEntries(image, scorer.add(image));
        for (const entry of entries) counts.set(cellKey(entry), (counts.get(cellKey(entry)) ?? 0) + 1);
        // An object stands in one cell only.
        for (const side of ['found', 'truth'] as const) {
          const ids = entries.flatMap((entry) => entry[side] ?? []);
          assert.equal(new Set(ids).size, ids.length, `${side} of set ${seed}`);
        }
      }
      const { confusion } = scorer.end();
      assert.deepEqual(
        new Map(confusion.map(({ count, ...cell }) => [cellKey(cell), count])),
        new Map(confusion.map((cell) => [cellKey(cell), counts.get(cellKey(cell))])),
        `set ${seed}`,
      );
      assert.equal(counts.size, confusion.length, `cells of set ${seed}`);
    }
  });

  test('lead to the images that hold them, and say which objects these are', () => {
    const box = (x: number) => ({ x, y: 0, width: 10, height: 10 });
    const image = (key: string, found: ScoredImage['found']): ScoredImage => ({
      key,
      truth: [
        { id: '1', label: 'cat', box: box(0) },
        { id: '2', label: 'Dog', box: box(50) },
      ],
      found,
    });
    const images = [
      image('a', [
        { id: '7', label: 'Cat', box: box(0) },
        { id: '8', label: 'cow', box: box(51) },
      ]),
      image('b', []),
      image('c', [{ id: '5', label: 'cow', box: box(200), confidence: 0.5 }]),
    ];
    const scorer = new SetScorer(0.5);
    for (const [place, one] of images.entries()) scorer.add(place * 10, one);
    const { evaluation, places, hasConfidences } = scorer.end();
    const of = (label: string | null, as: string | null) =>
      places[evaluation.confusion.findIndex((cell) => cellKey(cell) === cellKey({ label, as }))];
    assert.deepEqual(
      [of('cat', 'cat'), of('dog', 'cow'), of('dog', null), of('cat', null), of(null, 'cow')],
      [[0], [0], [10, 20], [10, 20], [20]],
    );
    assert.equal(hasConfidences, true);
    const first = images[0] as ScoredImage;
    assert.deepEqual(cellEntries(first, new Scorer(0.5).add(first)), [
      { label: 'cat', as: 'Cat', found: '7', truth: '1' },
      { label: 'Dog', as: 'cow', found: '8', truth: '2' },
    ]);
  });
});
