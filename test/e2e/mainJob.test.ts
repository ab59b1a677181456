import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { PROJECT } from '../tools/project.ts';
import { useVsCode, type VsCode } from './harness.ts';

const HOSTILE_LABEL = '<img src=x onerror=alert(1)>';
const HOSTILE_FILE = '[photo](command:workbench.action.quit) $(trash).png';
const HOSTILE_MODEL = '[gemini-quit](command:workbench.action.quit) $(trash)';
const HOSTILE_CAPTION = 'A street. [Quit](command:workbench.action.quit) <b>bold</b> $(trash)';

/** Two boxes, [ymin, xmin, ymax, xmax] in thousandths. */
const BOXES = [
  { box_2d: [680, 150, 870, 400], label: 'yellow car' },
  { box_2d: [790, 540, 980, 790], label: HOSTILE_LABEL },
];

suite('from a right-click to boxes on the picture', () => {
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer();
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({
    folder: async (folder) => {
      await cp(join(PROJECT, 'test/fixtures/samples'), folder, { recursive: true });
      await cp(join(folder, 'street.png'), join(folder, HOSTILE_FILE));
    },
    settings: { 'imageInspector.baseUrl': gemini.url },
    env: { GEMINI_API_KEY: 'test-key' },
  }));

  test('the user is told what goes where, and a refusal sends nothing', async () => {
    const code = useCode();
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Detect Objects');
    await code.review().getByTestId('send').and(code.inspector().locator(':enabled')).waitFor();
    const words = await code.review().innerText();
    assert.match(words, /street\.png/);
    assert.match(words, new RegExp(new URL(gemini.url).host));
    assert.match(words, /1,?\d{3} × \d{3} PNG, 11\d\.\d KB, not resized/);
    assert.match(words, /≈ \$0\.00\d+ \+ output/);
    assert.match(words, /From the environment/);
    await code.inspector().locator('image-viewer.sent .picture').waitFor();
    assert.ok(
      await code
        .inspector()
        .locator('image-viewer.sent .picture')
        .evaluate((picture: HTMLImageElement) => picture.decode().then(() => picture.naturalWidth > 0)),
    );
    await code.screenshot('consent');
    await code.answerReview('dont-send');
    await code.inspector().getByTestId('task-status').filter({ hasText: 'Not sent.' }).waitFor();
    assert.deepEqual(gemini.requests, []);
  });

  test('a hostile file name is text in the dialog and in the status bar', async () => {
    const code = useCode();
    await code.chooseInExplorer(HOSTILE_FILE, 'Image Inspector', 'Describe Image');
    await code.review().getByText('[photo](command:workbench.action.quit) $(trash).png').waitFor();
    assert.equal(await code.review().locator('a, .codicon-trash').count(), 0);
    await code.screenshot('hostile-consent');
    await code.inspector().getByTestId('send').press('Escape');
    await code.review().waitFor({ state: 'detached' });
    const item = code.statusBarItem('imageInspector.tokens');
    // The task that was refused turns its wheel there a moment longer.
    await item.filter({ hasText: '≈', hasNot: code.page.locator('.codicon-loading') }).waitFor();
    assert.equal(await item.locator('.codicon').count(), 0);
    await item.hover();
    const tooltip = code.page.locator('.monaco-hover:visible').filter({ hasText: 'Count Exactly' });
    await tooltip.waitFor();
    assert.deepEqual(await tooltip.locator('a').allInnerTexts(), ['Count Exactly', 'Change Model or Resolution', 'Budget']);
    await code.explorerRow('street.png').hover();
    await tooltip.waitFor({ state: 'detached' });
    assert.deepEqual(gemini.requests, []);
  });

  test('after consent the boxes lie on the picture, within two pixels of the screen', async () => {
    const code = useCode();
    gemini.respondWith({ text: JSON.stringify(BOXES) });
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Detect Objects');
    await code.answerReview('send');
    await code.inspector().getByTestId('box').nth(1).waitFor();
    await assertOnScreen(
      code,
      BOXES.map(({ box_2d }) => box_2d),
    );
    assert.deepEqual(
      await labels(code),
      BOXES.map(({ label }) => label),
    );
    await code.inspector().getByTestId('task-status').filter({ hasText: '2 objects' }).waitFor();
    await code.screenshot('detect');
  });

  test('a label is text, whatever it says', async () => {
    const code = useCode();
    assert.equal(await code.inspector().locator('img[src="x"]').count(), 0);
    assert.equal(await code.inspector().getByTestId('box').nth(1).getAttribute('aria-label'), HOSTILE_LABEL);
  });

  test('the menu of an object puts its crop into the clipboard', async () => {
    const code = useCode();
    await code.inspector().getByTestId('detections').getByRole('option').first().click({ button: 'right' });
    await code.chooseInMenu('Copy Crop');
    await code.page
      .locator('.statusbar-item')
      .filter({ hasText: /^ ?Crop of ".+" copied$/ })
      .waitFor();
    const size = await code.page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const { width, height } = await createImageBitmap(await (item as ClipboardItem).getType('image/png'));
      return [width, height];
    });
    assert.deepEqual(size, [300, 137]);
  });

  test('the status bar shows what was billed', async () => {
    await useCode()
      .statusBarItem('imageInspector.tokens')
      .filter({ hasText: /✓ [\d,]+ tok/ })
      .waitFor();
  });

  test('a click on it chooses the resolution by its cost, and its tooltip has the image counted', async () => {
    const code = useCode();
    const item = code.statusBarItem('imageInspector.tokens');
    const choose = async (resolution: string) => {
      await item.click();
      await code.page
        .locator('.quick-input-widget')
        .getByText(/^Model and Resolution for All Images/)
        .waitFor();
      await code.quickPickRow(resolution).click();
    };
    await item.click();
    const picker = code.page.locator('.quick-input-widget');
    await picker.getByText(/^Model and Resolution for All Images/).waitFor();
    await code.page.keyboard.type('3.1-flash-lite');
    await picker.getByText('retires on 2027-05-07').first().waitFor();
    await picker.getByText('boxes, points · $0.25 in, $1.50 out per 1M').first().waitFor();
    await code.page.keyboard.press('Escape');
    await choose('Low');
    await item.filter({ hasText: '≈ 252 tok' }).waitFor();
    await item.hover();
    const tooltip = code.page.locator('.monaco-hover:visible').filter({ hasText: 'Gemini 3 grid, 21 × 12 of 280' });
    await code.screenshot('token-tooltip');
    await tooltip.getByText('Count Exactly').click();
    await item.filter({ hasText: '= 252 tok' }).waitFor();
    await choose('Default');
    await item.filter({ hasText: /✓ [\d,]+ tok/ }).waitFor();
  });

  test('a tab has the same menu, and consent is asked only once for an address', async () => {
    const code = useCode();
    const before = gemini.requests.length;
    gemini.respondWith({ text: HOSTILE_CAPTION });
    await code.page.locator('.tab.active').click({ button: 'right' });
    await code.chooseInMenu('Image Inspector', 'Describe Image');
    await code.inspector().getByTestId('caption').filter({ hasText: '$(trash)' }).waitFor();
    assert.equal(
      (await code.inspector().getByTestId('caption').innerText()).trim(),
      'A street. Quit (command:workbench.action.quit) <b>bold</b> $(trash)',
    );
    assert.equal(gemini.requests.length, before + 1);
    assert.equal(await code.inspector().getByTestId('caption').locator('a, b').count(), 0);
  });

  test('a right-click on the picture in the inspector offers the tasks, but not to open what is open', async () => {
    const code = useCode();
    gemini.respondWith({ text: 'A street again.' });
    await code.inspector().getByTestId('viewer').click({ button: 'right' });
    await code.openSubmenu('Image Inspector');
    const titles = await code.menuTitles();
    assert.ok(!titles.includes('Open in Inspector'));
    const tasks = ['Describe Image', 'Read Text', 'Classify Image…', 'Detect Objects', 'Segment Objects', 'Ask About Image…'];
    const expected = [...tasks, 'Count Tokens', 'Copy as Code…', 'Export…'];
    assert.deepEqual(
      titles.filter((title) => expected.includes(title)),
      expected,
    );
    await code.chooseInMenu('Describe Image');
    await code.inspector().getByTestId('caption').filter({ hasText: 'A street again.' }).waitFor();
  });

  test('the window comes back with its results, and nothing is sent again', async () => {
    const code = useCode();
    const before = gemini.requests.length;
    await code.page.locator('.tab.active').dblclick(); // keeps the editor
    await code.stateIsKept();
    await code.open();
    await code.inspector().getByTestId('caption').filter({ hasText: 'A street again.' }).waitFor();
    assert.equal(gemini.requests.length, before);
  });

  test('in VS Code’s own preview a right-click on the picture does the same', async () => {
    const code = useCode();
    gemini.respondWith({ text: JSON.stringify(BOXES) });
    await code.openFile('shapes.png');
    await code.preview().locator('img').click({ button: 'right' });
    await code.chooseInMenu('Image Inspector', 'Detect Objects');
    await code.inspector().getByTestId('box').nth(1).waitFor();
    await code.page.locator('.tab.active').filter({ hasText: 'shapes.png' }).waitFor();
  });

  test('the preview has an icon that opens the inspector', async () => {
    const code = useCode();
    await code.openFile('sign.png');
    await code.page.locator('.editor-actions').getByRole('button', { name: 'Open in Inspector' }).click();
    await code.inspector().getByTestId('viewer').waitFor();
    await code.inspector().getByText('What do you want to know about this image?').waitFor();
    await code.screenshot('empty');
  });

  test('a cancel ends the request at once', async () => {
    const code = useCode();
    let release = () => {};
    gemini.respondWith({
      chunks: [`[${JSON.stringify(BOXES[0])},`, JSON.stringify(BOXES[1])],
      holdAfterChunks: 1,
      hold: new Promise<void>((resolve) => (release = resolve)),
    });
    await code.inspector().getByText('Detect Objects').first().click();
    await code.inspector().getByTestId('box').first().waitFor();
    await code.inspector().getByTestId('cancel').click();
    await gemini.waitForAbort();
    release();
    await code
      .inspector()
      .getByTestId('task-status')
      .filter({ hasText: /Cancelled/ })
      .waitFor();
    assert.deepEqual(await labels(code), ['yellow car'], 'what was whole is kept');
  });

  test('what the page of a set quotes is text: a model with a hostile name', async () => {
    const code = useCode();
    await code.updateSettings({ 'imageInspector.model': HOSTILE_MODEL });
    await code.inspector().getByRole('button', { name: 'gemini-quit' }).waitFor();
    await code.explorerRow('street.png').click();
    await code.explorerRow('sign.png').click({ modifiers: ['Control'] });
    await code.chooseInExplorer('sign.png', 'Image Inspector', 'Describe Image');
    const failure = code.inspector().getByRole('alert');
    await failure.waitFor();
    assert.match(await code.inspector().getByTestId('set').innerText(), /gemini-quit/);
    assert.equal(await code.inspector().getByTestId('set').locator('a').count(), 0);
    await code.screenshot('hostile-set');
    assert.deepEqual(gemini.violations, []);
  });
});

