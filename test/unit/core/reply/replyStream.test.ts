import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDetectionReader } from '../../../../src/core/reply/detections.ts';
import { discMask, fenced, item, labels, list, read, readInChunks, reasons, SQUARE } from '../../../fixtures/replies/make.ts';

const ITEMS = [
  item('the "first", [one] {of}\n4'),
  item('masked', undefined, { mask: `data:image/png;base64,${discMask(8)}` }),
  '{"box_2d": [1, 2], "label": "broken"}',
  item('outlined', [100, 100, 300, 200], { mask: [100, 100, 200, 100, 150, 300] }),
  '{"point": [5, 6], "label": "5\\" \u00e9 \ud83d\udc31"}',
  item('last'),
];
const REPLY = `Here's what I see:\n${fenced(`{"objects": ${list(...ITEMS)}}`)}\nThat's all [6].`;
/** Where each item ends in the reply. */
const ENDS = ITEMS.map((source) => REPLY.indexOf(source) + source.length);
const LIST_END = REPLY.indexOf('\n]}') + 3;

test('a reply cut anywhere keeps every complete object, and never half of one', () => {
  const whole = read(REPLY);
  assert.equal(whole.detections.length, 5);
  for (let end = 0; end <= REPLY.length; end++) {
    const found = read(REPLY.slice(0, end));
    const complete = ENDS.filter((place) => place <= end).length;
    const kept = whole.detections.filter((detection) => Number(detection.id) <= complete);
    const cutInMask = found.detections.length > kept.length ? found.detections.at(-1) : undefined;
    assert.deepEqual(found.detections.slice(0, kept.length), kept, `cut at ${end}`);
    if (cutInMask) {
      const meant = whole.detections.find((detection) => detection.id === cutInMask.id);
      assert.equal(found.detections.length, kept.length + 1);
      assert.equal(cutInMask.maskProblem, 'The reply ends inside the mask.');
      assert.deepEqual([cutInMask.label, cutInMask.box], [meant?.label, meant?.box]);
    }
    assert.ok(found.detections.length + found.dropped.length > 0);
    assert.equal(found.jsonComplete, end < REPLY.indexOf('{') + 1 || end >= LIST_END, `cut at ${end}`);
    const isInsideItem = end < LIST_END && REPLY.slice(ENDS[complete - 1] ?? REPLY.indexOf('[\n'), end).includes('{');
    if (isInsideItem && !cutInMask) {
      assert.equal(found.dropped.at(-1)?.reason, 'The reply ends inside this object.', `cut at ${end}`);
    }
  }
});

test('in whatever pieces a reply comes, it says the same', () => {
  const whole = read(REPLY);
  const sizes = [[1], [2], [3], [5, 1], [7, 2, 11], [16], [100, 1], [1024], [REPLY.length]];
  for (const size of sizes) {
    const { found, asTheyCame } = readInChunks(REPLY, size);
    assert.deepEqual(found, whole, `pieces of ${size}`);
    assert.deepEqual(asTheyCame, labels(whole), `pieces of ${size}`);
  }
});

test('each object appears with the character that closes it', () => {
  const reader = createDetectionReader(SQUARE);
  const appeared: number[] = [];
  for (let at = 0; at < REPLY.length; at++) {
    if (reader.add(REPLY[at] ?? '').length > 0) {
      appeared.push(at + 1);
    }
  }
  assert.deepEqual(
    appeared,
    ENDS.filter((_, index) => index !== 2),
  );
});

test('the last object of a reply that ends inside it is dropped with what there is of it', () => {
  const found = read(`[${item('cat')}, {"box_2d": [10, 20, 300, 400], "label": "do`);
  assert.deepEqual(labels(found), ['cat']);
  assert.deepEqual(found.dropped, [
    { index: 1, reason: 'The reply ends inside this object.', raw: '{"box_2d": [10, 20, 300, 400], "label": "do' },
  ]);
  assert.equal(found.jsonComplete, false);
});

test('a number that is cut is never taken for a whole one', () => {
  for (const cut of [
    '{"box_2d": [10, 20, 300, 4',
    '[{"point": [10, 4',
    '{"cat": [10, 20, 300, 400], "dog": [10, 20, 300, 4',
    '[{"box_2d": [10, 20, 300, 400',
  ]) {
    const found = read(cut);
    assert.deepEqual(found.detections, [], cut);
    assert.deepEqual(reasons(found), ['The reply ends inside this object.']);
  }
});

test('a loop only ends reading where the text breaks off', () => {
  const again = Array.from({ length: 300 }, () => item('cup')).join(', ');
  const found = read(`[${again}, {"box_2d": [10, 20,`);
  assert.equal(found.detections.length, 300);
  assert.deepEqual(reasons(found), ['The reply ends inside this object.']);
});
