import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sanitizeForUi } from '../../../../src/core/base/sanitizeForUi.ts';

/** Takes more for a link and for an icon than VS Code does: any target, any name, escaped or not. */
const LINK = /\[[^[\]]*\]\([^)]*\)?/;
const ICON = /\$\([^)]*\)?/;

const HOSTILE = [
  '[photo](command:workbench.action.quit) $(trash).png',
  '[a](https://example.com "title")',
  '[[a]](command:x)',
  '[a][b](command:x)',
  '$(loading~spin) $$(x) \\$(x) $((x))',
  '[a]\u200b(command:x)',
  '[a]\u0000(command:x) $\u202e(trash)',
  '[a]\u001b[31m(command:x) $\u001b[0m(trash)',
  '[a\n](command:x)',
  ']('.repeat(300),
  '$('.repeat(300),
];

for (const text of HOSTILE) {
  test(`${JSON.stringify(text.slice(0, 60))} holds no markup at any length`, () => {
    for (let length = 1; length <= 130; length++) {
      const shown = sanitizeForUi(text, length);
      assert.doesNotMatch(shown, LINK);
      assert.doesNotMatch(shown, ICON);
      assert.ok(Array.from(shown).length <= length);
    }
  });
}

test('a hostile name still looks like itself', () => {
  const name = '[photo](command:workbench.action.quit) $(trash).png';
  assert.notEqual(sanitizeForUi(name), name);
  assert.equal(sanitizeForUi(name).replaceAll('\u200b', ''), name);
});

for (const name of ['photo [1] (2).png', 'price $5 (net).png', 'été 猫 😀.webp', '👩‍👩‍👧.png', 'می‌خواهم.jpg']) {
  test(`the harmless name "${name}" stays as it is`, () => assert.equal(sanitizeForUi(name), name));
}

for (const [text, shown] of [
  ['a\r\nb\tc\u2028d', 'a b c d'],
  ['  a  ', 'a'],
  ['\u202eexe.gpj', 'exe.gpj'],
  ['a\u0007b\u0000c', 'abc'],
  ['\u001b[1;31mred\u001b[0m', 'red'],
  ['\u001b]8;;https://example.com\u0007text\u001b]8;;\u001b\\', 'text'],
  ['\u009b31mred', 'red'],
  ['a\ud800b', 'a\ufffdb'],
] as const) {
  test(`${JSON.stringify(text)} is shown as "${shown}"`, () => assert.equal(sanitizeForUi(text), shown));
}

test('long text is cut with an ellipsis, between characters', () => {
  assert.equal(sanitizeForUi('x'.repeat(120)), 'x'.repeat(120));
  assert.equal(sanitizeForUi('x'.repeat(121)), `${'x'.repeat(119)}…`);
  assert.equal(sanitizeForUi('😀'.repeat(10), 4), '😀😀😀…');
  assert.equal(Array.from(sanitizeForUi('a'.repeat(10_000_000))).length, 120);
});
