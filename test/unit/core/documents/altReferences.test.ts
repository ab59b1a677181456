import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse as parseProgram } from '@babel/parser';
import { parse as parseVue } from '@vue/compiler-dom';
import { micromark } from 'micromark';
import { mdxjs } from 'micromark-extension-mdxjs';
import { parse as parseHtml } from 'parse5';
import { withEdits, writeAlt, writeDecorative } from '../../../../src/core/documents/altEdit.ts';
import { altProblems } from '../../../../src/core/documents/altProblems.ts';
import { findImages } from '../../../../src/core/documents/findImages.ts';
import { splitFrontMatter } from '../../../../src/core/documents/markdownImages.ts';
import { type AltDocument, altDocuments, textOfDocument } from '../../../fixtures/altDocuments.ts';

const SEED = 20261128;
const DOCUMENTS = altDocuments(60, 10, SEED);
/** Everything that has a meaning in one of the syntaxes. */
const WORDS = `A "b" 'c' <d> &amp; & [e](f) {g} {{h}} {% i %} \`j\` \${k} *l* \\m | n -->`;

const slotsOf = ({ parts }: AltDocument) => parts.flatMap((part) => (typeof part === 'string' ? [] : [part]));

suite(`600 references in ${DOCUMENTS.length} documents`, () => {
  test('are found, each with what its alternative text is; nothing else is', async () => {
    let count = 0;
    for (const document of DOCUMENTS) {
      const { images } = await findImages(textOfDocument(document), document.kind);
      assert.deepEqual(
        images.map(({ alt }) => alt.kind),
        slotsOf(document).map(({ alt }) => alt),
        `${document.name}\n${textOfDocument(document)}`,
      );
      count += images.length;
    }
    assert.equal(count, 600);
  });

  test('decoration is no problem, nor what code says: what is missing is', async () => {
    for (const document of DOCUMENTS) {
      const { images } = await findImages(textOfDocument(document), document.kind);
      const problems = altProblems(images, 'all');
      assert.equal(
        problems.filter(({ rule }) => rule === 'alt-missing').length,
        slotsOf(document).filter(({ alt }) => alt === 'missing').length,
      );
      assert.deepEqual(
        problems.filter(({ use }) => use.alt.kind === 'decorative' || use.alt.kind === 'code'),
        [],
        document.name,
      );
    }
  });

  test('are written: every byte outside stays, the words can be read back, and every file still parses', async () => {
    for (const document of DOCUMENTS) {
      const text = textOfDocument(document);
      const { images } = await findImages(text, document.kind);
      const after = withEdits(
        text,
        images.flatMap((use) => writeAlt(use, WORDS) ?? []),
      );
      assertKept(document, after);
      const again = await findImages(after, document.kind);
      assert.deepEqual(
        again.images.map(({ alt, source }) => [alt.kind === 'text' ? alt.text : alt.kind, source]),
        images.map(({ alt, source }) => [alt.kind === 'code' ? 'code' : WORDS, source]),
        document.name,
      );
      assertParses(document, text, after);
    }
  });

  test('are marked as decoration where that can be said, by the same rules', async () => {
    for (const document of DOCUMENTS) {
      const text = textOfDocument(document);
      const { images } = await findImages(text, document.kind);
      const edits = images.flatMap((use) => writeDecorative(use) ?? []);
      const after = withEdits(text, edits);
      assertKept(document, after);
      assertParses(document, text, after);
      const left = (await findImages(after, document.kind)).images.filter(({ alt }) => alt.kind === 'decorative').length;
      assert.equal(left, edits.length + slotsOf(document).filter(({ alt }) => alt === 'decorative').length, document.name);
    }
  });
});

/** All that stands around the places stands there still, in its order, and nothing besides them is new. */
function assertKept({ parts, name }: AltDocument, after: string): void {
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (typeof part === 'string') {
      const place = index === 0 ? 0 : after.indexOf(part, at);
      assert.ok(place >= at && after.startsWith(part, place), `${name}: changed: ${JSON.stringify(part)}\n${after}`);
      at = place + part.length;
    } else if (part.alt === 'code') assert.ok(after.startsWith(part.written, at), `${name}: code was changed`);
  }
  assert.equal(at, after.length, name);
}

/** By the parsers of each language, without their tolerance for mistakes; what Markdown becomes is the same but for alternative texts. */
function assertParses({ kind, name }: AltDocument, before: string, after: string): void {
  switch (kind) {
    case 'jsx':
    case 'tsx':
      assert.doesNotThrow(
        () => parseProgram(after, { sourceType: 'module', plugins: kind === 'tsx' ? ['jsx', 'typescript'] : ['jsx'] }),
        name,
      );
      return;
    case 'vue':
      parseVue(after, {
        parseMode: 'sfc',
        onError: (error) => {
          throw error;
        },
      });
      return;
    case 'html':
      assert.deepEqual(htmlErrors(after), htmlErrors(before), name);
      return;
    case 'mdx':
      assert.doesNotThrow(() => micromark(splitFrontMatter(after).body, { extensions: [mdxjs()] }), name);
      return;
    default:
      assert.equal(
        withoutAlt(micromark(after, { allowDangerousHtml: true })),
        withoutAlt(micromark(before, { allowDangerousHtml: true })),
        name,
      );
  }
}

function htmlErrors(text: string): string[] {
  const errors: string[] = [];
  parseHtml(text, { onParseError: ({ code }) => errors.push(code) });
  return errors;
}

function withoutAlt(html: string): string {
  return html.replace(/ alt(?:="[^"]*"|='[^']*')?/g, '');
}
