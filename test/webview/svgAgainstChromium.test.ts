import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { InspectorError } from '../../src/core/base/failure.ts';
import { SHIPPED_FAMILY } from '../../src/imaging/pixels/shippedFont.ts';
import { drawSvg } from '../../src/imaging/pixels/svgPixels.ts';
import { fontsFor } from '../../src/imaging/pixels/systemFonts.ts';
import { svgSize } from '../../src/imaging/svg/svgSize.ts';
import { findSvgRoot } from '../../src/imaging/svg/svgText.ts';
import { SVG_CASES } from '../fixtures/svgCases.ts';
import { launchChromium } from '../tools/chromium.ts';

/** Of the pixels, how many may differ clearly: the edges of shapes, where both smooth in their own way; of words more, which both fit to pixels. */
const MOST = { shapes: 0.03, words: 0.07 };
/** Of 255, in the channel that differs most. */
const CLEARLY = 64;

let browser: Browser;
let page: Page;
before(async () => {
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 400, height: 400 } });
  await page.setContent('<body style="margin:0;background:#fff">');
});
after(() => browser.close());

/** The picture as a page shows it; undefined where it shows none. */
async function inChromium(svg: string): Promise<PNG | undefined> {
  const size = await page.evaluate(async (text) => {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
    await image.decode().catch(() => undefined);
    const { naturalWidth: width, naturalHeight: height } = image;
    image.style.cssText = `display: block; width: ${width}px; height: ${height}px`;
    document.body.replaceChildren(image);
    return width > 0 && height > 0 ? { width, height } : undefined;
  }, svg);
  return size && PNG.sync.read(await page.screenshot({ clip: { x: 0, y: 0, ...size } }));
}

/** The picture as it is sent; undefined where it is refused by name. */
async function ours(svg: string, size: { width: number; height: number }): Promise<PNG | undefined> {
  try {
    return PNG.sync.read(Buffer.from(await drawSvg(new TextEncoder().encode(svg), size)));
  } catch (error) {
    if (error instanceof InspectorError) assert.equal(error.reason, 'unsupportedImage');
    return undefined;
  }
}

/** The share of pixels that differ clearly. */
function difference(a: PNG, b: PNG): number {
  let clearly = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    const most = Math.max(...[0, 1, 2].map((channel) => Math.abs((a.data[at + channel] ?? 0) - (b.data[at + channel] ?? 0))));
    if (most > CLEARLY) clearly++;
  }
  return clearly / (a.width * a.height);
}

test('an SVG that is sent looks as in Chromium; all others are refused', async () => {
  const wrong: string[] = [];
  let drawn = 0;
  const onlyShipped = (await fontsFor('', {})).usual === SHIPPED_FAMILY;
  for (const [name, svg] of Object.entries(SVG_CASES)) {
    // the family that comes along has no slanted faces: where there is no other, words stand upright
    if (onlyShipped && /font-style="(?:italic|oblique)"/.test(svg)) continue;
    if ((await ours(svg, { width: 96, height: 64 })) === undefined) continue;
    drawn++;
    const theirs = await inChromium(svg);
    const own = theirs && (await ours(svg, theirs));
    if (theirs === undefined || own === undefined) {
      wrong.push(`${name}: Chromium shows nothing`);
      continue;
    }
    const size = svgSize(findSvgRoot(svg));
    const isSameShape = Math.abs(size.width / size.height / (theirs.width / theirs.height) - 1) < 0.03;
    const share = theirs.width === own.width && theirs.height === own.height ? difference(theirs, own) : 1;
    const most = svg.includes('<text') ? MOST.words : MOST.shapes;
    if (!isSameShape || share > most) wrong.push(`${name}: ${isSameShape ? `${(share * 100).toFixed(1)} %` : 'other sides'}`);
  }
  assert.deepEqual(wrong, []);
  assert.ok(drawn > 300, `only ${drawn} are drawn`);
});
