import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fenced, item, labels, list, read, readInChunks, reasons } from '../../../fixtures/replies/make.ts';

const CAT = item('cat');
const DOG = item('dog', [500, 500, 900, 900]);
const BOTH = list(CAT, DOG);

/** Each of these holds a cat and a dog and nothing else. */
const SHAPES: Record<string, string> = {
  'a bare list': BOTH,
  'a fence': fenced(BOTH),
  'a fence that is never closed': `\`\`\`json\n${BOTH}`,
  'prose before and a numbered list after': `Here are the boxes:\n${fenced(BOTH)}\nHere's how:\n\n1.  **Wipe**: it's {easy}.\n2.  See [1] and [the "other" one].\n`,
  'prose with brackets before': `In the range [0, 1000) as [ymin, xmin, ymax, xmax], {see} [below: (here)]: ${BOTH}`,
  'prose with apostrophes and quotes': `Here's "the 'list' of ${BOTH} and that's "it"`,
  'a bracket of prose that is never closed': `I found [these two things: ${BOTH}`,
  'boxes in a wrapper': `{"boxes": ${BOTH}}`,
  'items in a wrapper in a wrapper': `{"objects": {"items": ${BOTH}}, "count": 2, "usage": {"tokens": 5}, "sizes": [1, 2]}`,
  'a wrapper with a label of its own': `{"label": "pets", "description": "two", "boxes": ${BOTH}}`,
  'a list of lists': `[${list(CAT)}, ${list(DOG)}]`,
  'two lists': `${list(CAT)}\n\n${list(DOG)}`,
  'lines without a list': `${CAT}\n${DOG}\n`,
  'one object after another': `${CAT} and then ${DOG}`,
  'a dictionary by label': '{"cat": [10, 20, 300, 400], "dog": [500, 500, 900, 900]}',
  'a dictionary in a list': '[{"cat": [10, 20, 300, 400]}, {"dog": [500, 500, 900, 900]}]',
  'a list in a JSON string': JSON.stringify(BOTH),
  'a list in a fenced JSON string': fenced(JSON.stringify(BOTH)),
  'double braces': `{{"box_2d": [10, 20, 300, 400], "label": "cat"}} {{"box_2d": [500, 500, 900, 900], "label": "dog"}}`,
  'single quotes': BOTH.replaceAll('"', "'"),
  'curly quotes': BOTH.replaceAll(/"(\w+)"/g, '\u201c$1\u201d'),
  'keys without quotes': BOTH.replaceAll(/"(box_2d|label)"/g, '$1'),
  'trailing commas': '[{"box_2d": [10, 20, 300, 400,], "label": "cat",}, {"box_2d": [500, 500, 900, 900], "label": "dog"},]',
  'missing commas': '[{"box_2d": [10, 20, 300, 400] "label": "cat"} {"box_2d": [500, 500, 900, 900]\n"label": "dog"}]',
  comments: `[ // it's "the {list}\n${CAT}, /* ] } */ ${DOG.replace(',"label"', ', // don\'t\n "label"')}]`,
  'Python words': `[{'box_2d': [10, 20, 300, 400], 'label': 'cat', 'mask': None, 'ok': True}, ${DOG}]`,
  'a byte order mark and zero-width characters': `\ufeff\u200b[\u200b{"box_2d":\u200b [10, 20, 300, 400],\u2060 "label": "cat"},\ufeff${DOG}]`,
  'a leaked thought': `thought\nThe user wants [boxes] {of} pets. It's easy.\n${BOTH}`,
  'thoughts in tags': `<think>Perhaps [${CAT}]?</think>\n${BOTH}`,
  'thoughts in tags that never end': `<think>${BOTH}`,
  'details in an item': `[{"attributes": {"colour": "red"}, "box_2d": [10, 20, 300, 400], "label": "cat", "parts": [{"label": "ear"}, 1]}, ${DOG}]`,
  'items in an item': `[{"box_2d": [10, 20, 300, 400], "label": "cat", "children": [${DOG}]}]`,
  'line breaks in a label that is not the last value': `[{"label": "cat", "box_2d":\r\n[10,\r\n20,\r\n300, 400]},\t${DOG}]`,
  'a missing bracket at the end': `${BOTH.slice(0, -1)}`,
  'a bracket too many': `${BOTH}]}]`,
  'a missing brace between items': `[${CAT.slice(0, -1)}, ${DOG}]`,
  'a missing quote in the first item': `[{"box_2d": [10, 20, 300, 400], "label": "cat}, ${DOG}]`,
  'many spaces': `${' '.repeat(3000)}${BOTH}`,
};
for (const [name, text] of Object.entries(SHAPES)) {
  test(`read through: ${name}`, () => {
    const found = read(text);
    assert.deepEqual(labels(found), ['cat', 'dog']);
    assert.deepEqual(found.dropped, []);
    assert.equal(found.empty, false);
    assert.equal(found.jsonComplete, name !== 'a missing bracket at the end');
    assert.deepEqual(
      found.detections.map(({ id, pixelBox: { x, y, width, height } }) => [id, x, y, x + width, y + height]),
      [
        ['1', 20, 10, 400, 300],
        ['2', 500, 500, 900, 900],
      ],
    );
    for (const sizes of [[1], [2, 3], [7], [64]]) {
      assert.deepEqual(readInChunks(text, sizes).found, found, `in chunks of ${sizes}`);
    }
  });
}

