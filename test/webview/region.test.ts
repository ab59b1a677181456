import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Box } from '../../src/core/inspection/inspection.ts';
import { picturePages, places } from './support/picture.ts';
import { IMAGE_SIZE, inspection, OBJECTS, running, STATES, session, sessionWith } from './support/sessions.ts';

const onPage = picturePages();

const rule = { mimeType: 'image/png', mediaResolution: 'default', calibration: {}, date: '2026-11-27' } as const;
const whole = session({ tasks: ['caption', 'detect', 'segment', 'ask'], cost: { imageTokens: 1089, rule, instructionTokens: {} } });

/** Draws from one point of the picture to another, in fractions of it. */
async function drag(page: Page, from: [number, number], to: [number, number], modifier?: 'Shift'): Promise<void> {
  const { picture } = await places(page);
  const at = ([x, y]: [number, number]) => [picture.x + x * picture.width, picture.y + y * picture.height] as const;
  if (modifier) await page.keyboard.down(modifier);
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 4 });
  await page.mouse.up();
  if (modifier) await page.keyboard.up(modifier);
}

/** Pixels of the picture. */
function assertArea(actual: Box | undefined, [x, y, width, height]: [number, number, number, number], within = 2): void {
  assert.ok(actual);
  const found = [
    actual.x * IMAGE_SIZE.width,
    actual.y * IMAGE_SIZE.height,
    actual.width * IMAGE_SIZE.width,
    actual.height * IMAGE_SIZE.height,
  ];
  for (const [index, wanted] of [x, y, width, height].entries()) {
    assert.ok(Math.abs((found[index] as number) - wanted) <= within, `${found} is not about ${[x, y, width, height]}`);
  }
}

test('a letter that is typed into the prompt is no key of the view, though VS Code learns too late who has the focus', () =>
  onPage(whole, async (opened) => {
    await opened.page.getByTestId('prompt').focus();
    await opened.send({ type: 'view', action: 'chooseRegion' });
    await opened.send({ type: 'view', action: 'showKeys' });
    await opened.page.getByTestId('keys').and(opened.page.locator('[open]')).waitFor();
    assert.equal(await opened.page.getByTestId('region-bar').count(), 0);
  }));

test('Shift and a drag choose a region: its size and price stand under it, and a task runs on it alone', () =>
  onPage(whole, async (opened) => {
    const { page } = opened;
    const before = await page.getByTestId('cost').textContent();
    await drag(page, [0.25, 0.25], [0.75, 0.5], 'Shift');
    const bar = page.getByTestId('region-bar');
    assert.match((await bar.textContent()) ?? '', /3[12]\d × 1[12]\d px · ≈ [\d,]+ tok/);
    assert.notEqual(await page.getByTestId('cost').textContent(), before);
    assert.deepEqual(await opened.allPosted('run'), [], 'drawing sends nothing');
    await bar.getByRole('button', { name: 'Detect' }).click();
    const { region, ...run } = await opened.posted('run');
    assert.deepEqual(run, { type: 'run', task: 'detect', query: '' });
    assertArea(region, [160, 120, 320, 120]);
  }));

test('a region is moved by its inside while it is being placed, changed by its handles, and goes with Esc', () =>
  onPage(whole, async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'view', action: 'chooseRegion' });
    await drag(page, [0.5, 0.5], [0.4, 0.5]);
    await page.getByTestId('region-bar').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="prompt"]:focus').waitFor();
    await drag(page, [0.65, 0.75], [0.9, 1]);
    await page.getByTestId('prompt').fill('a spoon');
    await page.getByRole('button', { name: 'Task' }).click();
    await page.getByRole('menuitemradio', { name: 'Segment' }).click();
    await page.getByTestId('run').click();
    assertArea((await opened.posted('run')).region, [96, 120, 480, 360], 4);
    await page.getByTestId('viewer').focus();
    await page.keyboard.press('Escape');
    await page.getByTestId('region').waitFor({ state: 'detached' });
  }));

test('by keyboard alone: the middle half, arrows move, Shift and arrows resize, Enter takes', () =>
  onPage(whole, async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'view', action: 'chooseRegion' });
    await page.getByTestId('region').waitFor();
    const area = async () => {
      const place = await page
        .getByTestId('region')
        .evaluate((rect) => ['x', 'y', 'width', 'height'].map((name) => Number(rect.getAttribute(name))));
      return place.map(Math.round);
    };
    assert.deepEqual(await area(), [160, 120, 320, 240]);
    for (const key of ['ArrowLeft', 'ArrowUp', 'Shift+ArrowLeft', 'Shift+ArrowDown']) await page.keyboard.press(key);
    const [x = 0, y = 0, width = 0, height = 0] = await area();
    assert.ok(x < 160 && y < 120 && width < 320 && height > 240, `${[x, y, width, height]}`);
    for (let i = 0; i < 200; i++) await page.keyboard.press('ArrowLeft');
    assert.deepEqual((await area()).slice(0, 1), [0], 'it stays on the picture');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="prompt"]:focus').waitFor();
    assert.equal(await page.getByTestId('region').count(), 1);
    assert.deepEqual(await opened.allPosted('run'), []);
  }));

