import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { addLabelPart, labelParts } from '../../../../src/core/labels/labelParts.ts';
import type { LabelImage, LabelObject, LabelShape } from '../../../../src/core/labels/labels.ts';

const object = (label: string, shape?: LabelShape): LabelObject => ({
  label,
  box: { x: 1, y: 2, width: 3, height: 4 },
  ...(shape && { shape }),
});
const image = (name: string, objects: LabelObject[]): LabelImage => ({ name, size: { width: 10, height: 8 }, unit: 'pixels', objects });

suite('labels in parts', () => {
  const ring = Array.from({ length: 40 }, (_, at): [number, number] => [at, 2 * at]);
  const IMAGES = [
    image('none.png', []),
    image(
      'many.png',
      Array.from({ length: 30 }, (_, at) => object(`thing ${at}`)),
    ),
    image('outlines.png', [object('a', { kind: 'rings', rings: [ring, ring] }), object('b', { kind: 'rings', rings: [ring] })]),
    image('runs.png', [object('c', { kind: 'runs', size: { width: 10, height: 8 }, counts: Array.from({ length: 80 }, () => 1) })]),
    image('end.png', []),
  ];

  test('put together they are the labels, however small the parts', () => {
    for (const most of [1, 7, 50, 51, 1e6]) {
      const images: LabelImage[] = [];
      // As they come from another thread.
      for (const part of labelParts(IMAGES, most)) addLabelPart(images, structuredClone(part));
      assert.deepEqual(images, IMAGES, `of ${most} numbers`);
    }
    assert.deepEqual([...labelParts([])], []);
  });

  test('each is small, also of one image with many objects; outlines count by their points', () => {
    const parts = [...labelParts(IMAGES, 50)].map((part) => part.map((item) => ('objects' in item ? item.name : item.label)));
    assert.ok(parts.every((part) => part.length <= 10));
    assert.deepEqual(parts.slice(-3), [['outlines.png', 'a'], ['b'], ['runs.png', 'c'], ['end.png']].slice(-3));
  });

  test('what was read is left as it was', () => {
    const before = structuredClone(IMAGES);
    const images: LabelImage[] = [];
    for (const part of labelParts(IMAGES)) addLabelPart(images, part);
    assert.deepEqual(IMAGES, before);
  });
});