test('a list that comes twice is kept twice', () => {
  assert.deepEqual(labels(read(`${fenced(BOTH)}\n${fenced(BOTH)}`)), ['cat', 'dog', 'cat', 'dog']);
});

test('an item between items is kept with those before and behind its box', () => {
  const bird = item('bird', [1, 2, 30, 40]);
  const shelf = `{"first": ${CAT}, "box_2d": [0, 0, 1000, 1000], "label": "shelf", "later": [${DOG}, {"more": ${bird}}]}`;
  assert.deepEqual(labels(read(`[${shelf}]`)), ['cat', 'shelf', 'dog', 'bird']);
  assert.deepEqual(labels(read(`{"objects": {"cat": ${CAT}, "boundingBox": {"dog": ${DOG}}}}`)), ['cat', 'dog']);
});

test('an item around items that come before its box is kept too', () => {
  assert.deepEqual(labels(read(`[{"label": "shelf", "parts": [${CAT}, ${DOG}], "box_2d": [0, 0, 1000, 1000]}]`)), ['cat', 'dog', 'shelf']);
});

for (const text of [
  '[]',
  ' [ ]\n',
  '```json\n[]\n```',
  '```\n[\n]```',
  '{"boxes": []}',
  '{"objects": {"items": []}, "count": 0}',
  '[[]]',
  '\ufeff[]',
]) {
  test(`an empty list is a finding of nothing: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(read(text), { detections: [], dropped: [], jsonComplete: true, empty: true });
  });
}

const NOTHING: [string, string][] = [
  ['', 'The reply is empty.'],
  [' \n\t ', 'The reply is empty.'],
  ["I'm sorry, segmentation is not supported.", 'Gemini answered with words instead of objects.'],
  ['There are no cats: []', 'Gemini answered with words instead of objects.'],
  ['"I can\'t help with identifying people."', 'Gemini answered with words instead of objects.'],
  ['{"boxes": [], "message": "quota"}', 'The reply has no list of objects.'],
  ['{"error": {"code": 400, "message": "no"}}', 'The reply has no list of objects.'],
  ['{}', 'The reply has no list of objects.'],
  ['null', 'The reply has no list of objects.'],
  ['[1, 2, 3]', 'The reply has no list of objects.'],
  ['["cat", "dog"]', 'The reply has no list of objects.'],
  ['"cat"', 'The reply has no list of objects.'],
  ['"\\"cat\\""', 'The reply has no list of objects.'],
  ['[', 'The reply ends before its first object.'],
  ['```json\n[ ', 'The reply ends before its first object.'],
  ['{"boxes": [', 'The reply ends inside this object.'],
  ['[{', 'The reply ends inside this object.'],
];
for (const [text, reason] of NOTHING) {
  test(`never a silent nothing: ${JSON.stringify(text)}`, () => {
    const found = read(text);
    assert.deepEqual(found.detections, []);
    assert.deepEqual(reasons(found), [reason]);
    assert.equal(found.empty, false);
    assert.equal(found.dropped[0]?.index, 0);
  });
}

test('the raw text of a refusal is kept, a long one cut', () => {
  assert.equal(read('No boxes today.').dropped[0]?.raw, 'No boxes today.');
  assert.equal(read('a'.repeat(2000)).dropped[0]?.raw, 'a'.repeat(2000));
  assert.equal(read('a'.repeat(2001)).dropped[0]?.raw, `${'a'.repeat(2000)}…`);
});

test('7 of 9 kept: what cannot be used has its place, its reason and its text', () => {
  const items = Array.from({ length: 9 }, (_, index) => item(`cup ${index}`));
  items[3] = '{"label": "no box"}';
  items[6] = '42';
  const found = read(list(...items));
  assert.equal(found.detections.length, 7);
  assert.deepEqual(found.dropped, [
    { index: 3, reason: 'There is no box.', raw: '{"label": "no box"}' },
    { index: 6, reason: 'This is not an object.', raw: '42' },
  ]);
  assert.deepEqual(
    found.detections.map((detection) => detection.id),
    ['1', '2', '3', '5', '6', '8', '9'],
  );
});

test('elements before the first item of a list have their places', () => {
  const found = read(list('"cups"', '{}', '[1, 2]', CAT));
  assert.deepEqual(found.dropped, [
    { index: 0, reason: 'This is not an object.', raw: '"cups"' },
    { index: 1, reason: 'There is no box.', raw: '{}' },
    { index: 2, reason: 'This is not an object.', raw: '[1, 2]' },
  ]);
  assert.equal(found.detections[0]?.id, '4');
});

test('an object that nothing can be made of is dropped with its text', () => {
  const bad = '{"box_2d": [10 20 :: 300}, "label" "}';
  const found = read(`[${bad}, ${CAT}]`);
  assert.ok(labels(found).includes('cat'));
  assert.ok(found.dropped.length >= 1);
});

test('strings with everything that could mislead are only text', () => {
  const label = '"}], [{"box_2d": [1,2,3,4]}] \\ \' // /* {{[[';
  assert.deepEqual(labels(read(list(item(label), CAT))), [label, 'cat']);
});

test('quotes in a label that were not escaped are kept', () => {
  assert.deepEqual(labels(read(`[{"box_2d": [10, 20, 300, 400], "label": "5" pipe"}, ${CAT}]`)), ['5" pipe', 'cat']);
  assert.deepEqual(labels(read(`[{'box_2d': [10, 20, 300, 400], 'label': 'the baker's "best" cake'}, ${CAT}]`)), [
    'the baker\'s "best" cake',
    'cat',
  ]);
});
