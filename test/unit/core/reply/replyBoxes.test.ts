import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY } from '../../../../src/core/base/geometry.ts';
import { readDetections } from '../../../../src/core/reply/detections.ts';
import { assertBoxes, item, labels, list, read, reasons, SQUARE, theOnly } from '../../../fixtures/replies/make.ts';

test('a box is [yMin, xMin, yMax, xMax]', () => {
  const cat = theOnly(list(item('cat', [10, 20, 300, 400])));
  assert.deepEqual(cat.box, { x: 0.02, y: 0.01, width: 0.4 - 0.02, height: 0.3 - 0.01 });
  assert.deepEqual(cat.pixelBox, { x: 20, y: 10, width: 380, height: 290 });
  assert.equal(cat.id, '1');
  assert.equal(cat.imageIndex, 0);
});

test('pixel edges are trunc(value / 1000 * size) for every value and many sizes', () => {
  for (const size of [1, 7, 333, 620, 997, 1024, 4080, 16383]) {
    const items: string[] = [];
    for (let value = 0; value < 1000; value++) {
      items.push(item(String(value), [0, value, 1000, 1000]));
    }
    const { detections } = readDetections(list(...items), { ...SQUARE, width: size, height: size });
    for (const { label, pixelBox } of detections) {
      assert.equal(pixelBox.x, Math.trunc((Number(label) / 1000) * size), `${label} of ${size}`);
      assert.equal(pixelBox.x + pixelBox.width, size);
    }
    assert.ok(detections.length > 0);
  }
});

test('corners may be reversed', () => {
  assertBoxes(read(list(item('a', [300, 400, 10, 20]), item('b', [300, 20, 10, 400]))), ['a', 20, 10, 400, 300], ['b', 20, 10, 400, 300]);
});

test('what lies outside the image is cut off, a box wholly outside is dropped', () => {
  const found = read(
    list(
      item('over', [-5, -900, 1003, 99999]),
      item('right', [10, 1200, 300, 1500]),
      item('above', [-30, 10, -20, 20]),
      item('in', [990, 990, 1e9, 1e9]),
    ),
  );
  assertBoxes(found, ['over', 0, 0, 1000, 1000], ['in', 990, 990, 1000, 1000]);
  assert.deepEqual(reasons(found), ['The numbers are not between 0 and 1000.', 'The numbers are not between 0 and 1000.']);
});

const UNUSABLE: [string, string][] = [
  ['[1, 2, 3]', 'The box has 3 numbers, 4 are needed.'],
  ['[]', 'The box has 0 numbers, 4 are needed.'],
  ['[1, 2, 3, 4, 5]', 'The box has 5 numbers, 4 are needed.'],
  ['[10, 20, 10, 400]', 'The box has no area.'],
  ['[10, 20, 10.4, 400]', 'The box has no area.'],
  ['[1000, 1000, 1000, 1000]', 'The box has no area.'],
  ['[1, 2, 3, null]', 'The box contains something that is not a number.'],
  ['[1, 2, 3, NaN]', 'The box contains something that is not a number.'],
  ['[1, 2, 3, "four"]', 'The box contains something that is not a number.'],
  ['[1, 2, 3, ""]', 'The box contains something that is not a number.'],
  ['[1, 2, 3, 1e999]', 'The box contains something that is not a number.'],
  ['[[1, 2, 3, 4], 2, 3, 4]', 'The box contains something that is not a number.'],
  ['null', 'There is no box.'],
  ['"everywhere"', 'There is no box.'],
  ['{"top": 1}', 'There is no box.'],
];
for (const [box, reason] of UNUSABLE) {
  test(`box_2d ${box}: ${reason}`, () => {
    const bad = `{"box_2d": ${box}, "label": "bad"}`;
    const found = read(list(item('before'), bad, item('after')));
    assert.deepEqual(labels(found), ['before', 'after']);
    assert.deepEqual(found.dropped, [{ index: 1, reason, raw: bad }]);
    assert.deepEqual(
      found.detections.map((detection) => detection.id),
      ['1', '3'],
    );
    assert.equal(found.jsonComplete, true);
  });
}

test('numbers may be strings and fractions', () => {
  const cat = theOnly('[{"box_2d": ["10", " 20.5 ", 300.9, 400], "label": "cat"}]');
  assert.deepEqual(cat.pixelBox, { x: 20, y: 10, width: 380, height: 290 });
  assert.equal(cat.box.x, 0.0205);
});

for (const key of ['box2d', 'bounding_box', 'box']) {
  test(`the box may be called ${key}`, () => {
    assertBoxes(read(`[{"${key}": [10, 20, 300, 400], "label": "cat"}]`), ['cat', 20, 10, 400, 300]);
  });
}

