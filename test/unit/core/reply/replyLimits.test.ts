import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDetectionReader } from '../../../../src/core/reply/detections.ts';
import { item, list, read, reasons, SQUARE } from '../../../fixtures/replies/make.ts';

test('5,000 objects are read, the rest is counted', () => {
  const items = Array.from({ length: 5123 }, (_, index) => (index % 10 === 0 ? '{"label": "no box"}' : item('cat')));
  const found = read(list(...items));
  assert.equal(found.detections.length, 4500);
  assert.equal(found.dropped.length, 501);
  assert.deepEqual(found.dropped.at(-1), { index: 5000, reason: '123 further objects were not read: the limit is 5,000.', raw: '' });
  assert.equal(read(list(...items.slice(0, 5000))).dropped.length, 500);
});

test('64 MB are read, the rest is not', () => {
  const reader = createDetectionReader(SQUARE);
  reader.add(`[${item('cat')},`);
  for (let i = 0; i < 64; i++) {
    reader.add(' '.repeat(1_000_000));
  }
  reader.add(`${item('dog')}]`);
  const found = reader.finish();
  assert.equal(found.detections.length, 1);
  assert.deepEqual(reasons(found), ['The reply is longer than 64 MB: the rest was not read.']);
  assert.equal(found.jsonComplete, false);
});

test('brackets nested very deeply hide nothing that comes after them', () => {
  for (const open of ['[', '{', '[{', '{"a":']) {
    const found = read(`${open.repeat(100_000)} ${list(item('cat'))}`);
    assert.deepEqual(
      found.detections.map((detection) => detection.label),
      ['cat'],
      open,
    );
  }
});

/**
 * A megabyte of each single character, less of the others. Reading takes tens of milliseconds; what looks back over all it has read would take
 * hours, and the time limit would end it.
 */
const HOSTILE = [
  '[',
  '{',
  '"',
  "'",
  '\\',
  '["',
  '{"',
  '{"a":',
  '[1,',
  '1,',
  '}',
  '[{]}',
  '["\\',
  '[/*',
  '[//',
  '{"a":/*',
  ' ',
  '\u200b',
  '```',
  '```json\n',
  '<think>',
  '{"box_2d":[1],"x":',
  '{"x":{"box_2d":[1]}',
  '{"box_2d":[1,2,3,4],"label":"a',
  "{'box_2d':[1,2,3,4],'label':'it's \"",
  '{"box_2d":[1,2,3,4',
  '{"box_2d":[1,2,30,40],"k":[',
  '{"box_2d":[1,2,30,40],"label":"a"},',
  '{"cat":[1,2,30,40]},',
  '{box_2d:[1,2,30,40]},',
  '{"box_2d":[1,2,30,40],"mask":"',
  '{"label":"a"},',
  '" "',
  '[" ',
  '“',
  '{“a”:“',
  '{"box":{',
  '{"ymin":1,',
  '{"a":{"ymin":1,"xmin":1,"ymax":20,"xmax":20},',
  '{"boxes":[[1,2,30,40],',
  '[[1,2,30,40],',
  '{"box":[[1,2,30,40],[1,2,30,40]],',
  '{"box":"1,2,30,40","label":"a"},',
  '{"a":"1,2,30,40",',
  '{"cats":[{"box":[1,2,30,40]}],',
  '{"label":"a","b":[{"box":[0.1,0.2,0.3,0.4]},',
  '"1,2,30,40",',
];
for (const piece of HOSTILE) {
  for (const before of piece.length > 2 ? [''] : ['', '[{"box_2d":[1,2,30,40],"mask":"data:image/png;base64,iVBORw0KGgo']) {
    test(`no end of ${JSON.stringify(piece)} after ${JSON.stringify(before)} is read in one pass`, { timeout: 60_000 }, () => {
      const text = before + piece.repeat(piece.length > 1 ? 300_000 / piece.length : 1_000_000);
      const whole = read(text);
      assert.ok(whole.detections.length + whole.dropped.length >= 1);
      const reader = createDetectionReader(SQUARE);
      for (let at = 0; at < text.length; at += 1024) {
        reader.add(text.slice(at, at + 1024));
      }
      const found = reader.finish();
      assert.equal(found.detections.length, whole.detections.length);
      assert.deepEqual(reasons(found), reasons(whole));
    });
  }
}

test('an item with values nested very deeply is read', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const found = read(`[{"box_2d":[1,2,30,40],"label":"a","x":${deep},"mask":${deep},"kids":[{"box_2d":[1],"y":${deep}}]}]`);
  assert.deepEqual(
    found.detections.map((detection) => [detection.label, detection.maskProblem]),
    [['a', 'The mask is in a form that cannot be read.']],
  );
  assert.deepEqual(reasons(found), ['The box has 1 numbers, 4 are needed.']);
});
