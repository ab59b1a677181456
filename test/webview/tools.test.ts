import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionState } from '../../src/protocol.ts';
import { picturePages, places } from './support/picture.ts';
import { drawMask, inspection, object, STATES, session, sessionWith } from './support/sessions.ts';

const onPage = picturePages();
const many = STATES.many as SessionState;

test('the filter leaves the same objects in the list and over the picture, says how many are hidden, and Show All ends it', () =>
  onPage(many, async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'view', action: 'focusFilter' });
    await page.locator('.filter-text:focus').waitFor();
    await page.keyboard.type('coin');
    await page.getByText('20 of 60 · 40 hidden').waitFor();
    assert.equal(await page.getByRole('option').count(), 20);
    assert.equal(await page.getByTestId('box').count(), 20);
    await page.locator('[role="status"]').filter({ hasText: '40 hidden by filter.' }).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Filter by size, position, label' }).click();
    await page.getByRole('combobox', { name: 'Position' }).selectOption('left half');
    await page.getByText('10 of 60 · 50 hidden').waitFor();
    await page.getByRole('dialog', { name: 'Filter' }).press('Escape');
    await page.getByRole('button', { name: 'left half' }).click();
    await page.getByText('20 of 60 · 40 hidden').waitFor();
    await page.getByRole('button', { name: 'Show All' }).click();
    assert.equal(await page.getByTestId('box').count(), 60);
    assert.equal(await page.locator('.filter-text').inputValue(), '');
  }));

test('a group is folded and unfolded by click and by key, and stands for its objects meanwhile', () =>
  onPage(many, async ({ page }) => {
    const list = page.getByTestId('detections');
    const rows = page.locator('object-row');
    const folded = list.getByRole('option', { name: 'button, 20, folded' });
    await list.getByText('button', { exact: true }).first().click();
    await folded.waitFor();
    assert.equal(await rows.count(), 40);
    assert.equal(await page.getByTestId('box').count(), 60, 'the picture has all of them');
    await list.focus();
    const selected = () => list.locator('[aria-selected="true"]');
    await page.keyboard.press('Home');
    assert.equal(await selected().getAttribute('aria-label'), 'button, 20, folded');
    assert.equal(await list.getAttribute('aria-activedescendant'), await folded.getAttribute('id'));
    await page.keyboard.press('ArrowDown');
    assert.match((await selected().getAttribute('aria-label')) ?? '', /^2, coin,/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
    await folded.waitFor({ state: 'detached' });
    assert.equal(await rows.count(), 60);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await folded.waitFor();
    assert.equal(await selected().getAttribute('aria-label'), 'button, 20, folded', 'the selection stays in it');
    assert.match(await page.getByTestId('details').innerText(), /^4 button/);
  }));

test('Esc in the filter takes its words back, then goes to the picture; arrow down goes to the list', () =>
  onPage(STATES.detect, async ({ page }) => {
    const field = page.locator('.filter-text');
    await field.fill('jar');
    await field.press('Escape');
    assert.equal(await field.inputValue(), '');
    await field.press('ArrowDown');
    await page.locator('.list:focus').waitFor();
    await field.press('Escape');
    await page.locator('.viewer:focus').waitFor();
  }));

test('an object that the filter leaves out is not selected any more', () =>
  onPage(STATES.detect, async ({ page }) => {
    await page.locator('object-row').nth(3).click();
    await page.getByTestId('details').waitFor();
    await page.locator('.filter-text').fill('jar');
    await page.getByTestId('details').waitFor({ state: 'detached' });
  }));

test('the list is sorted, and keys follow its order', () =>
  onPage(STATES.detect, async ({ page }) => {
    await page.getByRole('button', { name: 'Sort' }).click();
    await page.getByRole('menuitemradio', { name: 'By Size' }).click();
    assert.deepEqual(await page.getByRole('option').evaluateAll((rows) => rows.map((row) => row.id)), ['row-1', 'row-2', 'row-3', 'row-4']);
    await page.getByRole('button', { name: 'Sort' }).click();
    await page.getByRole('menuitemradio', { name: 'By Position' }).click();
    assert.deepEqual(await page.getByRole('option').evaluateAll((rows) => rows.map((row) => row.id)), ['row-4', 'row-1', 'row-2', 'row-3']);
    await page.getByTestId('detections').press('ArrowDown');
    assert.equal(await page.getByTestId('detections').getAttribute('aria-activedescendant'), 'row-4');
  }));

test('a label of a long list is hidden and shown by its eye', () =>
  onPage(many, async ({ page }) => {
    await page.getByTitle('Hide All "coin"').click();
    await page.getByText('40 of 60 · 20 hidden').waitFor();
    await page.getByTitle('Show All "coin"').click();
    assert.equal(await page.getByTestId('box').count(), 60);
  }));

test('totals count each label, and give the share of the picture that its masks cover', () =>
  onPage(STATES.segment, async ({ page }) => {
    await page.getByText('4 objects · 3 labels · ').waitFor();
    await page.getByRole('button', { name: 'Totals by label' }).click();
    await page.getByTestId('totals').getByRole('row', { name: 'All' }).waitFor();
    const rows = await page.getByTestId('totals').getByRole('row').allInnerTexts();
    // Two ellipses of 0.15 x 0.3 of the picture.
    assert.equal(rows[1]?.replaceAll(/\s+/g, ' ').trim(), 'glass jar 2 7.1 %');
    assert.equal(rows.at(-1)?.split(/\s+/).slice(0, 2).join(' '), 'All 4');
  }));

test('Esc closes the totals and leaves the selection behind them; a label of theirs filters', () =>
  onPage(STATES.segment, async ({ page }) => {
    await page.getByRole('option').first().click();
    await page.getByRole('button', { name: 'Totals by label' }).click();
    const totals = page.getByTestId('totals');
    await totals.getByRole('button', { name: 'glass jar' }).click();
    await page.getByText('2 of 4 · 2 hidden').waitFor();
    // Also where the focus is not in them.
    await page.evaluate(() => document.querySelector<HTMLElement>('.viewer')?.focus());
    await page.keyboard.press('Escape');
    await totals.waitFor({ state: 'hidden' });
    assert.equal(await page.locator('object-row[aria-selected="true"]').count(), 1);
  }));

test('a filter without a hit lists no groups', () =>
  onPage(many, async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'view', action: 'focusFilter' });
    await page.locator('.filter-text:focus').waitFor();
    await page.keyboard.type('nothing like this');
    await page.getByText('0 of 60 · 60 hidden').waitFor();
    assert.equal(await page.locator('.group-head').count(), 0);
  }));

