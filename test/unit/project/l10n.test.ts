import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, suite, test } from 'node:test';
import { formatNumber } from '../../../src/core/base/format.ts';
import { setTranslations, t } from '../../../src/core/base/l10n.ts';
import { plainSource, plainSources, translateCalls, untranslatedTexts } from '../../tools/l10nKeys.ts';
import { PROJECT } from '../../tools/project.ts';
import { translationFlaws } from '../../tools/translationFlaws.ts';

/** What models read, and terminals, whose output programs may read: English everywhere. */
const ENGLISH = /^(core\/tools|cli)\//;

type Words = Readonly<Record<string, string>>;

const wordsOf = (path: string): Words => JSON.parse(readFileSync(join(PROJECT, path), 'utf8'));
const sources = plainSources();
const calls = Array.from(sources, ([file, source]) => translateCalls(source).map((call) => ({ ...call, file }))).flat();
const keys = new Set(calls.flatMap(({ key }) => key ?? []));
const manifestWords = wordsOf('package.nls.json');
const languages = readdirSync(join(PROJECT, 'l10n')).map((file) => file.replace(/^bundle\.l10n\.|\.json$/g, ''));

suite('English', () => {
  test('every call of t gives its text as a literal', () => {
    assert.deepEqual(
      calls.filter(({ key }) => key === undefined),
      [],
    );
    assert.ok(keys.size > 200, `only ${keys.size} texts found`);
  });

  test('no text for people goes around t', () => {
    const found = Array.from(sources, ([file, source]) => [file, ENGLISH.test(file) ? [] : untranslatedTexts(source)] as const);
    assert.deepEqual(
      found.filter(([, texts]) => texts.length > 0),
      [],
    );
  });
});

