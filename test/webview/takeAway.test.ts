import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import type { InspectorPage } from './support/inspectorPage.ts';
import { browserPages } from './support/onPage.ts';
import { drawPicture, STATES } from './support/sessions.ts';

const onPage = browserPages();
const CROP = drawPicture({ width: 80, height: 70 });

/** Asks for the picture of the first object, and answers as the host would. */
async function copyFirst(opened: InspectorPage): Promise<void> {
  const { page } = opened;
  await page.locator('object-row').first().click();
  await page.getByRole('button', { name: 'Copy as image' }).click();
  const { request, picture } = await opened.posted('makePicture');
  assert.deepEqual(picture, { kind: 'crop', run: 'run-detect', detection: '1' });
  await page.evaluate(
    ([id, base64]) =>
      window.postMessage({ type: 'picture', request: id, png: Uint8Array.from(atob(base64), (digit) => digit.charCodeAt(0)) }, '*'),
    [request, CROP.toString('base64')] as const,
  );
}

test('the export of the run that is shown is one click away', () =>
  onPage(STATES.detect, async (opened) => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Export… (E)' }).click();
    assert.deepEqual(await opened.posted('export'), { type: 'export', run: 'run-detect' });
  }));

test('without a result there is nothing to export', () =>
  onPage(STATES.empty, async ({ page }) => {
    assert.equal(await page.getByTestId('export').count(), 0);
  }));

test('an object goes into the clipboard as a picture', () =>
  onPage(STATES.detect, async (opened) => {
    const { page } = opened;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await copyFirst(opened);
    await page.getByRole('status').filter({ hasText: 'Copied.' }).waitFor({ state: 'attached' });
    assert.deepEqual(await opened.posted('pictureCopied'), {
      type: 'pictureCopied',
      picture: { kind: 'crop', run: 'run-detect', detection: '1' },
    });
    const base64 = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const bytes = new Uint8Array(await (await (item as ClipboardItem).getType('image/png')).arrayBuffer());
      return btoa(String.fromCharCode(...bytes));
    });
    const copied = PNG.sync.read(Buffer.from(base64, 'base64'));
    assert.deepEqual([copied.width, copied.height], [80, 70]);
    // Clipboards keep no colour where nothing is seen.
    const expected = PNG.sync.read(CROP).data.map((value, at, { [at - (at % 4) + 3]: alpha }) => (alpha === 0 ? 0 : value));
    assert.deepEqual([...copied.data], [...expected]);
  }));

test('where the browser keeps the clipboard to itself, the host is asked to save the picture', () =>
  onPage(STATES.detect, async (opened) => {
    // Whatever is not granted is refused.
    await opened.page.context().grantPermissions(['geolocation']);
    await copyFirst(opened);
    assert.deepEqual(await opened.posted('savePicture'), {
      type: 'savePicture',
      picture: { kind: 'crop', run: 'run-detect', detection: '1' },
    });
  }));

test('the host learns which objects are hidden, for whatever way of exporting', () =>
  onPage(STATES.detect, async (opened) => {
    const { page } = opened;
    assert.deepEqual(await opened.allPosted('hidden'), []);
    await page.locator('object-row').first().click();
    await page.keyboard.press('Delete');
    assert.deepEqual(await opened.posted('hidden'), { type: 'hidden', run: 'run-detect', ids: ['1'] });
    await page.keyboard.press('Control+Z');
    await page.waitForFunction(() => window.posted.some((message) => message.type === 'hidden' && message.ids.length === 0));
  }));

test('Ctrl+C takes label and box of the selected object, and the host is told so that it can say so', () =>
  onPage(STATES.detect, async (opened) => {
    const { page } = opened;
    await page.locator('object-row').first().click();
    const copied = await page.evaluate(() => {
      const data = new DataTransfer();
      document.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, cancelable: true }));
      return data.getData('text/plain');
    });
    assert.equal(copied, 'glass jar [200, 100, 500, 250]');
    assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'textCopied', text: copied });
  }));

test("without a selected object Ctrl+C is the browser's, and nothing is said", () =>
  onPage(STATES.detect, async (opened) => {
    await opened.page.evaluate(() => document.dispatchEvent(new ClipboardEvent('copy', { clipboardData: new DataTransfer() })));
    assert.deepEqual(await opened.allPosted('act'), []);
  }));
