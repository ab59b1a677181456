import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { shortAltText, withEdits, writeAlt, writeDecorative } from '../../../../src/core/documents/altEdit.ts';
import { altProblems } from '../../../../src/core/documents/altProblems.ts';
import { documentKind } from '../../../../src/core/documents/documentKind.ts';
import { findImages } from '../../../../src/core/documents/findImages.ts';
import { wordsAround } from '../../../../src/core/documents/wordsAround.ts';

suite('alternative text', () => {
  test('is the first sentence, plain, of at most 125 characters, whole words and whole signs', () => {
    assert.equal(shortAltText('A **red** barn\twith `snow`.\n\nMore of it.'), 'A red barn with snow.');
    assert.equal(shortAltText(`A barn. ${'More words. '.repeat(30)}`), 'A barn.');
    const long = shortAltText('word '.repeat(60));
    assert.equal(long, `${'word '.repeat(25).trimEnd()}…`);
    const signs = shortAltText('👩‍👩‍👧‍👦'.repeat(20));
    assert.ok(signs.length <= 125 && signs.isWellFormed() && signs.endsWith('👩‍👩‍👧‍👦…'), signs);
    assert.equal(shortAltText('a\u202eb\u0000c'), 'abc');
  });

  test('decoration is said by an empty attribute, which Markdown has none for', async () => {
    const text = '![a](a.png) <img src="b.png"> <img src="c.png" alt="c"> <img src="d.png" alt="">';
    const { images } = await findImages(text, 'markdown');
    const edits = images.flatMap((use) => writeDecorative(use) ?? []);
    assert.equal(withEdits(text, edits), '![a](a.png) <img src="b.png" alt=""> <img src="c.png" alt=""> <img src="d.png" alt="">');
  });

  test('each image is changed alone', async () => {
    const text = '<img src="a.png"><img src="b.png" alt="b">';
    const { images } = await findImages(text, 'html');
    assert.deepEqual(
      images.map((use) => withEdits(text, [writeAlt(use, 'W') ?? { start: 0, end: 0, text: '' }])),
      ['<img src="a.png" alt="W"><img src="b.png" alt="b">', '<img src="a.png"><img src="b.png" alt="W">'],
    );
  });
});

suite('what is wrong with alternative text', () => {
  const rules = async (text: string, check: 'off' | 'missing' | 'all') =>
    altProblems((await findImages(text, 'html')).images, check).map(({ rule, use }) => `${rule} ${use.source}`);

  test('missing, the name of the file, too long, the same for different images; nothing on decoration', async () => {
    const text =
      '<img src="a.png"><img src="x/b_1.png" alt="b_1.png"><img src="c-2.png?v=1" alt="C-2"><img src="logo.svg" alt="Logo">' +
      `<img src="d.png" alt="${'d '.repeat(70)}"><img src="e.png" alt="Same"><img src="f.png" alt="same "><img src="e.png" alt="Same">` +
      '<img src="g.png" alt=""><img src="h.png" alt="Good words"><img src="h.png" alt="Good words"><img src="i.png" alt="The file b_1.png opened">';
    assert.deepEqual(await rules(text, 'all'), [
      'alt-missing a.png',
      'alt-file-name x/b_1.png',
      'alt-file-name c-2.png?v=1',
      'alt-too-long d.png',
      'alt-repeated e.png',
      'alt-repeated f.png',
      'alt-repeated e.png',
    ]);
    assert.deepEqual(await rules(text, 'missing'), ['alt-missing a.png']);
    assert.deepEqual(await rules(text, 'off'), []);
  });
});

suite('the words around an image', () => {
  const around = async (text: string, most?: number) => {
    const found = await findImages(text, 'markdown');
    const [use] = found.images;
    assert.ok(use);
    return wordsAround(text, found, use, most);
  };

  test('are words, not markup, code of HTML or other images', async () => {
    const text = '---\na: b\n---\n# Barns\n\nRed [barn](b.md) &amp;\r\nmore ![x](y.png) behind ![z](z.png) it <b>bold</b>\n';
    assert.deepEqual(await around(text), { before: 'Barns Red barn more', behind: 'behind it bold' });
  });

  test('are at most so many characters, whole words, the nearest', async () => {
    const text = `${'before '.repeat(300)}near ![x](y.png) close ${'behind '.repeat(300)}`;
    const { before, behind } = await around(text);
    assert.ok(before.length + behind.length <= 1000 && before.length + behind.length > 980, `${before.length} ${behind.length}`);
    assert.ok(before.startsWith('before ') && before.endsWith(' near') && behind.startsWith('close behind') && behind.endsWith('behind'));
    assert.deepEqual(await around(text, 12), { before: 'near', behind: 'close' });
    assert.deepEqual(await around(text, 0), { before: '', behind: '' });
    const lonely = await around(`![x](y.png) ${'behind '.repeat(300)}`);
    assert.equal(lonely.before, '');
  });
});

test('what a document is says its name, else its language', () => {
  assert.equal(documentKind('/a/b.MDX', 'plaintext'), 'mdx');
  assert.equal(documentKind('/a/b.vue', 'plaintext'), 'vue');
  assert.equal(documentKind('Untitled-1', 'markdown'), 'markdown');
  assert.equal(documentKind('/a/constructor', 'plaintext'), undefined);
  assert.equal(documentKind('/a/b.css', 'css'), undefined);
});
