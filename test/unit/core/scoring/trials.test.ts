import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Detection, Inspection } from '../../../../src/core/inspection/inspection.ts';
import { type TrialOutcome, trialFigures, trialsOf } from '../../../../src/core/scoring/trials.ts';

const SIZE = { width: 1000, height: 500 };

function object(id: number, label: string, x: number): Detection {
  const box = { x: x / 1000, y: 0.2, width: 0.1, height: 0.2 };
  return { id: String(id), label, imageIndex: 0, box, pixelBox: { x, y: 100, width: 100, height: 100 } };
}

function result(detections: Detection[], more: Partial<Inspection> = {}): Inspection {
  const image = { uri: 'file:///a.png', sha256: '00', mimeType: 'image/png', ...SIZE };
  return {
    ...{ version: 1, id: 'r', task: 'detect', createdAt: '', prompt: '', model: 'm', images: [image], detections },
    ...{ dropped: [], tokens: { estimated: 1 }, complete: true, raw: '' },
    ...more,
  };
}

const [CAT, DOG, COW] = [object(1, 'cat', 100), object(2, 'dog', 400), object(3, 'cow', 700)];
const brought = (...detections: Detection[]): TrialOutcome => ({ inspection: result(detections) });

suite('several ways to ask the same', () => {
  test('each model at each resolution with each of the words', () => {
    assert.deepEqual(trialsOf({ models: ['a', 'b'], resolutions: ['low', 'high'], queries: ['', 'cats'] }).slice(1, 4), [
      { model: 'a', mediaResolution: 'low', query: 'cats' },
      { model: 'a', mediaResolution: 'high', query: '' },
      { model: 'a', mediaResolution: 'high', query: 'cats' },
    ]);
    assert.deepEqual(trialsOf({ models: [], resolutions: ['low'], queries: [''] }), []);
  });

  test('are measured by the labels, of the images that have some', () => {
    const { measure, figures } = trialFigures(
      [
        [brought(CAT, DOG), brought(COW)],
        [brought(CAT), brought()],
      ],
      [result([CAT, DOG], { source: 'file' }), undefined],
      127,
    );
    assert.equal(measure, 'labels');
    assert.deepEqual(
      figures.map(({ f1, recall, measured, answered }) => [f1, recall, measured, answered]),
      [
        [1, 1, 1, 2],
        [2 / 3, 0.5, 1, 2],
      ],
    );
  });

  test('without labels by what at least half of them have found', () => {
    const { measure, figures } = trialFigures([[brought(CAT, DOG)], [brought(CAT, DOG)], [brought(CAT, COW)]], [undefined], 127);
    assert.equal(measure, 'consensus');
    // Cat and dog are in two of three at least.
    assert.deepEqual(
      figures.map(({ f1 }) => f1),
      [1, 1, 0.5],
    );
    assert.equal(trialFigures([[brought(CAT)]], [undefined], 127).figures[0]?.f1, undefined);
  });

  test('price, time and tokens are means of what was answered; failures are counted with their reasons', () => {
    const priced = (costUsd: number, seconds: number, total: number): TrialOutcome => ({
      inspection: result([CAT], { seconds, tokens: { estimated: 1, total, costUsd } }),
    });
    const failed: TrialOutcome = { reason: 'blocked', message: 'Blocked.' };
    const [one, none] = trialFigures(
      [
        [priced(0.01, 2, 100), priced(0.03, 4, 300), failed, failed, { reason: 'timeout', message: 'Too late.' }, undefined],
        [undefined, undefined],
      ],
      [result([CAT]), result([CAT])],
      127,
    ).figures;
    assert.deepEqual([one?.costUsd, one?.seconds, one?.tokens, one?.answered], [0.02, 3, 200, 2]);
    assert.deepEqual(one?.failures, [
      { message: 'Blocked.', images: 2 },
      { message: 'Too late.', images: 1 },
    ]);
    assert.deepEqual(none, { answered: 0, measured: 0, failures: [] });
  });
});
