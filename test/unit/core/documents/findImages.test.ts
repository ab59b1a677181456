import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { withEdits, writeAlt } from '../../../../src/core/documents/altEdit.ts';
import type { DocumentKind } from '../../../../src/core/documents/documentKind.ts';
import { findImages } from '../../../../src/core/documents/findImages.ts';

/** Of each image: its source, its alternative text, and the part of the document that would be replaced. */
async function found(text: string, kind: DocumentKind): Promise<(string | undefined)[][]> {
  const { images } = await findImages(text, kind);
  return images.map(({ source, alt, slot }) => [
    source,
    alt.kind === 'text' ? `"${alt.text}"` : alt.kind,
    slot && text.slice(slot.start, slot.end),
  ]);
}

/** The document with words for all of its images. */
async function written(text: string, kind: DocumentKind, words = 'W'): Promise<string> {
  const { images } = await findImages(text, kind);
  return withEdits(
    text,
    images.flatMap((use) => writeAlt(use, words) ?? []),
  );
}

suite('images in Markdown', () => {
  test('inline, with escapes, titles, emphasis and links in their words', async () => {
    const text = '![a \\] *b* 😀](<c d.png> "t") ![](e.png)\r\n\r\n[![x [y](z) `q]`](f&amp;.png)](https://g.example)\r\n';
    assert.deepEqual(await found(text, 'markdown'), [
      ['c d.png', '"a ] *b* 😀"', 'a \\] *b* 😀'],
      ['e.png', 'missing', ''],
      ['f&.png', '"x [y](z) `q]`"', 'x [y](z) `q]`'],
    ]);
    assert.equal(await written(text, 'markdown'), '![W](<c d.png> "t") ![W](e.png)\r\n\r\n[![W](f&amp;.png)](https://g.example)\r\n');
  });

  test('by reference, in each of the three forms: what names the definition stays', async () => {
    const text = '![k][ID] ![Id][] ![id] ![none] ![none][x]\n\n[id]: <a b.png> "t"\n[id]: second.png\n';
    assert.deepEqual(
      (await found(text, 'markdown')).map(([source, alt]) => [source, alt]),
      [
        ['a b.png', '"k"'],
        ['a b.png', '"Id"'],
        ['a b.png', '"id"'],
      ],
    );
    const after = await written(text, 'markdown', 'A "b"');
    assert.equal(after, text.replace('![k][ID] ![Id][] ![id]', '![A "b"][ID] ![A "b"][Id] ![A "b"][id]'));
    assert.deepEqual(
      (await found(after, 'markdown')).map(([source, alt]) => [source, alt]),
      Array(3).fill(['a b.png', '"A "b""']),
    );
  });

  test('as HTML in lines, in blocks, in quotes and in lists', async () => {
    const text =
      'A <img src=a.png> b\n\n<div>\n<img alt=\'x "y"\' src="b.png">\n</div>\n\n> <p><img\n> src="c.png"\n> alt="">\n\n- one\n\n  <img src="d.png"/>\n';
    assert.deepEqual(await found(text, 'markdown'), [
      ['a.png', 'missing', ''],
      ['b.png', '"x "y""', 'alt=\'x "y"\''],
      ['c.png', 'decorative', 'alt=""'],
      ['d.png', 'missing', ''],
    ]);
    assert.equal(
      await written(text, 'markdown', 'a "q" | `c`'),
      text
        .replace('src=a.png', 'src=a.png alt="a &quot;q&quot; &#124; &#96;c&#96;"')
        .replace('alt=\'x "y"\'', 'alt="a &quot;q&quot; &#124; &#96;c&#96;"')
        .replace('alt=""', 'alt="a &quot;q&quot; &#124; &#96;c&#96;"')
        .replace('"d.png"', '"d.png" alt="a &quot;q&quot; &#124; &#96;c&#96;"'),
    );
  });

  test('not in code, comments, front matter', async () => {
    const text =
      '---\ncover: "![a](b.png)"\nlang: "pt-BR"\n---\n\n`![a](b.png)`\n\n```html\n<img src=c.png>\n```\n\n    ![a](b.png)\n\n<!--\n\n![a](b.png) <img src=d.png>\n-->\n\\![a](b.png)\n';
    assert.deepEqual(await found(text, 'markdown'), []);
    assert.equal((await findImages(text, 'markdown')).language, 'pt-BR');
  });

  test('words that Markdown or a template would take for its own mean themselves', async () => {
    const words = 'a] [b](c) *d* _e_ `f` <g> &amp; \\ {{ h }} {% i %} 😀 "j"';
    const after = await written('![x](y.png)', 'markdown', words);
    assert.ok(!after.includes('{{') && !after.includes('{%'), after);
    assert.deepEqual(await found(after, 'markdown'), [['y.png', `"${words}"`, after.slice(2, after.indexOf('](y.png)'))]]);
  });

  test('a byte order mark moves nothing', async () => {
    assert.equal(await written('\ufeff![](a.png)\n<img src="b.png">', 'markdown'), '\ufeff![W](a.png)\n<img src="b.png" alt="W">');
    assert.equal(await written('\ufeff<img src="b.png">', 'html'), '\ufeff<img src="b.png" alt="W">');
    assert.equal(
      await written('\ufeff<template><img src="b.png"></template>', 'vue'),
      '\ufeff<template><img src="b.png" alt="W"></template>',
    );
    assert.equal(await written('\ufeffconst a = <img src="b.png"/>', 'tsx'), '\ufeffconst a = <img src="b.png" alt="W"/>');
  });
});

