import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserPages } from './support/onPage.ts';
import { IMAGE, OTHER_IMAGE, STATES } from './support/sessions.ts';

const onPage = browserPages();

/** Which of two pictures is at a place of the area, given in shares of its width. */
async function pictureAt(page: Page, share: number): Promise<'first' | 'other'> {
  return page.evaluate((at) => {
    const { left, top, width, height } = (document.querySelector('.stacked') as Element).getBoundingClientRect();
    const hit = document.elementFromPoint(left + at * width, top + height / 2);
    return hit?.closest('.pair')?.classList.contains('over') ? 'other' : 'first';
  }, share);
}

const transforms = (page: Page) =>
  page.locator('.stage').evaluateAll((stages) => stages.map((stage) => (stage as HTMLElement).style.transform));

/** Where the pictures are seen: left, top, width and height in CSS pixels. */
const places = (page: Page) =>
  page.locator('.picture').evaluateAll((pictures) =>
    pictures.map((picture) => {
      const { left, top, width, height } = picture.getBoundingClientRect();
      return [left, top, width, height].map((length) => Math.round(length * 100) / 100);
    }),
  );

test('two pictures in one place are divided by a line that mouse and arrows move', () =>
  onPage(STATES.compare, async ({ page }) => {
    await page.getByRole('button', { name: 'Swipe' }).click();
    const divider = page.getByRole('slider', { name: 'Divider between the pictures' });
    await divider.waitFor();
    assert.deepEqual([await pictureAt(page, 0.4), await pictureAt(page, 0.6)], ['first', 'other']);
    await divider.focus();
    await page.keyboard.press('End');
    assert.equal(await divider.getAttribute('aria-valuenow'), '100');
    assert.equal(await pictureAt(page, 0.9), 'first');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    assert.equal(await divider.getAttribute('aria-valuenow'), '12');
    assert.equal(await divider.getAttribute('aria-valuetext'), '12 % of the first picture');
    const line = await divider.boundingBox();
    const area = await page.locator('.stacked').boundingBox();
    assert.ok(line && area);
    await page.mouse.move(line.x + line.width / 2, line.y + 50);
    await page.mouse.down();
    await page.mouse.move(area.x + 0.75 * area.width, line.y + 50);
    await page.mouse.up();
    assert.equal(await divider.getAttribute('aria-valuenow'), '75');
    assert.deepEqual([await pictureAt(page, 0.7), await pictureAt(page, 0.8)], ['first', 'other']);
  }));

test('swiped pictures zoom and pan together, whichever is moved, each with its own objects', () =>
  onPage(STATES.compare, async ({ page }) => {
    await page.getByRole('button', { name: 'Swipe' }).click();
    const area = await page.locator('.stacked').boundingBox();
    assert.ok(area);
    for (const share of [0.25, 0.75]) {
      const before = await transforms(page);
      await page.mouse.move(area.x + share * area.width, area.y + area.height / 2);
      await page.mouse.wheel(0, -200);
      await page.waitForFunction((was) => document.querySelector<HTMLElement>('.stage')?.style.transform !== was, before[0]);
      const [first, other] = await places(page);
      assert.deepEqual(first, other);
    }
    assert.deepEqual(
      await page.locator('.pair.over [data-testid="box"]').evaluateAll((all) => all.map((box) => box.getAttribute('aria-label'))),
      ['spoon'],
    );
  }));

test('a picture of another size is scaled to lie on the first', () =>
  onPage({ ...STATES.compare, images: [IMAGE, { ...OTHER_IMAGE, width: 320, height: 240 }] } as typeof STATES.compare, async ({ page }) => {
    await page.getByRole('button', { name: 'Swipe' }).click();
    await page.getByRole('slider').waitFor();
    await page.waitForFunction(() => {
      const [first, other] = [...document.querySelectorAll('.stage')].map((stage) => stage.getBoundingClientRect());
      return (
        first &&
        other &&
        Math.abs(first.left - other.left) < 1 &&
        Math.abs(first.width - other.width) < 1 &&
        Math.abs(first.top - other.top) < 1
      );
    });
  }));

test('K shows one picture after the other in the same place, and then they stand side by side again', () =>
  onPage(STATES.compare, async ({ page }) => {
    const before = await transforms(page);
    await page.getByTestId('viewer').first().focus();
    await page.keyboard.down('k');
    await page.locator('.stacked.only-a').waitFor();
    await page.locator('.stacked.only-b').waitFor();
    await page.keyboard.up('k');
    await page.locator('.side-by-side').waitFor();
    await page.waitForFunction(
      (was) => [...document.querySelectorAll<HTMLElement>('.stage')].every((stage, index) => stage.style.transform === was[index]),
      before,
    );
  }));

test('a selected object that the divider hides is uncovered', () =>
  onPage(STATES.compare, async ({ page }) => {
    await page.getByRole('button', { name: 'Swipe' }).click();
    const divider = page.getByRole('slider', { name: 'Divider between the pictures' });
    await divider.focus();
    const now = async () => Number(await divider.getAttribute('aria-valuenow'));
    await page.keyboard.press('Home');
    const inFirst = page.getByRole('option', { name: /image 1|kitchen/i }).first();
    await inFirst.click();
    await page.waitForFunction(() => Number(document.querySelector('.divider-handle')?.getAttribute('aria-valuenow')) > 0);
    assert.ok((await now()) > 0);
  }));

for (const [width, height, above] of [
  [1200, 1100, true],
  [1500, 500, false],
] as const) {
  test(`two wide pictures stand ${above ? 'one above the other' : 'side by side'} at ${width} × ${height}`, () =>
    onPage(
      STATES.compare,
      async ({ page }) => {
        const [a, b] = await page.locator('.pair').evaluateAll((pairs) => pairs.map((pair) => pair.getBoundingClientRect().toJSON()));
        assert.deepEqual([b.y >= a.y + a.height, b.x >= a.x + a.width], [above, !above]);
        assert.ok(Math.abs(a.width - b.width) < 2 && Math.abs(a.height - b.height) < 2);
      },
      { width, height },
    ));
}
