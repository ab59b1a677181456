import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '../../../../src/core/reply/text.ts';

const TEXTS: [string, string, string][] = [
  ['blank edges go', ' \n A red cup.\n', 'A red cup.'],
  ['a leaked thought marker goes', 'thought\nA red cup.', 'A red cup.'],
  ['so it does with other line ends', 'thought\r\n\r\nA red cup.', 'A red cup.'],
  ['only the first of two goes', 'thought\nthought\nA red cup.', 'thought\nA red cup.'],
  ['thoughts in tags go', '<think>Let me see.\nA cup?</think>\n\nA red cup.', 'A red cup.'],
  ['tags that never end are text', '<think>Let me see.', '<think>Let me see.'],
  ['tags later are text', 'A sign: <think>twice</think>', 'A sign: <think>twice</think>'],
  ['the word in a sentence stays', 'thought provoking', 'thought provoking'],
  ['the word alone stays', 'thought\n', 'thought'],
  ['a heading stays', 'Thought\nof the day', 'Thought\nof the day'],
  ['line breaks and fences inside stay', 'One\n\n  two\n```\nthree\n```', 'One\n\n  two\n```\nthree\n```'],
  ['a byte order mark goes', '\ufeffA red cup.', 'A red cup.'],
  ['nothing is nothing', '', ''],
];
for (const [name, raw, text] of TEXTS) {
  test(`words of a reply: ${name}`, () => {
    assert.equal(readText(raw), text);
  });
}