const SOFT = sessionWith(
  inspection('segment', {
    detections: [
      object(1, 'ball', [0.2, 0.2, 0.5, 0.5], { mask: { kind: 'bitmap', width: 32, height: 32, png: drawMask(32, 32, (x) => 8 * x) } }),
    ],
  }),
);

test('how things look is chosen at once, kept by the host, and reset', () =>
  onPage(SOFT, async (opened) => {
    const { page } = opened;
    const opacity = () => page.getByTestId('mask').evaluate((mask) => getComputedStyle(mask).fillOpacity);
    await page.getByTestId('mask').waitFor({ state: 'attached' });
    assert.equal(await opacity(), '0.35');
    await opened.send({ type: 'view', action: 'toggleAppearance' });
    await page.getByLabel('Fill').fill('60');
    assert.equal(await opacity(), '0.6');
    assert.equal((await opened.posted('appearance')).appearance.fill, 0.6);
    const before = await page.getByTestId('mask').getAttribute('d');
    await page.getByLabel('Mask threshold').fill('200');
    await page.waitForFunction((d) => document.querySelector('[data-testid="mask"]')?.getAttribute('d') !== d, before);
    await page.getByLabel('White').check();
    await page.locator('.behind-white').waitFor();
    await page.getByLabel('Pointer coordinates and color').uncheck();
    const { picture } = await places(page);
    await page.getByRole('dialog', { name: 'Appearance' }).press('Escape');
    await page.locator('.viewer:focus').waitFor();
    await page.mouse.move(picture.x + 30, picture.y + 30);
    await page.mouse.move(picture.x + 0.45 * picture.width, picture.y + 0.45 * picture.height);
    await page.locator('object-row.hovered').waitFor();
    assert.equal(await page.locator('.readout').isVisible(), false);
    await page.getByRole('button', { name: 'Appearance' }).click();
    await page.getByRole('button', { name: 'Reset' }).click();
    assert.equal(await opacity(), '0.35');
    await page.locator('.behind-checkerboard').waitFor();
  }));

test('what was chosen in this workspace holds from the start; colours go by object', () => {
  const { appearance } = {
    appearance: { fill: 0.1, outline: 1, labels: 1, colourBy: 'object', background: 'black', readout: true } as const,
  };
  return onPage({ ...(STATES.segment as SessionState), appearance }, async ({ page }) => {
    await page.getByTestId('mask').nth(3).waitFor({ state: 'attached' });
    const fills = await page.getByTestId('mask').evaluateAll((masks) => masks.map((mask) => mask.getAttribute('fill')));
    assert.equal(new Set(fills).size, 4);
    assert.equal(
      await page
        .getByTestId('mask')
        .first()
        .evaluate((mask) => getComputedStyle(mask).fillOpacity),
      '0.1',
    );
  });
});

test('the mask threshold is offered only where masks have values between', () =>
  onPage(STATES.segment, async (opened) => {
    await opened.page.getByTestId('mask').nth(3).waitFor({ state: 'attached' });
    await opened.send({ type: 'view', action: 'toggleAppearance' });
    await opened.page.getByLabel('Fill').waitFor();
    assert.equal(await opened.page.getByLabel('Mask threshold').count(), 0);
  }));

