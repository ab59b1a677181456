import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Inspection, TASKS } from '../../src/core/inspection/inspection.ts';
import type { SessionState } from '../../src/protocol.ts';
import { answerDifference, CHANGED, sizeOf } from './support/differences.ts';
import type { InspectorPage } from './support/inspectorPage.ts';
import { browserPages } from './support/onPage.ts';
import { IMAGE, OTHER_IMAGE, STATES } from './support/sessions.ts';

const onPage = browserPages();

const words = (page: Page) => page.getByTestId('difference');
const difference = (page: Page) => page.getByRole('button', { name: 'Difference' });
const current = (page: Page) =>
  page.getByTestId('changed-region').evaluateAll((all) => all.findIndex((one) => one.classList.contains('current')));
const view = (page: Page, action: string) => page.evaluate((name) => window.postMessage({ type: 'view', action: name }, '*'), action);

async function open(opened: InspectorPage, found = CHANGED): Promise<void> {
  await difference(opened.page).click();
  await answerDifference(opened, found);
  await opened.page.waitForFunction(
    () => document.querySelector('.difference-bar [data-testid="difference"]')?.textContent?.includes('…') === false,
  );
}

/** A committed version beside the file as it is now, without any run. */
const PAIR: SessionState = {
  ...(STATES.empty as SessionState),
  tasks: [...TASKS],
  images: [IMAGE, OTHER_IMAGE],
  pair: { id: 1, newer: OTHER_IMAGE.uri },
};

