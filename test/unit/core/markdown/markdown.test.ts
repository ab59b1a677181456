import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { plainText, tablesIn } from '../../../../src/core/markdown/markdown.ts';
import { parseMarkdown } from '../../../../src/core/markdown/parseMarkdown.ts';

const plain = (text: string) => plainText(parseMarkdown(text));

suite('an answer in Markdown', () => {
  test('its parts', () => {
    assert.deepEqual(parseMarkdown('## Two *jars*\n\n- **one**\n- `two`\n\n3. three\n\n> so\n\n---\n\n```json\n{"a": 1}\n```'), [
      { kind: 'heading', children: [text('Two '), { kind: 'emphasis', children: [text('jars')] }] },
      {
        kind: 'list',
        items: [[paragraph({ kind: 'strong', children: [text('one')] })], [paragraph({ kind: 'code', text: 'two' })]],
      },
      { kind: 'list', start: 3, items: [[paragraph(text('three'))]] },
      { kind: 'quote', children: [paragraph(text('so'))] },
      { kind: 'rule' },
      { kind: 'code', text: '{"a": 1}' },
    ]);
  });

  test('without its marks', () => {
    assert.equal(
      plain('Two **jars**:\n\n* a *small* one\n  - with `milk`\n* another\n\n1. x\n2. y\n\n```\na  b\n```'),
      'Two jars:\n\n- a small one\n  - with milk\n- another\n\n1. x\n2. y\n\na  b',
    );
    assert.equal(plain('One line\nand another.\n\nA paragraph.'), 'One line\nand another.\n\nA paragraph.');
  });

  test('its tables, also those in a list or a quotation', () => {
    const table = '| What | Price |\n| --- | --: |\n| **Tea** | 3 |\n| a \\| b | |';
    const rows = [
      ['What', 'Price'],
      ['Tea', '3'],
      ['a | b', ''],
    ];
    assert.deepEqual(tablesIn(parseMarkdown(table)), [rows]);
    assert.equal(plain(table), 'What\tPrice\nTea\t3\na | b\t');
    assert.deepEqual(tablesIn(parseMarkdown(`- x\n\n${table.replaceAll(/^/gm, '  ')}`)), [rows]);
    assert.deepEqual(tablesIn(parseMarkdown(table.replaceAll(/^/gm, '> '))), [rows]);
  });

  test('links become words with their address; images and HTML stay as they are written', () => {
    assert.equal(
      plain('See [this](javascript:alert(1)) and <https://example.com/>'),
      'See this (javascript:alert(1)) and https://example.com/',
    );
    for (const written of [
      '![secret](https://example.com/x.png)',
      '<script>alert(1)</script>',
      'a <img src=x onerror=alert(1)> b',
      '<!-- gone? -->',
      '[a]: javascript:alert(1)',
      '[a][b]',
    ])
      assert.equal(plain(written), written);
    const kinds = new Set(JSON.stringify(parseMarkdown('[a](command:x) ![b](c) <a href="d">e</a> **f**')).match(/"kind":"\w+"/g));
    assert.deepEqual([...kinds].sort(), ['"kind":"paragraph"', '"kind":"strong"', '"kind":"text"']);
  });

  test('what is nested without end, or too long, stays as it is written', () => {
    const deep = `${'>'.repeat(3000)} x`;
    assert.ok(plain(deep).endsWith('> x'));
    const emphasized = `${'*a '.repeat(500)}b${'*'.repeat(500)}`;
    assert.match(plain(emphasized), /b/);
    const long = `**a**\n\n${'word '.repeat(10)}\n\n**b**`;
    assert.deepEqual(parseMarkdown(long, 20), [
      paragraph({ kind: 'strong', children: [text('a')] }),
      paragraph(text(long.slice(long.indexOf('word')))),
    ]);
  });

  test('hostile text of any length is read in time', () => {
    for (const piece of ['[', '![', '*a_', '`'.repeat(3), '> ', '- ', '|', '<a ', '[a](', '&', '|-'])
      assert.ok(plainText(parseMarkdown(piece.repeat(100_000 / piece.length))).length > 0, piece);
  });
});

function text(written: string) {
  return { kind: 'text' as const, text: written };
}

function paragraph(...children: unknown[]) {
  return { kind: 'paragraph', children };
}
