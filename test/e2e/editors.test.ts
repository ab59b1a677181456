import assert from 'node:assert/strict';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import * as errors from '../fakes/errors.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { answerForSample } from '../tools/sampleAnswers.ts';
import { useVsCode } from './harness.ts';

suite('living with the inspector', () => {
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer({ answer: answerForSample });
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({
    settings: { 'imageInspector.baseUrl': gemini.url, 'imageInspector.confirmBeforeSending': 'never' },
    env: { GEMINI_API_KEY: 'test-key' },
  }));
  const status = (words: string | RegExp) => useCode().inspector().getByTestId('task-status').filter({ hasText: words });

  test('by keyboard alone: choose a task, run it, walk through the objects, hide and show them', async () => {
    const code = useCode();
    const { keyboard } = code.page;
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Open in Inspector');
    const inspector = code.inspector();
    await inspector.getByRole('application').and(inspector.locator(':focus')).waitFor();
    await keyboard.press('4');
    await inspector.getByTestId('prompt').and(inspector.locator(':focus')).waitFor();
    await keyboard.type('cars');
    await keyboard.press('Enter');
    await status('12 objects').waitFor();
    assert.match(gemini.requests.at(-1)?.text ?? '', /cars/);
    await keyboard.press('Escape'); // back to the picture
    await inspector.getByRole('application').and(inspector.locator(':focus')).waitFor();
    await code.pressUntil('n', inspector.getByRole('option', { selected: true }));
    await keyboard.press('b');
    await inspector.getByRole('button', { name: 'Boxes', pressed: false }).waitFor();
    await keyboard.press('b');
    await inspector.getByRole('button', { name: 'Boxes', pressed: true }).waitFor();
    await keyboard.press('j');
    await inspector.getByTestId('raw').waitFor();
    await keyboard.press('j');
    await inspector.getByTestId('raw').waitFor({ state: 'detached' });
    await keyboard.press('Delete');
    await inspector.getByText('11 of 12').waitFor();
    await code.screenshot('keyboard');
    await keyboard.press('Control+z');
    await inspector.getByText('11 of 12').waitFor({ state: 'detached' });
  });

  test('a split editor shows the same results, and a run in one is seen in both', async () => {
    const code = useCode();
    await code.runCommand('View: Split Editor');
    const both = code.page.locator('iframe.webview.ready[src*="gemini-image-inspector"]:visible');
    await both.nth(1).waitFor();
    for (const side of [0, 1]) await pageOf(side).getByTestId('box').nth(11).waitFor();
    await pageOf(1).getByTestId('prompt').fill('');
    await pageOf(1).getByTestId('run').click();
    for (const side of [0, 1]) await pageOf(side).getByTestId('task-status').filter({ hasText: '12 objects' }).waitFor();
    await code.screenshot('split');
    await code.runCommand('View: Close Editor');

    function pageOf(side: number) {
      return both.nth(side).contentFrame().frameLocator('iframe#active-frame');
    }
  });

  test('several images are inspected at once, asked for by one menu', async () => {
    const code = useCode();
    await code.explorerRow('sign.png').click();
    await code.explorerRow('breakfast.jpg').click({ modifiers: ['Control'] });
    await code.chooseInExplorer('breakfast.jpg', 'Image Inspector', 'Describe Image');
    // One grid, not a tab for each.
    const items = code.inspector().getByTestId('set-item');
    await items.filter({ hasText: 'Done' }).nth(1).waitFor();
    assert.equal(await items.count(), 2);
    for (const name of ['breakfast.jpg', 'sign.png']) {
      await items.filter({ hasText: name }).click();
      await code.inspector().getByTestId('caption').waitFor();
      await code.page.locator('.tab').filter({ hasText: 'Describe Image' }).click();
    }
  });

  test('a file that changes on disk is shown anew, with the results that belong to it', async () => {
    const code = useCode();
    await code.chooseInExplorer('shapes.png', 'Image Inspector', 'Open in Inspector');
    await code.inspector().getByText('What do you want to know about this image?').waitFor();
    await copyFile(join(code.folder, 'street.png'), join(code.folder, 'shapes.png'));
    await status('12 objects').waitFor();
  });

  test('a file that vanishes is said to be gone, and nothing is sent for it', async () => {
    const code = useCode();
    const before = gemini.requests.length;
    await rm(join(code.folder, 'shapes.png'));
    await code.inspector().getByText('It no longer exists.').first().waitFor();
    await code.screenshot('vanished');
    assert.equal(gemini.requests.length, before);
  });

  test('a busy API is asked again after a wait that is shown and can be ended', async () => {
    const code = useCode();
    gemini.respondWith(errors.rateLimited(47));
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Describe Image');
    await code
      .inspector()
      .getByText(/Trying again in \d+ s/)
      .first()
      .waitFor();
    await code.screenshot('waiting');
    await code.inspector().getByRole('button', { name: 'Try Now' }).click();
    await status(/characters/).waitFor();
  });

  test('a stream that breaks off keeps what is whole and offers another try', async () => {
    const code = useCode();
    gemini.respondWith({ chunks: ['[{"box_2d": [100, 100, 300, 300], "label": "kept"}, ', '{"box_2d": [1, 2,'], cutAfterChunks: 2 });
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Detect Objects');
    await code.inspector().getByRole('option', { name: /kept/ }).waitFor();
    await code.screenshot('cut');
    await code
      .inspector()
      .getByRole('button', { name: /Run Again|Try Again/ })
      .first()
      .click();
    await status('12 objects').waitFor();
  });

  test('a question from the menu waits for its words, and the next one goes on from there', async () => {
    const code = useCode();
    const { keyboard } = code.page;
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Ask About Image…');
    const inspector = code.inspector();
    await inspector.locator('[data-testid="prompt"]:focus').waitFor();
    await keyboard.type('How many cars are there?');
    await keyboard.press('Enter');
    await inspector.getByRole('button', { name: 'New Question' }).waitFor();
    await inspector.getByTestId('prompt').fill('And how many trees are there?');
    await keyboard.press('Enter');
    await inspector.getByTestId('caption').filter({ hasText: 'There are 2 trees.' }).waitFor();
    assert.deepEqual(await inspector.locator('.question').allTextContents(), ['How many cars are there?', 'And how many trees are there?']);
    assert.deepEqual(
      gemini.requests.at(-1)?.body?.contents?.map(({ role }) => role),
      ['user', 'model', 'user'],
    );
    await code.screenshot('conversation');
  });

  test('two selected images of different folders are compared side by side', async () => {
    const code = useCode();
    await mkdir(join(code.folder, 'other'));
    await copyFile(join(code.folder, 'sign.png'), join(code.folder, 'other/copied.png'));
    await code.explorerRow('other').click();
    await code.explorerRow('copied.png').click();
    await code.explorerRow('street.png').click({ modifiers: ['Control'] });
    await code.explorerRow('street.png').click({ button: 'right' });
    await code.chooseInMenu('Image Inspector', 'Compare Images');
    await status('6 objects').waitFor();
    const pictures = code.inspector().locator('.pair img.picture');
    const isSeen = (index: number) => pictures.nth(index).evaluate((picture) => (picture as HTMLImageElement).decode().then(() => true));
    assert.deepEqual([await isSeen(0), await isSeen(1)], [true, true]);
    await code.screenshot('compared');
    await rm(join(code.folder, 'other'), { recursive: true });
    // Until the explorer has noticed, the image that is gone belongs to its selection.
    await code.explorerRow('other').waitFor({ state: 'detached' });
    await code.explorerRow('street.png').click();
  });

  test('an error says what to do', async () => {
    const code = useCode();
    gemini.respondWith(errors.dailyQuotaExhausted());
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Detect Objects');
    await status('The quota of this key is used up.').waitFor();
    await code.inspector().getByRole('button', { name: 'Choose Model…' }).click();
    await code.quickPickRow('gemini-3.8-flash').waitFor();
    // Rows of a long list are made when they come into sight.
    await code.filterQuickPick('gemini-2.5-flash-lite');
    await code.quickPickRow('gemini-2.5-flash-lite').click();
    await code.inspector().getByRole('button', { name: 'gemini-2.5-flash-lite' }).first().waitFor();
    await code.screenshot('error');
  });

  test('Clear Results forgets them all', async () => {
    const code = useCode();
    await code.runCommand('Gemini Image Inspector: Clear Results');
    await code.inspector().getByText('What do you want to know about this image?').waitFor();
    await code.chooseInExplorer('sign.png', 'Image Inspector', 'Open in Inspector');
    await code.inspector().getByText('What do you want to know about this image?').waitFor();
  });
});