test('the minimap is there while less than 70 % of the picture is in sight, shows which part, and moves it', () =>
  onPage(STATES.detect, async ({ page }) => {
    const map = page.getByTestId('minimap');
    assert.equal(await map.isVisible(), false);
    await page.getByTestId('toolbar').locator('pop-menu button').first().click();
    await page.getByRole('menuitem', { name: '400 %' }).click();
    await map.waitFor();
    const [frame, whole] = await Promise.all([map.locator('i').boundingBox(), map.boundingBox()]);
    const { picture, viewer } = await places(page);
    assert.ok(frame && whole && Math.abs(frame.width / whole.width - viewer.width / picture.width) < 0.02);
    await page.mouse.click(whole.x + 3, whole.y + 3);
    const moved = await places(page);
    assert.ok(moved.picture.x > viewer.x && moved.picture.y > viewer.y, 'the upper left corner is near the middle');
  }));

test('the token grid is drawn in the places of its tiles, and says what a smaller size would save', () => {
  const cost = {
    imageTokens: 1548,
    instructionTokens: {},
    tiles: { columns: 3, rows: 2, unit: 256 },
    smaller: { width: 384, height: 288, tokens: 258 },
  };
  return onPage(session({ cost }), async (opened) => {
    const { page } = opened;
    assert.equal(await page.getByTestId('token-grid').count(), 0);
    await opened.send({ type: 'view', action: 'toggleTokenGrid' });
    await page.getByTestId('token-grid').waitFor({ state: 'attached' });
    assert.equal(await page.locator('.grid-line').getAttribute('d'), 'M256,0V480M512,0V480M0,256H640');
    await page.getByText('3 × 2 tiles of 256 px · 384 × 288 px would save 1,290 tok').waitFor();
    await page.getByRole('button', { name: 'Show token grid' }).click();
    await page.getByTestId('token-grid').waitFor({ state: 'detached' });
  });
});

test('commands of VS Code walk through the objects', () =>
  onPage(STATES.detect, async (opened) => {
    const selected = (id: string) => opened.page.locator(`object-row[aria-selected="true"][data-detection-id="${id}"]`).waitFor();
    for (const [action, id] of [
      ['nextObject', '4'],
      ['nextObject', '1'],
      ['previousObject', '4'],
      ['nextStacked', '1'],
    ] as const) {
      await opened.send({ type: 'view', action });
      await selected(id);
    }
  }));

test('over a narrow picture, appearance, grid and panel are behind one button', () =>
  onPage(
    STATES.detect,
    async ({ page }) => {
      const more = page.getByTestId('toolbar').getByRole('button', { name: 'More actions' });
      assert.equal(await page.getByRole('button', { name: 'Appearance (A)' }).isVisible(), false);
      await more.click();
      await page.getByRole('menuitem', { name: 'Appearance' }).click();
      await page.getByRole('dialog', { name: 'Appearance' }).waitFor();
      await page.keyboard.press('Escape');
      await more.click();
      await page.getByRole('menuitem', { name: 'Hide Panel' }).click();
      await page.getByTestId('panel').waitFor({ state: 'hidden' });
    },
    { width: 700 },
  ));

test('the question mark shows all keys, Esc takes the review away and gives the focus back', () =>
  onPage(STATES.detect, async (opened) => {
    const { page } = opened;
    await page.locator('object-row').first().click();
    await page.getByTestId('viewer').press('?');
    const review = page.getByRole('dialog', { name: 'Keyboard Shortcuts' });
    await review.waitFor();
    await page.waitForFunction(() => window.posted.some((message) => message.type === 'viewFocus' && !message.focused));
    assert.equal(
      await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      'Close',
      'Enter leaves nothing by accident',
    );
    await review.getByRole('button', { name: 'Change Keys…' }).click();
    assert.equal((await opened.posted('act')).action, 'changeKeys');
    await page.keyboard.press('Escape');
    await review.waitFor({ state: 'hidden' });
    await page.locator('.viewer:focus').waitFor();
    assert.equal(await page.locator('object-row[aria-selected="true"]').count(), 1);
  }));

test('Tab goes: toolbar (one stop), picture, run head, filter, list (one stop), prompt', () =>
  onPage(STATES.detect, async ({ page }) => {
    await page.getByRole('button', { name: 'Boxes' }).focus();
    await page.keyboard.press('ArrowRight');
    const order: string[] = [];
    const names = () =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        return element.dataset.testid ?? element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
      });
    for (let stop = 0; stop < 14 && order.at(-1) !== 'prompt'; stop++) {
      order.push(await names());
      await page.keyboard.press('Tab');
      if ((await names()) === 'prompt') order.push('prompt');
    }
    assert.equal(order[0], 'Labels');
    assert.equal(order[1], 'viewer');
    const at = (name: string) => order.indexOf(name);
    assert.ok(
      at('runs') > 1 && at('runs') < at('Filter objects') && at('Filter objects') < at('detections') && at('detections') < at('prompt'),
      order.join(),
    );
    await page.getByTestId('viewer').focus();
    await page.keyboard.press('Shift+Tab');
    assert.equal(await names(), 'Labels');
  }));
