import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from 'fast-png';
import { assertBoxesInPlace, formatZoom, type Place, picturePages, places } from './support/picture.ts';
import { drawMask, inspection, object, STATES, sessionWith } from './support/sessions.ts';

const onPage = picturePages();

/** A map of two parts, one with a hole, with soft edges. */
const SOFT = { width: 40, height: 32 };
function softValue(x: number, y: number): number {
  const ring = Math.abs(Math.hypot(x - 13, y - 15) - 8) * 40;
  const bar = Math.abs(x - 33) * 30;
  return Math.max(0, 255 - Math.min(ring, bar));
}

for (const threshold of [127, 200]) {
  test(`masks cover exactly the samples above ${threshold}`, () => {
    const masked = object(1, 'ring', [0.1, 0.2, 0.5, 0.6], {
      mask: { kind: 'bitmap', ...SOFT, png: drawMask(SOFT.width, SOFT.height, softValue) },
    });
    return onPage(sessionWith(inspection('segment', { detections: [masked] }), { maskThreshold: threshold }), async ({ page }) => {
      const mask = page.getByTestId('mask');
      await mask.waitFor({ state: 'attached' });
      assert.deepEqual([await mask.getAttribute('data-detection-id'), await mask.getAttribute('aria-label')], ['1', 'ring']);
      const covered = await mask.evaluate(
        (path, { box, map }) =>
          Array.from({ length: map.width * map.height }, (_, i) => {
            const x = box.x + (((i % map.width) + 0.5) / map.width) * box.width;
            const y = box.y + ((Math.floor(i / map.width) + 0.5) / map.height) * box.height;
            return (path as SVGGeometryElement).isPointInFill(new DOMPoint(x, y));
          }),
        { box: { x: 64, y: 96, width: 320, height: 288 }, map: SOFT },
      );
      for (const [i, inside] of covered.entries()) {
        const [x, y] = [i % SOFT.width, Math.floor(i / SOFT.width)];
        assert.equal(inside, Math.trunc(softValue(x, y)) > threshold, `sample ${x}, ${y}`);
      }
    });
  });
}

for (const theme of ['dark', 'highContrast'] as const) {
  test(`a thin mask is seen through its outline, selected or not (${theme})`, () => {
    // One row of a map that is as fine as the picture, two pixels high: all of it would lie under its line.
    const strip = drawMask(192, 48, (_x, y) => (y === 24 ? 255 : 0));
    const rod = object(1, 'rod', [0.2, 0.4, 0.6, 0.2], { mask: { kind: 'bitmap', width: 192, height: 48, png: strip } });
    const grey = Buffer.from(encode({ width: 1, height: 1, channels: 3, data: Uint8Array.of(128, 128, 128) }));
    return onPage(
      sessionWith(inspection('segment', { detections: [rod] })),
      async ({ page }) => {
        await page.locator('.object > .mask').waitFor({ state: 'attached' });
        const greyIn = async () => {
          const { picture } = await places(page);
          const clip = {
            x: picture.x + picture.width * 0.4,
            y: picture.y + picture.height * 0.45,
            width: 4,
            height: picture.height * 0.12,
          };
          const { data, width, channels } = decode(await page.screenshot({ clip }));
          const column = Array.from({ length: data.length / width / channels }, (_, y) =>
            data.subarray(y * width * channels, y * width * channels + 3),
          );
          // From the middle of the strip, 24.5 of 48 rows down its box.
          const middle = column[Math.round(picture.height * (0.4 + (0.2 * 24.5) / 48 - 0.45))] ?? [];
          return Math.max(...Array.from(middle, (value) => Math.abs(value - 128)));
        };
        const unselected = await greyIn();
        await page.locator('object-row').first().click();
        await page.locator('.lifted.selected').waitFor({ state: 'attached' });
        const selected = await greyIn();
        assert.ok(unselected < 64 && selected < 64, `${unselected} and ${selected} from grey`);
      },
      { theme, picture: grey },
    );
  });
}

test('after Segment masks are drawn and box lines are not; the toggles turn both', () =>
  onPage(STATES.segment, async ({ page }) => {
    await page.getByTestId('mask').nth(3).waitFor({ state: 'attached' });
    assert.equal(await page.getByTestId('box').count(), 4);
    assert.equal(await page.locator('.object > rect.line').count(), 0);
    await page.getByRole('button', { name: 'Boxes' }).click();
    assert.equal(await page.locator('.object > rect.line').count(), 4);
    await page.getByRole('button', { name: 'Masks' }).click();
    assert.equal(await page.getByTestId('mask').count(), 0);
    await page.getByRole('button', { name: 'Labels' }).click();
    assert.equal(await page.locator('.tag').count(), 0);
  }));

