import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { SessionState } from '../../src/protocol.ts';
import { browserPages } from './support/onPage.ts';
import type { Place } from './support/picture.ts';
import { drawMask, IMAGE, inspection, object, STATES, session, sessionWith } from './support/sessions.ts';

const onPage = browserPages();

const panelBox = async (page: Page) => {
  const box = await page.getByTestId('panel').boundingBox();
  assert.ok(box);
  return box;
};
const panelWidth = async (page: Page) => (await panelBox(page)).width;
const sash = (page: Page) => page.getByRole('separator', { name: 'Size of the panel' });

async function drag(page: Page, to: { x: number; y: number }): Promise<void> {
  const from = await sash(page).boundingBox();
  assert.ok(from);
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 3 });
  await page.mouse.up();
}

test('the panel is made wider and narrower by its edge, from 280 px to 60 %; a double click brings back 360 px', () =>
  onPage(STATES.detect, async ({ page }) => {
    assert.equal(await panelWidth(page), 360);
    await drag(page, { x: 700, y: 300 });
    assert.equal(await panelWidth(page), 500);
    await drag(page, { x: 100, y: 300 });
    assert.equal(await panelWidth(page), 720);
    await drag(page, { x: 1190, y: 300 });
    assert.equal(await panelWidth(page), 280);
    await sash(page).dblclick();
    assert.equal(await panelWidth(page), 360);
  }));

test('the edge of the panel is moved by keys, and says how wide the panel is', () =>
  onPage(STATES.detect, async ({ page }) => {
    const edge = sash(page);
    await edge.focus();
    await page.keyboard.press('ArrowLeft');
    assert.equal(await panelWidth(page), 380);
    await page.locator('[role="separator"][aria-valuenow="380"]').waitFor();
    assert.deepEqual([await edge.getAttribute('aria-valuemin'), await edge.getAttribute('aria-valuemax')], ['280', '720']);
    await page.keyboard.press('ArrowRight');
    await page.locator('[role="separator"][aria-valuenow="360"]').waitFor();
    await page.keyboard.press('End');
    assert.equal(await panelWidth(page), 720);
    await page.keyboard.press('Home');
    assert.equal(await panelWidth(page), 280);
    await page.keyboard.press('Enter');
    assert.equal(await panelWidth(page), 360);
  }));

test('the width of the panel, zoom and scroll position are there again after a reload', async () => {
  let kept: unknown;
  let before: { picture: unknown; scroll: number; width: number } | undefined;
  const measured = (page: Page) =>
    page.evaluate(() => {
      const { x, y, width } = (document.querySelector('.picture') as Element).getBoundingClientRect();
      return {
        picture: [x, y, width].map(Math.round),
        scroll: Math.round((document.querySelector('.scroll') as Element).scrollTop),
        width: (document.querySelector('.panel') as Element).clientWidth,
      };
    });
  await onPage(STATES.many, async ({ page }) => {
    await drag(page, { x: 740, y: 300 });
    await page.mouse.move(200, 200);
    await page.mouse.wheel(0, -600);
    await page.waitForFunction(() => (window.kept as { middle?: { k: number } } | undefined)?.middle?.k);
    await page.mouse.move(900, 300);
    await page.mouse.wheel(0, 333);
    await page.waitForFunction(() => ((window.kept as { scroll?: number } | undefined)?.scroll ?? 0) > 300);
    before = await measured(page);
    kept = await page.evaluate(() => window.kept);
  });
  await onPage(
    STATES.many,
    async ({ page }) => {
      await page.locator('.stage[style]').waitFor();
      assert.deepEqual(await measured(page), before);
    },
    { kept },
  );
});

test('where it is narrow the panel lies under the picture, and its upper edge moves', () =>
  onPage(
    STATES.segment,
    async ({ page }) => {
      const { x, y, height } = await panelBox(page);
      const viewer = await page.getByTestId('viewer').boundingBox();
      assert.ok(x === 0 && viewer && viewer.y + viewer.height <= y && Math.abs(height - 0.47 * 900) < 1);
      assert.equal(await sash(page).getAttribute('aria-orientation'), 'horizontal');
      await drag(page, { x: 300, y: 400 });
      assert.equal((await panelBox(page)).height, 500);
      await page.locator('object-row').first().click();
      const details = await page.getByTestId('details').boundingBox();
      const list = await page.getByTestId('detections').boundingBox();
      assert.ok(
        details && list && details.x >= list.x + list.width && Math.abs(details.width - 350) < 1,
        'list and details are side by side',
      );
    },
    { width: 700, height: 900 },
  ));