suite('the changes between two pictures', () => {
  test('are shown at once where two versions are opened, and again when they are asked for anew', () =>
    onPage(STATES.empty, async (opened) => {
      const { page } = opened;
      await opened.send({ type: 'state', state: PAIR });
      await answerDifference(opened, CHANGED);
      await words(page).filter({ hasText: '3 regions changed, 1.2 % of pixels' }).waitFor();
      assert.deepEqual(await opened.allPosted('difference'), [
        { type: 'difference', request: 1, uris: [IMAGE.uri, OTHER_IMAGE.uri], alignment: 'corner' },
      ]);
      await page.getByRole('button', { name: 'Swipe' }).click();
      await page.getByRole('slider').waitFor();
      await opened.send({ type: 'state', state: { ...PAIR, pair: { id: 2, newer: OTHER_IMAGE.uri } } });
      await words(page).filter({ hasText: '3 regions changed' }).waitFor();
    }));

  test('are asked of the host once, and nothing is sent', () =>
    onPage(STATES.compare, async (opened) => {
      const { page } = opened;
      await difference(page).click();
      await words(page).filter({ hasText: 'Comparing pixels…' }).waitFor();
      await answerDifference(opened, CHANGED);
      await words(page).filter({ hasText: '3 regions changed, 1.2 % of pixels' }).waitFor();
      await page.getByRole('status').filter({ hasText: '3 regions changed' }).waitFor({ state: 'attached' });
      await page.getByRole('button', { name: 'Swipe' }).click();
      await page.getByRole('slider').waitFor();
      await difference(page).click();
      await words(page).filter({ hasText: '3 regions changed' }).waitFor();
      const asked = await opened.allPosted('difference');
      assert.deepEqual(asked, [{ type: 'difference', request: 1, uris: [IMAGE.uri, OTHER_IMAGE.uri], alignment: 'corner' }]);
      assert.deepEqual(await opened.allPosted('run'), []);
    }));

  test('lie over the newer picture, which is dimmed; no objects are drawn, and the names of both stand below', () =>
    onPage(STATES.compare, async (opened) => {
      await open(opened);
      const { page } = opened;
      const seen = await page.locator('.pair.over').evaluate((pair) => ({
        // VS Code's own style sheet limits pictures.
        limits: [...pair.querySelectorAll('.difference-pixels')].map((pixels) => getComputedStyle(pixels).maxHeight),
        opacity: getComputedStyle(pair.querySelector('.picture') as Element).opacity,
        boxes:
          pair.querySelectorAll('[data-testid="box"]:not([hidden])').length > 0 &&
          getComputedStyle(pair.querySelector('.overlay') as Element).display !== 'none',
        name: pair.querySelector('figcaption')?.textContent,
      }));
      assert.deepEqual(seen, {
        limits: ['none'],
        opacity: '0.45',
        boxes: false,
        name: 'Image 1 (kitchen.png) → Image 2 (kitchen later.png)',
      });
      assert.equal(await page.locator('.pair.under').evaluate((pair) => getComputedStyle(pair).visibility), 'hidden');
      const [picture, region] = await Promise.all([
        page.locator('.pair.over .picture').boundingBox(),
        page.getByTestId('changed-region').first().boundingBox(),
      ]);
      assert.ok(picture && region);
      const k = picture.width / IMAGE.width;
      assert.ok(Math.abs(region.x - picture.x - 20 * k) < 1 && Math.abs(region.width - 60 * k) < 1);
    }));

  test('are walked through by buttons and keys, around the end, each in sight and large enough', () =>
    onPage(STATES.compare, async (opened) => {
      await open(opened);
      const { page } = opened;
      await page.getByRole('button', { name: 'Next changed region (N)' }).click();
      assert.equal(await current(page), 0);
      await page.getByTestId('difference-place').filter({ hasText: '1 of 3' }).waitFor();
      await page.getByTestId('viewer').nth(1).focus();
      await view(page, 'nextObject');
      await page.getByTestId('difference-place').filter({ hasText: '2 of 3' }).waitFor();
      assert.equal(await current(page), 1);
      // Two pixels are enlarged.
      await page.waitForFunction(() => (document.querySelectorAll('.changed-region')[1]?.getBoundingClientRect().width ?? 0) > 15);
      await view(page, 'previousObject');
      await view(page, 'previousObject');
      await page.getByTestId('difference-place').filter({ hasText: '3 of 3' }).waitFor();
      await page.getByRole('status').filter({ hasText: 'Region 3 of 3, 80 by 90 pixels, at 500, 300' }).waitFor({ state: 'attached' });
      await page.getByRole('button', { name: 'Previous changed region (Shift+N)' }).click();
      await page.getByTestId('difference-place').filter({ hasText: '2 of 3' }).waitFor();
    }));

  test('where there are none that is said, and there is nothing to walk through', () =>
    onPage(STATES.compare, async (opened) => {
      await open(opened, { ...CHANGED, changed: false, share: 0, regions: [] });
      const { page } = opened;
      assert.equal(await words(page).textContent(), 'No differences');
      assert.equal(await page.getByRole('button', { name: /changed region/ }).count(), 0);
      assert.equal(await page.getByTestId('changed-region').count(), 0);
    }));

  test('of other sizes are aligned by the corner or the center', () =>
    onPage({ ...STATES.compare, images: [IMAGE, { ...OTHER_IMAGE, width: 320, height: 240 }] } as SessionState, async (opened) => {
      await open(opened, { ...CHANGED, sizes: [sizeOf(IMAGE), { width: 320, height: 240 }] });
      const { page } = opened;
      assert.equal(await page.getByTestId('difference-sizes').textContent(), `${IMAGE.width} × ${IMAGE.height} → 320 × 240`);
      const corner = page.getByRole('button', { name: 'Corner' });
      assert.equal(await corner.getAttribute('aria-pressed'), 'true');
      await page.getByRole('button', { name: 'Center' }).click();
      await page.waitForFunction(() => window.posted.filter(({ type }) => type === 'difference').length === 2);
      assert.equal((await opened.posted('difference')).alignment, 'center');
      await answerDifference(opened, {
        ...CHANGED,
        sizes: [sizeOf(IMAGE), { width: 320, height: 240 }],
        regions: [{ x: -10, y: -5, width: 30, height: 30 }],
      });
      await words(page).filter({ hasText: '1 region changed, 1.2 % of pixels' }).waitFor();
      assert.equal(await corner.getAttribute('aria-pressed'), 'false');
    }));

  test('an older answer is passed over, and a failure says why', () =>
    onPage(STATES.compare, async (opened) => {
      const { page } = opened;
      await difference(page).click();
      const { request } = await opened.posted('difference');
      await opened.send({ type: 'difference', request: request - 1, difference: CHANGED });
      await opened.send({
        type: 'difference',
        request,
        problem: {
          reason: 'tooLarge',
          message: 'The images are too large to compare their pixels.',
          detail: 'One has 30 megapixels.',
          actions: [],
        },
      });
      await page.getByRole('alert').filter({ hasText: 'too large to compare their pixels' }).waitFor();
      assert.equal(await page.getByTestId('changed-region').count(), 0);
    }));

  test('a picture of another content is compared anew', () =>
    onPage(STATES.compare, async (opened) => {
      await open(opened);
      const { page } = opened;
      await opened.send({
        type: 'state',
        state: { ...STATES.compare, images: [IMAGE, { ...OTHER_IMAGE, src: `${OTHER_IMAGE.src}2` }] } as SessionState,
      });
      await words(page).filter({ hasText: 'Comparing pixels…' }).waitFor();
      assert.equal((await opened.allPosted('difference')).length, 2);
    }));

  test('an object that is chosen in the list is shown in the picture that holds it', () =>
    onPage(STATES.compare, async (opened) => {
      await open(opened);
      const { page } = opened;
      await page.getByRole('option', { name: /spoon/ }).first().click();
      await page.locator('.side-by-side').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('.pair')[1]?.querySelector('[data-testid="box"]') !== null);
      assert.equal(await difference(page).getAttribute('aria-pressed'), 'false');
    }));

  test('while H is held the newer picture is seen as it is', () =>
    onPage(STATES.compare, async (opened) => {
      await open(opened);
      const { page } = opened;
      await page.getByTestId('viewer').nth(1).focus();
      await page.keyboard.down('h');
      await page.locator('.stacked.only-b:not(.differing)').waitFor();
      assert.equal(await page.getByTestId('difference-layer').count(), 0);
      await page.keyboard.up('h');
      await page.getByTestId('difference-layer').waitFor({ state: 'attached' });
    }));
});

