import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownTable } from '../../../../src/core/exports/markdownTable.ts';

test('a table in Markdown: cells stay cells and words', () => {
  assert.equal(
    markdownTable([
      ['a', 'b|c'],
      ['*1*', 'two\nlines'],
    ]),
    '| a | b\\|c |\n| --- | --- |\n| \\*1\\* | two lines |',
  );
});
