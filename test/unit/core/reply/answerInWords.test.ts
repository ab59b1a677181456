import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY } from '../../../../src/core/base/geometry.ts';
import type { Task } from '../../../../src/core/inspection/inspection.ts';
import { isRefusal, wordsInstead } from '../../../../src/core/reply/answerInWords.ts';
import { makeInspection } from '../../../../src/core/reply/makeInspection.ts';

const inspect = (task: Task, text: string, labels: string[] = []) =>
  makeInspection(
    {
      ...{ id: 'a', task, createdAt: '2026-11-28T12:00:00.000Z', prompt: '', labels, model: 'gemini-3.8-flash', images: [] },
      contexts: [{ imageIndex: 0, width: 1000, height: 500, toImage: IDENTITY }],
      estimatedImageTokens: 1089,
    },
    { text, finishReason: 'STOP', blockedCategories: [], cut: false },
  );

const REFUSALS = [
  "I can't help with identifying people in images.",
  'I can’t help with identifying people in images.',
  "I'm sorry, but I cannot assist with that request.",
  "I'm sorry. I am not able to identify the person in this picture.",
  'Unable to process the image.',
  'Unfortunately, I cannot read the text in this image.',
  "As an AI language model, I can't describe people.",
  'thought\nI cannot identify people.',
  '"I cannot fulfill this request."',
  'Lo siento, pero no puedo ayudar con eso.',
  '抱歉，我無法識別圖片中的人物。',
  '很抱歉，我无法处理此请求。',
];

for (const text of REFUSALS) {
  test(`never "no objects", never a label: ${text}`, () => {
    for (const task of ['detect', 'segment', 'classify'] as const) {
      const inspection = inspect(task, text);
      const things = task === 'classify' ? 'labels' : 'objects';
      const reasons = inspection.dropped.map(({ reason }) => reason);
      assert.deepEqual(reasons, [`Gemini answered with words instead of ${things}.`]);
      assert.ok(inspection.dropped[0]?.raw.includes(text.replaceAll('"', '')));
      assert.equal(task === 'classify' ? inspection.labels?.length : inspection.detections?.length, 0);
      assert.equal(wordsInstead(inspection), text.replace(/^thought\n/, '').replaceAll('"', ''));
    }
    for (const task of ['caption', 'readText'] as const) {
      const { text: words = '', dropped } = inspect(task, text);
      assert.ok(words.length > 5, 'the words are kept');
      assert.deepEqual(
        dropped.map(({ reason }) => reason),
        ['This reads like a refusal by the model.'],
      );
    }
    assert.deepEqual(inspect('ask', text).dropped, []);
  });
}

test('an empty list is no refusal, and neither is what a picture may say', () => {
  for (const task of ['detect', 'segment', 'classify'] as const) {
    for (const reply of ['[]', '```json\n[]\n```']) {
      assert.deepEqual(inspect(task, reply).dropped, []);
      assert.equal(wordsInstead(inspect(task, reply)), undefined);
    }
  }
  for (const text of [
    "I can't believe it's not butter!",
    'Sorry, we are closed.',
    'DO NOT ENTER',
    'Unable to connect',
    'NO TEXT',
    'I can help.',
  ])
    assert.ok(!isRefusal(text), text);
  assert.deepEqual(inspect('readText', 'Sorry, we are closed.').dropped, []);
  assert.deepEqual(inspect('classify', 'bird\ncat', ['bird']).labels, [{ label: 'bird' }]);
});

test('a word, and JSON of another kind, are not shown as an answer in words', () => {
  for (const reply of ['cat', '"cat"', '{}', 'null', '[1, 2, 3]', '{"error": {"message": "I cannot help"}}', '12'])
    assert.equal(wordsInstead(inspect('detect', reply)), undefined, reply);
  assert.equal(wordsInstead(inspect('detect', 'There are no cats.')), 'There are no cats.');
});