suite('what changed, in words', () => {
  test('is asked for by a button that says what it costs, about the changed regions', () =>
    onPage(STATES.empty, async (opened) => {
      const { page } = opened;
      await opened.send({ type: 'state', state: PAIR });
      await answerDifference(opened, CHANGED);
      await page.getByTestId('changes').filter({ hasText: '3 regions changed, 1.2 % of pixels' }).waitFor();
      await page.getByText(/^kitchen\.png → kitchen later\.png · ≈ [\d,]+ tok/).waitFor();
      assert.deepEqual(await opened.allPosted('run'), []);
      await page.getByRole('button', { name: 'Describe Changes' }).click();
      await page.getByTestId('changes-sent').filter({ hasText: 'only 3 parts of each version are sent' }).waitFor();
      const { parts = [], ...run } = await opened.posted('run');
      assert.deepEqual(run, { type: 'run', task: 'compare', query: '' });
      assert.deepEqual(
        parts.map(({ image }) => image),
        [0, 1, 0, 1, 0, 1],
      );
      await page.getByTestId('panel').getByRole('button', { name: 'What Is Sent?' }).first().click();
      assert.deepEqual(await opened.posted('showSent'), { type: 'showSent', task: 'compare', query: '', parts });
    }));

  test('is nothing to describe where nothing changed', () =>
    onPage(STATES.empty, async (opened) => {
      const { page } = opened;
      await opened.send({ type: 'state', state: PAIR });
      await answerDifference(opened, { ...CHANGED, changed: false, share: 0, regions: [] });
      await page.getByTestId('changes').filter({ hasText: 'No differences' }).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Describe Changes' }).count(), 0);
    }));

  test('goes into the commit message where a version is from the history', () =>
    onPage(STATES.compare, async (opened) => {
      const { page } = opened;
      const insert = page.getByRole('button', { name: 'Insert into Commit Message' });
      assert.equal(await insert.count(), 0);
      const state = STATES.compare as SessionState;
      const runs = state.runs.map((run) => ({ ...run, images: run.images.map((image) => ({ ...image, uri: `git:${image.uri}?{}` })) }));
      await opened.send({ type: 'state', state: { ...state, runs } });
      await insert.click();
      assert.deepEqual(await opened.posted('insertIntoCommit'), { type: 'insertIntoCommit', run: state.shown });
    }));
});

suite('the objects of two versions', () => {
  const found = (id: string, x: number, label: string): Inspection => ({
    ...(STATES.detect?.runs[0] as Inspection),
    id,
    images: [{ uri: IMAGE.uri, sha256: id, mimeType: 'image/png', ...sizeOf(IMAGE) }],
    detections: [
      {
        id: '1',
        label,
        imageIndex: 0,
        box: { x, y: 0.1, width: 0.2, height: 0.2 },
        pixelBox: { x: x * IMAGE.width, y: 10, width: 20, height: 20 },
      },
    ],
  });

  test('are asked for by a button, and then listed and drawn by what became of them', () =>
    onPage(STATES.empty, async (opened) => {
      const { page } = opened;
      await opened.send({ type: 'state', state: PAIR });
      await answerDifference(opened, CHANGED);
      const detect = page.getByRole('button', { name: 'Detect Objects in Both' });
      await detect.click();
      assert.deepEqual(await opened.posted('detectInBoth'), { type: 'detectInBoth' });
      const objects = { older: found('a', 0.1, 'pot'), newer: found('b', 0.7, 'lid') };
      await opened.send({ type: 'state', state: { ...PAIR, pair: { id: 1, newer: OTHER_IMAGE.uri, objects } } });
      await page.getByTestId('task-status').filter({ hasText: '1 added · 1 lost · 0 moved · 0 same' }).waitFor();
      await page.getByRole('option', { name: /lid.*Added, only in the newer version/ }).waitFor();
      await page.getByRole('option', { name: /pot.*Lost, only in the older version/ }).waitFor();
      assert.equal(await detect.count(), 0);
      await page.getByTestId('changes').filter({ hasText: '3 regions changed' }).waitFor();
      // Both lie over the newer version, whose changes are seen; apart each is in its own picture.
      const boxes = (place: number) => page.locator('.pair').nth(place).getByTestId('box').count();
      await page.waitForFunction(() => document.querySelectorAll('.pair.over [data-testid="box"]').length === 2);
      assert.equal(await boxes(0), 0);
      await page.getByRole('button', { name: 'Side by Side' }).click();
      await page.waitForFunction(() => document.querySelectorAll('.pair [data-testid="box"]').length === 2);
      assert.deepEqual([await boxes(0), await boxes(1)], [1, 1]);
    }));
});

