import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groundPhrases } from '../../../../src/core/reply/groundPhrases.ts';

/** The phrases found, as they stand in the text, with the numbers of their objects. */
function found(text: string, labels: readonly string[]): [string, ...string[]][] {
  const objects = labels.map((label, index) => ({ id: String(index + 1), label }));
  return groundPhrases(text, objects).map(({ start, end, ids }) => [text.slice(start, end), ...ids]);
}

test('labels are found as whole words, whatever their case', () => {
  assert.deepEqual(found('A Cat sits in a category.', ['cat']), [['Cat', '1']]);
  assert.deepEqual(found('Nothing of it.', ['cat']), []);
  assert.deepEqual(found('', ['cat']), []);
  assert.deepEqual(found('A cat.', []), []);
});

test('singular and plural are one, in labels and in text', () => {
  assert.deepEqual(found('Two jars, two boxes, berries and a knife.', ['jar', 'box', 'berry', 'knives']), [
    ['jars', '1'],
    ['boxes', '2'],
    ['berries', '3'],
    ['knife', '4'],
  ]);
  assert.deepEqual(found('A glass and a bus; this is it.', ['gla', 'bu', 'thi']), []);
});

test('the longest label is found first, and phrases never overlap', () => {
  assert.deepEqual(found('The glass jar stands beside a jar of milk.', ['jar', 'glass jar', 'jar of milk']), [
    ['glass jar', '2'],
    ['jar of milk', '3'],
  ]);
});

test('several objects of a label share its phrases', () => {
  assert.deepEqual(found('There are two glass jars.', ['glass jar', 'lid', 'glass jar']), [['glass jars', '1', '3']]);
});

test('a longer label is found by the word it is about, if no other label has it', () => {
  assert.deepEqual(found('The jar is full.', ['glass jar with milk']), [['jar', '1']]);
  assert.deepEqual(found('The jar is full.', ['glass jar with milk', 'glass jar with sprinkles']), []);
  assert.deepEqual(found('The milk is cold.', ['glass jar with milk']), []);
});

test('words of a phrase stand together', () => {
  assert.deepEqual(found('Made of glass. Jar', ['green glass jar', 'glass jar', 'red jar']), []);
  assert.deepEqual(found('glass-jar', ['glass jar']), [['glass-jar', '1']]);
  assert.deepEqual(found('glass, jar', ['green glass jar', 'red jar']), []);
});

test('labels of other scripts are found', () => {
  assert.deepEqual(found('Кошка сидит на столе.', ['кошка']), [['Кошка', '1']]);
  assert.deepEqual(found('桌子上有一只猫和杯子。', ['杯子']), [['杯子', '1']]);
  assert.deepEqual(found('Ein Löffel liegt da.', ['LÖFFEL']), [['Löffel', '1']]);
});

test('markup in text or label is text', () => {
  assert.deepEqual(found('<b>cat</b> [cat](http://x.test)', ['cat']), [
    ['cat', '1'],
    ['cat', '1'],
  ]);
});

test('plurals that follow no rule are those of their words', () => {
  for (const [one, many] of [
    ['bus', 'buses'],
    ['gas', 'gases'],
    ['lens', 'lenses'],
    ['axe', 'axes'],
    ['cookie', 'cookies'],
    ['movie', 'movies'],
    ['tie', 'ties'],
    ['pie', 'pies'],
    ['cactus', 'cacti'],
  ] as const)
    assert.deepEqual(groundPhrases(many, [{ id: 'a', label: one }]), [{ start: 0, end: many.length, ids: ['a'] }], many);
});