suite('without a key', () => {
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer({ keys: ['AQ.right-key'] });
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({ settings: { 'imageInspector.baseUrl': gemini.url, 'imageInspector.confirmBeforeSending': 'never' } }));

  test('a key is asked for in place, checked, and the task goes on', async () => {
    const code = useCode();
    gemini.respondWith({ text: 'A street.' });
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Describe Image');
    await code.page.locator('.quick-input-widget').getByText('Gemini API Key').waitFor();
    await code.answerInput('wrong-key');
    await code.page.locator('.quick-input-widget').getByText('Gemini did not accept the API key.').waitFor();
    await code.screenshot('key-refused');
    await code.answerInput('AQ.right-key');
    await code.inspector().getByTestId('caption').filter({ hasText: 'A street.' }).waitFor();
    assert.deepEqual(gemini.violations, []);
  });

  test('a cleared key leaves a message with the ways out', async () => {
    const code = useCode();
    await code.runCommand('Gemini Image Inspector: Clear API Key');
    await code.page.locator('.statusbar').getByText('The API key is cleared.').waitFor();
    await code.chooseInExplorer('sign.png', 'Image Inspector', 'Describe Image');
    await code.page.locator('.quick-input-widget').getByText('Gemini API Key').waitFor();
    await code.page.keyboard.press('Escape');
    await code.inspector().getByText('Set a Gemini API key to run tasks.').waitFor();
    await code.inspector().getByRole('button', { name: 'Set API Key…' }).waitFor();
    await code.screenshot('no-key');
  });
});

