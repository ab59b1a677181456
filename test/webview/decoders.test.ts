import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { InspectorError } from '../../src/core/base/failure.ts';
import { prepare } from '../../src/imaging/pixels/prepare.ts';
import { bodySource } from '../../src/imaging/reading/body.ts';
import { memorySource, readWhole } from '../../src/imaging/reading/byteSource.ts';
import { decoded, difference, type Picture } from '../fixtures/pictures.ts';
import { rasters } from '../fixtures/rasters.ts';
import { launchChromium } from '../tools/chromium.ts';

/** Of 255, of any channel of any pixel: what rounding costs. */
const TOLERANCE = 2;
/** Of 255, in the mean: what encoding as JPEG once more costs, which lets colours run at their edges. */
const JPEG_TOLERANCE = 5;

let browser: Browser;
let page: Page;
before(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
});
after(() => browser.close());

/** Red, green and blue of each pixel as the browser shows a file, on white; undefined if it shows none. */
async function shownByChromium(file: Uint8Array): Promise<Picture | undefined> {
  const shown = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([bytes]));
    const isShown = await image.decode().then(
      () => true,
      () => false,
    );
    const { naturalWidth: width, naturalHeight: height } = image;
    const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
    if (!isShown || context === null) return undefined;
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, height);
    context.drawImage(image, 0, 0);
    return { width, height, rgba: [...context.getImageData(0, 0, width, height).data] };
  }, Buffer.from(file).toString('base64'));
  return shown && { width: shown.width, height: shown.height, rgb: Uint8Array.from(shown.rgba.filter((_, at) => at % 4 < 3)) };
}

const isJpeg = (file: Uint8Array) => file[0] === 0xff;

function assertAlike(ours: Picture, theirs: Picture, name: string, isLossy: boolean): void {
  assert.deepEqual([ours.width, ours.height], [theirs.width, theirs.height], name);
  const worst = ours.rgb.reduce((most, value, at) => Math.max(most, Math.abs(value - (theirs.rgb[at] ?? 0))), 0);
  const off = isLossy ? difference(ours, theirs) : worst;
  assert.ok(off <= (isLossy ? JPEG_TOLERANCE : TOLERANCE), `${name}: ${off}`);
}

suite('what is sent of a picture looks like what the browser shows, or it is refused by name', () => {
  test('bitmaps, JPEG, PNG and GIF of many kinds', async () => {
    let sent = 0;
    for (const [name, file] of Object.entries(await rasters())) {
      const source = memorySource(file);
      const body = await prepare(source, { maxDimension: 0 }).then(
        async (prepared) => readWhole(bodySource(prepared.body, source)),
        (error: unknown) => {
          assert.ok(error instanceof InspectorError && error.reason === 'unsupportedImage', `${name}: ${error}`);
          return undefined;
        },
      );
      if (body === undefined) continue;
      sent += 1;
      const [ours, theirs] = [await decoded(body), await shownByChromium(file)];
      assert.ok(theirs, `${name} is sent, and Chromium shows nothing of it`);
      assertAlike(ours, theirs, name, isJpeg(body));
      // And the browser sees in the body what the decoder sees in it.
      const again = await shownByChromium(body);
      assert.ok(again, name);
      assertAlike(again, theirs, `the body of ${name}`, isJpeg(body));
    }
    assert.ok(sent > 40, `${sent} were sent`);
  });
});