test('an object whose mask is not readable is drawn as its box', () =>
  onPage(STATES.problem, async ({ page }) => {
    await page.getByTestId('mask').nth(1).waitFor({ state: 'attached' });
    assert.equal(await page.getByTestId('mask').count(), 2);
    assert.equal(await page.locator('.object > rect.line').count(), 1);
    await page
      .getByTestId('detections')
      .getByRole('option', { name: /mask not readable/ })
      .waitFor();
  }));

test('picture and list select together, a second click takes the object below, Esc clears', () =>
  onPage(STATES.detect, async ({ page }) => {
    const lid = (await places(page)).boxes['4'] as Place;
    const selected = page.locator('object-row[aria-selected="true"]');
    const at = [lid.x + lid.width / 2, lid.y + lid.height / 2] as const;
    await page.mouse.move(...at);
    await page.locator('object-row.hovered[data-detection-id="4"]').waitFor();
    await page.mouse.click(...at);
    assert.equal(await selected.getAttribute('data-detection-id'), '4');
    assert.equal(await page.getByTestId('viewer').getAttribute('aria-activedescendant'), 'object-4');
    await page.mouse.click(...at, { delay: 20 });
    await page.locator('object-row[aria-selected="true"][data-detection-id="1"]').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await selected.count(), 0);
    await page.mouse.click(...at, { delay: 20 });
    await page.locator('.object.dim').first().waitFor({ state: 'attached' });
    const { picture } = await places(page);
    await page.mouse.click(picture.x + 0.45 * picture.width, picture.y + 0.05 * picture.height);
    await page.locator('.object.dim').first().waitFor({ state: 'detached' });
    assert.equal(await page.getByTestId('viewer').getAttribute('aria-activedescendant'), null);
    await page.locator('object-row').nth(2).click();
    await page.locator('.lifted.selected').waitFor();
    assert.equal(
      await page
        .locator('.tag.selected')
        .textContent()
        .then((text) => text?.trim()),
      '3 wooden spoon with a rather long name',
    );
  }));

test('hiding takes an object away, says so, and can be undone', () =>
  onPage(STATES.detect, async ({ page }) => {
    await page.locator('object-row').nth(1).click();
    await page.getByTestId('detections').focus();
    await page.keyboard.press('Delete');
    await page.getByText('3 of 4 · 1 hidden').waitFor();
    assert.equal(await page.getByTestId('box').count(), 3);
    await page.keyboard.press('Control+z');
    assert.equal(await page.getByTestId('box').count(), 4);
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Show All' }).click();
    assert.equal(await page.getByTestId('box').count(), 4);
  }));

test('the list is used by keys, and Enter zooms to the object and back', () =>
  onPage(STATES.detect, async ({ page }) => {
    const list = page.getByTestId('detections');
    await list.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await list.getAttribute('aria-activedescendant'), 'row-2');
    await page.keyboard.press('End');
    assert.equal(await list.getAttribute('aria-activedescendant'), 'row-4');
    const before = await places(page);
    await page.keyboard.press('Enter');
    const near = await places(page);
    assert.ok(near.picture.width > 2 * before.picture.width);
    const lid = near.boxes['4'] as Place;
    assert.ok(lid.x > near.viewer.x && lid.x + lid.width < near.viewer.x + near.viewer.width);
    await page.keyboard.press('Enter');
    assert.ok(Math.abs((await places(page)).picture.width - before.picture.width) < 0.5);
  }));

test("single keys are the view's only while no field has the focus", () =>
  onPage(STATES.detect, async (opened) => {
    await opened.page.getByTestId('viewer').focus();
    assert.deepEqual(await opened.posted('viewFocus'), { type: 'viewFocus', focused: true });
    await opened.page.getByTestId('prompt').focus();
    await opened.page.waitForFunction(() => window.posted.some((message) => message.type === 'viewFocus' && !message.focused));
    await opened.page.keyboard.press('z');
    assert.equal(await formatZoom(opened.page), '125 %');
    assert.equal(await opened.page.getByTestId('prompt').inputValue(), 'z');
  }));