suite('recorded replies', { skip: process.env.IMAGE_INSPECTOR_CORPUS === undefined && 'IMAGE_INSPECTOR_CORPUS is not set' }, () => {
  const corpus = process.env.IMAGE_INSPECTOR_CORPUS ?? '';
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer();
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({
    folder: join(corpus, 'images'),
    settings: { 'imageInspector.baseUrl': gemini.url, 'imageInspector.confirmBeforeSending': 'never' },
    env: { GEMINI_API_KEY: 'test-key' },
  }));

  test('the boxes of the socks lie where the reply says', async () => {
    const code = useCode();
    const reply = await recorded('2.5-flash-preview-05-20_socks_boxes.txt');
    gemini.respondWith({ text: reply });
    await code.chooseInExplorer('socks_4080x3072.jpg', 'Image Inspector', 'Detect Objects');
    const boxes = [...reply.matchAll(/\[\s*(\d+),\s*(\d+),\s*(\d+),\s*(\d+)\s*\]/g)].map((match) => match.slice(1).map(Number));
    await code
      .inspector()
      .getByTestId('box')
      .nth(boxes.length - 1)
      .waitFor();
    await assertOnScreen(code, boxes);
    await code.screenshot('socks');
  });

  test('the masks of the cupcakes are drawn', async () => {
    const code = useCode();
    gemini.respondWith({ text: await recorded('2.5-flash-preview-05-20_cupcakes_masks15.txt') });
    await code.chooseInExplorer('cupcakes_620x620.png', 'Image Inspector', 'Segment Objects');
    await code.inspector().getByTestId('mask').nth(14).waitFor();
    assert.equal(await code.inspector().getByTestId('mask').count(), 15);
    await code.screenshot('cupcakes');
  });

  async function recorded(name: string): Promise<string> {
    const { readFile } = await import('node:fs/promises');
    return readFile(join(corpus, 'replies', name), 'utf8');
  }
});

