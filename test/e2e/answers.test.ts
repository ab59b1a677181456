import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { useVsCode } from './harness.ts';

const DESCRIPTION = `A street with a yellow car.

\`\`\`json
[{"box_2d": [680, 150, 870, 400], "label": "yellow car"}]
\`\`\``;

const LINES = [
  { box_2d: [100, 100, 180, 600], label: 'First line' },
  { box_2d: [220, 100, 300, 600], label: 'Second line' },
];

suite('answers that point, and words of a picture', () => {
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer();
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({
    settings: {
      'imageInspector.baseUrl': gemini.url,
      'imageInspector.confirmBeforeSending': 'never',
      'imageInspector.explorerBadge': true,
    },
    env: { GEMINI_API_KEY: 'test-key' },
  }));

  test('a phrase of a description leads to its box', async () => {
    const code = useCode();
    gemini.respondWith({ text: DESCRIPTION });
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Describe Image');
    const inspector = code.inspector();
    const phrase = inspector.getByRole('button', { name: 'yellow car, object 1' });
    await phrase.click();
    await phrase.and(inspector.locator('[aria-pressed="true"]')).waitFor();
    await inspector.locator('.object.selected [data-testid="box"]').waitFor();
    assert.match(await inspector.getByTestId('caption').innerText(), /^A street with a yellow car/);
    await code.screenshot('phrase');
  });

  test('an image with results has a mark in the explorer', async () => {
    const code = useCode();
    const badges = () =>
      code.page.locator('.explorer-folders-view .monaco-list-row').evaluateAll((rows) =>
        rows.flatMap((row) => {
          // VS Code draws badges by its style sheet.
          const marks = [...row.querySelectorAll('*')].map((element) => getComputedStyle(element, '::after').content);
          return marks.includes('"✓"') ? [row.textContent] : [];
        }),
      );
    while ((await badges()).length === 0) await code.page.waitForTimeout(100);
    assert.deepEqual(await badges(), ['street.png']);
  });

  test('words are selected on the picture with the mouse, and copied with the keys of the system', async () => {
    const code = useCode();
    gemini.respondWith({ text: JSON.stringify(LINES) });
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Read Text');
    const inspector = code.inspector();
    const lines = inspector.getByTestId('text-line');
    await lines.nth(1).waitFor();
    const [first, second] = [await lines.nth(0).boundingBox(), await lines.nth(1).boundingBox()];
    assert.ok(first && second);
    const { page } = code;
    await page.mouse.move(first.x + 1, first.y + first.height / 2);
    await page.mouse.down();
    await page.mouse.move(second.x + second.width - 1, second.y + second.height / 2, { steps: 6 });
    await page.mouse.up();
    await code.screenshot('selected-words');
    await page.evaluate(() => navigator.clipboard.writeText('before'));
    await page.mouse.move(first.x, first.y);
    await page.keyboard.press('Control+C');
    let copied = '';
    for (let tries = 0; tries < 100 && copied !== 'First line\nSecond line'; tries++)
      copied = await page.evaluate(() => new Promise<string>((resolve) => setTimeout(() => resolve(navigator.clipboard.readText()), 100)));
    assert.equal(copied, 'First line\nSecond line');
  });
});
