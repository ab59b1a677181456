import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserPages } from './support/onPage.ts';
import { inspection, OBJECTS, REPLY, STATES, sessionWith } from './support/sessions.ts';

const onPage = browserPages();

test('a dropped object links to its line, which is marked and says why', () =>
  onPage(STATES.problem, async ({ page }) => {
    assert.deepEqual(await page.locator('.dropped .link').allTextContents(), ['Line 5', 'Line 6']);
    await page.getByRole('button', { name: 'Line 5' }).click();
    const line = page.locator('.reply-line.opened');
    await line.waitFor();
    assert.equal(await line.textContent(), `${REPLY[3]},\n`);
    assert.equal(await line.evaluate((element) => getComputedStyle(element, '::before').content), 'counter(line)');
    assert.equal(await page.locator('.reply-line').nth(4).textContent(), await line.textContent());
    assert.match(await line.evaluate((element) => getComputedStyle(element, '::after').content), /^"↑ 4 dropped: The box has 3 numbers/);
    await page.locator('.raw-text:focus').waitFor();
    await page.getByRole('button', { name: 'Line 6' }).click();
    assert.equal(await line.textContent(), REPLY[4]);
  }));

test('objects carry their colour in the raw reply, and select both ways', () =>
  onPage(STATES.problem, async ({ page }) => {
    await page.getByRole('button', { name: /Show raw reply/ }).click();
    const colours = await page
      .locator('.reply-line')
      .evaluateAll((lines) => lines.map((line) => getComputedStyle(line, '::before').borderRightColor));
    const none = 'rgba(0, 0, 0, 0)';
    assert.deepEqual(colours, [none, 'rgb(105, 193, 252)', 'rgb(105, 193, 252)', 'rgb(223, 88, 34)', none, none]);
    await page.locator('.reply-line').nth(2).locator('.part').click();
    assert.equal(await page.locator('object-row[aria-selected="true"]').getAttribute('data-detection-id'), '2');
    await page.locator('object-row').nth(2).click();
    assert.equal(await page.locator('.reply-line.selected').textContent(), `${REPLY[2]},\n`);
  }));

test('in a reply of one line objects are marked by their characters', () => {
  const raw = `[${REPLY[0]},${REPLY[3]}]`;
  const run = inspection('detect', {
    detections: OBJECTS.slice(0, 1),
    dropped: [{ index: 1, reason: 'The box has 3 numbers, 4 are needed.', raw: REPLY[3] as string }],
    raw,
  });
  return onPage(sessionWith(run), async ({ page }) => {
    await page.getByRole('button', { name: `Character ${raw.indexOf(REPLY[3] as string) + 1}` }).click();
    assert.deepEqual(await page.locator('.part').allTextContents(), [REPLY[0], REPLY[3]]);
    assert.equal(await page.locator('.part.dropped.opened').textContent(), REPLY[3]);
    await page.locator('.part').first().click();
    assert.equal(await page.locator('.part.selected').textContent(), REPLY[0]);
    assert.equal(await page.getByTestId('raw').textContent(), raw);
  });
});

test('the menu of a run opens its raw reply in an editor', () =>
  onPage(STATES.problem, async (opened) => {
    const { page } = opened;
    await page.getByTestId('panel').getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Open Raw Reply in Editor' }).click();
    const { action, text } = await opened.posted('act');
    assert.equal(action, 'openText');
    assert.ok(text?.includes(REPLY[3] ?? 'missing'));
  }));
