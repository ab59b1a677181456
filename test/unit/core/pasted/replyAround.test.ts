import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { replyAround } from '../../../../src/core/pasted/replyAround.ts';
import { looksLikeReply } from '../../../../src/core/pasted/replyKeys.ts';

/** The part around `|`. */
function around(marked: string): string | undefined {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = replyAround(text, offset);
  return found && text.slice(found.start, found.end);
}

suite('the reply around the cursor', () => {
  test('is the innermost list of objects', () => {
    const text = '[{"image": "a.png", "objects": [{"box_2d": [1, 2, 3, 4]}]}, {"image": "b.png", "objects": [{"bo|x_2d": [5, 6, 7, 8]}]}]';
    assert.equal(around(text), '[{"box_2d": [5, 6, 7, 8]}]');
    assert.equal(
      around('words [see] here\n[\n  {"box_2d": [1, 2|, 3, 4], "label": "]"}\n] more'),
      '[\n  {"box_2d": [1, 2, 3, 4], "label": "]"}\n]',
    );
  });

  test('else the outermost brackets', () => {
    assert.equal(around('x = {"a": {"box_2d": [1, |2, 3, 4]}} y'), '{"a": {"box_2d": [1, 2, 3, 4]}}');
    assert.equal(around('the start [{"box_2d": [1, |2'), '[{"box_2d": [1, 2');
  });

  test('is the string in which it is written', () => {
    assert.equal(around('{"text": "[{\\"box_2d\\": [1, |2, 3, 4]}]", "more": [{}]}'), '"[{\\"box_2d\\": [1, 2, 3, 4]}]"');
  });

  test('is none outside of brackets', () => {
    assert.equal(around('be|fore [{"box_2d": [1, 2, 3, 4]}]'), undefined);
    assert.equal(around('[{"box_2d": [1, 2, 3, 4]}] af|ter'), undefined);
  });
});

test('a piece of a reply is told by its keys', () => {
  for (const text of ['"box_2d": [', '\\"box_2d\\": [1', "'point': [1, 2]", '"mask": "data:', '"polygon" : [[', '"bounding_box": {'])
    assert.equal(looksLikeReply(text), true, text);
  for (const text of ['the point: [1]', '"point": 3', '"maskable": [', 'box_2d', '"mask": true'])
    assert.equal(looksLikeReply(text), false, text);
});
