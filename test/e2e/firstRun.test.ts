import assert from 'node:assert/strict';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { PROJECT } from '../tools/project.ts';
import { useVsCode, type VsCode } from './harness.ts';

/** Answer for the picture that the text names. */
const CAR = JSON.stringify([{ box_2d: [683, 157, 863, 396], label: 'yellow car' }]);

suite('the first run: no key, and nothing is sent', () => {
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer();
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({
    settings: { 'imageInspector.baseUrl': gemini.url },
    // VS Code leaves out the pictures of a walkthrough where there is little room
    viewport: { width: 1600, height: 900 },
  }));

  test('VS Code starts without our welcome', async () => {
    const code = useCode();
    assert.equal(await code.page.locator('.tab').count(), 0);
    assert.equal(await code.notifications().count(), 0);
  });

  test('the palette opens the sample: boxes, masks, and plain words that it is one', async () => {
    const code = useCode();
    await code.runCommand('Gemini Image Inspector: Open Sample');
    const page = code.inspector();
    await page.getByTestId('mask').nth(11).waitFor();
    assert.equal(await page.getByTestId('box').count(), 12);
    assert.equal((await page.getByTestId('runs').innerText()).trim(), 'Segment objects');
    assert.equal(await page.locator('.head .badge').innerText(), 'Sample');
    await page.getByText('Bundled answer. Nothing was sent.').waitFor();
    assert.match(await page.getByTestId('task-status').innerText(), /12 objects/);
    await code.screenshot('sample');
    assert.deepEqual(gemini.requests, []);
  });

  test('the sample stays when results are cleared', async () => {
    const code = useCode();
    await code.runCommand('Gemini Image Inspector: Clear Results');
    await code.inspector().getByTestId('mask').nth(11).waitFor();
  });

  test('a right-click on an object offers what can be done with it', async () => {
    const code = useCode();
    const page = code.inspector();
    await page.locator('object-row').nth(2).click({ button: 'right' });
    await code.page.locator('.monaco-menu').getByText('Show in Raw Reply').waitFor();
    const titles = await code.menuTitles();
    for (const title of [
      'Zoom to Object',
      'Ask About This Object',
      'Copy Label',
      'Copy Box',
      'Copy Crop',
      'Copy Cut-out',
      'Show Only This',
    ])
      assert.ok(titles.includes(title), `${title} is missing in ${titles}`);
    await code.chooseInMenu('Hide');
    await page.getByText('11 of 12 · 1 hidden').waitFor();
    await page.getByRole('button', { name: 'Show All' }).click();
    assert.deepEqual(gemini.requests, []);
  });

  test('the walkthrough has three steps, and its first opens the sample', async () => {
    const code = useCode();
    await code.runCommand('View: Close All Editors');
    await code.runCommand('Welcome: Open Walkthrough...');
    await code.quickPickRow('Get Started with Image Inspector').click();
    const walkthrough = code.page.locator('.gettingStartedContainer');
    for (const [title, button] of [
      ['Add your key', 'Get a Key'],
      ['Inspect your image', 'Choose an Image…'],
      ['See it work', 'Open Sample'],
    ] as const) {
      await walkthrough.locator('.step-title').getByText(title, { exact: true }).click();
      await walkthrough.getByRole('button', { name: button, exact: true }).waitFor();
      await walkthrough.locator('iframe.webview.ready:visible').contentFrame().frameLocator('iframe#active-frame').locator('svg').waitFor();
      await code.screenshot(`walkthrough-${title.replaceAll(' ', '-').toLowerCase()}`);
    }
    await walkthrough.getByRole('button', { name: 'Open Sample', exact: true }).click();
    await code.inspector().getByTestId('mask').nth(11).waitFor();
    await code.page.locator('.tab').filter({ hasText: 'Welcome' }).click();
    await walkthrough.locator('.getting-started-step.expanded .codicon-getting-started-step-checked').waitFor();
  });

  test('a task without a key asks for it first, and what is typed goes into the box only', async () => {
    const code = useCode();
    await code.runCommand('View: Close All Editors');
    await code.chooseInExplorer('sign.png', 'Image Inspector', 'Detect Objects');
    await code.page.locator('.quick-input-widget').getByText('Gemini API Key').waitFor();
    const box = code.page.locator('.quick-input-widget input.input');
    await code.page.keyboard.type('bml1p');
    assert.equal(await box.inputValue(), 'bml1p');
    assert.equal(await code.page.locator('.tab').count(), 0, 'the inspector waits');
    await code.page.keyboard.press('Escape');
    const page = code.inspector();
    await page.getByRole('button', { name: 'Task: Detect' }).waitFor();
    assert.deepEqual(gemini.requests, []);
  });

  test('the inspector takes no keys while VS Code asks something', async () => {
    const code = useCode();
    const page = code.inspector();
    await page.getByTestId('viewer').click();
    await code.runCommand('Gemini Image Inspector: Set API Key…');
    // The palette's own box is the same until then.
    await code.page.locator('.quick-input-widget').getByText('Gemini API Key').waitFor();
    const box = code.page.locator('.quick-input-widget input.input');
    await code.page.keyboard.type('p4a');
    assert.equal(await box.inputValue(), 'p4a');
    await page.getByTestId('panel').waitFor();
    await page.getByRole('button', { name: 'Task: Detect' }).waitFor();
    await code.page.keyboard.press('Escape');
  });

  test('an image without results offers the sample', async () => {
    const code = useCode();
    await code.runCommand('View: Close All Editors');
    await code.chooseInExplorer('sign.png', 'Image Inspector', 'Open in Inspector');
    const offer = code.inspector().getByRole('button', { name: 'Try the Sample' });
    await offer.waitFor();
    await code.screenshot('offer-sample');
    await offer.click();
    await code.page.locator('.tab.active').filter({ hasText: 'Sample.png' }).waitFor();
    await code.inspector().getByTestId('mask').nth(11).waitFor();
    assert.deepEqual(gemini.requests, []);
  });
});

