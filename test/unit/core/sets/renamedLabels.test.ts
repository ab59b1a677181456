import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { renamedCounts, renamedInspection } from '../../../../src/core/sets/renamedLabels.ts';
import { mayHaveLabel, rowResult } from '../../../../src/core/sets/setRows.ts';
import { inspection, OBJECTS } from '../../../webview/support/sessions.ts';

const FACTS = { id: 'mine', createdAt: '2026-11-28T12:00:00.000Z' };
const RUN: Inspection = inspection('detect', { detections: OBJECTS.map((object) => ({ ...object, confidence: 0.5 })) });
const to = (name: string, ...from: string[]) => ({ from: new Set(from), to: name });

test('labels are renamed, and merged with another, in a result of the person that is based on the answer', () => {
  const merging = to('vessel', 'glass jar', 'lid');
  assert.deepEqual(Object.fromEntries(renamedCounts(RUN, merging)), { 'glass jar': 2, lid: 1 });
  const renamed = renamedInspection(RUN, merging, FACTS);
  assert.deepEqual([renamed?.source, renamed?.basedOn, renamed?.id], ['person', [RUN.id], 'mine']);
  assert.deepEqual(
    renamed?.detections?.map(({ id, label, confidence }) => [id, label, confidence]),
    [
      ['1', 'vessel', 0.5],
      ['2', 'vessel', 0.5],
      ['3', OBJECTS[2]?.label, 0.5],
      ['4', 'vessel', 0.5],
    ],
  );
  assert.deepEqual(
    RUN.detections?.map(({ label }) => label),
    OBJECTS.map(({ label }) => label),
    'the answer stays',
  );
});

test('where nothing would be another, there is no result', () => {
  assert.equal(renamedInspection(RUN, to('lid', 'lid'), FACTS), undefined);
  assert.equal(renamedInspection(RUN, to('x', 'Lid'), FACTS), undefined, 'the case of a label counts');
  assert.equal(renamedInspection(inspection('caption', { text: 'lid' }), to('x', 'lid'), FACTS), undefined);
});

test('what a row does not tell is looked for in the result: labels beyond those it counts, and the rest of a long one', () => {
  const many = OBJECTS.slice(0, 1).flatMap((object) =>
    Array.from({ length: 60 }, (_, n) => ({ ...object, id: String(n), label: `label ${n}` })),
  );
  assert.ok(mayHaveLabel(rowResult({ detections: many }), new Set(['label 59'])));
  assert.ok(!mayHaveLabel(rowResult({ detections: OBJECTS }), new Set(['label 59'])));
  const long = 'a'.repeat(100);
  const [object] = OBJECTS;
  const detections = object ? [{ ...object, label: long }] : [];
  const listed = new Set(Object.keys(rowResult({ detections }).labels ?? {}));
  assert.ok(mayHaveLabel(rowResult({ detections }), listed));
  assert.equal(renamedInspection({ ...RUN, detections }, { from: listed, to: 'short' }, FACTS)?.detections?.[0]?.label, 'short');
});
