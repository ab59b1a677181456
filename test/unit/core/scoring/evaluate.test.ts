import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { evaluate, Scorer } from '../../../../src/core/scoring/evaluate.ts';
import type { ScoredImage, ScoredObject } from '../../../../src/core/scoring/evaluation.ts';
import { random } from '../../../fixtures/exportImages.ts';
import { scoredImages } from '../../../fixtures/scoredImages.ts';

type Edges = [x: number, y: number, width: number, height: number];

function objects(...list: [label: string, box: Edges, more?: Partial<ScoredObject>][]): ScoredObject[] {
  return list.map(([label, [x, y, width, height], more], index) => ({
    id: String(index + 1),
    label,
    box: { x, y, width, height },
    ...more,
  }));
}

const A: Edges = [0, 0, 10, 10];
const B: Edges = [50, 50, 10, 10];
const FAR: Edges = [200, 200, 10, 10];

function one(truth: ScoredObject[], found: ScoredObject[], key = 'a'): ScoredImage {
  return { key, truth, found };
}

suite('counted by hand', () => {
  test('all right, and nothing at all', () => {
    const right = evaluate([one(objects(['cat', A]), objects(['cat', A]))]);
    assert.deepEqual(right, {
      version: 1,
      images: 1,
      labels: 1,
      detections: 1,
      iou: 0.5,
      truePositives: 1,
      falsePositives: 0,
      falseNegatives: 0,
      precision: 1,
      recall: 1,
      f1: 1,
      // pycocotools has it so too: a ratio never quite reaches 1.
      ap50: right.ap50,
      ap: right.ap,
      perLabel: [{ label: 'cat', precision: 1, recall: 1, ap50: right.ap50, ap: right.ap, count: 1 }],
      confusion: [{ label: 'cat', as: 'cat', count: 1 }],
    });
    assert.ok(Math.abs(right.ap - 1) < 1e-9 && Math.abs(right.ap50 - 1) < 1e-9);
    const nothing = evaluate([]);
    assert.deepEqual([nothing.precision, nothing.recall, nothing.f1, nothing.ap, nothing.ap50, nothing.perLabel], [0, 0, 0, 0, 0, []]);
    const empty = evaluate([one([], [])]);
    assert.deepEqual([empty.images, empty.precision, empty.recall, empty.confusion], [1, 0, 0, []]);
  });

  test('one right, one wrong before it, one missed: precision falls, AP is the half of what is reached', () => {
    const found = objects(['cat', FAR, { confidence: 0.9 }], ['cat', A, { confidence: 0.8 }]);
    const { precision, recall, f1, ap50, confusion } = evaluate([one(objects(['cat', A], ['cat', B]), found)]);
    assert.deepEqual([precision, recall, f1], [0.5, 0.5, 0.5]);
    // Recalls 0, 0.01 … 0.5 are reached, with precision 1/2: 51 of 101 points.
    assert.ok(Math.abs(ap50 - (51 * 0.5) / 101) < 1e-9);
    assert.deepEqual(confusion, [
      { label: 'cat', as: 'cat', count: 1 },
      { label: 'cat', as: null, count: 1 },
      { label: null, as: 'cat', count: 1 },
    ]);
  });

  test('the IoU at which a box counts', () => {
    // 8 of 10 in common: 80 / (100 + 100 - 80) = 2/3.
    const images = [one(objects(['cat', A]), objects(['cat', [2, 0, 10, 10]]))];
    assert.equal(evaluate(images).truePositives, 1);
    assert.equal(evaluate(images, { iou: 0.7 }).truePositives, 0);
    // At 0.50, 0.55, 0.60 and 0.65 of the ten.
    assert.ok(Math.abs(evaluate(images, { iou: 0.7 }).ap - 0.4) < 1e-9);
  });

  test('another label in the same place is confused with it', () => {
    const scorer = new Scorer(0.5);
    const verdicts = scorer.add(one(objects(['cat', A], ['cat', B]), objects(['dog', A], ['Cat ', B], ['dog', FAR])));
    const { confusion, perLabel, falsePositives, falseNegatives, ap, ap50 } = scorer.end();
    assert.deepEqual(confusion, [
      { label: 'cat', as: 'cat', count: 1 },
      { label: 'cat', as: 'dog', count: 1 },
      { label: null, as: 'dog', count: 1 },
    ]);
    assert.deepEqual([falsePositives, falseNegatives], [2, 1]);
    // Nobody has labeled a dog: it does not enter the mean.
    assert.deepEqual(
      perLabel.map(({ label, count, precision }) => [label, count, precision]),
      [
        ['cat', 2, 1],
        ['dog', 0, 0],
      ],
    );
    assert.deepEqual([ap, ap50], [perLabel[0]?.ap, perLabel[0]?.ap50]);
    assert.deepEqual(Object.fromEntries(verdicts.found), {
      1: { verdict: 'false', of: '1' },
      2: { verdict: 'true', of: '2' },
      3: { verdict: 'false' },
    });
    assert.deepEqual(Object.fromEntries(verdicts.truth), { 1: { verdict: 'missed', by: '1' }, 2: { verdict: 'true', by: '2' } });
  });

  test('a crowd takes any number, and nothing of it counts', () => {
    const scorer = new Scorer(0.5);
    const crowd = { crowd: true } as const;
    const verdicts = scorer.add(
      one(objects(['cat', [0, 0, 100, 100], crowd], ['cat', FAR]), objects(['cat', A], ['cat', B], ['cat', FAR])),
    );
    const { truePositives, falsePositives, falseNegatives, labels, detections } = scorer.end();
    assert.deepEqual([truePositives, falsePositives, falseNegatives, labels, detections], [1, 0, 0, 1, 3]);
    assert.deepEqual([...verdicts.found.values()].map(({ verdict }) => verdict).toSorted(), ['ignored', 'ignored', 'true']);
    assert.equal(verdicts.truth.get('1')?.verdict, 'ignored');
  });

  test('of an image the 100 surest objects count, whatever their labels', () => {
    const row = (label: string, count: number, y: number, more: Partial<ScoredObject> = {}) =>
      Array.from({ length: count }, (_, at): [string, Edges, Partial<ScoredObject>] => [label, [at * 20, y, 10, 10], more]);
    const [cats, dogs] = [row('cat', 80, 0, { confidence: 0.2 }), row('dog', 80, 100, { confidence: 0.9 })];
    const scorer = new Scorer(0.5);
    const verdicts = scorer.add(one(objects(...row('cat', 80, 0), ...row('dog', 80, 100)), objects(...cats, ...dogs)));
    const { truePositives, falseNegatives, detections, perLabel } = scorer.end();
    assert.deepEqual([truePositives, falseNegatives, detections], [100, 60, 100]);
    assert.deepEqual(Object.fromEntries(perLabel.map(({ label, recall }) => [label, recall])), { dog: 1, cat: 0.25 });
    // The first 20 cats, of all that are equally sure.
    assert.deepEqual([verdicts.found.get('20')?.verdict, verdicts.found.get('21')?.verdict], ['true', 'ignored']);
  });

  test('of one label the first 100 of an image count', () => {
    const many = objects(...Array.from({ length: 130 }, (_, at): [string, Edges] => ['cat', [at * 20, 0, 10, 10]]));
    const { truePositives, falseNegatives, detections } = evaluate([one(many, many)]);
    assert.deepEqual([truePositives, falseNegatives, detections], [100, 30, 100]);
  });

  test('equally sure ones: by the key of their image, then in their order, however the images come', () => {
    const images = [one(objects(['cat', A]), objects(['cat', FAR]), 'b'), one(objects(['cat', A]), objects(['cat', A]), 'a')];
    // The right one comes first: precision 1 up to a recall of 0.5.
    const { ap50 } = evaluate(images);
    assert.ok(Math.abs(ap50 - 51 / 101) < 1e-9);
    assert.equal(evaluate(images.toReversed()).ap50, ap50);
  });

  test('a point is not compared', () => {
    const { labels, detections } = evaluate([one(objects(['eye', [1, 1, 0, 0]]), objects(['eye', [1, 1, 0, 0]]))]);
    assert.deepEqual([labels, detections], [0, 0]);
  });
});

