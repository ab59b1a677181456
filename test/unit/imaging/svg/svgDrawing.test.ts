import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PNG } from 'pngjs';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { drawOverlay, drawSvg, undrawableCharacters } from '../../../../src/imaging/pixels/svgPixels.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { PROPERTIES } from '../../../../src/imaging/svg/svgAllowed.ts';
import { readDeclarations, readStyleSheet } from '../../../../src/imaging/svg/svgStyle.ts';
import { svgOf } from '../../../fixtures/svgCases.ts';

const SIZE = { width: 96, height: 64 };
const NO_FONTS: readonly string[] = [];
const utf8 = (text: string) => new TextEncoder().encode(text);
const QUADRANTS = ['#dc2828', '#28b43c', '#3246c8', '#f0f0f0'];
/** Four rectangles, each with attributes of its own. */
const quadrants = (more: (index: number) => string) =>
  QUADRANTS.map((_, index) => `<rect x="${(index % 2) * 48}" y="${index > 1 ? 32 : 0}" width="48" height="32" ${more(index)}/>`).join('');
const FILLED = quadrants((index) => `fill="${QUADRANTS[index]}"`);

const failed = (error: unknown) => (error instanceof InspectorError ? `${error.reason}: ${error.message}` : String(error));
const outcome = (svg: string) =>
  drawSvg(utf8(svg), SIZE, NO_FONTS).then(
    () => 'drawn',
    (error: unknown) => failed(error),
  );

/** The colours in the middles of the quadrants of what is sent. */
async function sentQuadrants(svg: string): Promise<string[]> {
  const { body } = await prepare(memorySource(utf8(svg)), { maxDimension: 0 });
  const [piece] = body.pieces;
  assert.ok(piece instanceof Uint8Array);
  const { data, width, height } = PNG.sync.read(Buffer.from(piece));
  return [0, 1, 2, 3].map((index) => {
    const at = (Math.floor(height * (index > 1 ? 0.75 : 0.25)) * width + Math.floor(width * (index % 2 ? 0.75 : 0.25))) * 4;
    return `#${Buffer.from(data.subarray(at, at + 3)).toString('hex')}`;
  });
}

suite('the sides of an SVG that says one of them, or none', () => {
  const XMLNS = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64"';
  for (const attributes of [
    'width="192"',
    'height="128"',
    '',
    'width="100%" height="100%"',
    'width="20mm"',
    'height="10em"',
    'width="96" height="64"',
  ])
    test(attributes || 'none', async () => assert.deepEqual(await sentQuadrants(`<svg ${XMLNS} ${attributes}>${FILLED}</svg>`), QUADRANTS));

  test('a picture with bars where its sides say so', async () => {
    const svg = `<svg ${XMLNS} width="96" height="192">${FILLED}</svg>`;
    assert.deepEqual(await sentQuadrants(svg), ['#ffffff', '#ffffff', '#ffffff', '#ffffff']);
  });
});

