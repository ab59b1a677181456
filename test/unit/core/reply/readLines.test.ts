import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY } from '../../../../src/core/base/geometry.ts';
import { tableOf } from '../../../../src/core/reply/lineLayout.ts';
import { readLines, textSoFar } from '../../../../src/core/reply/lines.ts';

const PICTURE = [{ imageIndex: 0, width: 1000, height: 1000, toImage: IDENTITY }] as const;
const read = (reply: string) => readLines(reply, PICTURE);
const line = (label: string, [top, left, bottom, right]: readonly number[], more = '') =>
  `{"box_2d": [${top}, ${left}, ${bottom}, ${right}], "label": ${JSON.stringify(label)}${more}}`;
const HEAD = line('Head', [0, 0, 50, 500]);
const NEXT = line('  next line', [60, 0, 110, 500]);

test('lines are detections, the text is all of them in their order', () => {
  const { text, detections, dropped, jsonComplete } = read(`[${HEAD}, ${NEXT}]`);
  assert.equal(text, 'Head\n  next line');
  assert.deepEqual(
    detections?.map(({ label, pixelBox: { x, y, width, height } }) => [label, x, y, width, height]),
    [
      ['Head', 0, 0, 500, 50],
      ['  next line', 0, 60, 500, 50],
    ],
  );
  assert.deepEqual([dropped, jsonComplete], [[], true]);
});

test('an empty line stands between blocks, a tab between what stands in one row', () => {
  const cells = [line('a', [200, 0, 250, 100]), line('b', [202, 300, 252, 400])];
  const column = line('right column', [0, 600, 50, 900]);
  assert.equal(read(`[${HEAD}, ${NEXT}, ${cells.join(', ')}, ${column}]`).text, 'Head\n  next line\n\na\tb\n\nright column');
});

test('a turned line has its corners, in the order from where it begins', () => {
  const mask = ', "mask": [[100, 800], [100, 200], [150, 200], [150, 800]]';
  const [turned] = read(`[${line('up', [200, 100, 800, 150], mask)}]`).detections ?? [];
  assert.deepEqual(turned?.mask, {
    kind: 'polygon',
    points: [
      [0.1, 0.8],
      [0.1, 0.2],
      [0.15, 0.2],
      [0.15, 0.8],
    ],
  });
});

test('a line without a place is kept in the text, and is no part that was dropped', () => {
  const { text, detections, dropped } = read(`[${HEAD}, {"label": "nowhere"}, {"box_2d": [1, 2], "label": "odd box"}, ${NEXT}]`);
  assert.equal(text, 'Head\nnowhere\nodd box\n  next line');
  assert.deepEqual(
    detections?.map(({ label }) => label),
    ['Head', '  next line'],
  );
  assert.deepEqual(dropped, []);
});

for (const [name, reply, text] of [
  ['words', 'Head\n  next', 'Head\n  next'],
  ['words that begin with a bracket', '[1] a note\n{x}', '[1] a note\n{x}'],
  ['a list of strings', '["Head", "next"]', 'Head\nnext'],
  ['lines of nothing but words', '[{"label": "Head"}, {"text": "next"}]', 'Head\nnext'],
] as const) {
  test(`a reply without places is the text as it was: ${name}`, () => {
    const found = read(reply);
    assert.deepEqual([found.text, found.detections, found.dropped], [text, undefined, []]);
  });
}

for (const [name, reply] of [
  ['fenced', `\`\`\`json\n[${HEAD}]\n\`\`\``],
  ['in a wrapper', `{"lines": [${HEAD}]}`],
  ['behind a thought', `thought\n[${HEAD}]`],
  ['written again and again', `[${[HEAD, HEAD, HEAD].join(', ')}]`],
] as const) {
  test(`one line, ${name}`, () => {
    const { text, detections } = read(reply);
    assert.deepEqual([text, detections?.length], ['Head', 1]);
  });
}

test('no text is an empty list', () => {
  assert.deepEqual(read('[]'), { text: '', detections: [], dropped: [] });
  assert.equal(read('<no-text/>').text, '');
});

test('of a reply that was cut, whole lines are kept', () => {
  const { text, detections, dropped, jsonComplete } = read(`[${HEAD}, ${NEXT.slice(0, -8)}`);
  assert.deepEqual([text, detections?.length, dropped.length, jsonComplete], ['Head', 1, 1, false]);
});

test('hostile text stays as it is written', () => {
  const hostile = '<img src=x onerror=alert(1)>\u202e[x](command:y)';
  const { text, detections } = read(`[${line(hostile, [0, 0, 50, 500])}]`);
  assert.deepEqual([text, detections?.[0]?.label], [hostile, hostile]);
});

test('while it comes, whole lines are the text, and the beginning of data is none', () => {
  const whole = read(`[${HEAD}]`).detections ?? [];
  assert.equal(textSoFar(`[${HEAD}, {"box`, whole), 'Head');
  for (const beginning of ['', '[', '[{"box', '```', '```json\n[', '{"lines"']) assert.equal(textSoFar(beginning, []), '', beginning);
  assert.equal(textSoFar('Head\nnext', []), 'Head\nnext');
});

test('a table has the columns that its cells share', () => {
  const cells = read(
    `[${line('Wide heading', [0, 0, 40, 900])}, ${line('a', [100, 0, 140, 200])}, ${line('b', [100, 500, 140, 700])}, ${line('2', [160, 600, 200, 690])}]`,
  ).detections;
  assert.deepEqual(tableOf(cells ?? []), [
    ['Wide heading', ''],
    ['a', 'b'],
    ['', '2'],
  ]);
});
