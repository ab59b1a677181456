import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { PROJECT } from '../tools/project.ts';
import { useVsCode } from './harness.ts';

const PAGE = '# Our street\n\nIn spring we painted the houses.\n\n![](img/street.png)\n\nThe way: <img src="img/sign.png">\n';
const SITE = '<!doctype html>\n<p>The street again</p>\n<img src="img/street.png">\n<img src="img/sign.png" alt="">\n';
const WRITTEN = 'Painted "houses" with [gardens]';

suite('alt text where documents use images', () => {
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer();
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({
    folder: async (folder) => {
      await cp(join(PROJECT, 'test/fixtures/samples'), join(folder, 'img'), { recursive: true });
      await writeFile(join(folder, 'page.md'), PAGE);
      await writeFile(join(folder, 'site.html'), SITE);
    },
    settings: { 'imageInspector.baseUrl': gemini.url },
    env: { GEMINI_API_KEY: 'test-key' },
  }));

  test('the light bulb writes it, after the words around the image were shown', async () => {
    const code = useCode();
    const { page } = code;
    gemini.respondWith({ text: WRITTEN });
    await code.openFile('page.md');
    await page.locator('.monaco-editor .view-line').filter({ hasText: 'img/street.png' }).click();
    const offer = page.locator('.action-widget').getByText('Write Alt Text', { exact: true });
    await page.locator('.lightBulbWidget:visible, .codicon[class*="lightbulb"]:visible').first().waitFor();
    // The list may be that of another extension, which is there earlier. While one is open, the same key takes its first entry.
    await code.pressUntil(['Escape', 'Control+.'], offer);
    await code.screenshot('alt-text-bulb');
    await offer.click();
    await code.dialog().getByText('In spring we painted the houses. [the image] The way:').waitFor();
    await code.screenshot('alt-text-words');
    assert.equal(gemini.requests.length, 0);
    await code.answerDialog('Send with Surrounding Text');
    await code
      .dialog()
      .getByText(/Input cost: about [\d,]+ tokens/)
      .waitFor();
    await code.answerDialog('Send');
    await page.locator('.monaco-editor .view-line').filter({ hasText: '![Painted "houses" with \\[gardens\\]](img/street.png)' }).waitFor();
    await page
      .locator('.statusbar-item')
      .filter({ hasText: /Alt text written · ✓ [\d,]+ tok/ })
      .waitFor();
    assert.equal(gemini.requests.length, 1);
    assert.ok(JSON.stringify(gemini.requests[0]).includes('In spring we painted the houses.'));
    await page.keyboard.press('Control+S');
    await page.locator('.tab.active:not(.dirty)').waitFor();
    assert.equal(await readFile(join(code.folder, 'page.md'), 'utf8'), PAGE.replace('![]', '![Painted "houses" with \\[gardens\\]]'));
  });

  test('what is missing in a workspace is a set with its sum first, and then a list of changes to tick', async () => {
    const code = useCode();
    const { page } = code;
    const before = gemini.requests.length;
    gemini.respondWith({ text: WRITTEN }, { text: WRITTEN });
    await code.runCommand('Gemini Image Inspector: Write Missing Alt Text…');
    await code.quickPickRow('The whole workspace').click();
    await code.inspector().getByTestId('set-plan').getByText('2 images', { exact: true }).waitFor();
    await code.screenshot('alt-text-plan');
    assert.equal(gemini.requests.length, before);
    await code.inspector().getByTestId('set-start').click();
    await code.answerDialog('Send');
    const preview = page.locator('.bulk-edit-panel');
    await preview.getByText('site.html').waitFor();
    await code.screenshot('alt-text-preview');
    assert.equal(gemini.requests.length, before + 2);
    // Nothing is ticked by itself.
    await preview
      .locator('.monaco-list-row')
      .filter({ hasText: 'site.html' })
      .locator('[role="checkbox"], .monaco-checkbox, .edit-checkbox')
      .first()
      .click();
    await preview.getByRole('button', { name: 'Apply' }).click();
    await preview.getByText('site.html').waitFor({ state: 'detached' });
    await code.openFile('site.html');
    await page.keyboard.press('Control+S');
    await page.locator('.tab.active:not(.dirty)').waitFor();
    const after = await readFile(join(code.folder, 'site.html'), 'utf8');
    assert.equal(after, SITE.replace('street.png"', 'street.png" alt="Painted &quot;houses&quot; with [gardens]"'));
    assert.ok((await readFile(join(code.folder, 'page.md'), 'utf8')).includes('<img src="img/sign.png">'));
  });

  test('what was left out is offered again by the set', async () => {
    const code = useCode();
    await code.page.locator('.tab').filter({ hasText: 'Alt text: ' }).click();
    await code.inspector().getByTestId('set-alt-texts').click();
    const preview = code.page.locator('.bulk-edit-panel');
    await preview.getByText('page.md').waitFor();
    assert.equal(await preview.getByText('site.html').count(), 0);
    await preview.getByRole('button', { name: 'Discard' }).click();
    // What a person rejects is not offered any more.
    await code.inspector().getByTestId('set-item').first().focus();
    await code.page.keyboard.press('r');
    await code.inspector().getByTestId('set-item').filter({ hasText: 'Rejected' }).waitFor();
    await code.inspector().getByTestId('set-alt-texts').click();
    await code.notifications('No image without alt text was found.').waitFor();
  });
});