suite('images in HTML', () => {
  test('however they are written', async () => {
    const text =
      "<!doctype html>\r\n<html lang='de'>\r\n<IMG\r\n SRC='a.png' ALT='x &quot;y&quot; 😀'>é<img src=b.png><img alt src=c.png/><img srcset='d.png 1x, e.png 2x'>" +
      '<img src="f.png" alt="one" alt="two"><img src="g.png" role="presentation"><img src="h.png" aria-label="H"><img alt="nothing"><img src="">';
    assert.deepEqual(await found(text, 'html'), [
      ['a.png', '"x "y" 😀"', "ALT='x &quot;y&quot; 😀'"],
      ['b.png', 'missing', ''],
      ['c.png/', 'decorative', 'alt'],
      ['d.png', 'missing', ''],
      ['f.png', '"one"', 'alt="one"'],
      ['g.png', 'decorative', ''],
      ['h.png', 'code', undefined],
    ]);
    const { language } = await findImages(text, 'html');
    assert.equal(language, 'de');
    const after = await written(text, 'html', '<&lt; "q" \'r\' & s');
    const said = '"&lt;&amp;lt; &quot;q&quot; \'r\' & s"';
    assert.ok(after.includes(`ALT=${said}>é<img src=b.png alt=${said}><img alt=${said} src=c.png/>`), after);
    assert.deepEqual((await found(after, 'html'))[0]?.[1], '"<&lt; "q" \'r\' & s"');
  });

  test('broken markup is read as far as it goes; scripts, styles, text areas and comments hold none', async () => {
    const text =
      '<p><b><img src="a.png"</p><div <img src=b.png><script>"<img src=c.png>"</script><textarea><img src=d.png></textarea><!-- <img src=e.png> --><noscript><img src=f.png></noscript><img src="g.png';
    assert.deepEqual(
      (await found(text, 'html')).map(([source]) => source),
      ['a.png', 'f.png'],
    );
  });
});

