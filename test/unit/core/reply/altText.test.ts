import assert from 'node:assert/strict';
import { test } from 'node:test';
import { altTextOf } from '../../../../src/core/reply/altText.ts';

for (const [name, description, altText] of [
  ['the first paragraph', 'A cat on a mat.\n\nThe cat is grey.', 'A cat on a mat.'],
  ['two short sentences', 'A cat. A mat.', 'A cat. A mat.'],
  [
    'of a long paragraph the first sentence',
    `A cat of 1.5 kg sits on a mat. ${'It is grey. '.repeat(20)}`,
    'A cat of 1.5 kg sits on a mat.',
  ],
  ['nothing', ' \n ', ''],
] as const) {
  test(`alternative text: ${name}`, () => assert.equal(altTextOf(description), altText));
}
