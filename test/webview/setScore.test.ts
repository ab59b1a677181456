import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import type { SetScoreView } from '../../src/setProtocol.ts';
import { launchChromium } from '../tools/chromium.ts';
import { bundleWebview, type PageOptions } from './support/inspectorPage.ts';
import { manyRows, runningSet, SetPageInTest, scoreOf } from './support/setPage.ts';
import type { Theme } from './support/themes.ts';

let browser: Browser;
let script: string;
before(async () => {
  [browser, script] = await Promise.all([launchChromium(), bundleWebview('set')]);
});
after(() => browser.close());

const FEW = manyRows(30);

/** Opens a set that was compared with labels. */
async function onScore(score: SetScoreView, use: (opened: SetPageInTest) => Promise<void>, options: PageOptions = {}): Promise<void> {
  const opened = await SetPageInTest.open(browser, script, runningSet(FEW, { state: 'ended' }), FEW, options);
  try {
    await opened.page.getByTestId('set-score').click();
    await opened.posted('score');
    await opened.send({ type: 'score', score });
    await opened.page.getByTestId('evaluation').waitFor();
    await use(opened);
    assert.deepEqual(opened.errors, []);
  } finally {
    await opened.close();
  }
}

const keysIn = ({ page }: SetPageInTest) =>
  page.getByTestId('set-item').evaluateAll((items) => items.map((item) => item.getAttribute('data-key')));

suite('a set against its labels', () => {
  test('its figures, and what is to be known of them', () =>
    onScore(scoreOf(30, 4), async ({ page }) => {
      const text = (await page.getByTestId('evaluation').innerText()).replace(/\s+/g, ' ');
      for (const part of [
        'instances.json · 30 images · IoU 0.5',
        'Precision 0.900',
        'Recall 0.850',
        'F1 0.874',
        'AP50 0.800',
        'AP 0.600',
        'Missed 12',
      ])
        assert.ok(text.includes(part), `${part} in ${text}`);
      assert.match(text, /no confidences: all their objects count as equally sure/);
      assert.match(text, /left out: 3 images/);
    }));

  test('a cell lists exactly the images with its objects, and opens them with these', () =>
    onScore(scoreOf(30, 4), async (opened) => {
      const { page } = opened;
      await page.getByRole('button', { name: 'jar: found as cat, 1 object' }).click();
      await page.getByText('2 of 30 · 28 hidden').waitFor();
      assert.deepEqual(await keysIn(opened), [FEW[1]?.key, FEW[2]?.key]);
      await page.getByTestId('set-item').first().click();
      assert.deepEqual(await opened.posted('open'), {
        type: 'open',
        key: FEW[1]?.key,
        order: [FEW[1]?.key, FEW[2]?.key],
        cell: { label: 'jar', as: 'cat' },
      });
      // The same cell again, or the chip over the grid, shows all.
      await page.getByRole('button', { name: 'jar: found as cat, 1 object', pressed: true }).click();
      await page.getByText('28 hidden').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'cat: missed, 2 objects' }).click();
      await page.getByRole('search').getByRole('button', { name: 'cat: missed' }).click();
      await page.getByText('28 hidden').waitFor({ state: 'detached' });
      await page.getByTestId('close-score').click();
      await opened.posted('closeScore');
    }));

  test('the matrix is a table, and its cells are gone through by keys', () =>
    onScore(scoreOf(30, 80), async ({ page }) => {
      const table = page.getByRole('table', { name: /Confusion matrix/ });
      // 80 labels, and what is not in the labels; a column for what was missed.
      assert.equal(await table.getByRole('rowheader').count(), 81);
      assert.equal(await table.getByRole('columnheader').count(), 82);
      assert.equal(await table.locator('.matrix-cell[tabindex="0"]').count(), 1);
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
      await table.locator('.matrix-cell[tabindex="0"]').focus();
      assert.equal(await focused(), 'jar: found, 40 objects');
      await page.keyboard.press('ArrowRight');
      assert.equal(await focused(), 'jar: found as cat, 1 object');
      await page.keyboard.press('ArrowDown');
      assert.equal(await focused(), 'cat: found, 41 objects');
      await page.keyboard.press('End');
      assert.equal(await focused(), 'cat: missed, 2 objects');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'cat: missed, 2 objects', pressed: true }).and(page.getByTestId('confusion-cell')).waitFor();
      assert.equal(await table.locator('.matrix-cell[tabindex="0"]').count(), 1);
    }));

  test('a cell takes the Tab key where the first of the figures has no row of its own', () => {
    const score = scoreOf(30, 120);
    // The last label comes first, and only 100 have rows.
    const confusion = score.evaluation.confusion.toReversed().slice(1);
    return onScore({ ...score, evaluation: { ...score.evaluation, confusion } }, async ({ page }) => {
      await page.getByText('20 more labels').waitFor();
      assert.equal(await page.locator('.matrix-cell[tabindex="0"]').count(), 1);
    });
  });

  test('a key in a matrix of 80 labels does not work its 6,561 cells out anew', () =>
    onScore(scoreOf(30, 80), async ({ page }) => {
      await page.locator('.matrix-cell[tabindex="0"]').focus();
      // Labels are compared in a normal form.
      await page.evaluate(() => {
        const { normalize } = String.prototype;
        String.prototype.normalize = function (form) {
          document.body.dataset.normalized = String(1 + Number(document.body.dataset.normalized ?? 0));
          return normalize.call(this, form);
        };
      });
      await page.keyboard.press('End');
      await page.locator('.matrix-cell[tabindex="0"][aria-label="jar: missed, 2 objects"]').waitFor();
      assert.ok(Number((await page.evaluate(() => document.body.dataset.normalized)) ?? 0) < 80);
    }));
});

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const satisfies readonly Theme[]) {
  test(`the score has no accessibility violations in ${theme}`, () =>
    onScore(
      scoreOf(30, 6),
      async ({ page }) => {
        await page.getByTestId('confusion-cell').nth(1).click();
        const { violations } = await new AxeBuilder({ page }).analyze();
        assert.deepEqual(
          violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`),
          [],
        );
      },
      { theme },
    ));
}

test('nothing is wider than the page where it is narrow', () =>
  onScore(
    scoreOf(30, 80),
    async ({ page }) => {
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    },
    { width: 340, height: 600 },
  ));
