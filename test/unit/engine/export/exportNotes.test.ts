import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detection, Inspection } from '../../../../src/core/inspection/inspection.ts';
import { exportNotes, hiddenAmong, sharedFrom, withoutHidden } from '../../../../src/engine/export/exportNotes.ts';
import type { ChosenResult } from '../../../../src/engine/export/exportResults.ts';

const result = (address: string, inspected: readonly string[], more: Partial<ChosenResult> = {}): ChosenResult => ({
  address,
  runs: [],
  inspection: { id: 'a', images: inspected.map((uri) => ({ uri })), detections: [{ point: { x: 0, y: 0 } } as Detection] } as Inspection,
  ...more,
});
const fileOf = (address: string) => address.replace('https://example.com/', 'file:///fetched/');

test('hidden objects count where the run that hides them goes out', () => {
  const ids = ['1', '2', '3'];
  assert.equal(hiddenAmong([result('a', ['a'], { hidden: { run: 'a', ids } }), result('b', ['b'])]), 3);
  assert.equal(hiddenAmong([result('a', ['a'], { hidden: { run: 'b', ids } })]), 0);
});

test('without hidden objects goes out what is seen, of the run that hides them only', () => {
  const detections = ['1', '2', '3'].map((id) => ({ id }) as Detection);
  const one = result('a', ['a'], { hidden: { run: 'a', ids: ['1', '3'] } });
  const [seen, other] = withoutHidden([
    { ...one, inspection: { ...one.inspection, detections } },
    { ...result('b', ['b'], { hidden: { run: 'other', ids: ['1'] } }), inspection: { ...one.inspection, detections } },
  ]);
  assert.deepEqual(
    [seen, other].map((chosen) => chosen?.inspection.detections?.map(({ id }) => id)),
    [['2'], ['1', '2', '3']],
  );
  assert.deepEqual(exportNotes('json', seen ? [seen] : [], []), [], 'nothing is said of what is not there');
});

test('results of another file with the same picture are told by that file, those of an image of the web are its own', () => {
  assert.deepEqual(sharedFrom([result('file:///copy.png', ['file:///cat.png']), result('file:///dog.png', ['file:///dog.png'])], fileOf), [
    'file:///cat.png',
  ]);
  assert.deepEqual(sharedFrom([result('file:///fetched/cat.png', ['https://example.com/cat.png'])], fileOf), []);
  const compared = ['file:///cat.png', 'file:///dog.png'];
  assert.deepEqual(sharedFrom([result('file:///dog.png', compared, { imageIndex: 1 })], fileOf), []);
});

test('what people are told besides where the files are', () => {
  const hidden = [result('a', ['a'], { hidden: { run: 'a', ids: ['1', '2', '3'] } })];
  assert.deepEqual(exportNotes('json', hidden, []), ['Hidden objects are included: 3.']);
  assert.deepEqual(exportNotes('coco', [result('a', ['b'])], ['pictures/cat.png']), [
    'Files with the same picture share results. These were made with: pictures/cat.png.',
    'Points are left out, as this format has none: 1.',
  ]);
});
