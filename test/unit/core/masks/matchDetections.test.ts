import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intersectionOverUnion } from '../../../../src/core/base/geometry.ts';
import type { Box, Detection } from '../../../../src/core/inspection/inspection.ts';
import { type Matching, matchDetections, meanAgreement } from '../../../../src/core/masks/matchDetections.ts';
import { stability } from '../../../../src/core/masks/stability.ts';
import { pseudoRandom as seeded } from '../../../tools/pseudoRandom.ts';

const SIZE = { width: 640, height: 480 };

function detection(id: number, label: string, [x, y, width, height]: readonly number[], more: Partial<Detection> = {}): Detection {
  const box = { x, y, width, height } as Box;
  return { id: String(id), label, imageIndex: 0, box, pixelBox: box, ...more };
}

const counts = ({ added, lost, moved, same }: Matching) => [added.length, lost.length, moved.length, same.length];

test('boxes overlap by intersection over union', () => {
  const box = { x: 0, y: 0, width: 0.5, height: 0.5 };
  assert.equal(intersectionOverUnion(box, box), 1);
  assert.equal(intersectionOverUnion(box, { ...box, x: 0.25 }).toFixed(4), '0.3333');
  assert.equal(intersectionOverUnion(box, { ...box, x: 0.5 }), 0);
  assert.equal(intersectionOverUnion({ ...box, width: 0 }, { ...box, width: 0 }), 0);
});

test('objects are added, lost, moved or the same', () => {
  const a = [detection(1, 'cup', [0, 0, 0.2, 0.2]), detection(2, 'lid', [0.5, 0.5, 0.2, 0.2]), detection(3, 'jar', [0.8, 0, 0.1, 0.3])];
  const b = [detection(1, 'Jar', [0.81, 0, 0.1, 0.3]), detection(2, 'cup', [0, 0, 0.2, 0.2]), detection(3, 'spoon', [0.2, 0.7, 0.2, 0.2])];
  const matching = matchDetections(a, b, { size: SIZE });
  assert.deepEqual([matching.added.map(({ id }) => id), matching.lost.map(({ id }) => id)], [['3'], ['2']]);
  assert.deepEqual(
    [...matching.moved, ...matching.same].map((pair) => [pair.a.id, pair.b.id, pair.agreement.toFixed(2)]),
    [
      ['3', '1', '0.82'],
      ['1', '2', '1.00'],
    ],
  );
  assert.equal(meanAgreement(matching)?.toFixed(2), '0.91');
});

test('an equal label is preferred to a better place, and another label still matches', () => {
  const a = [detection(1, 'jar', [0, 0, 0.4, 0.4])];
  const near = detection(1, 'jar', [0.05, 0, 0.4, 0.4]);
  const exact = detection(2, 'glass', [0, 0, 0.4, 0.4]);
  const both = matchDetections(a, [exact, near], { size: SIZE });
  assert.deepEqual([both.moved.map((pair) => pair.b), both.added], [[near], [exact]]);
  assert.deepEqual(counts(matchDetections(a, [exact], { size: SIZE })), [0, 0, 0, 1]);
});

test('masks decide where both have one: equal boxes may hold different things', () => {
  const box = [0.2, 0.2, 0.5, 0.5] as const;
  const upper = {
    mask: {
      kind: 'polygon',
      points: [
        [0.2, 0.2],
        [0.7, 0.2],
        [0.2, 0.7],
      ],
    },
  } satisfies Partial<Detection>;
  const lower = {
    mask: {
      kind: 'polygon',
      points: [
        [0.7, 0.7],
        [0.7, 0.2],
        [0.2, 0.7],
      ],
    },
  } satisfies Partial<Detection>;
  const a = [detection(1, 'flag', box, upper)];
  assert.deepEqual(counts(matchDetections(a, [detection(1, 'flag', box, lower)], { size: SIZE })), [1, 1, 0, 0]);
  assert.deepEqual(counts(matchDetections(a, [detection(1, 'flag', box, upper)], { size: SIZE })), [0, 0, 0, 1]);
  assert.deepEqual(counts(matchDetections(a, [detection(1, 'flag', box)], { size: SIZE })), [0, 0, 0, 1]);
  const damaged = { mask: { kind: 'bitmap', width: 1, height: 1, png: 'AAAA' } } satisfies Partial<Detection>;
  assert.deepEqual(counts(matchDetections(a, [detection(1, 'flag', box, damaged)], { size: SIZE })), [0, 0, 0, 1]);
});

