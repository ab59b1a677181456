import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { png } from '../fixtures/images.ts';
import { useVsCode, type VsCode } from './harness.ts';

const PASTE_IMAGE = 'Gemini Image Inspector: Paste Image';

/** As any other program would. */
async function copy({ page }: VsCode, what: { png?: Uint8Array; text?: string }): Promise<void> {
  await page.bringToFront();
  await page.evaluate(
    async ([base64, text]) => {
      const image = new Blob([Uint8Array.from(atob(base64), (digit) => digit.charCodeAt(0))], { type: 'image/png' });
      await navigator.clipboard.write([new ClipboardItem(base64 === '' ? { 'text/plain': text } : { 'image/png': image })]);
    },
    [what.png ? Buffer.from(what.png).toString('base64') : '', what.text ?? ''] as const,
  );
}

suite('an image in the clipboard', () => {
  const useCode = useVsCode();

  test('of which there is none: the page of Paste Image says so and what to do', async () => {
    const code = useCode();
    await copy(code, { text: 'no image' });
    await code.runCommand(PASTE_IMAGE);
    const page = code.inspector();
    await page.getByRole('heading', { name: 'Paste an image' }).waitFor();
    await code.screenshot('paste-page');
    await page.getByRole('button', { name: 'Paste' }).click();
    await page.getByRole('status').getByText('There is no image in the clipboard.').waitFor();
    await code.screenshot('paste-nothing');
  });

  test('is opened by keys on that page, under a name and without a request', async () => {
    const code = useCode();
    await copy(code, { png: png(40, 30) });
    await code.inspector().getByRole('heading', { name: 'Paste an image' }).click();
    await code.page.keyboard.press('Control+V');
    await code.page
      .locator('.tab.active')
      .filter({ hasText: /^Pasted image \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/ })
      .waitFor();
    await code.inspector().getByTestId('viewer').waitFor();
    assert.deepEqual(await code.page.locator('.tab').filter({ hasText: 'Paste Image' }).count(), 0);
    await code.screenshot('pasted-image');
  });

  test('is opened at once by the command where the browser lets the page read it', async () => {
    const code = useCode();
    await copy(code, { png: png(60, 20) });
    await code.runCommand(PASTE_IMAGE);
    await code.page.locator('.tab').filter({ hasText: 'Pasted image' }).nth(1).waitFor();
    await code.inspector().getByTestId('viewer').waitFor();
  });

  test('is opened from another inspector by keys', async () => {
    const code = useCode();
    await copy(code, { png: png(20, 60) });
    await code.inspector().getByTestId('viewer').click();
    await code.page.keyboard.press('Control+V');
    await code.page.locator('.tab').filter({ hasText: 'Pasted image' }).nth(2).waitFor();
  });
});
