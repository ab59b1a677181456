import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TASKS } from '../../src/core/inspection/inspection.ts';
import { browserPages } from './support/onPage.ts';
import { inspection, OBJECTS, session } from './support/sessions.ts';

const onPage = browserPages();

const FOUND = inspection('detect', { id: 'found', detections: OBJECTS });
const TEXT = 'Two glass jars stand there, one with a <i>lid</i>.';
const ANSWER = inspection('ask', { id: 'answer', prompt: 'What is there?', text: TEXT, raw: TEXT });
const TALK = session({ tasks: [...TASKS], runs: [FOUND, ANSWER], shown: 'answer' });

test('words of an answer that name objects are buttons, and the answer stays the text it is', () =>
  onPage(TALK, async ({ page }) => {
    assert.equal(await page.getByTestId('caption').textContent(), TEXT);
    await page.getByRole('button', { name: 'glass jars, objects 1, 2' }).waitFor();
    await page.getByRole('button', { name: 'lid, object 4' }).waitFor();
    assert.equal(await page.locator('.phrase').count(), 2);
    // Only what the answer names is drawn.
    assert.deepEqual(await page.getByTestId('box').evaluateAll((boxes) => boxes.map((box) => box.getAttribute('data-detection-id'))), [
      '1',
      '2',
      '4',
    ]);
  }));

test('pointing at words lights all their objects, and each click selects the next', () =>
  onPage(TALK, async ({ page }) => {
    const jars = page.getByRole('button', { name: 'glass jars, objects 1, 2' });
    const lit = () =>
      page.locator('.object.hovered [data-testid="box"]').evaluateAll((boxes) => boxes.map((box) => box.getAttribute('data-detection-id')));
    assert.deepEqual(await lit(), []);
    await jars.hover();
    assert.deepEqual(await lit(), ['1', '2']);
    await page.getByTestId('prompt').hover();
    assert.deepEqual(await lit(), []);
    await jars.focus();
    assert.deepEqual(await lit(), ['1', '2']);
    const selected = () => page.locator('.object.selected [data-testid="box"]').getAttribute('data-detection-id');
    await jars.press('Enter');
    assert.deepEqual([await selected(), await jars.getAttribute('aria-pressed')], ['1', 'true']);
    await jars.press('Enter');
    assert.equal(await selected(), '2');
    await jars.press('Enter');
    assert.equal(await selected(), '1');
  }));

test('an object of the picture marks the words that name it', () =>
  onPage(TALK, async ({ page }) => {
    const lid = page.getByRole('button', { name: 'lid, object 4' });
    await page.locator('[data-testid="box"][data-detection-id="4"]').hover();
    await page.locator('.phrase.marked').waitFor();
    assert.deepEqual(await page.locator('.phrase.marked').allTextContents(), ['lid']);
    await page.locator('[data-testid="box"][data-detection-id="4"]').click();
    assert.equal(await lid.getAttribute('aria-pressed'), 'true');
  }));

test('the newest objects are meant, and without objects there is nothing to press', () =>
  onPage(
    session({ tasks: [...TASKS], runs: [FOUND, ANSWER, { ...FOUND, id: 'newer', detections: OBJECTS.slice(3) }], shown: 'answer' }),
    async (opened) => {
      assert.deepEqual(await opened.page.locator('.phrase').allTextContents(), ['lid']);
      await opened.send({ type: 'state', state: { ...TALK, runs: [ANSWER] } });
      await opened.drawn();
      assert.equal(await opened.page.locator('.phrase').count(), 0);
      assert.equal(await opened.page.getByTestId('caption').textContent(), TEXT);
    },
  ));
