import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { png } from '../fixtures/images.ts';
import { useVsCode } from './harness.ts';

/** Of the picture with many boxes: ten in a row. */
const BOXES = 50;
const SIZE = { width: 1000, height: 800 };
/** Thousandths of the picture: whole pixels of it. */
const placeOf = (index: number) => ({ x: 10 + (index % 10) * 95, y: 20 + Math.floor(index / 10) * 180 });
const [WIDE, HIGH] = [60, 100];
const MANY = Array.from({ length: BOXES }, (_, index) => {
  const { x, y } = placeOf(index);
  return { box_2d: [y, x, y + HIGH, x + WIDE], label: 'coin' };
});
const JARS = [
  { box_2d: [100, 100, 400, 300], label: 'glass jar' },
  { box_2d: [100, 600, 400, 800], label: 'glass jar' },
  { box_2d: [600, 100, 800, 300], label: 'lid' },
];

suite('correcting objects', () => {
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer();
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({
    folder: async (folder) => {
      await mkdir(join(folder, 'jars'));
      for (let image = 0; image < 3; image++) await writeFile(join(folder, 'jars', `jar-${image}.png`), png(200 + image, 150));
      await mkdir(join(folder, 'hard'));
      for (let image = 0; image < 2; image++) await writeFile(join(folder, 'hard', `hard-${image}.png`), png(300 + image, 150));
      await writeFile(join(folder, 'coins.png'), png(SIZE.width, SIZE.height));
    },
    settings: { 'imageInspector.baseUrl': gemini.url, 'imageInspector.confirmBeforeSending': 'never' },
    env: { GEMINI_API_KEY: 'test-key' },
  }));
  const written = async (name: string) => JSON.parse(await readFile(join(useCode().folder, name), 'utf8')) as Inspection;

  test('50 boxes by keyboard alone, kept as a result beside the answer, which an export takes first', async (context) => {
    const code = useCode();
    const { page } = code;
    const inspector = code.inspector();
    const row = (id: number) => inspector.locator(`object-row[data-detection-id="${id}"][aria-selected="true"]`);
    gemini.respondWith({ text: JSON.stringify(MANY) });
    await code.chooseInExplorer('coins.png', 'Image Inspector', 'Detect Objects');
    await inspector
      .getByTestId('task-status')
      .filter({ hasText: `${BOXES} objects` })
      .waitFor();
    await inspector.locator('.viewer:focus').waitFor();
    await code.pressUntil('c', inspector.getByTestId('edit-bar'));
    const begin = Date.now();
    for (let id = 1; id <= BOXES; id++) {
      await page.keyboard.press('Tab');
      await row(id).waitFor();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Alt+ArrowDown');
      await page.keyboard.press('Shift+ArrowLeft');
      if (id % 10 !== 0) continue;
      await page.keyboard.press('F2');
      await inspector.locator('[data-testid="label-edit"]:focus').waitFor();
      await page.keyboard.type('button');
      await page.keyboard.press('Enter');
      await inspector.locator('.viewer:focus').waitFor();
    }
    // One more is deleted, which is undone.
    await page.keyboard.press('Delete');
    await row(BOXES - 1).waitFor();
    await page.keyboard.press('Control+z');
    await row(BOXES).waitFor();
    context.diagnostic(`${BOXES} boxes in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    await code.screenshot('correcting');
    await page.keyboard.press('Control+s');
    await inspector.getByTestId('answered-by').filter({ hasText: 'Corrected. Nothing was sent.' }).waitFor();

    // What is hidden goes along only if one says so.
    await inspector.locator('object-row').first().click();
    await page.keyboard.press('Delete');
    await inspector.locator('.hidden-note').waitFor();
    await code.pressUntil('e', code.quickPickRow('JSON'));
    await code.quickPickRow('JSON').click();
    await page.getByPlaceholder('1 object is hidden').waitFor();
    await code.quickPickRow('Hidden Objects Too').click();
    await page.locator('.quick-input-widget').getByText('Select a Folder to Export To').waitFor();
    await page.locator('.quick-input-widget input.input').press('Enter');
    await code.notifications('coins.inspection.json').waitFor();
    const { source, basedOn, model, detections = [] } = await written('coins.inspection.json');
    assert.deepEqual([source, basedOn?.length, model], ['person', 1, '']);
    assert.deepEqual(
      detections.map(({ id, label, pixelBox }) => ({ id, label, pixelBox })),
      MANY.map((_, index) => {
        const { x, y } = placeOf(index);
        const id = index + 1;
        const pixelBox = { x: x + 1, y: (y * SIZE.height) / 1000 + 10, width: WIDE - 1, height: (HIGH * SIZE.height) / 1000 };
        return { id: String(id), label: id % 10 === 0 ? 'button' : 'coin', pixelBox };
      }),
    );
    assert.equal(gemini.requests.filter(({ images }) => images.length > 0).length, 1, 'nothing is sent for it');
  });

  test('in a set: C corrects and comes back to the next image; labels are renamed over all images, with a preview, and back', async () => {
    const code = useCode();
    const { page } = code;
    const set = code.inspector();
    const item = (image: number) => set.locator(`[data-testid="set-item"][data-key="jar-${image}.png"]`);
    const corrected = set.getByTestId('set-item').filter({ hasText: 'Corrected' });
    gemini.respondWhen(({ images }) => images.length > 0, { text: JSON.stringify(JARS) });
    await code.chooseInExplorer('jars', 'Inspect Folder…');
    await code.quickPickRow('Detect Objects').click();
    await page.locator('.quick-input-widget').getByText('Objects to find').waitFor();
    await code.answerInput('');
    await set.getByTestId('set-start').click();
    await set.getByText('3 of 3 images').first().waitFor();
    await item(0).focus();
    await page.keyboard.press('c');
    await set.getByTestId('edit-bar').waitFor();
    await set.locator('.viewer:focus').waitFor();
    await page.keyboard.press('Tab');
    await set.locator('object-row[aria-selected="true"]').waitFor();
    await page.keyboard.press('Delete');
    await set.locator('object-row >> nth=2').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+s');
    await item(0).filter({ hasText: 'Corrected' }).waitFor();
    await set.locator('[data-key="jar-1.png"]:focus').waitFor();
    await code.screenshot('set-corrected');

    await set.getByTestId('set-rename').click();
    await code.quickPickRow('glass jar').click();
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').getByText('The new name').waitFor();
    await code.answerInput('vessel');
    await code.quickPickRow('jar-2.png').waitFor();
    await page.locator('.quick-input-widget').getByText('Rename to "vessel": 5 objects, 3 images').waitFor();
    await code.screenshot('set-rename');
    await page.keyboard.press('Enter');
    await code.notifications('Labels renamed in 3 images.').waitFor();
    await corrected.nth(2).waitFor();

    await set.getByTestId('set-export').click();
    await code.quickPickRow('JSON Beside Each Image').click();
    await code.notifications('Exported 3 files').waitFor();
    const labelsOf = async (image: number) => (await written(`jars/jar-${image}.inspection.json`)).detections?.map(({ label }) => label);
    assert.deepEqual(await labelsOf(0), ['vessel', 'lid']);
    assert.deepEqual(await labelsOf(1), ['vessel', 'vessel', 'lid']);
    assert.equal((await written('jars/jar-1.inspection.json')).source, 'person');

    await code.notifications('Labels renamed').getByText('Undo', { exact: true }).click();
    await corrected.nth(1).waitFor({ state: 'detached' });
    await item(0).filter({ hasText: 'Corrected' }).waitFor();
  });

  test('in a set: an image that failed is done once it is annotated by hand, and is exported with the others', async () => {
    const code = useCode();
    const { page } = code;
    const set = code.inspector();
    const failed = set.locator('[data-testid="set-item"][data-key="hard-0.png"]');
    gemini.respondWhen(({ images }) => images.length > 0, { text: JSON.stringify(JARS) });
    gemini.respondWhen(({ images: [image] }) => image?.sniffed.accepted === true && image.sniffed.size?.width === 300, {
      text: '',
      finishReason: 'PROHIBITED_CONTENT',
    });
    await code.chooseInExplorer('hard', 'Inspect Folder…');
    await code.quickPickRow('Detect Objects').click();
    await page.locator('.quick-input-widget').getByText('Objects to find').waitFor();
    await code.answerInput('');
    await set.getByTestId('set-start').click();
    await failed.filter({ hasText: 'Failed' }).waitFor();
    await set.getByText('2 of 2 images').first().waitFor();
    await failed.focus();
    await page.keyboard.press('c');
    await set.getByTestId('edit-bar').waitFor();
    await set.locator('.viewer:focus').waitFor();
    await page.keyboard.press('a');
    await set.locator('object-row[aria-selected="true"]').waitFor();
    await page.keyboard.press('F2');
    await set.locator('[data-testid="label-edit"]:focus').waitFor();
    await page.keyboard.type('barn');
    await page.keyboard.press('Enter');
    await set.locator('.viewer:focus').waitFor();
    await page.keyboard.press('Control+s');
    await failed.filter({ hasText: 'Corrected' }).filter({ hasText: '1 object' }).filter({ hasText: 'Done' }).waitFor();
    await code.screenshot('set-annotated');
    await set.getByTestId('set-export').click();
    await code.quickPickRow('JSON Beside Each Image').click();
    await code.notifications('Exported 2 files').waitFor();
    const { source, detections } = await written('hard/hard-0.inspection.json');
    assert.deepEqual([source, detections?.map(({ label }) => label)], ['person', ['barn']]);
  });
});
