import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserPages } from './support/onPage.ts';
import { drawPicture, STATES } from './support/sessions.ts';

const onPage = browserPages();
const PICTURE = drawPicture({ width: 40, height: 30 });

/** What a clipboard holds is what is pasted, by the keys themselves. */
async function copy(page: Page, { picture, words }: { picture?: boolean; words?: string }): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(
    async ([base64, text]) => {
      const image = new Blob([Uint8Array.from(atob(base64), (digit) => digit.charCodeAt(0))], { type: 'image/png' });
      const parts = { ...(base64 === '' ? {} : { 'image/png': image }), ...(text === '' ? {} : { 'text/plain': text }) };
      await navigator.clipboard.write([new ClipboardItem(parts)]);
    },
    [picture ? PICTURE.toString('base64') : '', words ?? ''] as const,
  );
}

const sizeOf = (page: Page) =>
  page.evaluate(async () => {
    const message = window.posted.findLast(({ type }) => type === 'pasteImage');
    const bytes = message?.type === 'pasteImage' ? message.bytes : undefined;
    if (!bytes) return undefined;
    const { width, height } = await createImageBitmap(new Blob([bytes]));
    return [width, height];
  });

for (const place of ['viewer', 'prompt']) {
  test(`an image in the clipboard is opened by Ctrl+V in the ${place}`, () =>
    onPage(STATES.empty, async (opened) => {
      const { page } = opened;
      await copy(page, { picture: true });
      await page.getByTestId(place).first().focus();
      await page.keyboard.press('Control+V');
      await opened.posted('pasteImage');
      assert.deepEqual(await sizeOf(page), [40, 30]);
    }));
}

test('words in the clipboard go into the prompt, also beside an image', () =>
  onPage(STATES.empty, async (opened) => {
    const { page } = opened;
    await copy(page, { picture: true, words: 'A1 B1' });
    await page.getByTestId('prompt').focus();
    await page.keyboard.press('Control+V');
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'A1 B1');
    assert.deepEqual(await opened.allPosted('pasteImage'), []);
  }));

test('where there is no image the host is told so', () =>
  onPage(STATES.empty, async (opened) => {
    const { page } = opened;
    await copy(page, { words: 'no image' });
    await page.getByTestId('viewer').first().focus();
    await page.keyboard.press('Control+V');
    assert.deepEqual(await opened.posted('pasteImage'), { type: 'pasteImage', size: 0 });
  }));