test('Spanish and Traditional Chinese are there, and VS Code is told where', () => {
  assert.deepEqual(languages.sort(), ['es', 'zh-tw']);
  assert.equal(JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')).l10n, './l10n');
});

for (const language of languages) {
  suite(language, () => {
    const bundle = wordsOf(`l10n/bundle.l10n.${language}.json`);
    const manifest = wordsOf(`package.nls.${language}.json`);

    test('has every text of the sources and no other', () => assertSameKeys(bundle, keys));

    test('has every text of the manifest and no other', () => assertSameKeys(manifest, new Set(Object.keys(manifestWords))));

    test('loses no placeholder, link, code or key', () => {
      const flaws = [
        ...Object.entries(bundle).map(([english, text]) => ({ text, flaws: translationFlaws(english, text) })),
        ...Object.entries(manifest).map(([key, text]) => ({ text, flaws: translationFlaws(manifestWords[key] ?? '', text) })),
      ];
      assert.deepEqual(
        flaws.filter((entry) => entry.flaws.length > 0),
        [],
      );
    });

    test('says the same for the same English in manifest and sources', () => {
      for (const [key, english] of Object.entries(manifestWords))
        if (english in bundle) assert.equal(manifest[key], bundle[english], english);
    });

    test('names commands by the titles that they have', () => {
      const named = Object.values(manifest).flatMap((text) => Array.from(text.matchAll(/\*\*(.+?)\*\*/g), (match) => match[1] ?? ''));
      assert.ok(named.length > 0);
      const titles = Object.entries(manifest).flatMap(([key, title]) =>
        key.startsWith('command.') ? `${manifest.category}: ${title}` : [],
      );
      for (const name of named) assert.ok(titles.includes(name), `no command is called "${name}"`);
    });

    test('names a setting as VS Code shows it', () => {
      const english = 'The address in the setting "Base Url" cannot be used.';
      assert.match(bundle[english] ?? '', /["«「]Base Url["»」]/);
    });

    test('gives two commands no common title', () => {
      const titles = Object.entries(manifest).flatMap(([key, title]) => (key.startsWith('command.') ? title : []));
      assert.equal(new Set(titles).size, titles.length);
    });
  });
}

suite('t', () => {
  afterEach(() => setTranslations(undefined));

  test('gives the English text where there is no translation', () => {
    setTranslations({ Send: 'Enviar' });
    assert.equal(t('Send'), 'Enviar');
    assert.equal(t('Cancel'), 'Cancel');
    setTranslations(undefined);
    assert.equal(t('Send'), 'Send');
  });

  test('puts arguments where the translation wants them', () => {
    setTranslations({ '{0} of {1} images': '共 {1} 張，第 {0} 張' });
    assert.equal(t('{0} of {1} images', 3, 12), '共 12 張，第 3 張');
  });

  test('takes arguments as they are, even if they look like placeholders', () => {
    assert.equal(t('Send {0} to {1}', '{1}.png', 'Gemini'), 'Send {1}.png to Gemini');
  });
});

suite('numbers', () => {
  afterEach(() => setTranslations(undefined));

  test('are in the language of the texts', () => {
    assert.equal(formatNumber(10890.5), '10,890.5');
    setTranslations(wordsOf('l10n/bundle.l10n.es.json'));
    assert.equal(formatNumber(10890.5), '10.890,5');
    setTranslations(wordsOf('l10n/bundle.l10n.zh-tw.json'));
    assert.equal(formatNumber(10890.56, { maximumFractionDigits: 1 }), '10,890.6');
  });

  test('are nowhere in the language of the computer', () => {
    const found = [...sources].filter(([, source]) => /(?:toLocaleString|NumberFormat)\((?:\)|undefined|void 0)/.test(source));
    assert.deepEqual(
      found.map(([file]) => file),
      [],
    );
  });
});

suite('the tools of these tests', () => {
  const call = (source: string) => translateCalls(plainSource(source)).map(({ key }) => key);

  test('find the text of a call over several lines, in a template, and with every kind of quotes', () => {
    assert.deepEqual(call('t(\n  // why\n  \'It is "{0}".\',\n  name,\n)'), ['It is "{0}".']);
    assert.deepEqual(call(`html\`<p title=\${t("It isn't")}>\${on ? html\`<b>\${t(\`Yes\`)}</b>\` : nothing}</p>\``), ["It isn't", 'Yes']);
    assert.deepEqual(call('const at = cut(1); page.t(2); /* t(3) */ function t(text: string): string { return text }'), []);
  });

  test('find a call whose text is put together', () => {
    assert.deepEqual(call(`t('a ' + b); t(title); t(\`of \${b}\`); t(many ? 'a' : 'b')`), [undefined, undefined, undefined, undefined]);
  });

  test('find texts that go around t', () => {
    const texts = (source: string) => untranslatedTexts(plainSource(source));
    assert.deepEqual(texts("vscode.window.showWarningMessage('Not sent.'); throw new InspectorError('network', 'No way out.');"), [
      'Not sent.',
      'No way out.',
    ]);
    assert.deepEqual(texts("input.title = 'Model'; pick({ placeHolder: `Choose one`, icon: 'play' })"), ['Model', 'Choose one']);
    assert.deepEqual(texts(`html\`<p class="note" title="Close it">Nothing yet <b>\${count} objects</b></p>\``).sort(), [
      'Close it',
      'Nothing yet',
      'objects',
    ]);
    assert.deepEqual(texts(`html\`<p class="note" title=\${t('Close it')}>\${a > b ? t('Nothing yet') : nothing}</p>\``), []);
  });

  test('find what a translation lost', () => {
    assert.deepEqual(translationFlaws('{0} of {1}', '{1}: {0}'), []);
    for (const [english, translation] of [
      ['{0} of {1}', '{0} de {0}'],
      ['Open…', 'Abrir'],
      ['Open', ' Abrir'],
      ['Open', ''],
      ['Open', '<b>Abrir</b>'],
      ['Use `git`.', 'Usar git.'],
      ['[Open](command:a)', '[Abrir](command:abrir)'],
      ['Run (Enter)', 'Ejecutar (Intro)'],
      ['It is empty.', 'Está vacío'],
      ['See https://a.example', 'Ver https://a.ejemplo'],
    ] as const)
      assert.equal(translationFlaws(english, translation).length, 1, translation);
  });
});

function assertSameKeys(words: Words, wanted: ReadonlySet<string>): void {
  const missing = [...wanted].filter((key) => !(key in words));
  const leftOver = Object.keys(words).filter((key) => !wanted.has(key));
  assert.deepEqual({ missing, leftOver }, { missing: [], leftOver: [] });
}