test('boxes in three dimensions are named as such', () => {
  const found = read('[{"box_3d": [0.1, 0.2, 0.3, 1, 1, 1, 0, 0, 0], "label": "chair"}]');
  assert.deepEqual(reasons(found), ['This is a box in three dimensions, which cannot be shown.']);
});

test('a point is [y, x] and has a box of size 0', () => {
  const screw = theOnly('[{"point": [250, 500], "label": "screw"}]');
  assert.deepEqual(screw.point, { x: 0.5, y: 0.25 });
  assert.deepEqual(screw.box, { x: 0.5, y: 0.25, width: 0, height: 0 });
  assert.deepEqual(screw.pixelBox, { x: 500, y: 250, width: 0, height: 0 });
});

test('a point that is none is dropped with its reason', () => {
  const found = read(
    '[{"point": [250], "label": "a"}, {"point": [1200, 5], "label": "b"}, {"point": ["x", 5], "label": "c"}, {"point": 5, "label": "d"}]',
  );
  assert.deepEqual(reasons(found), [
    'The point has 1 numbers, 2 are needed.',
    'The numbers are not between 0 and 1000.',
    'The point contains something that is not a number.',
    'There is no point.',
  ]);
});

test('an item with a box and a point keeps both', () => {
  const cat = theOnly(list(item('cat', [10, 20, 300, 400], { point: [100, 200] })));
  assert.deepEqual(cat.point, { x: 0.2, y: 0.1 });
  assert.equal(cat.pixelBox.width, 380);
});

test('labels keep their text exactly', () => {
  for (const label of [
    "the baker's cake",
    '5" pipe',
    '<b>x</b>',
    'A whole sentence, with {braces} and [brackets]: yes.',
    ' spaced ',
    '猫 👩‍🚀',
    '\\',
  ]) {
    assert.equal(theOnly(list(item(label))).label, label);
  }
});

test('labels that are numbers become text, missing and empty ones say so', () => {
  const found = read(
    '[{"box_2d":[1,2,30,40],"label":7},{"box_2d":[1,2,30,40]},{"box_2d":[1,2,30,40],"label":""},{"box_2d":[1,2,30,40],"label":null}]',
  );
  assert.deepEqual(labels(found), ['7', '', '', '']);
});

test('confidence counts only as a number from 0 to 1', () => {
  const found = read(
    list(
      item('a', undefined, { confidence: 0.7 }),
      item('b', undefined, { score: 1 }),
      item('c', undefined, { score: 95 }),
      item('d', undefined, { confidence: 'high' }),
    ),
  );
  assert.deepEqual(
    found.detections.map((detection) => detection.confidence),
    [0.7, 1, undefined, undefined],
  );
  assert.equal('confidence' in (found.detections[2] ?? {}), false);
});

test('boxes of a crop come back in the whole image', () => {
  // The crop is the right half of the lower half of an image of 800 x 400.
  const toImage = { a: 0.5, b: 0, c: 0, d: 0.5, e: 0.5, f: 0.5 };
  const { detections } = readDetections(list(item('cat', [0, 500, 500, 1000])), { imageIndex: 2, width: 800, height: 400, toImage });
  assert.deepEqual(detections[0]?.box, { x: 0.75, y: 0.5, width: 0.25, height: 0.25 });
  assert.deepEqual(detections[0]?.pixelBox, { x: 600, y: 200, width: 200, height: 100 });
  assert.equal(detections[0]?.imageIndex, 2);
});

test('boxes of a picture sent turned by a quarter come back upright', () => {
  const toImage = { a: 0, b: 1, c: -1, d: 0, e: 1, f: 0 };
  const { detections } = readDetections(list(item('cat', [0, 0, 250, 500])), { ...SQUARE, toImage });
  assert.deepEqual(detections[0]?.box, { x: 0.75, y: 0, width: 0.25, height: 0.5 });
});

test('identical boxes and repeated labels are all kept', () => {
  const found = read(list(...Array.from({ length: 40 }, () => item('cat'))));
  assert.equal(found.detections.length, 40);
  assert.equal(new Set(found.detections.map((detection) => detection.id)).size, 40);
});

test('an image of one pixel has boxes only where they hold it', () => {
  const found = readDetections(list(item('all', [0, 0, 1000, 1000]), item('half', [0, 0, 500, 500])), {
    imageIndex: 0,
    width: 1,
    height: 1,
    toImage: IDENTITY,
  });
  assert.deepEqual(labels(found), ['all']);
  assert.deepEqual(reasons(found), ['The box has no area.']);
});
