import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { TASKS } from '../../src/core/inspection/inspection.ts';
import { browserPages } from './support/onPage.ts';
import { inspection, object, session } from './support/sessions.ts';

const onPage = browserPages();

const HOSTILE = '<b>third</b> line';
const LINES = [
  object(1, 'First line of text', [0.1, 0.1, 0.5, 0.08]),
  object(2, 'Second line', [0.1, 0.2, 0.4, 0.08]),
  object(3, HOSTILE, [0.1, 0.3, 0.4, 0.08]),
  object(4, 'upwards line', [0.8, 0.2, 0.06, 0.6], {
    mask: {
      kind: 'polygon',
      points: [
        [0.8, 0.8],
        [0.8, 0.2],
        [0.86, 0.2],
        [0.86, 0.8],
      ],
    },
  }),
];
const TEXT = LINES.map(({ label }) => label).join('\n');
const READ = session({
  tasks: [...TASKS],
  runs: [inspection('readText', { id: 'read', text: TEXT, detections: LINES })],
  shown: 'read',
});

/** Where a line of the picture stands on the page. */
async function placeOf(page: Page, id: number) {
  const box = await page.locator(`[data-testid="text-line"][data-detection-id="${id}"]`).boundingBox();
  assert.ok(box);
  return box;
}

test('the words of the picture lie where they are seen, turned ones along their corners', () =>
  onPage(READ, async ({ page }) => {
    const picture = await page.locator('.picture').boundingBox();
    assert.ok(picture);
    for (const { id, box } of LINES) {
      const line = await placeOf(page, Number(id));
      const expected = [
        picture.x + box.x * picture.width,
        picture.y + box.y * picture.height,
        box.width * picture.width,
        box.height * picture.height,
      ];
      // Where no font has a character, the browser draws another width than it measures: by up to 3 %.
      for (const [index, value] of [line.x, line.y, line.width, line.height].entries())
        assert.ok(
          Math.abs(value - (expected[index] as number)) < Math.max(3, 0.03 * (expected[index] as number)),
          `line ${id}: ${value} is not ${expected[index]}`,
        );
    }
    assert.equal(await page.getByTestId('text-line').nth(2).textContent(), HOSTILE);
    // Lines are no objects.
    assert.equal(await page.getByTestId('box').count(), 0);
  }));

test('the mouse selects over lines as in a page, and the picture stays', () =>
  onPage(READ, async ({ page }) => {
    const [first, second] = [await placeOf(page, 1), await placeOf(page, 2)];
    const before = await page.locator('.picture').boundingBox();
    await page.mouse.move(first.x + 1, first.y + first.height / 2);
    await page.mouse.down();
    await page.mouse.move(second.x + second.width - 1, second.y + second.height / 2, { steps: 5 });
    await page.mouse.up();
    assert.equal(await page.evaluate(() => getSelection()?.toString()), 'First line of text\nSecond line');
    assert.deepEqual(await page.locator('.picture').boundingBox(), before);
  }));

test('Ctrl+F finds words in the picture, counts and marks them', () =>
  onPage(READ, async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'view', action: 'focusFilter' });
    await page.getByTestId('find-bar').getByRole('textbox').waitFor();
    const count = page.getByTestId('find-count');
    await page.keyboard.type('LINE');
    await page.waitForFunction(() => document.querySelector('[data-testid="find-count"]')?.textContent === '1 of 4');
    const marks = () =>
      page.evaluate(() =>
        ['live-text-match', 'live-text-current'].map((name) =>
          [...(CSS.highlights.get(name) ?? [])].map((range) => (range as Range).toString()).join(' '),
        ),
      );
    assert.deepEqual(await marks(), ['line line line', 'line']);
    await page.keyboard.press('Enter');
    assert.equal(await count.textContent(), '2 of 4');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.press('Shift+Enter');
    assert.equal(await count.textContent(), '4 of 4');
    await page.keyboard.press('Escape');
    assert.equal(await page.getByTestId('find-bar').count(), 0);
    assert.deepEqual(await marks(), ['', '']);
  }));
