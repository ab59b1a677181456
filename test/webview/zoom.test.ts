import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertBoxesInPlace, formatZoom, picturePages, places } from './support/picture.ts';
import { drawPicture, IMAGE, OBJECTS, STATES, session } from './support/sessions.ts';

const onPage = picturePages();

test('the picture opens whole and boxes stand in their places, also after resizing, zooming and panning', () =>
  onPage(STATES.detect, async ({ page }) => {
    const opened = await places(page);
    assert.ok(opened.picture.x >= opened.viewer.x && opened.picture.x + opened.picture.width <= opened.viewer.x + opened.viewer.width);
    assert.ok(opened.picture.y >= opened.viewer.y && opened.picture.y + opened.picture.height <= opened.viewer.y + opened.viewer.height);
    await assertBoxesInPlace(page, OBJECTS);

    await page.setViewportSize({ width: 900, height: 500 });
    await page.waitForFunction(
      (before) => (document.querySelector('.picture') as Element).getBoundingClientRect().width < before - 50,
      opened.picture.width,
    );
    const fitted = await places(page);
    assert.ok(fitted.picture.height <= fitted.viewer.height && fitted.picture.width <= fitted.viewer.width);
    await assertBoxesInPlace(page, OBJECTS);

    await page.mouse.move(200, 200);
    await page.mouse.wheel(0, -400);
    await page.waitForFunction(
      (before) => (document.querySelector('.picture') as Element).getBoundingClientRect().width > before + 50,
      fitted.picture.width,
    );
    await assertBoxesInPlace(page, OBJECTS);
    await page.mouse.down();
    await page.mouse.move(260, 230, { steps: 4 });
    await page.mouse.up();
    await assertBoxesInPlace(page, OBJECTS);

    const zoomed = await places(page);
    await page.setViewportSize({ width: 1000, height: 600 });
    await page.waitForFunction(
      (before) => (document.querySelector('[data-testid="viewer"]') as Element).getBoundingClientRect().width > before,
      zoomed.viewer.width,
    );
    assert.ok(Math.abs((await places(page)).picture.width - zoomed.picture.width) < 0.01, 'a zoomed picture keeps its zoom');
  }));

test('the wheel zooms at the pointer', () =>
  onPage(STATES.detect, async ({ page }) => {
    const before = (await places(page)).picture;
    const pointer = { x: before.x + 0.25 * before.width, y: before.y + 0.75 * before.height };
    await page.mouse.move(pointer.x, pointer.y);
    await page.mouse.wheel(0, -300);
    await page.waitForFunction(
      (width) => (document.querySelector('.picture') as Element).getBoundingClientRect().width > width * 1.2,
      before.width,
    );
    const { picture } = await places(page);
    assert.ok(Math.abs(picture.x + 0.25 * picture.width - pointer.x) < 1 && Math.abs(picture.y + 0.75 * picture.height - pointer.y) < 1);
  }));

test('buttons, keys and commands of VS Code zoom', () =>
  onPage(STATES.empty, async (opened) => {
    const { page } = opened;
    assert.equal(await formatZoom(page), '125 %');
    await page.getByRole('button', { name: 'Zoom in (+)' }).click();
    assert.equal(await formatZoom(page), '156 %');
    await page.getByTestId('viewer').focus();
    await page.keyboard.press('-');
    assert.equal(await formatZoom(page), '125 %');
    await opened.send({ type: 'view', action: 'actualSize' });
    await page.getByText('100 %').first().waitFor();
    await opened.send({ type: 'view', action: 'actualSize' });
    await page.getByText('125 %').first().waitFor();
    await page.keyboard.press('0');
    assert.equal(await formatZoom(page), '125 %');
    await page.getByTestId('toolbar').locator('pop-menu button').first().click();
    await page.getByRole('menuitem', { name: '400 %' }).click();
    assert.equal(await formatZoom(page), '400 %');
    assert.equal(await page.locator('.stage.pixelated').count(), 1);
  }));

test('a picture whose size only the browser knows is fitted too', () =>
  onPage(session({ images: [{ ...IMAGE, width: 0, height: 0 }] }), async ({ page }) => {
    await page.locator('.stage:not([hidden])').waitFor();
    const { picture, viewer } = await places(page);
    assert.ok(picture.width > 0.8 * viewer.width && picture.width <= viewer.width);
  }));

test('a picture that the browser cannot show is said so, and boxes still have their places', () =>
  onPage(
    STATES.detect,
    async ({ page, errors }) => {
      await page.getByText('VS Code cannot show this kind of image.').waitFor();
      await assertBoxesInPlace(page, OBJECTS);
      errors.length = 0;
    },
    { picture: Buffer.from('no picture') },
  ));

test('a picture that is still being made is waited for in silence, then shown', () =>
  onPage(session({}), async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'state', state: session({ images: [{ ...IMAGE, src: '' }] }) });
    await page.locator('.picture').waitFor({ state: 'detached' });
    assert.equal(await page.locator('.viewer-note').count(), 0);
    await opened.send({ type: 'state', state: session({}) });
    await page.locator('.picture').waitFor();
  }));

