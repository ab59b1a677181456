import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { png } from '../fixtures/images.ts';
import { useVsCode } from './harness.ts';

const IMAGES = 12;
/** Images that are answered before the others are held back. */
const FIRST = 4;
/** Images of which there are labels. */
const LABELED = 6;

suite('a folder of images, from the menu to the review', () => {
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer();
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({
    folder: async (folder) => {
      await mkdir(join(folder, 'jars'));
      await writeFile(join(folder, 'jars', '_annotations.coco.json'), labels());
      for (let image = 0; image < IMAGES; image++) await writeFile(join(folder, 'jars', `jar-${100 + image}.png`), png(200 + image, 150));
    },
    settings: { 'imageInspector.baseUrl': gemini.url, 'imageInspector.confirmBeforeSending': 'never' },
    env: { GEMINI_API_KEY: 'test-key' },
  }));

  test('plan, start, reload in the middle, review by key, Next in the inspector', async () => {
    const code = useCode();
    const { page } = code;
    let asked = 0;
    let release = () => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    gemini.respondWhen(({ images }) => images.length > 0 && ++asked > FIRST, {
      hold,
      text: JSON.stringify([{ box_2d: [100, 100, 600, 500], label: 'late jar' }]),
    });
    await code.chooseInExplorer('jars', 'Inspect Folder…');
    await code.quickPickRow('Detect Objects').click();
    await page.locator('.quick-input-widget').getByText('Objects to find').waitFor();
    await code.answerInput('');
    await code.inspector().getByTestId('set-plan').getByText('12 images', { exact: true }).waitFor();
    await code.screenshot('set-plan');
    assert.equal(gemini.requests.length, 0);
    await code.inspector().getByTestId('set-start').click();
    await done(code.inspector(), FIRST).waitFor();
    await code.inspector().locator('.set-thumb img').first().waitFor();
    await gemini.waitForRequest(() => asked > FIRST);
    await code.screenshot('set-running');

    await code.reloadWindow();
    release();
    await code.statusBarItem('imageInspector.sets').waitFor();
    await code.inspector().getByText(`${IMAGES} of ${IMAGES} images`).first().waitFor();
    // What was on its way at the reload may have been billed: it is not asked for again unawares.
    await code.inspector().getByTestId('set-retry').click();
    await code.screenshot('set-retry');
    await code.inspector().getByTestId('set-retry-question').getByRole('button', { name: 'Retry', exact: true }).click();
    await done(code.inspector(), IMAGES).waitFor();

    await code.inspector().getByTestId('set-item').first().focus();
    await page.keyboard.press('a');
    await page.keyboard.press('r');
    await code.inspector().getByTestId('set-item').filter({ hasText: 'Accepted' }).waitFor();
    await code.inspector().getByTestId('set-item').filter({ hasText: 'Rejected' }).waitFor();
    await code.screenshot('set-reviewed');

    await code.inspector().getByTestId('set-item').first().click();
    await code.inspector().getByTestId('set-next').click();
    await page.getByRole('tab', { name: /jar-101\.png/ }).waitFor();
    await code.inspector().getByTestId('box').nth(2).waitFor();
    await code.inspector().getByTestId('set-next').waitFor();
    await code.screenshot('set-next');
  });

  test('its results against labels: a cell of the confusion matrix leads to the objects that it counts', async () => {
    const code = useCode();
    const { page } = code;
    await page.getByRole('tab', { name: /Detect Objects: jars/ }).click();
    await code.inspector().getByTestId('set-score').click();
    await code.quickPickRow('Labels in Their Usual Places').click();
    const evaluation = code.inspector().getByTestId('evaluation');
    await evaluation.getByText(`${LABELED} images · IoU 0.5`).waitFor();
    await code.screenshot('set-score');
    await evaluation.getByRole('button', { name: 'early jar: missed, 1 object' }).click();
    await code
      .inspector()
      .getByText(`1 of ${IMAGES} · ${IMAGES - 1} hidden`)
      .waitFor();
    await code.inspector().getByTestId('set-item').click();
    await code.inspector().locator('[data-testid="box"][data-detection-id="a2"]').waitFor();
    await code.inspector().getByRole('button', { name: 'Show All' }).waitFor();
    assert.equal(await code.inspector().getByTestId('box').count(), 1);
    await code.screenshot('set-score-object');
    await page.getByRole('tab', { name: /Detect Objects: jars/ }).click();
    await code.inspector().getByTestId('close-score').click();
    await code.runCommand('Gemini Image Inspector: Score Against Labels…');
    await code.quickPickRow('Labels in Their Usual Places').click();
    await evaluation.getByText(`${LABELED} images · IoU 0.5`).waitFor();
  });

  test('a batch goes on while the window is closed, and its results are taken by the next', async () => {
    const code = useCode();
    const { page } = code;
    await code.runCommand('View: Close All Editors');
    gemini.batches.plan({ pending: Number.POSITIVE_INFINITY });
    await code.chooseInExplorer('jars', 'Inspect Folder…');
    await code.quickPickRow('Describe Image').click();
    await code.inspector().getByRole('radio', { name: 'Batch' }).check();
    await code.inspector().getByTestId('set-start').click();
    await gemini.waitForRequest(({ endpoint }) => endpoint === 'createBatch');
    await code.inspector().locator('[data-testid="set-item"][data-state="sent"]').first().waitFor();
    await code.screenshot('set-batch');
    const [batch] = gemini.batches.all('test-key');
    assert.ok(batch);
    batch.course = { pending: 0, running: 0 };

    await code.open();
    await page.getByText(`Batch of ${IMAGES} images: ${IMAGES} done`).first().waitFor();
    // A window that goes away without a word does not always come back with its editors.
    await page.locator('.notification-toast').getByText('Open Set', { exact: true }).click();
    await done(code.inspector(), IMAGES).waitFor();
    assert.equal(gemini.requests.filter(({ endpoint }) => endpoint === 'createBatch').length, 1);
    await gemini.waitForRequest(({ endpoint }) => endpoint === 'deleteBatch');
    await code.screenshot('set-batch-done');
  });
});

/** Of the last images: what the stand-in finds there, and in one of them a jar that it does not find. */
function labels(): string {
  const images = Array.from({ length: LABELED }, (_, index) => ({
    id: index + 1,
    file_name: `jar-${100 + IMAGES - 1 - index}.png`,
    width: 200,
    height: 150,
  }));
  const categories = [
    { id: 1, name: 'late jar' },
    { id: 2, name: 'early jar' },
  ];
  const annotations = images.map(({ id }) => ({ id, image_id: id, category_id: 1, bbox: [20, 15, 80, 75] }));
  return JSON.stringify({
    images,
    categories,
    annotations: [...annotations, { id: 99, image_id: 1, category_id: 2, bbox: [150, 110, 30, 30] }],
  });
}

/** The grid once so many images are done. */
function done(page: FrameLocator, count: number) {
  return page.locator('.set').filter({ has: page.locator(`[data-state="done"] >> nth=${count - 1}`) });
}