test('without Shift a drag moves the picture, and a click with Shift draws nothing', () =>
  onPage(whole, async (opened) => {
    const { page } = opened;
    await drag(page, [0.25, 0.25], [0.75, 0.5]);
    await drag(page, [0.5, 0.5], [0.5, 0.5], 'Shift');
    assert.equal(await page.getByTestId('region').count(), 0);
  }));

test('the box of an object becomes the region', () =>
  onPage(STATES.detect, async (opened) => {
    await opened.send({ type: 'object', action: 'useRegion', id: '1' });
    await opened.page.getByTestId('region-bar').getByRole('button', { name: 'Segment' }).click();
    assert.deepEqual((await opened.posted('run')).region, OBJECTS[0]?.box);
  }));

test('an object is covered by its menu, by keys too, besides what is covered', () =>
  onPage(
    { ...(STATES.detect as NonNullable<typeof STATES.detect>), covered: [{ x: 0, y: 0, width: 0.1, height: 0.1 }] },
    async (opened) => {
      const { page } = opened;
      await page.locator('object-row').nth(1).click();
      await page.getByTestId('details').getByRole('button', { name: 'More actions' }).press('Enter');
      await page.getByRole('menuitem', { name: 'Cover This Object' }).press('Enter');
      assert.deepEqual((await opened.posted('cover')).areas, [{ x: 0, y: 0, width: 0.1, height: 0.1 }, OBJECTS[1]?.box]);
    },
  ));

test('the part that a result is about is framed', () => {
  const [image] = inspection('detect').images;
  assert.ok(image?.sent);
  const part = { ...image, sent: { ...image.sent, region: { x: 0.5, y: 0, width: 0.25, height: 0.5 } } };
  return onPage(sessionWith(inspection('detect', { images: [part], detections: OBJECTS })), async ({ page }) => {
    const frame = page.getByTestId('run-region');
    assert.deepEqual([await frame.getAttribute('x'), await frame.getAttribute('height')], ['320', '240']);
  });
});

test('an area is covered for good: in what is sent, from wherever a task is begun; and uncovered again', () =>
  onPage({ ...whole, covered: [{ x: 0, y: 0, width: 0.1, height: 0.1 }] }, async (opened) => {
    const { page } = opened;
    assert.equal(await page.getByTestId('covered').count(), 1);
    await drag(page, [0.25, 0.25], [0.75, 0.5], 'Shift');
    await page.getByTestId('region-bar').getByRole('button', { name: 'Cover an area…' }).click();
    await page.getByTestId('cover-bar').waitFor();
    await drag(page, [0.5, 0.5], [0.75, 0.75], 'Shift');
    await page.getByTestId('cover-bar').getByRole('button', { name: 'Cover', exact: true }).click();
    const { areas } = await opened.posted('cover');
    assert.equal(areas.length, 2, 'what was covered before stays covered');
    assertArea(areas[1], [320, 240, 160, 120]);
    await opened.send({ type: 'state', state: { ...whole, covered: areas } });
    const chip = page.getByRole('button', { name: 'In the copy that is sent: 2 covered areas' });
    await chip.click();
    await page.getByRole('menuitem', { name: /Uncover area 1/ }).click();
    assert.deepEqual((await opened.posted('cover')).areas, [areas[1]]);
    await chip.click();
    await page.getByRole('menuitem', { name: 'Uncover all' }).click();
    await page.waitForFunction(() => window.posted.some((message) => message.type === 'cover' && message.areas.length === 0));
  }));

test('Esc gives a cover up before it is laid', () =>
  onPage(whole, async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'view', action: 'chooseRegion' });
    await page.getByTestId('region-bar').getByRole('button', { name: 'Cover an area…' }).click();
    await page.getByTestId('cover-bar').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('cover-bar').waitFor({ state: 'detached' });
    assert.deepEqual(await opened.allPosted('cover'), []);
  }));

test('while a task runs the region runs none', () =>
  onPage({ ...whole, running: running('detect') }, async (opened) => {
    await opened.send({ type: 'view', action: 'chooseRegion' });
    assert.equal(await opened.page.getByTestId('region-bar').getByRole('button', { name: 'Detect' }).isDisabled(), true);
  }));

test('a region goes to the chat; where there is none, the host has the picture copied', () =>
  onPage(whole, async (opened) => {
    const { page } = opened;
    await drag(page, [0.25, 0.25], [0.75, 0.5], 'Shift');
    await page.getByTestId('region-bar').getByRole('button', { name: 'Send to Chat' }).click();
    const { picture } = await opened.posted('sendToChat');
    assert.equal(picture.kind, 'part');
    assertArea(picture.kind === 'part' ? picture.region : undefined, [160, 120, 320, 120]);
    await opened.send({ type: 'copyPicture', picture });
    assert.deepEqual((await opened.posted('makePicture')).picture, picture);
  }));