suite('images in JSX and Vue', () => {
  test('what code says is left alone', async () => {
    const text = [
      "import hero from './hero.png';",
      'import Image from "next/image";',
      "const a = <img src={hero} />, b = <Image src={hero.src} alt={t('x')}></Image>, c = <img src='c.png' alt={`d`} />;",
      'const d = <img src={require("./d.png")} {...rest} />, e = <img alt="&quot;é&quot; 😀" src={`e.png`}/>, f = <img src={other} alt=\'\' />;',
      'const g = "<img src=\'x.png\'>"; // <img src="y.png">',
    ].join('\r\n');
    assert.deepEqual(await found(text, 'jsx'), [
      ['./hero.png', 'missing', ''],
      ['./hero.png', 'code', undefined],
      ['c.png', 'code', undefined],
      ['./d.png', 'code', undefined],
      ['e.png', '""é" 😀"', 'alt="&quot;é&quot; 😀"'],
      [undefined, 'decorative', "alt=''"],
    ]);
    assert.equal(
      await written(text, 'jsx', '{a} "b"'),
      text
        .replace('src={hero} />', 'src={hero} alt="{a} &quot;b&quot;" />')
        .replace('alt="&quot;é&quot; 😀"', 'alt="{a} &quot;b&quot;"')
        .replace("alt=''", 'alt="{a} &quot;b&quot;"'),
    );
  });

  test('types, decorators and errors that can be passed', async () => {
    const text =
      'const x: Array<string> = []; const x = <T,>(a: T) => <div><img src="a.png"/>{a as any}</div>;\n@d() class C { @e() f?: string }';
    assert.deepEqual(await found(text, 'tsx'), [['a.png', 'missing', '']]);
    assert.deepEqual(await found('const a = <div><img src="a.png"/>', 'tsx'), []);
  });

  test('a component of Vue: bindings are left alone, other languages than HTML too', async () => {
    const text = [
      '<script setup lang="ts">',
      "import logo from '@/logo.svg';",
      'const s = "<img src=x.png>";',
      '</script>',
      '<template>',
      '  <div v-if="a > b"><img :src="logo"><img src="b.png" :alt="x"><img src="c.png" v-bind="all"></div>',
      '  <template #slot="{ y }"><NuxtImg src="d.png" alt="Q &amp; &quot;A&quot;" /><img :src="`e.png`" alt=""></template>',
      '  <img src="f.png" v-bind:alt="z">{{ "<img src=g.png>" }}<img :src="image(1)">',
      '</template>',
      '<i18n>{ "a": "<img src=h.png>" }</i18n>',
    ].join('\r\n');
    assert.deepEqual(await found(text, 'vue'), [
      ['@/logo.svg', 'missing', ''],
      ['b.png', 'code', undefined],
      ['c.png', 'code', undefined],
      ['d.png', '"Q & "A""', 'alt="Q &amp; &quot;A&quot;"'],
      ['e.png', 'decorative', 'alt=""'],
      ['f.png', 'code', undefined],
      [undefined, 'missing', ''],
    ]);
    assert.deepEqual(await found('<template lang="pug">\nimg(src="a.png")\n<img src="b.png">\n</template>', 'vue'), []);
    assert.deepEqual(await found('<template><div><img src="a.png"><p></template', 'vue'), [['a.png', 'missing', '']]);
  });
});

suite('images in MDX', () => {
  test('Markdown and elements', async () => {
    const text = [
      '---',
      'lang: fr',
      '---',
      "import hero from './hero.png'",
      "export const Logo = () => <img src='logo.png' />",
      '',
      '# Title {props.x}',
      '',
      '![a](a.png) <Image src={hero} alt={hero.alt}/> <img src="b.png"/> <img src="c.png" alt=\'d "e"\' />',
      '',
      '<Figure><img {...all} src="f.png" />',
      '  ![g](g.png)',
      '</Figure>',
      '',
      '{show && <img src={hero.src} />}',
    ].join('\n');
    assert.deepEqual(await found(text, 'mdx'), [
      ['logo.png', 'missing', ''],
      ['a.png', '"a"', 'a'],
      ['./hero.png', 'code', undefined],
      ['b.png', 'missing', ''],
      ['c.png', '"d "e""', 'alt=\'d "e"\''],
      ['f.png', 'code', undefined],
      ['g.png', '"g"', 'g'],
      ['./hero.png', 'missing', ''],
    ]);
    const after = await written(text, 'mdx', '{a} <b>');
    assert.ok(after.includes('![&#123;a} \\<b>](a.png)') && after.includes('src="b.png" alt="{a} &lt;b&gt;"/>'), after);
    assert.equal((await found(after, 'mdx'))[1]?.[1], '"{a} <b>"');
  });

  test('broken MDX is read as Markdown; code in braces is still left alone', async () => {
    const text = '{broken\n\n![](a.png) <img src="b.png" alt={x} /> <img src="c.png" />\n';
    assert.deepEqual(await found(text, 'mdx'), [
      ['a.png', 'missing', ''],
      ['b.png', 'code', undefined],
      ['c.png', 'missing', ''],
    ]);
  });
});