suite('images named in a text', () => {
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer();
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({
    folder: async (folder) => {
      await cp(join(PROJECT, 'test/fixtures/samples'), join(folder, 'img'), { recursive: true });
      await writeFile(join(folder, 'page.md'), '# A page\n\n![A street](img/street.png)\n\nplain words\n');
      await writeFile(join(folder, 'words.md'), '# Words\n\nno image here\n');
    },
    settings: { 'imageInspector.baseUrl': gemini.url, 'imageInspector.confirmBeforeSending': 'never' },
    env: { GEMINI_API_KEY: 'test-key' },
  }));

  test('hovering over an image path shows the size, the tokens and what can be done', async () => {
    const code = useCode();
    await code.openFile('page.md');
    const hover = code.page.locator('.monaco-hover:visible').filter({ hasText: '1200 × 720 pixels · ≈ 1,075 tok' });
    await hoverUntil(code, wordIn(code, 'street.png'), hover);
    assert.equal(await hover.locator('img[width="240"]').count(), 0, "the thumbnail is VS Code's own");
    await hover.getByRole('link', { name: 'Open in Inspector', exact: true }).waitFor();
    await hover.getByRole('link', { name: 'Describe Image', exact: true }).waitFor();
    await code.screenshot('hover');
    assert.deepEqual(gemini.requests, []);
  });

  test('a right-click on the path opens the image beside the text', async () => {
    const code = useCode();
    await wordIn(code, 'street.png').click({ button: 'right' });
    await code.chooseInMenu('Image Inspector', 'Open in Inspector');
    await code.inspector().getByTestId('viewer').waitFor();
    assert.equal(await code.page.locator('.editor-group-container').count(), 2);
    await code.page.locator('.tab').filter({ hasText: 'page.md' }).waitFor();
    await code.screenshot('beside');
    assert.deepEqual(gemini.requests, []);
  });

  test('a task of the menu runs beside the text', async () => {
    const code = useCode();
    gemini.respondWith({ text: CAR });
    await wordIn(code, 'street.png').click({ button: 'right' });
    await code.chooseInMenu('Image Inspector', 'Detect Objects');
    await code.inspector().getByTestId('box').waitFor();
    assert.equal(await code.page.locator('.editor-group-container').count(), 2);
    assert.equal(gemini.requests.length, 1);
  });

  test('a text without an image in sight has no such entry in its menu', async () => {
    const code = useCode();
    await code.runCommand('View: Close All Editors');
    await code.openFile('words.md');
    await wordIn(code, 'no image here').click({ button: 'right' });
    await code.page.locator('.monaco-menu').getByText('Command Palette...').waitFor();
    assert.equal((await code.menuTitles()).includes('Image Inspector'), false);
    await code.closeMenu();
  });
});

/** A piece of the text that is open. */
function wordIn(code: VsCode, text: string): Locator {
  return code.page.locator('.monaco-editor .view-line span:not(:has(span))').filter({ hasText: text });
}

/** Hovers again and again: VS Code asks those who can say something only once, and our extension may just be starting. */
async function hoverUntil(code: VsCode, over: Locator, shown: Locator): Promise<void> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    await code.page.mouse.move(0, 0);
    await over.hover();
    const came = await shown.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (came) return;
  }
  assert.fail('there is no such hover');
}
