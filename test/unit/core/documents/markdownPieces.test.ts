import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findImages } from '../../../../src/core/documents/findImages.ts';
import { markdownPieces } from '../../../../src/core/documents/markdownPieces.ts';

function parts(text: string, isMdx = false): string[] {
  return markdownPieces(text, isMdx).map(({ start, end }) => text.slice(start, end));
}

/** Processor time of reading a document, in milliseconds: the machine may be busy with other work. */
async function timeOf(text: string, kind: 'markdown' | 'mdx'): Promise<number> {
  const before = process.cpuUsage();
  await findImages(text, kind);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

suite('pieces of Markdown', () => {
  test('are cut at blank lines, and before items, headings and rows of tables', () => {
    assert.deepEqual(parts('a\nb\n\nc\n- d\n- e\n# f\n| g |\n| h |\n'), ['a\nb\n\n', 'c\n', '- d\n', '- e\n', '# f\n| g |\n', '| h |\n']);
    assert.deepEqual(parts('- a\n\n  b\n\n      c\n\nd\n\n    e\n'), ['- a\n\n  b\n\n      c\n\n', 'd\n\n', '    e\n']);
  });

  test('are cut between definitions, however many there are', async () => {
    const list = Array.from({ length: 3000 }, (_, index) => `[a${index}]: ${index}.png "b"\n`).join('');
    const { images, tooLong } = await findImages(`![][a2999]\n\n${list}`, 'markdown');
    assert.deepEqual([images.map(({ source }) => source), tooLong], [['2999.png'], undefined]);
  });

  test('are never cut in code, in HTML that goes on, in expressions', () => {
    for (const whole of ['```\na\n\nb\n~~~\n\nc\n```\n', '<!-- a\n\n- b\n\nc -->\n', '<pre>\n\na\n</pre>\n', '<div>\n- a\n</div>\n'])
      assert.deepEqual(parts(`${whole}\nd\n`), [`${whole}\n`, 'd\n']);
    assert.deepEqual(parts('{a(\n\nb)}\n\nexport const c = (\n\nd)\n\ne', true), ['{a(\n\nb)}\n\n', 'export const c = (\n\nd)\n\n', 'e']);
  });

  test('a fence in an item ends with the item', () => {
    assert.deepEqual(parts('- a\n\n  ```\n  b\n\nc\n\n```\nd\n\ne\n```\n'), ['- a\n\n  ```\n  b\n\n', 'c\n\n', '```\nd\n\ne\n```\n']);
  });

  test('the place, the definitions and the imports of an image stay right wherever it stands', async () => {
    const filler = 'Words of a paragraph.\n\n'.repeat(500);
    const markdown = `![a][d]\n\n${filler}![](b.png)\n\n${filler}[D]: c.png\n`;
    const { images, words } = await findImages(markdown, 'markdown');
    assert.deepEqual(
      images.map(({ source, span }) => [source, markdown.slice(span.start, span.end)]),
      [
        ['c.png', '![a][d]'],
        ['b.png', '![](b.png)'],
      ],
    );
    assert.ok(words.every(({ start, end }) => markdown.slice(start, end) === 'Words of a paragraph.'));
    assert.equal(words.length, 1000);
    const mdx = `import e from './e.png'\n\n${filler}<img src={e} />\n`;
    assert.deepEqual(
      (await findImages(mdx, 'mdx')).images.map(({ source }) => source),
      ['./e.png'],
    );
  });

  test('only what holds a place is read', async () => {
    const text = `![](a.png)\n\n${'x\n\n'.repeat(3000)}![b][d]\n\n${'x\n\n'.repeat(3000)}[d]: b.png\n`;
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
    };
    const { images } = await findImages(text, 'markdown', { at: text.indexOf('![b]') + 1, pause });
    assert.deepEqual(
      images.map(({ source }) => source),
      ['b.png'],
    );
    assert.ok(pauses <= 3, `${pauses} parts were read`);
    assert.deepEqual(await findImages(text, 'markdown', { at: 6000 }), { images: [], words: [] });
  });

  test('others run between the parts, and can end the reading', async () => {
    const ended = new AbortController();
    const pause = async () => ended.abort();
    await assert.rejects(findImages('![](a.png)\n\n'.repeat(2000), 'markdown', { pause, signal: ended.signal }), { name: 'AbortError' });
  });

  test('a part that is too long is left out and counted; a long table in HTML is read', async () => {
    const text = `![](a.png)\n\n${'![a](b.png) '.repeat(5000)}\n\n![](c.png)\n`;
    const { images, tooLong } = await findImages(text, 'markdown');
    assert.deepEqual([images.map(({ source }) => source), tooLong], [['a.png', 'c.png'], 1]);
    const table = `<table>\n${'<tr><td><img src="a.png"></td></tr>\n'.repeat(1000)}</table>\n`;
    const found = await findImages(`# A\n\n${table}\n![](b.png)\n`, 'markdown');
    assert.deepEqual([found.images.length, found.tooLong], [1001, undefined]);
    assert.equal((await findImages('![](a.png)\n\n'.repeat(200_000), 'markdown')).tooLong, 1);
    const open = `{ never closed\n\n${'![](a.png)\n\n'.repeat(3000)}`;
    assert.equal((await findImages(open, 'mdx')).images.length, 3000);
  });

  const hostile: Record<string, (count: number) => string> = {
    references: (count) => `${'![a][b] '.repeat(count)}\n\n[b]: c.png\n`,
    'references in short parts': (count) => `${`${'![a][b] '.repeat(200)}\n\n`.repeat(count / 200)}[b]: c.png\n`,
    definitions: (count) => Array.from({ length: count }, (_, index) => `![][a${index}]\n\n[a${index}]: b.png\n\n`).join(''),
    emphasis: (count) => `![](a.png) ${'*a_'.repeat(count * 20)}`,
    'nested images': (count) => `${'!['.repeat(count)}a${'](b.png)'.repeat(count)}`,
    'nested lists': (count) => `![](a.png)\n\n${'- '.repeat(count)}a`,
    'nested quotes': (count) => `![](a.png)\n\n${`${'> '.repeat(20)}a\n`.repeat(count / 20)}`,
    comments: (count) => `![](a.png) ${'<!-- '.repeat(count)}`,
    braces: (count) => `![](a.png) {"${'}'.repeat(count)}`,
    'dense images': (count) => '![a](b.png)\n\n'.repeat(count),
  };
  for (const [name, make] of Object.entries(hostile))
    for (const kind of ['markdown', 'mdx'] as const)
      test(`hostile ${kind} takes time in proportion: ${name}`, async () => {
        await timeOf(make(200), kind);
        const once = await timeOf(make(5000), kind);
        const twice = await timeOf(make(10_000), kind);
        // Below a tenth of a second the clock and the compiler count for more than the text.
        assert.ok(twice < Math.max(once, 100) * 4, `${once} ms, ${twice} ms for twice as much`);
        assert.ok(twice < 8000, `${twice} ms`);
      });

  test('1 MB of dense images is read', async () => {
    const text = '![a](b.png)\n\n'.repeat(80_000);
    const before = process.cpuUsage();
    assert.equal((await findImages(text, 'markdown')).images.length, 80_000);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 40e6, `${(user + system) / 1000} ms`);
  });
});