for (const word of [{ flaw: 'A part is missing.' }, { hint: 'This picture looks blurred.' }]) {
  test(`a word about a picture that is shown stands below it: ${Object.keys(word)}`, () =>
    onPage(session({ images: [{ ...IMAGE, ...word }] }), async ({ page }) => {
      const words = await page.getByText(Object.values(word).join()).boundingBox();
      const { viewer } = await places(page);
      await page.locator('.picture').waitFor();
      assert.ok(words && words.y > viewer.y + 0.8 * viewer.height);
    }));
}

test('holding H hides everything over the picture', () =>
  onPage(STATES.detect, async ({ page }) => {
    await page.getByTestId('viewer').focus();
    await page.keyboard.down('h');
    assert.equal(await page.getByTestId('overlay').isVisible(), false);
    await page.keyboard.up('h');
    assert.equal(await page.getByTestId('overlay').isVisible(), true);
  }));

test('zoom keys and commands say the zoom, and nothing else is said again', () =>
  onPage(STATES.detect, async (opened) => {
    const { page } = opened;
    const spoken = page.locator('[role="status"]');
    await spoken.filter({ hasText: 'Done. 4 objects, 3 labels.' }).waitFor({ state: 'attached' });
    await page.getByTestId('viewer').focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await spoken.filter({ hasText: 'Zoom 195 %' }).waitFor({ state: 'attached' });
    await opened.send({ type: 'view', action: 'fit' });
    await spoken.filter({ hasText: 'Zoom 125 %' }).waitFor({ state: 'attached' });
    await page.locator('object-row').first().click();
    assert.equal(await spoken.textContent(), 'Zoom 125 %');
  }));

test('the read-out gives image pixels, thousandths and the colour', () =>
  onPage(STATES.detect, async ({ page }) => {
    const { picture } = await places(page);
    await page.mouse.move(picture.x + 0.5 * picture.width, picture.y + 0.25 * picture.height);
    // The pixels are fetched when they are first asked for.
    await page.waitForFunction(() => {
      document.querySelector('.viewer')?.dispatchEvent(new PointerEvent('pointermove', { clientX: 300, clientY: 300, bubbles: true }));
      return document.querySelector('.readout .colour') !== null;
    });
    await page.mouse.move(picture.x + 0.5 * picture.width, picture.y + 0.25 * picture.height);
    assert.match((await page.locator('.readout').textContent()) ?? '', /^x 320 {2}y 120 · 0 to 1000: 500, 250 · #555A82$/);
    await page.mouse.move(picture.x + picture.width + 5, picture.y - 30);
    await page.locator('.readout').waitFor({ state: 'hidden' });
  }));

test('the read-out follows a zoom under a pointer that stands still', () =>
  onPage(STATES.detect, async ({ page }) => {
    const { picture } = await places(page);
    await page.mouse.move(picture.x + 0.25 * picture.width, picture.y + 0.25 * picture.height);
    const readout = page.locator('.readout').filter({ hasText: 'x 160' });
    await readout.waitFor();
    await page.keyboard.press('+');
    await readout.waitFor({ state: 'detached' });
    await page.keyboard.press('0');
    await readout.waitFor();
    await page.keyboard.press('9');
    await page.keyboard.press('8');
  }));

test('a large picture opens whole', () =>
  onPage(
    session({ images: [{ ...IMAGE, width: 4000, height: 250 }] }),
    async ({ page }) => {
      const { picture, viewer } = await places(page);
      assert.ok(picture.width <= viewer.width && Math.abs(picture.width / picture.height - 16) < 0.01);
    },
    { picture: drawPicture({ width: 4000, height: 250 }) },
  ));

test('two fingers scale the picture around what they hold', () =>
  onPage(STATES.detect, async ({ page }) => {
    const before = (await places(page)).picture;
    const middle = { x: Math.round(before.x + before.width / 2), y: Math.round(before.y + before.height / 2) };
    await page.evaluate(({ x, y }) => {
      const surface = document.querySelector('.viewer') as Element;
      const finger = (name: string, pointerId: number, clientX: number) =>
        surface.dispatchEvent(
          new PointerEvent(name, {
            pointerId,
            pointerType: 'touch',
            clientX,
            clientY: y,
            button: 0,
            buttons: 1,
            bubbles: true,
            cancelable: true,
          }),
        );
      finger('pointerdown', 1, x - 20);
      finger('pointerdown', 2, x + 20);
      finger('pointermove', 1, x - 40);
      finger('pointermove', 2, x + 40);
      finger('pointerup', 1, x - 40);
      finger('pointerup', 2, x + 40);
    }, middle);
    const { picture } = await places(page);
    assert.ok(Math.abs(picture.width - 2 * before.width) < 1);
    assert.ok(Math.abs(picture.x + picture.width / 2 - before.x - before.width / 2) < 2);
    await assertBoxesInPlace(page, OBJECTS);
  }));

test('the click that ends a drag selects nothing, and the next one selects', () =>
  onPage(STATES.detect, async ({ page }) => {
    const box = await page.getByTestId('box').first().boundingBox();
    assert.ok(box);
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    await page.mouse.move(at.x + 20, at.y, { steps: 2 });
    await page.mouse.up();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    assert.equal(await page.locator('object-row[aria-selected="true"]').count(), 0);
    await page.mouse.click(at.x + 20, at.y);
    await page.locator('object-row[aria-selected="true"]').waitFor();
  }));
