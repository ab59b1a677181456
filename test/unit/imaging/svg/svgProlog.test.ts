import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { probe } from '../../../../src/imaging/formats/probe.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';

const TAIL = '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64"><rect width="96" height="64" fill="#28b43c"/></svg>';
const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

/** Milliseconds and the failure, if there is one, of looking at a file. */
async function look(file: Uint8Array) {
  const from = performance.now();
  const failure = await probe(memorySource(file)).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { milliseconds: performance.now() - from, failure };
}

suite('the root element of an SVG is found', () => {
  const comment = (length: number) => `<!-- ${'licence > "text" '.repeat(length / 17)} -->\n`;
  const files: Readonly<Record<string, Uint8Array>> = {
    'behind a comment of 5 kB': utf8(`<?xml version="1.0"?>\n${comment(5000)}${TAIL}`),
    'behind a comment of 40 kB': utf8(`${comment(40_000)}${TAIL}`),
    'behind 400 comments': utf8(`${'<!-- a --> '.repeat(400)}${TAIL}`),
    'behind a document type with declarations': utf8(
      `<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "a.dtd" [<!-- ]> --><!ENTITY a "]>"><?b ]> ?>]>${TAIL}`,
    ),
    'behind a processing instruction': utf8(`<?edited by="a>b"?>${TAIL}`),
    'behind a byte order mark': utf8(`\ufeff<?xml version="1.0"?>${TAIL}`),
    'in UTF-16 with a byte order mark': utf16(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${TAIL}`),
    'in UTF-16, the other way round': utf16(`\ufeff${TAIL}`).swap16(),
    'in UTF-16 without a mark': utf16(`<?xml version="1.0" encoding="UTF-16"?>${TAIL}`),
    'behind 5 kB in UTF-16': utf16(`\ufeff${comment(5000)}${TAIL}`),
    'in Latin-1': Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?><!-- é -->${TAIL}`, 'latin1'),
    'with a prefix': utf8('<s:svg xmlns:s="http://www.w3.org/2000/svg" width="96" height="64"><s:rect width="9" height="9"/></s:svg>'),
    'with a start tag of 20 kB': utf8(TAIL.replace('<svg', `<svg data-note='${'>'.repeat(20_000)}'`)),
  };
  for (const [place, file] of Object.entries(files)) {
    test(place, async () => {
      const { mimeType, upright } = await probe(memorySource(file));
      assert.deepEqual({ mimeType, upright }, { mimeType: 'image/svg+xml', upright: { width: 96, height: 64 } });
      const { stored } = await prepare(memorySource(file), { maxDimension: 960 });
      assert.deepEqual(stored, { width: 960, height: 640 });
    });
  }
});

suite('a text that was made to keep readers busy is looked at quickly', () => {
  const hostile: Readonly<Record<string, string>> = {
    '400 document types': '<!DOCTYPE>'.repeat(400),
    '100,000 document types': '<!DOCTYPE>'.repeat(100_000),
    '4,000 comments': '<!-- -->'.repeat(4000),
    '4,000 declarations': '<?xml version="1.0"?>'.repeat(4000),
    'comments that do not end': '<!--'.repeat(200_000),
    'declarations that do not end': '<?xml '.repeat(200_000),
    'brackets of a document type': `<!DOCTYPE ${'['.repeat(500_000)}`,
    'quotes of a document type': `<!DOCTYPE ${`"'`.repeat(500_000)}`,
    blanks: ' '.repeat(1_000_000),
    'blanks in a start tag': `<svg${' '.repeat(1_000_000)}`,
    'attributes without an end': `<svg ${'a="" '.repeat(200_000)}`,
    'a name without an end': `<${'a'.repeat(1_000_000)}`,
    'an encoding without an end': `<?xml ${'encoding '.repeat(100_000)}`,
    'numbers without an end': `<svg width="${'1'.repeat(500_000)}x" viewBox="${'0 '.repeat(200_000)}">`,
  };
  for (const [what, text] of Object.entries(hostile)) {
    test(what, async () => {
      const { milliseconds, failure } = await look(utf8(text));
      if (!what.startsWith('numbers')) assert.match(failure ?? 'none', /not a readable image/);
      // Some milliseconds; without end on 0.1.0.
      assert.ok(milliseconds < 1000, `${milliseconds} ms`);
    });
  }

  test('400 pieces in less than 10 ms', async () => {
    const file = utf8(`${'<!-- a -->'.repeat(200)}${'<?a b?>'.repeat(200)}${TAIL}`);
    const times: number[] = [];
    for (let i = 0; i < 9; i++) times.push((await look(file)).milliseconds);
    assert.ok(Math.min(...times) < 10, times.join(', '));
  });
});