suite('how two pictures stand', () => {
  for (const [mode, width, height] of [
    ['Side by Side', 1500, 800],
    ['Stacked', 1000, 700],
  ] as const) {
    test(`they are fitted again once they stand apart, however they were opened: ${mode}`, () =>
      onPage(
        STATES.empty,
        async (opened) => {
          const { page } = opened;
          await opened.send({ type: 'state', state: PAIR });
          await answerDifference(opened, CHANGED);
          await words(page).filter({ hasText: '3 regions changed' }).waitFor();
          if (width === 1500) await page.getByRole('button', { name: mode }).click();
          else {
            await page.getByRole('button', { name: 'How the pictures stand' }).click();
            await page.getByRole('menuitemradio', { name: mode }).click();
          }
          await page.waitForFunction(() => {
            const isInside = (pair: Element) => {
              const [picture, place] = [pair.querySelector('.picture'), pair.querySelector('.pair-picture')].map((one) =>
                one?.getBoundingClientRect(),
              );
              if (!picture || !place || picture.width === 0) return false;
              return (
                picture.left >= place.left && picture.right <= place.right && picture.top >= place.top && picture.bottom <= place.bottom
              );
            };
            return [...document.querySelectorAll('.side-by-side .pair')].map(isInside).join() === 'true,true';
          });
        },
        { width, height },
      ));
  }

  const rects = (page: Page) => page.locator('.pair').evaluateAll((pairs) => pairs.map((pair) => pair.getBoundingClientRect().toJSON()));
  const pressed = (page: Page) =>
    page
      .getByRole('button', { name: /^(Side by Side|Stacked)$/ })
      .evaluateAll((all) => all.map((button) => button.getAttribute('aria-pressed')));

  for (const [width, height, above] of [
    [1200, 1100, true],
    [1500, 500, false],
  ] as const) {
    test(`can be chosen, and is told as it is, at ${width} × ${height}`, () =>
      onPage(
        STATES.compare,
        async ({ page }) => {
          await page.waitForFunction(
            (wanted) => (document.querySelector('[aria-pressed="true"][title^="One picture above"]') !== null) === wanted,
            above,
          );
          assert.deepEqual(await pressed(page), [String(!above), String(above)]);
          for (const mode of above ? ['Side by Side', 'Stacked'] : ['Stacked', 'Side by Side']) {
            await page.getByRole('button', { name: mode }).click();
            await page.locator(mode === 'Stacked' ? '.side-by-side.above' : '.side-by-side.side').waitFor();
            const [a, b] = await rects(page);
            assert.equal(b.y >= a.y + a.height, mode === 'Stacked', mode);
            assert.equal(b.x >= a.x + a.width, mode !== 'Stacked', mode);
          }
        },
        { width, height },
      ));
  }

  test('is chosen in a menu where there is no room for buttons', () =>
    onPage(
      STATES.compare,
      async ({ page }) => {
        assert.equal(await page.getByRole('button', { name: 'Swipe' }).count(), 0);
        await page.getByRole('button', { name: 'How the pictures stand' }).click();
        await page.getByRole('menuitemradio', { name: 'Swipe' }).click();
        await page.getByRole('slider').waitFor();
        const bar = await page.getByTestId('toolbar').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
        assert.ok(bar <= 0, `${bar} px of the bar are out of sight`);
      },
      { width: 1000, height: 700 },
    ));

  test('of three pictures the one with the chosen object lies over the first', () => {
    const third = { ...OTHER_IMAGE, uri: 'file:///pictures/third.png', name: 'third.png', src: `${IMAGE.src}?third` };
    const run = STATES.compare?.runs[0];
    assert.ok(run);
    const [own] = run.images;
    assert.ok(own);
    const detections = (run.detections ?? []).map((one) => (one.imageIndex === 1 ? { ...one, imageIndex: 2 } : one));
    const runs = [{ ...run, detections, images: [own, { ...own, uri: OTHER_IMAGE.uri }, { ...own, uri: third.uri }] }];
    return onPage({ ...STATES.compare, runs, images: [IMAGE, OTHER_IMAGE, third] } as SessionState, async ({ page }) => {
      await page.getByRole('button', { name: 'Swipe' }).click();
      assert.match((await page.locator('.pair.over figcaption').textContent()) ?? '', /kitchen later/);
      await page.getByRole('option', { name: /spoon/ }).first().click();
      await page.locator('.pair.over figcaption').filter({ hasText: 'third.png' }).waitFor();
    });
  });
});
