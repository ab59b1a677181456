import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLabels } from '../../../../src/core/reply/labels.ts';
import { readLabelList, uniqueLabels } from '../../../../src/core/request/labelList.ts';

const CAT_DOG = [
  { label: 'cat', confidence: 0.9 },
  { label: 'dog', confidence: 0.1 },
];

for (const [name, reply] of [
  ['a list of objects', '[{"label": "cat", "confidence": 0.9}, {"label": "dog", "confidence": 0.1}]'],
  ['a fenced list', '```json\n[{"label": "cat", "confidence": 0.9}, {"label": "dog", "confidence": 0.1}]\n```'],
  ['a list with words before and after', 'These fit:\n[{"label": "cat", "confidence": 0.9}, {"label": "dog", "confidence": 0.1}]\nDone.'],
  ['a list behind leaked thoughts', 'thought\n[{"name": "cat", "score": 0.9}, {"class": "dog", "probability": 0.1}]'],
  ['a wrapper', '{"labels": [{"label": "cat", "confidence": 0.9}, {"label": "dog", "confidence": 0.1}]}'],
  ['a confidence for each label', '{"cat": 0.9, "dog": 0.1}'],
  ['percentages as numbers', '[{"label": "cat", "confidence": 90}, {"label": "dog", "confidence": 10}]'],
  ['percentages in words', '[{"label": "cat", "confidence": "90 %"}, {"label": "dog", "confidence": "10%"}]'],
  ['lines', '- cat: 0.9\n- dog: 0.1'],
  ['numbered lines', '1. **cat** (90%)\n2. dog (10%)'],
] as const) {
  test(`labels from ${name}`, () => {
    assert.deepEqual(readLabels(reply, []), { labels: CAT_DOG, dropped: [], jsonComplete: true });
  });
}

test('a confidence is shown only where the model gave one that can be read', () => {
  const { labels } = readLabels('[{"label": "a"}, {"label": "b", "confidence": "high"}, "c", {"label": "d", "confidence": -1}]', []);
  assert.deepEqual(labels, [{ label: 'a' }, { label: 'b' }, { label: 'c' }, { label: 'd' }]);
});

test('one above 1 makes all of them percentages', () => {
  const { labels } = readLabels('{"a": 97, "b": 2, "c": 1}', []);
  assert.deepEqual(
    labels.map(({ confidence }) => confidence),
    [0.97, 0.02, 0.01],
  );
});

test('labels of the user keep their spelling; others, repetitions and what is no label are dropped with their reasons', () => {
  const { labels, dropped } = readLabels('["golden retriever", "Cat", "CAT", "parrot", {"confidence": 1}, 7]', ['Golden_Retriever', 'cat']);
  assert.deepEqual(
    labels.map(({ label }) => label),
    ['Golden_Retriever', 'cat'],
  );
  assert.deepEqual(
    dropped.map(({ index, reason, raw }) => [index, reason, raw]),
    [
      [2, 'The label appears twice.', '"CAT"'],
      [3, 'The label is not in your list.', '"parrot"'],
      [4, 'There is no label.', '{"confidence":1}'],
      [5, 'There is no label.', '7'],
    ],
  );
});

test('an empty list is an answer, and so is a list of what is not there', () => {
  for (const reply of ['[]', '```json\n[]\n```', '{"labels": []}']) {
    assert.deepEqual(readLabels(reply, ['a']), { labels: [], dropped: [], jsonComplete: true }, reply);
  }
});

test('a reply that cannot be read is no empty list', () => {
  const sentence = 'I am sorry, but I can neither tell nor guess what kind of picture this could be, whatever I try to do about it.';
  for (const reply of ['', ' \n', sentence]) {
    const { labels, dropped } = readLabels(reply, []);
    assert.deepEqual(labels, []);
    assert.equal(dropped.length, 1, reply);
  }
});

test('of a list that is cut what is whole is kept, and half a label is none', () => {
  const cat = '{"label": "cat", "confidence": 0.9}';
  for (const [reply, droppedReasons] of [
    [`[${cat}, {"label": "do`, ['The reply ends inside this label.']],
    [`[${cat}, {"label": "dog", "conf`, ['The reply ends inside this label.']],
    [`{"labels": [${cat}, {"label": "dog"`, ['The reply ends inside this label.']],
    ['{"cat": 0.9, "dog": 0.1', ['The reply ends inside this label.']],
    [`[${cat},`, []],
    [`{"labels": [${cat}]`, []],
  ] as const) {
    const { labels, dropped, jsonComplete } = readLabels(reply, []);
    assert.deepEqual(labels, [CAT_DOG[0]], reply);
    assert.deepEqual(
      dropped.map(({ reason }) => reason),
      droppedReasons,
      reply,
    );
    assert.equal(jsonComplete, false, reply);
  }
});

test('a short sentence is no label, one or two words with a full stop are', () => {
  for (const reply of ['It is a cat.', 'I cannot tell!', '這是一隻貓。']) {
    const { labels, dropped } = readLabels(reply, []);
    assert.deepEqual([labels, dropped.map(({ reason }) => reason)], [[], ['This is a sentence, not a label.']], reply);
  }
  assert.deepEqual(readLabels('Guinea pig.', []).labels, [{ label: 'Guinea pig' }]);
});

test('hostile replies are read in a moment', () => {
  const start = performance.now();
  for (const reply of ['['.repeat(1e6), '{"a":'.repeat(2e5), '"'.repeat(1e6), '[{"label":'.repeat(1e5), '- a\n'.repeat(1e6)])
    readLabels(reply, []);
  assert.ok(performance.now() - start < 5000);
});

test('a list of labels as people write it', () => {
  assert.deepEqual(readLabelList(' cat,  dog ; Cat\n，bird，,'), ['cat', 'dog', 'bird']);
  assert.deepEqual(readLabelList(''), []);
  assert.deepEqual(uniqueLabels(['a b', 'A  B', 1, null, ' ']), ['a b']);
});
