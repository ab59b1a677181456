import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageReferenceAt, namesImage } from '../../../../src/core/base/imagePaths.ts';

/** The path under the cursor, which stands in the text as `|`. A remote one comes with a note. */
function pathAt(language: string, textWithCursor: string): string | undefined {
  const offset = textWithCursor.indexOf('|');
  assert.ok(offset >= 0, 'the text has no cursor');
  const found = imageReferenceAt(textWithCursor.replace('|', ''), offset, language);
  return found && (found.remote ? `remote ${found.path}` : found.path);
}

function assertPaths(language: string, expected: Readonly<Record<string, string | undefined>>): void {
  for (const [text, path] of Object.entries(expected)) assert.equal(pathAt(language, text), path, text);
}

test('Markdown: images and links, with titles, spaces, brackets and escapes', () => {
  assertPaths('markdown', {
    'See ![a cat](img/|cat.png) here': 'img/cat.png',
    'See |![a cat](img/cat.png) here': 'img/cat.png',
    'See ![a |cat](img/cat.png) here': 'img/cat.png',
    'See ![a cat](img/cat.png)| here': 'img/cat.png',
    'See| ![a cat](img/cat.png) here': undefined,
    '![](|./cat.png "A cat")': './cat.png',
    "![](|cat.png 'A cat (large)')": 'cat.png',
    '![](|../up/cat.PNG)': '../up/cat.PNG',
    '![](</my pictures/|cat.png>)': '/my pictures/cat.png',
    '![](my%20|cat.png)': 'my cat.png',
    '![](100%|.png)': '100%.png',
    '![](|cat(1).png)': 'cat(1).png',
    '![](|cat\\(1.png)': 'cat(1.png',
    '![](|a&amp;b.png)': 'a&b.png',
    '![](|cat.svg?raw=true#top)': 'cat.svg',
    '[the |picture](cat.jpeg)': 'cat.jpeg',
    '[![small](small.png)](large|.png)': 'large.png',
    '[![small](sm|all.png)](large.png)': 'small.png',
    '![a](one.png) ![b](t|wo.png)': 'two.png',
    '![line\nbreak](ca|t.png)': 'cat.png',
    '[the manual](man|ual.pdf)': undefined,
    '![a](ca|t)': undefined,
    'cat|.png': undefined,
  });
});

test('Markdown: definitions of references, and HTML within', () => {
  assertPaths('markdown', {
    'text\n[cat]: img/|cat.webp "A cat"\n': 'img/cat.webp',
    '[c|at]: <my cat.webp>': 'my cat.webp',
    '> [cat]: ca|t.gif': 'cat.gif',
    '<img src="img/|cat.png" width=40>': 'img/cat.png',
  });
});

test('HTML: attributes that name images, in all quotes', () => {
  assertPaths('html', {
    '<img alt="x" src="img/|cat.png">': 'img/cat.png',
    '<img |src="img/cat.png">': 'img/cat.png',
    '<img al|t="x" src="img/cat.png">': undefined,
    "<img src = 'my ca|t.png'>": 'my cat.png',
    '<img src=cat|.png width=3>': 'cat.png',
    '<img data-src="ca|t.png">': 'cat.png',
    '<video poster="/still|.jpg">': '/still.jpg',
    '<link rel="icon" href="favicon|.svg">': 'favicon.svg',
    '<link rel="stylesheet" href="main|.css">': undefined,
    '<image xlink:href="c|at.png"/>': 'cat.png',
    '<p style="background: url(&quot;c|at.png&quot;)">': undefined,
    '<p style="background: url(\'c|at.png\')">': 'cat.png',
    '<img src="a&amp;b|.png">': 'a&b.png',
    '![a](c|at.png)': undefined,
  });
});

