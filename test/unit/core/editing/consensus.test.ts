import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consensus } from '../../../../src/core/editing/consensus.ts';
import { originOf } from '../../../../src/core/exports/exportImage.ts';
import { type Detection, type Inspection, isConsensus, type SentBody, wasAsked } from '../../../../src/core/inspection/inspection.ts';
import { sameRequests } from '../../../../src/core/masks/stability.ts';

const SIZE = { width: 1000, height: 500 };
const FACTS = { id: 'agreed', createdAt: '2026-11-28T11:00:00.000Z', threshold: 127 };

function object(
  id: number,
  label: string,
  [x, y, width, height]: [number, number, number, number],
  more: Partial<Detection> = {},
): Detection {
  const box = { x: x / 1000, y: y / 500, width: width / 1000, height: height / 500 };
  return { id: String(id), label, imageIndex: 0, box, pixelBox: { x, y, width, height }, ...more };
}

function run(id: string, ...detections: Detection[]): Inspection {
  const image = { uri: 'file:///a.png', sha256: '00', mimeType: 'image/png', ...SIZE };
  const sent = { mimeType: 'image/png', ...SIZE, bytes: 9, via: 'inline' as const };
  return {
    ...{ version: 1, id, task: 'detect', createdAt: '', prompt: 'pets', model: 'm', images: [{ ...image, sent }], detections },
    ...{ dropped: [], tokens: { estimated: 1 }, complete: true, raw: '' },
  };
}

const RUNS = [
  run('a', object(1, 'cat', [100, 100, 200, 100]), object(2, 'dog', [600, 100, 100, 100])),
  run('b', object(1, 'Cat', [110, 104, 200, 100])),
  run('c', object(1, 'dog', [604, 100, 100, 104]), object(2, 'kitten', [130, 102, 200, 100])),
];

test('what enough runs found stays, at the median of its places, with the share of runs as confidence', () => {
  const kept = consensus(RUNS, 2, FACTS);
  assert.deepEqual(
    kept.detections?.map(({ id, label, pixelBox, confidence }) => ({ id, label, pixelBox, confidence })),
    [
      { id: '1', label: 'Cat', pixelBox: { x: 110, y: 102, width: 200, height: 100 }, confidence: 1 },
      { id: '2', label: 'dog', pixelBox: { x: 602, y: 100, width: 100, height: 102 }, confidence: 2 / 3 },
    ],
  );
  const { x = 0, y = 0, width = 0, height = 0 } = kept.detections?.[0]?.box ?? {};
  assert.deepEqual(
    [x, y, width, height].map((place) => Number(place.toFixed(9))),
    [0.11, 0.204, 0.2, 0.2],
  );
});

test('of parts that were sent it knows nothing', () => {
  const inParts = RUNS.map((run) => ({ ...run, images: run.images.map((image) => ({ ...image, parts: [image.sent as SentBody] })) }));
  assert.deepEqual(consensus(inParts, 2, FACTS), consensus(RUNS, 2, FACTS));
});

test('it is a result of the model, based on all runs, and nothing was sent for it', () => {
  const kept = consensus(RUNS, 3, FACTS);
  const { source, basedOn, prompt, model, tokens, images } = kept;
  assert.deepEqual(
    { source, basedOn, prompt, model, tokens },
    { source: undefined, basedOn: ['a', 'b', 'c'], prompt: 'pets', model: 'm', tokens: { estimated: 0 } },
  );
  // It was not asked for, so it is none of the runs that asked the same.
  assert.deepEqual([isConsensus(kept), wasAsked(kept), sameRequests([...RUNS, kept], kept).length], [true, false, 1]);
  assert.deepEqual([isConsensus(RUNS[0] as Inspection), wasAsked(RUNS[0] as Inspection)], [false, true]);
  assert.equal(originOf(kept), 'm');
  const other = consensus([...RUNS, { ...run('d'), model: 'n' }], 1, FACTS);
  assert.equal(other.model, '');
  assert.deepEqual(images, [{ uri: 'file:///a.png', sha256: '00', mimeType: 'image/png', ...SIZE }]);
  assert.equal(consensus(RUNS, 3, FACTS).detections?.length, 1);
  assert.equal(consensus(RUNS, 1, FACTS).detections?.length, 2);
});

test('a polygon goes to the median place with its box', () => {
  const polygon = (id: number, x: number) => {
    const place = object(id, 'rope', [x, 100, 100, 100]);
    const points: [number, number][] = [
      [x / 1000, 0.2],
      [(x + 100) / 1000, 0.2],
      [(x + 50) / 1000, 0.4],
    ];
    return { ...place, mask: { kind: 'polygon' as const, points } };
  };
  const kept = consensus([run('a', polygon(1, 100)), run('b', polygon(1, 110))], 2, FACTS);
  assert.equal(kept.task, 'segment');
  const [one] = kept.detections ?? [];
  assert.equal(one?.pixelBox.x, 105);
  const points = one?.mask?.kind === 'polygon' ? one.mask.points : [];
  assert.deepEqual(
    points.map(([x]) => Math.round(x * 1000)),
    [105, 205, 155],
  );
});
