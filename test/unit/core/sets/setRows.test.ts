import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { labelTotals, rowResult } from '../../../../src/core/sets/setRows.ts';

suite('what a list shows of a result', () => {
  test('of a text its beginning, in a single line', () => {
    assert.deepEqual(rowResult({ text: ' Two jars\n\n on a\tshelf. ' }), { text: 'Two jars on a shelf.' });
    assert.deepEqual(rowResult({ text: '' }), {});
    const { text = '' } = rowResult({ text: 'word '.repeat(10_000) });
    assert.ok(text.length <= 160 && text.endsWith('word…'), text);
  });

  test('of labels their numbers and the lowest confidence', () => {
    const labels = [
      { label: 'cat', confidence: 0.9 },
      { label: 'cat', confidence: 0.4 },
      { label: 'dog', confidence: 0.7 },
    ];
    assert.deepEqual(rowResult({ labels }), { labels: { cat: 2, dog: 1 }, confidence: 0.4 });
  });
});

test('labels are added up over all images', () => {
  assert.deepEqual(labelTotals([{ labels: { cat: 2, Cup: 1 }, count: 3 }, {}, { labels: { dog: 1 } }, { labels: { dog: 4 } }]), [
    { label: 'dog', objects: 5, images: 2 },
    { label: 'cat', objects: 2, images: 1 },
    { label: 'Cup', objects: 1, images: 1 },
  ]);
});
