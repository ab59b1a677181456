import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { resultsFor } from '../../../../src/engine/export/exportResults.ts';

const box = { x: 0, y: 0, width: 0.5, height: 0.5 };

function run(id: string, more: Partial<Inspection> = {}): Inspection {
  return {
    ...{ version: 1, id, task: 'detect', createdAt: '', prompt: '', model: 'm', images: [], dropped: [], tokens: { estimated: 0 } },
    ...{ detections: [{ id: '1', label: 'cat', imageIndex: 0, box, pixelBox: box }], complete: true, raw: '' },
    ...more,
  };
}

const MINE = run('mine', { source: 'person', basedOn: ['first'] });

function exported(runs: Inspection[], chosen?: string): string | undefined {
  return resultsFor('coco', [{ address: 'file:///a.png', runs, ...(chosen === undefined ? {} : { chosen }) }]).chosen[0]?.inspection.id;
}

test('what a person has corrected goes out before what models found, be that newer', () => {
  assert.equal(exported([run('first'), MINE, run('later')]), 'mine');
  assert.equal(
    exported([MINE, run('mine too', { source: 'person', detections: [] })]),
    'mine too',
    'that there is nothing is an answer too',
  );
  assert.equal(exported([run('first'), run('later')]), 'later');
});

test('but not before a result that was chosen', () => {
  assert.equal(exported([run('first'), MINE, run('later')], 'first'), 'first');
});
