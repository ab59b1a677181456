import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY } from '../../../../src/core/base/geometry.ts';
import { splitAnswer } from '../../../../src/core/reply/answerWithBoxes.ts';
import { readDetections } from '../../../../src/core/reply/detections.ts';
import { NO_TEXT, readTranscript } from '../../../../src/core/reply/transcript.ts';

const BOXES = '[{"image": 1, "box_2d": [0, 0, 500, 500], "label": "cat"}, {"image": 2, "box_2d": [0, 0, 500, 500], "label": "dog"}]';
const ANSWER = 'Image 1 shows a cat, Image 2 a dog.\n\n[Both] sit. {Really.}';

for (const [name, reply] of [
  ['behind the words', `${ANSWER}\n\n${BOXES}`],
  ['in a fence', `${ANSWER}\n\`\`\`json\n${BOXES}\n\`\`\``],
  ['in a fence without a name, with words behind', `${ANSWER}\n\`\`\`\n${BOXES}\n\`\`\`\nDone.`],
  ['in a wrapper', `${ANSWER}\n{"boxes": ${BOXES}}`],
  ['before the words', `\`\`\`json\n${BOXES}\n\`\`\`\n${ANSWER}`],
  ['empty', `${ANSWER}\n[]`],
] as const) {
  test(`an answer and its list of boxes are told apart: ${name}`, () => {
    const { text, list } = splitAnswer(reply, true);
    assert.equal(text, ANSWER);
    assert.equal(readDetections(list, ...pictures).detections.length, name === 'empty' ? 0 : 2);
    assert.notEqual(list, '');
  });
}

test('an answer without boxes is an answer', () => {
  assert.deepEqual(splitAnswer(`thought\n${ANSWER}`, true), { text: ANSWER, list: '' });
  const list = 'Differences:\n[1] the cat\n[2] the dog\n{none}';
  assert.deepEqual(splitAnswer(list, true), { text: list, list: '' });
});

test('while an answer comes, no beginning of its list is shown', () => {
  const reply = `${ANSWER}\n\`\`\`json\n${BOXES}\n\`\`\``;
  for (let length = 1; length <= reply.length; length++) {
    const { text } = splitAnswer(reply.slice(0, length), false);
    assert.ok(ANSWER.startsWith(text.replace(/`+$/, '').trimEnd()), `after ${length} characters: ${text}`);
  }
});

const pictures = [
  { imageIndex: 0, width: 1000, height: 1000, toImage: IDENTITY },
  { imageIndex: 1, width: 200, height: 100, toImage: IDENTITY },
] as const;

test('each box lies in the image that it names, in the size of that image', () => {
  const { detections, dropped } = readDetections(BOXES, ...pictures);
  assert.deepEqual(
    detections.map(({ label, imageIndex, pixelBox: { width, height } }) => [label, imageIndex, width, height]),
    [
      ['cat', 0, 500, 500],
      ['dog', 1, 100, 50],
    ],
  );
  assert.deepEqual(dropped, []);
});

for (const [field, index] of [
  ['"image": "2"', 1],
  ['"image": "Image 2"', 1],
  ['"image_index": 1', 0],
  ['"imageIndex": "#2"', 1],
] as const) {
  test(`an image may be named by ${field}`, () => {
    const { detections } = readDetections(`[{${field}, "box_2d": [0, 0, 500, 500], "label": "cat"}]`, ...pictures);
    assert.equal(detections[0]?.imageIndex, index);
  });
}

test('a box of no image, or of one that was not sent, is dropped and says so', () => {
  const item = (field: string) => `{${field}"box_2d": [0, 0, 500, 500], "label": "cat"}`;
  const reply = `[${['', '"image": 3, ', '"image": 0, ', '"image": "left", ', '"image": 1.5, '].map(item).join(', ')}]`;
  const { detections, dropped } = readDetections(reply, ...pictures);
  assert.deepEqual(detections, []);
  assert.deepEqual(
    dropped.map(({ reason }) => reason),
    [
      'It does not say in which image it is.',
      'It names an image that was not sent: 3.',
      'It names an image that was not sent: 0.',
      'It names an image that was not sent: left.',
      'It names an image that was not sent: 1.5.',
    ],
  );
  assert.equal(readDetections(reply, pictures[0]).detections.length, 5, 'with one image there is nothing to name');
});

const PAGE = '      MENU\n\nTea      2.50\n  with milk  0.30';

for (const [name, reply] of [
  ['as it is', PAGE],
  ['in a fence', `\`\`\`text\n${PAGE}\n\`\`\``],
  ['in a fence with an introduction', `Here is the text in the image:\n\n\`\`\`\n${PAGE}\n\`\`\`\n`],
  ['behind leaked thoughts, with Windows line ends', `thought\n${PAGE.replaceAll('\n', '\r\n')}\r\n`],
  ['between empty lines', `\n \n${PAGE}\n\n`],
] as const) {
  test(`the text of an image keeps its layout: ${name}`, () => assert.equal(readTranscript(reply), PAGE));
}

test('no text is told from text', () => {
  for (const reply of [NO_TEXT, ` ${NO_TEXT}\n`, `\`\`\`\n${NO_TEXT}\n\`\`\``, `"${NO_TEXT}".`, '<no-'])
    assert.equal(readTranscript(reply), '', reply);
  for (const reply of ['NO TEXT', 'no text', '<', `A tag: ${NO_TEXT}`]) assert.equal(readTranscript(reply), reply);
});