test('points match by distance, and no point matches a box', () => {
  const point = (id: number, x: number) => detection(id, 'eye', [x, 0.5, 0, 0], { point: { x, y: 0.5 } });
  assert.deepEqual(counts(matchDetections([point(1, 0.5)], [point(1, 0.503)], { size: SIZE })), [0, 0, 0, 1]);
  assert.deepEqual(counts(matchDetections([point(1, 0.5)], [point(1, 0.53)], { size: SIZE })), [0, 0, 1, 0]);
  assert.deepEqual(counts(matchDetections([point(1, 0.5)], [point(1, 0.6)], { size: SIZE })), [1, 1, 0, 0]);
  assert.deepEqual(counts(matchDetections([point(1, 0.5)], [detection(1, 'eye', [0.4, 0.4, 0.2, 0.2])], { size: SIZE })), [1, 1, 0, 0]);
});

test('objects of different images never match', () => {
  const box = [0, 0, 0.5, 0.5] as const;
  assert.deepEqual(
    counts(matchDetections([detection(1, 'cat', box)], [detection(1, 'cat', box, { imageIndex: 1 })], { size: SIZE })),
    [1, 1, 0, 0],
  );
});

function randomObjects(random: () => number): Detection[] {
  return Array.from({ length: Math.floor(random() * 12) }, (_, index) => {
    const place = [random() * 0.4, random() * 0.4, 0.1 + random() * 0.4, 0.1 + random() * 0.4];
    return detection(index + 1, ['cup', 'jar', 'lid'][Math.floor(random() * 3)] as string, place);
  });
}

test('whatever the objects: each is in exactly one group, and there and back the counts are mirrored', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seeded(seed);
    const a = randomObjects(random);
    // Half of them moved a little, the others new.
    const b = a
      .filter(() => random() < 0.7)
      .map((one) => ({ ...one, box: { ...one.box, x: one.box.x + random() * 0.1 } }))
      .concat(randomObjects(random).slice(0, 4));
    const there = matchDetections(a, b, { size: SIZE });
    const back = matchDetections(b, a, { size: SIZE });
    const pairs = [...there.moved, ...there.same];
    assert.deepEqual(new Set([...there.lost, ...pairs.map((pair) => pair.a)]), new Set(a), `seed ${seed}`);
    assert.deepEqual(new Set([...there.added, ...pairs.map((pair) => pair.b)]), new Set(b), `seed ${seed}`);
    assert.equal(there.lost.length + pairs.length, a.length, `seed ${seed}`);
    assert.equal(there.added.length + pairs.length, b.length, `seed ${seed}`);
    assert.deepEqual(counts(there), [back.lost.length, back.added.length, back.moved.length, back.same.length], `seed ${seed}`);
    assert.deepEqual(counts(matchDetections(a, a, { size: SIZE })), [0, 0, 0, a.length], `seed ${seed}`);
  }
});

test('an object is as stable as the number of runs that found it', () => {
  const cup = (x: number) => detection(1, 'cup', [x, 0, 0.2, 0.2]);
  const lid = detection(2, 'lid', [0.6, 0.6, 0.2, 0.2]);
  const found = stability([[cup(0)], [cup(0.02), lid], [cup(0.01)]], { size: SIZE });
  assert.deepEqual(
    found.map(({ detection: { label, box }, run, found: times }) => [label, box.x, run, times]),
    [
      ['cup', 0.01, 2, 3],
      ['lid', 0.6, 1, 1],
    ],
  );
});

test('whatever the runs: every object is counted once, and none more often than there are runs', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = seeded(seed);
    const runs = Array.from({ length: 2 + Math.floor(random() * 5) }, () => randomObjects(random));
    const found = stability(runs, { size: SIZE });
    assert.equal(
      found.reduce((sum, object) => sum + object.found, 0),
      runs.flat().length,
      `seed ${seed}`,
    );
    assert.ok(
      found.every((object) => object.found <= runs.length && runs[object.run]?.includes(object.detection)),
      `seed ${seed}`,
    );
  }
});