suite('against pycocotools', () => {
  const { by, sets } = JSON.parse(readFileSync(new URL('../../../fixtures/cocoFigures.json', import.meta.url), 'utf8')) as {
    by: string;
    sets: { ap: number; ap50: number; right: number; wrong: number; labels: Record<string, [number, number]> }[];
  };
  const near = (actual: number, expected: number, what: string) =>
    assert.ok(Math.abs(actual - expected) < 1e-6, `${what}: ${actual} is not ${expected}`);

  test(`${sets.length} sets with the figures of ${by}`, () => {
    assert.ok(sets.length >= 100);
    for (const [seed, expected] of sets.entries()) {
      const actual = evaluate(scoredImages(seed));
      near(actual.ap, expected.ap, `AP of set ${seed}`);
      near(actual.ap50, expected.ap50, `AP50 of set ${seed}`);
      assert.deepEqual([actual.truePositives, actual.falsePositives], [expected.right, expected.wrong], `counts of set ${seed}`);
      for (const { label, ap, ap50, count } of actual.perLabel) {
        if (count === 0) continue;
        near(ap, expected.labels[label]?.[0] ?? Number.NaN, `AP of "${label}" in set ${seed}`);
        near(ap50, expected.labels[label]?.[1] ?? Number.NaN, `AP50 of "${label}" in set ${seed}`);
      }
      const sum = (is: (label: string | null, as: string | null) => boolean) =>
        actual.confusion.reduce((total, { label, as, count }) => total + (is(label, as) ? count : 0), 0);
      assert.equal(
        sum((label, as) => label === as),
        actual.truePositives,
      );
      assert.equal(
        sum((label, as) => label !== as && as !== null),
        actual.falsePositives,
      );
      assert.equal(
        sum((label, as) => label !== as && label !== null),
        actual.falseNegatives,
      );
    }
  });
});

suite('large sets', () => {
  test('50,000 objects in one image, and as many in 500: no time squared', () => {
    const next = random(1);
    const many = (count: number, labels: number) =>
      Array.from({ length: count }, (_, id): ScoredObject => {
        const [x, y] = [next() * 3000, next() * 3000];
        return {
          id: String(id),
          label: `label ${Math.floor(next() * labels)}`,
          box: { x, y, width: 5 + next() * 20, height: 5 + next() * 20 },
          confidence: next(),
        };
      });
    const started = process.cpuUsage();
    const inOne = evaluate([one(many(25_000, 500), many(25_000, 500))]);
    const spread = evaluate(Array.from({ length: 500 }, (_, key) => one(many(50, 80), many(50, 80), String(key))));
    // Of an image 100 count; all of its labels are missed but for some.
    assert.ok(inOne.detections === 100 && inOne.labels === 25_000 && spread.detections === 25_000);
    // Of all objects compared with each other it would take minutes.
    const seconds = process.cpuUsage(started).user / 1e6;
    assert.ok(seconds < 20, `${seconds} s`);
  });
});