for (const size of [
  { width: 400, height: 700 },
  { width: 1000, height: 400 },
]) {
  test(`at ${size.width} x ${size.height} picture and results are tabs, and the prompt stays`, () =>
    onPage(
      STATES.segment,
      async (opened) => {
        const { page } = opened;
        const [viewer, list, prompt] = [page.getByTestId('viewer'), page.getByTestId('detections'), page.getByTestId('prompt')];
        const seen = async () => [await viewer.isVisible(), await list.isVisible(), await prompt.isVisible()];
        assert.deepEqual(await seen(), [true, false, true]);
        const before = await viewer.boundingBox();
        await page.getByRole('tab', { name: 'Results' }).click();
        assert.deepEqual(await seen(), [false, true, true]);
        await page.getByRole('tab', { name: 'Results' }).press('ArrowLeft');
        assert.deepEqual(await seen(), [true, false, true]);
        assert.deepEqual(await viewer.boundingBox(), before);
        assert.ok(before && before.height > 150);
        await opened.send({ type: 'view', action: 'togglePanel' });
        await list.waitFor();
        await page.getByRole('tab', { name: 'Image' }).click();
        await opened.send({ type: 'state', state: STATES.caption as NonNullable<typeof STATES.caption> });
        await page.getByTestId('caption').waitFor();
        await page.getByRole('tab', { name: 'Image' }).click();
        await opened.send({ type: 'state', state: STATES.failure as NonNullable<typeof STATES.failure> });
        await page.getByText('Too many requests.').waitFor();
      },
      size,
    ));
}

/** Everything that the appearance can have. */
const SOFT = sessionWith(
  inspection('segment', {
    detections: [
      object(1, 'lid', [0.1, 0.1, 0.5, 0.5], { mask: { kind: 'bitmap', width: 8, height: 8, png: drawMask(8, 8, (x, y) => x * y * 4) } }),
    ],
  }),
);

for (const width of [1100, 400]) {
  test(`text of twice the size is neither cut off nor covered, ${width} pixels wide`, () =>
    onPage(
      SOFT,
      async (opened) => {
        const { page } = opened;
        await page.evaluate(() => document.documentElement.style.setProperty('--vscode-font-size', '26px'));
        assert.equal(
          await page
            .locator('.toolbar .codicon')
            .first()
            .evaluate((icon) => getComputedStyle(icon).fontSize),
          '32px',
        );
        const boxes = (selector: string) =>
          page.locator(selector).evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().toJSON() as Place));
        const bar = (await boxes('.toolbar > *')).filter((box) => box.width > 0);
        for (const [at, box] of bar.entries())
          assert.ok(at === 0 || box.x >= (bar[at - 1]?.x ?? 0) + (bar[at - 1]?.width ?? 0), 'controls overlap');
        await opened.send({ type: 'view', action: 'toggleAppearance' });
        const fields = page.getByRole('dialog', { name: 'Appearance' });
        await fields.waitFor();
        assert.ok(
          await fields.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth),
          'the appearance is wider than its panel',
        );
        await page.keyboard.press('Escape');
        await opened.send({ type: 'view', action: 'showKeys' });
        await page.locator('.keys-title .button').first().waitFor();
        const [title, button] = await boxes('.keys-title h2, .keys-title .button');
        assert.ok(title && button && (button.x >= title.x + title.width || button.y >= title.y + title.height), 'the title is covered');
        await page.keyboard.press('Escape');
        await opened.send({ type: 'view', action: 'focusFilter' });
        await page.locator('.filter-text:focus').waitFor();
        assert.ok(((await boxes('.filter-text'))[0]?.height ?? 0) >= 44);
        const run = (await boxes('[data-testid="run"]'))[0];
        const model = (await boxes('.prompt .model'))[0];
        assert.ok(run && run.x + run.width <= width && (model?.width ?? 0) >= 4 * 26);
      },
      { width, height: 800 },
    ));
}

test('with forced colours a toggle that is on is told from one that is off', () =>
  onPage(STATES.segment, async ({ page }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    const look = (name: string) =>
      page.getByRole('button', { name, exact: true }).evaluate((button) => getComputedStyle(button).backgroundColor);
    assert.notEqual(await look('Masks'), await look('Boxes'));
  }));

