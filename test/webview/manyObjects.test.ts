import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Place, picturePages, places } from './support/picture.ts';
import { inspection, object, sessionWith } from './support/sessions.ts';

const onPage = picturePages();

/** More than are drawn and listed one by one; every second is a lid. */
const MANY = Array.from({ length: 1200 }, (_, i) =>
  object(i + 1, i % 2 === 0 ? 'jar' : 'lid', [0.02 + (i % 40) * 0.024, 0.02 + Math.floor(i / 40) * 0.032, 0.018, 0.024]),
);

test('of very many objects those that a filter hides are neither seen nor hit nor read out', () =>
  onPage(sessionWith(inspection('detect', { detections: MANY })), async ({ page }) => {
    const drawn = () =>
      page
        .locator('.together > .line')
        .evaluateAll((shapes) => shapes.reduce((sum, shape) => sum + (shape.getAttribute('d')?.match(/M/g)?.length ?? 0), 0));
    const names = () => page.getByRole('img', { name: /^(?:jar|lid)$/ }).count();
    assert.deepEqual([await drawn(), await names()], [1200, 1200]);
    const box = (await places(page)).boxes['2'] as Place;
    const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
    await page.getByRole('textbox', { name: 'Filter objects' }).fill('jar');
    await page.getByText('600 of 1,200 · 600 hidden').waitFor();
    assert.deepEqual([await drawn(), await names()], [600, 600]);
    await page.mouse.click(...middle);
    assert.equal(await page.locator('object-row[aria-selected="true"]').count(), 0);
    assert.equal(await page.locator('[data-tag-id="2"]').count(), 0);
    await page.getByRole('button', { name: 'Show All' }).click();
    await page.mouse.click(...middle);
    await page.locator('object-row[aria-selected="true"][data-detection-id="2"]').waitFor();
    assert.equal(await drawn(), 1200);
  }));

test('boxes that are drawn together stand where they would alone', () =>
  onPage(sessionWith(inspection('detect', { detections: MANY })), async ({ page }) => {
    const outer = await page.locator('.together > .line').evaluateAll((shapes) => shapes.map((shape) => shape.getAttribute('d') ?? ''));
    const [x, y, width, height] = await page
      .locator('[data-testid="box"][data-detection-id="42"]')
      .evaluate((rect) => ['x', 'y', 'width', 'height'].map((name) => Number(rect.getAttribute(name))));
    const shape = `M${x} ${y}h${width}v${height}h-${width}z`;
    assert.ok(
      outer.some((one) => one.includes(shape)),
      shape,
    );
  }));

test('rows of a very long list are made when one scrolls to them, also while a filter is set, and for the selected object', () =>
  onPage(sessionWith(inspection('detect', { detections: MANY })), async ({ page }) => {
    const rows = page.locator('object-row');
    const scroll = page.locator('.split > .scroll');
    const height = await scroll.evaluate((element) => element.scrollHeight);
    assert.ok((await rows.count()) < 100, 'only the first');
    await scroll.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.waitForFunction(() => document.querySelectorAll('object-row').length === 1200);
    // Rows are as high as their text asks for, in fractions of a pixel.
    assert.ok(Math.abs((await scroll.evaluate((element) => element.scrollHeight)) / height - 1) < 0.02, 'the list is as long as before');
    await page.getByRole('textbox', { name: 'Filter objects' }).fill('lid');
    await page.getByText('600 of 1,200 · 600 hidden').waitFor();
    await scroll.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.waitForFunction(() => document.querySelectorAll('object-row').length === 600);
    await page.getByRole('textbox', { name: 'Filter objects' }).fill('');
    await page.getByTestId('detections').focus();
    await page.keyboard.press('End');
    const last = page.locator('object-row[aria-selected="true"][data-detection-id="1200"]');
    await last.waitFor();
    assert.equal(await page.getByTestId('detections').getAttribute('aria-activedescendant'), await last.getAttribute('id'));
  }));