async function labels(code: VsCode): Promise<(string | null)[]> {
  const options = code.inspector().getByTestId('detections').getByRole('option');
  await options.first().waitFor();
  return options.evaluateAll((rows) => rows.map((row) => row.textContent));
}

/** Each box, [ymin, xmin, ymax, xmax] in thousandths, is drawn within 2 CSS pixels of its place on the picture. */
async function assertOnScreen(code: VsCode, boxes: readonly number[][]): Promise<void> {
  const picture = await rectOf(code.inspector().getByTestId('viewer').locator('img').first());
  for (const [index, [top = 0, left = 0, bottom = 0, right = 0]] of boxes.entries()) {
    const drawn = await rectOf(code.inspector().getByTestId('box').nth(index));
    const x = (value: number) => picture.x + (value / 1000) * picture.width;
    const y = (value: number) => picture.y + (value / 1000) * picture.height;
    const off = [drawn.x - x(left), drawn.y - y(top), drawn.x + drawn.width - x(right), drawn.y + drawn.height - y(bottom)];
    assert.ok(Math.max(...off.map(Math.abs)) <= 2, `box ${index + 1} is off by ${off.map((value) => value.toFixed(1))}`);
  }
}

async function rectOf(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  return element.evaluate((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return { x, y, width, height };
  });
}