test('under a small picture some lines of a comparison are to be seen, and its list can be scrolled to', () =>
  onPage(
    STATES.compare,
    async ({ page }) => {
      const words = page.getByRole('region', { name: 'Comparison' });
      assert.ok(((await words.boundingBox())?.height ?? 0) >= 60);
      const row = page.locator('object-row').last();
      await row.scrollIntoViewIfNeeded();
      const [list, prompt] = [await row.boundingBox(), await page.getByTestId('prompt').boundingBox()];
      assert.ok(list && prompt && list.y + list.height <= prompt.y);
    },
    { width: 464, height: 640 },
  ));

for (const size of [
  { width: 510, height: 480 },
  { width: 510, height: 640 },
])
  test(`at ${size.width} × ${size.height} at least five rows of the list are to be seen, and the prompt is one line until it is used`, () =>
    onPage(
      STATES.many,
      async ({ page }) => {
        const tab = page.getByRole('tab', { name: 'Results' });
        if (await tab.isVisible()) await tab.click();
        const rows = await page.evaluate(() => {
          const list = (document.querySelector('.split > .scroll') as Element).getBoundingClientRect();
          return [...document.querySelectorAll('object-row')].filter((row) => {
            const { top, bottom, height } = row.getBoundingClientRect();
            return height > 0 && top >= list.top && bottom <= list.bottom + 1;
          }).length;
        });
        assert.ok(rows >= 4, `${rows} rows and the head of their group`);
        const prompt = page.getByTestId('prompt');
        const height = async () => (await prompt.boundingBox())?.height ?? 0;
        assert.ok((await height()) < 30);
        await prompt.focus();
        await prompt.fill('one\ntwo\nthree');
        assert.ok((await height()) > 40);
      },
      size,
    ));

test('what a prompt costs and its choices stand on one line, however they are chosen', async () => {
  const rule = { mimeType: 'image/png', mediaResolution: 'default', calibration: {}, date: '2026-11-28T00:00:00.000Z' } as const;
  const cost = { imageTokens: 11_089, rule, instructionTokens: {}, inputPrice: 0.75, outputPrice: 3, priceDate: '2026-11' };
  const image = { ...IMAGE, width: 4000, height: 3000 };
  const usual = session({ tasks: ['caption', 'ask'], images: [image], cost, speed: 'standard', pointInAnswers: true });
  for (const state of [usual, { ...usual, speed: 'flex' as const, pointInAnswers: false, sendAt: 1024 }]) {
    await onPage(state, async ({ page }) => {
      const row = page.locator('.cost-row');
      for (const part of ['places', 'speed', 'size']) await row.getByTestId(part).waitFor();
      assert.match((await page.getByTestId('cost').textContent()) ?? '', /^≈ [\d,]+ tok · \$[\d.]+$/);
      await sash(page).focus();
      for (const width of [360, 340]) {
        assert.equal(await panelWidth(page), width);
        const tops = await row.locator(':scope > *').evaluateAll((parts) =>
          parts.map((part) => {
            const { top, height } = part.getBoundingClientRect();
            return top + height / 2;
          }),
        );
        assert.ok(Math.max(...tops) - Math.min(...tops) < 4, `${width} px: ${tops}`);
        await page.keyboard.press('ArrowRight');
      }
    });
  }
});

test('at 340 px everything in the bar over the picture is to be seen, the menu of the rest too; of an image of a set at any width', () =>
  onPage({ ...(STATES.segment as SessionState), inSet: { at: 1, of: 1234 } }, async ({ page }) => {
    const bar = page.getByTestId('toolbar');
    for (const width of [1060, 980, 900, 840, 800, 780, 760, 740, 700, 600, 500, 420, 340]) {
      await page.setViewportSize({ width, height: 600 });
      if (width < 760) await page.getByRole('tab', { name: 'Image' }).click();
      const outside = await bar.evaluate((element) => {
        const { right } = element.getBoundingClientRect();
        const buttons = [...element.querySelectorAll('button.tool')].filter((button) => button.checkVisibility());
        return buttons
          .filter((button) => button.getBoundingClientRect().right > right + 1)
          .map((button) => button.getAttribute('aria-label'));
      });
      assert.deepEqual(outside, [], `${width} px`);
    }
    await bar.getByRole('button', { name: 'More actions' }).click();
    for (const name of ['Next Image', 'Accept', 'Back to the Set']) await page.getByRole('menuitem', { name }).waitFor();
  }));