test('after Segment the status says how much of the image the masks cover together', () => {
  const full = { kind: 'bitmap', width: 64, height: 64, png: drawMask(64, 64, () => 255) } as const;
  const half = { kind: 'bitmap', width: 64, height: 64, png: drawMask(64, 64, (x) => (x < 32 ? 255 : 0)) } as const;
  const detections = [
    object(1, 'left', [0, 0, 0.5, 1], { mask: full }),
    object(2, 'inside left', [0.1, 0.1, 0.2, 0.2], { mask: full }),
    object(3, 'right, half of it', [0.5, 0, 0.5, 0.5], { mask: half }),
    object(4, 'triangle', [0.5, 0.5, 0.5, 0.5], {
      mask: {
        kind: 'polygon',
        points: [
          [0.5, 0.5],
          [1, 1],
          [0.5, 1],
        ],
      },
    }),
  ];
  return onPage(sessionWith(inspection('segment', { detections })), async ({ page }) => {
    // A half, an eighth, an eighth.
    await page.getByText('4 objects · 4 labels · 75 % of the image').waitFor();
    await page.locator('object-row').first().click();
    await page.keyboard.press('Delete');
    await page.getByText('3 of 4 · 1 hidden').waitFor();
    assert.equal(await page.getByText('75 % of the image').count(), 1, 'hiding is no part of the answer');
  });
});

test('points are drawn, can be turned off, and have a box without size', () =>
  onPage(
    sessionWith(inspection('detect', { detections: [object(1, 'tip', [0.5, 0.5, 0, 0], { point: { x: 0.5, y: 0.5 } })] })),
    async ({ page }) => {
      assert.equal(await page.locator('.object > .point').count(), 1);
      await assertBoxesInPlace(page, [object(1, 'tip', [0.5, 0.5, 0, 0])]);
      await page.getByRole('button', { name: 'Points' }).click();
      assert.equal(await page.locator('.object > .point').count(), 0);
    },
  ));

test('a thousand objects are drawn, and the keys walk through them', () => {
  const thousand = Array.from({ length: 1000 }, (_, i) =>
    object(i + 1, `kind ${i % 7}`, [(i % 40) * 0.024, Math.floor(i / 40) * 0.039, 0.02, 0.03]),
  );
  return onPage(sessionWith(inspection('detect', { detections: thousand })), async ({ page }) => {
    assert.equal(await page.getByTestId('box').count(), 1000);
    await page.getByTestId('detections').focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown');
    const selected = page.locator('[role="option"][aria-selected="true"]');
    // More than 30 objects are listed by label, and every seventh has the same one.
    await selected.and(page.locator('[data-detection-id="29"]')).waitFor();
    assert.equal(await selected.count(), 1);
  });
});

test('the tags of many objects share one transform, and stand where those of few do', async () => {
  const many = Array.from({ length: 250 }, (_, i) =>
    object(i + 1, 'jar', [0.05 + (i % 25) * 0.035, 0.05 + Math.floor(i / 25) * 0.09, 0.02, 0.04]),
  );
  const corners: { x: number; y: number }[] = [];
  for (const [detections, isOne] of [
    [many.slice(0, 1), false],
    [many, true],
  ] as const) {
    await onPage(sessionWith(inspection('detect', { detections })), async ({ page }) => {
      const corner = await page.locator('[data-tag-id="1"] .tag-plate').boundingBox();
      assert.ok(corner);
      corners.push(corner);
      assert.equal((await page.locator('.tags [transform]').count()) === 0, isOne);
    });
  }
  const [alone, among] = corners;
  assert.ok(alone && among && Math.hypot(alone.x - among.x, alone.y - among.y) < 0.5, JSON.stringify(corners));
});

test('what a filter hides of many objects is neither seen nor hit nor read out, and the rows that stay are the same elements', () => {
  const many = Array.from({ length: 250 }, (_, i) =>
    object(i + 1, i % 2 === 0 ? 'jar' : 'lid', [0.05 + (i % 25) * 0.035, 0.05 + Math.floor(i / 25) * 0.09, 0.02, 0.04]),
  );
  return onPage(sessionWith(inspection('detect', { detections: many })), async ({ page }) => {
    await page.waitForFunction(() => document.querySelectorAll('object-row').length === 250);
    const seen = (selector: string) => page.locator(`${selector}:visible`).count();
    const names = (role: 'option' | 'img') => page.getByRole(role, { name: role === 'option' ? /^\d+, / : /^(?:jar|lid)$/ }).count();
    const lid = page.locator('#row-2');
    const before = await lid.elementHandle();
    const box = (await places(page)).boxes['2'] as Place;
    await page.getByRole('textbox', { name: 'Filter objects' }).fill('jar');
    await page.getByText('125 of 250 · 125 hidden').waitFor();
    assert.deepEqual(
      [await seen('object-row'), await seen('.object .line'), await names('option'), await names('img')],
      [125, 125, 125, 125],
    );
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    assert.equal(await page.locator('object-row[aria-selected="true"]').count(), 0);
    await page.getByRole('button', { name: 'Show All' }).click();
    await lid.waitFor();
    assert.deepEqual([await seen('object-row'), await names('img')], [250, 250]);
    assert.ok(await lid.evaluate((row, other) => row === other, before));
  });
});