test('HTML: each entry of a srcset', () => {
  const list = (entries: string) => `<img srcset="${entries}">`;
  assertPaths('html', {
    [list('sm|all.png 1x, large.png 2x')]: 'small.png',
    [list('small.png 1x, large|.png 2x')]: 'large.png',
    [list('small.png 1x, large.png 2|x')]: 'large.png',
    [list('small.png, large|.png')]: 'large.png',
    [list('w_100,h_200/sm|all.png 100w')]: 'w_100,h_200/small.png',
    [list('small.png 1x,\n   lar|ge.png 2x')]: 'large.png',
    [list('data:image/png;base64,AA|AA 1x, large.png 2x')]: undefined,
    '<source srcset="a.avif" src="b|.png">': 'b.png',
    '<link imagesrcset="a|.avif 1x">': 'a.avif',
  });
});

test('CSS: url() with and without quotes, with escapes', () => {
  for (const language of ['css', 'scss', 'less']) {
    assertPaths(language, {
      'a { background: url(img/|cat.png) no-repeat }': 'img/cat.png',
      'a { background: url("img/|my cat.png") }': 'img/my cat.png',
      "a { background: |url( 'cat.png' ) }": 'cat.png',
      'a { background: url(c|at\\(1\\).png) }': 'cat(1).png',
      'a { background: url("\\63 |at.png") }': 'cat.png',
      'a { background: url(one.png), url(tw|o.png) }': 'two.png',
      'a { back|ground: url(cat.png) }': undefined,
      'a { src: url(font|.woff2) }': undefined,
      'a { background: my-url(c|at.png) }': undefined,
      '<img src="c|at.png">': undefined,
    });
  }
});

test('remote images are told apart, and what names no file is none', () => {
  assertPaths('markdown', {
    '![](https://example.com/c|at.png?size=2)': 'remote https://example.com/cat.png?size=2',
    '![](HTTP://example.com/c|at.png)': 'remote HTTP://example.com/cat.png',
    '![](//example.com/c|at.png)': 'remote //example.com/cat.png',
    '![](data:image/png;base64,iVBO|Rw0KGgo.png)': undefined,
    '![](command:workbench.action.quit|.png)': undefined,
    '![](file:///etc/c|at.png)': undefined,
    '![](cat%00|.png)': undefined,
  });
});

test('a text is known to name an image anywhere, or none', () => {
  for (const [text, language] of [
    ['# A\n\n![b](c/d.png)', 'markdown'],
    ['[a]: <my cat.png>', 'markdown'],
    ['<img src="a.webp">', 'html'],
    ['<img srcset="one.png 1x, two.txt 2x">', 'html'],
    ['a { background: url(a.svg) }', 'css'],
  ] as const)
    assert.equal(namesImage(text, language), true, text);
  for (const [text, language] of [
    ['# A cat.png in words, and [a link](page.md)', 'markdown'],
    ['<a href="page.html">', 'html'],
    ['a { background: url(font.woff) }', 'css'],
    ['![b](data:image/png;base64,AAAA)', 'markdown'],
  ] as const)
    assert.equal(namesImage(text, language), false, text);
  for (const part of ['[', '![](', ' ,', 'srcset="', 'url(', '](((']) assert.equal(namesImage(part.repeat(2000), 'markdown'), false);
});

test('the range is that of the path as written', () => {
  const text = 'a ![b](<my%20cat.png#top> "c")';
  const found = imageReferenceAt(text, 4, 'markdown');
  assert.equal(text.slice(found?.start, found?.end), 'my%20cat.png#top');
  const list = '<img srcset="one.png 1x, two.png 2x">';
  const entry = imageReferenceAt(list, list.indexOf('wo.png'), 'html');
  assert.equal(list.slice(entry?.start, entry?.end), 'two.png');
});

test('text made to be hard to read is read to its end, and never hangs', () => {
  for (const part of ['[', '![](', '](', ',', ' ,', '\\', '](a ', 'srcset="', 'url(', '](((', 'src=']) {
    const text = part.repeat(8000 / part.length);
    for (const language of ['markdown', 'html', 'css'])
      assert.doesNotThrow(() => imageReferenceAt(`<img srcset="${text}`, text.length, language), part);
    assert.doesNotThrow(() => imageReferenceAt(`<img srcset="${text.replaceAll('"', '')}">`, text.length, 'html'), part);
  }
});
