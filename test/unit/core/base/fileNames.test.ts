import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distinct, safeName, withoutExtension } from '../../../../src/core/base/fileNames.ts';
import { HOSTILE_LABELS, random } from '../../../fixtures/exportImages.ts';

test('names of any script stay, all else becomes harmless', () => {
  const expected: Record<string, string> = {
    'glass jar': 'glass jar',
    猫: '猫',
    مرحبا: 'مرحبا',
    '👩‍👩‍👧': '👩‍👩‍👧',
    '../x': '_x',
    '..': 'object',
    '': 'object',
    ' . ': 'object',
    'a/b\\c:d*e?f"g<h>i|j': 'a_b_c_d_e_f_g_h_i_j',
    'two\nlines': 'two_lines',
    'exe\u202egpj': 'exegpj',
    'end. . ': 'end',
    '.hidden': 'hidden',
    con: '_con',
    'NUL.txt': '_NUL.txt',
    COM1: '_COM1',
    'com¹': '_com¹',
    console: 'console',
    'e\u0301': '\u00e9',
  };
  for (const [label, name] of Object.entries(expected)) assert.equal(safeName(label), name, JSON.stringify(label));
});

test('whatever the label, the name is one part of a path that every system takes', () => {
  const next = random(11);
  const alphabet = [...'aZ9 ._-/\\:*?"<>|\u0000\n\t\u202e\u200d\ud800é猫🐈=+@~$%&', '..', 'CON', 'x'.repeat(90)];
  const labels = Array.from({ length: 400 }, () =>
    Array.from({ length: Math.floor(next() * 12) }, () => alphabet[Math.floor(next() * alphabet.length)]).join(''),
  );
  for (const label of [...HOSTILE_LABELS, ...labels]) {
    const name = safeName(label);
    assert.doesNotMatch(name, /[<>:"/\\|?*\p{Cc}\p{Cs}\u202e]|^[. ]|[. ]$|^$/u, JSON.stringify(label));
    assert.doesNotMatch(name, /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
    assert.ok(Buffer.byteLength(name) <= 121, JSON.stringify(label));
    assert.equal(safeName(name), name, 'safe already');
  }
});

test('names that a file system may take for one are told apart', () => {
  assert.deepEqual(distinct(['a', 'A', 'b', 'a', 'a_2']), ['a', 'A_2', 'b', 'a_3', 'a_2_2']);
  assert.deepEqual(distinct(['\u00e9', 'e\u0301']), ['\u00e9', 'e\u0301_2']);
});

test('an ending is what follows the last dot', () => {
  assert.deepEqual(['a.b.png', 'png', '.png', 'a.'].map(withoutExtension), ['a.b', 'png', '.png', 'a']);
});