suite('an SVG that a browser draws otherwise is refused by name', () => {
  const variables = `<style>:root{${QUADRANTS.map((colour, index) => `--c${index}:${colour}`).join(';')}}</style>`;
  const refused: Readonly<Record<string, [svg: string, name: RegExp]>> = {
    foreignObject: [
      svgOf('<foreignObject width="9" height="9"><div xmlns="http://www.w3.org/1999/xhtml">MMM</div></foreignObject>'),
      /foreignObject/,
    ],
    'variables of CSS': [svgOf(variables + quadrants((index) => `style="fill:var(--c${index})"`)), /:root/],
    'a variable with a value at hand': [svgOf('<rect width="9" height="9" style="fill:var(--c,red)"/>'), /var\(--c,red\)/],
    'transform in CSS': [svgOf('<rect width="9" height="9" style="transform:translate(48px,0) scale(4.8,3.2)"/>'), /transform/],
    '!important': [svgOf(`<style>.a{fill:red !important}</style><rect class="a" style="fill:#000" width="9" height="9"/>`), /!important/],
    'a selector': [svgOf('<style>rect:not(.a){fill:red}</style><rect width="9" height="9"/>'), /rect:not\(\.a\)/],
    'a rule of CSS': [svgOf('<style>@media (min-width:1px){rect{fill:red}}</style>'), /@media/],
    'a rule within a rule': [svgOf('<style>g{rect{fill:red}}</style>'), /\{ … \{ … \} \}/],
    'a colour': [svgOf('<rect width="9" height="9" fill="oklch(60% .2 30)"/>'), /oklch/],
    'geometry in CSS': [svgOf('<rect width="9" height="9" style="x:40px"/>'), /x: 40px/],
    'an animation': [svgOf('<rect width="9" height="9"><animate attributeName="x" to="9" dur="1s"/></rect>'), /<animate>/],
    'another file': [svgOf('<image href="photo.png" width="9" height="9"/>'), /needs another file.*photo\.png/],
    'a part of another file': [svgOf('<use href="a.svg#b"/>'), /needs another file/],
    'a style sheet elsewhere': [`<?xml-stylesheet href="a.css"?>${svgOf('')}`, /xml-stylesheet/],
    'attributes by document type': [
      `<!DOCTYPE svg [<!ATTLIST rect fill CDATA "red">]>${svgOf('<rect width="9" height="9"/>')}`,
      /<!ATTLIST/,
    ],
    'an entity elsewhere': [`<!DOCTYPE svg [<!ENTITY a SYSTEM "a.txt">]>${svgOf('')}`, /<!ENTITY/],
  };
  for (const [what, [svg, name]] of Object.entries(refused))
    test(what, async () => {
      const told = await outcome(svg);
      assert.match(told, /^unsupportedImage: /);
      assert.match(told, name);
    });

  test('and no foreign words get far', async () => {
    const told = await outcome(svgOf(`<rect fill="${'x'.repeat(5000)}\u202e" width="9" height="9"/>`));
    assert.ok(told.length < 200 && !told.includes('\u202e'), told);
  });
});

suite('what drawing programs write is drawn', () => {
  const drawn: Readonly<Record<string, string>> = {
    'entities of Illustrator': `<!DOCTYPE svg [<!-- ] --><!ENTITY ns_svg "http://www.w3.org/2000/svg">]><svg xmlns="&ns_svg;" width="96" height="64">${FILLED}</svg>`,
    'a part that Illustrator alone reads': svgOf(
      `<switch><foreignObject requiredExtensions="urn:x" width="1" height="1"/><g>${FILLED}</g></switch>`,
    ),
    'properties of Inkscape': svgOf(
      '<path style="fill:#f00;stroke:none;-inkscape-stroke:none;font-variant-ligatures:normal;line-height:1.25;text-indent:0;white-space:normal" d="M0 0H9V9z"/>',
    ),
    'references in quotes': svgOf(
      `<linearGradient id="a"><stop stop-color="red"/></linearGradient><rect width="9" height="9" fill="url('#a')" style="stroke:url(&quot;#a&quot;)"/>`,
    ),
    'a rule for all of Matplotlib': svgOf(
      '<defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style></defs><path d="M0 0L9 9" style="fill: none; stroke: #1f77b4"/>',
    ),
    'an element in its own words':
      '<s:svg xmlns:s="http://www.w3.org/2000/svg" width="96" height="64"><s:rect width="9" height="9"/></s:svg>',
    metadata: svgOf('<metadata><rdf:RDF xmlns:rdf="urn:r"><a rdf:about=""/></rdf:RDF></metadata><title>a</title>'),
  };
  for (const [what, svg] of Object.entries(drawn)) test(what, async () => assert.equal(await outcome(svg), 'drawn'));
});

suite('an SVG that was made to exhaust memory or time is refused', () => {
  const twice = (depth: number) =>
    Array.from({ length: depth }, (_, i) => `<g id="g${i + 1}"><use href="#g${i}"/><use href="#g${i}"/></g>`).join('');
  const bombs: Readonly<Record<string, string>> = {
    '900 groups in each other': svgOf('<g opacity=".9">'.repeat(900) + '</g>'.repeat(900)),
    '90 layers in each other': svgOf(`${'<g opacity=".9">'.repeat(90)}<rect width="9" height="9"/>${'</g>'.repeat(90)}`),
    '90 layers by a rule': svgOf(`<style>.a{opacity:.9}</style>${'<g class="a">'.repeat(90)}${'</g>'.repeat(90)}`),
    '20,000 elements in each other': svgOf('<g>'.repeat(20_000) + '</g>'.repeat(20_000)),
    'a group repeated 2^40 times': svgOf(`<defs><rect id="g0" width="9" height="9"/>${twice(40)}</defs><use href="#g40"/>`),
    'a group that repeats itself': svgOf('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
    'a mask that needs itself': svgOf(
      '<mask id="a"><rect mask="url(#a)" width="9" height="9"/></mask><rect mask="url(#a)" width="9" height="9"/>',
    ),
    'a filter of 3,000 steps': svgOf(
      `<filter id="f">${'<feGaussianBlur stdDeviation="9"/>'.repeat(3000)}</filter><rect width="9" height="9" filter="url(#f)"/>`,
    ),
    '5,000 layers': svgOf('<g opacity=".9"><rect width="9" height="9"/></g>'.repeat(5000)),
  };
  for (const [what, svg] of Object.entries(bombs))
    test(what, async () => assert.match(await outcome(svg), /^unsupportedImage: .*(?:nested or repeated too much)/));

  test('entities that become a billion words are none', async () => {
    const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('');
    assert.match(await outcome(`<!DOCTYPE svg [<!ENTITY a0 "x">${entities}]>${svgOf('<desc>&a9;</desc>')}`), /^unsupportedImage: /);
  });

  test('one that is a line is drawn by its longer side', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="268000000"><rect width="1" height="9" fill="red"/></svg>';
    const { stored } = await prepare(memorySource(utf8(svg)), { maxDimension: 0 });
    assert.deepEqual(stored, { width: 1, height: 1536 });
  });
});

suite('words on a computer without fonts', () => {
  const darkPixels = (rgba: Uint8Array) => {
    let dark = 0;
    for (let at = 0; at < rgba.length; at += 4) if ((rgba[at] ?? 255) < 100 && (rgba[at + 3] ?? 0) > 100) dark++;
    return dark;
  };

  for (const [script, words] of Object.entries({
    Latin: 'Mama',
    'more Latin': 'Łódź',
    Greek: 'Μήλο',
    Cyrillic: 'Жук',
    Vietnamese: 'Tiếng',
    Hebrew: 'שלום',
  })) {
    test(`${script} of an SVG`, async () => {
      const svg = svgOf(`<text x="5" y="40" font-size="24" font-family="Nowhere, serif">${words}</text>`);
      assert.ok(darkPixels(PNG.sync.read(Buffer.from(await drawSvg(utf8(svg), SIZE, NO_FONTS))).data) > 100);
    });
    test(`${script} of a label, in bold`, async () => {
      const label = (weight: number) => svgOf(`<text x="5" y="40" font-size="24" font-weight="${weight}">${words}</text>`);
      const usual = PNG.sync.read(Buffer.from(await drawSvg(utf8(label(400)), SIZE, NO_FONTS))).data;
      assert.ok(darkPixels(await drawOverlay(label(600), SIZE, NO_FONTS)) > darkPixels(usual) + 20);
    });
  }

  test('of a script that has none is said, and not sent', async () => {
    assert.deepEqual(await undrawableCharacters('a 犬 é 犬 क', NO_FONTS), ['犬', 'क']);
    assert.match(await outcome(svgOf('<text y="20">犬</text>')), /^unsupportedImage: .*no font has these characters: 犬/);
  });

  test('labels of such a script are drawn as far as they go', async () => {
    assert.ok(darkPixels(await drawOverlay(svgOf('<text x="5" y="40" font-size="24">Mama 犬</text>'), SIZE, NO_FONTS)) > 100);
  });
});

test('tables and style sheets are read in time, whatever stands in them', () => {
  const from = performance.now();
  for (const piece of ['1', '11 ', '1.1', '1e1', ',', ' ', '(', 'rgb(', 'url(#', 'translate(1', 'a,', '"', '-', '.5']) {
    const value = piece.repeat(60_000);
    for (const pattern of Object.values(PROPERTIES)) pattern.test(`${value}!`);
    for (const text of [value, `a{${value}`, `${value}{`, `a{b:${value}}`]) {
      for (const read of [readStyleSheet, readDeclarations])
        try {
          read(text);
        } catch {}
    }
  }
  const milliseconds = performance.now() - from;
  assert.ok(milliseconds < 5000, `${milliseconds} ms`);
});
