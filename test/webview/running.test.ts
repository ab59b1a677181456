import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detection } from '../../src/core/inspection/inspection.ts';
import type { ToWebviewMessage } from '../../src/protocol.ts';
import { browserPages } from './support/onPage.ts';
import { ellipseMask, MASKED, object, retrying, running, session } from './support/sessions.ts';

declare global {
  interface Window {
    /** Elements of objects that were touched after they had been drawn. */
    changes: string[];
  }
}

const onPage = browserPages();

/** A hundred objects in rows, with masks of their own. */
const HUNDRED: Detection[] = Array.from({ length: 100 }, (_, i) =>
  object(i + 1, `kind ${i % 12}`, [(i % 10) * 0.097, Math.floor(i / 10) * 0.097, 0.08, 0.08], {
    mask: { kind: 'bitmap', width: 256, height: 256, png: ellipseMask(256) },
  }),
);
const NEXT: Detection[] = Array.from({ length: 5 }, (_, i) =>
  object(101 + i, 'a late one', [0.1 + i * 0.1, 0.4, 0.3, 0.3], { mask: { kind: 'bitmap', width: 64, height: 64, png: ellipseMask() } }),
);

test('objects of progress messages are added to those that are there', () => {
  const first = running('segment', { phase: 'receiving', detections: MASKED.slice(0, 1) });
  return onPage(session({ running: first }), async (opened) => {
    const ids = () => opened.page.getByTestId('box').evaluateAll((boxes) => boxes.map((box) => box.getAttribute('data-detection-id')));
    for (const detections of [MASKED.slice(1, 2), [], MASKED.slice(2, 4)]) {
      await opened.send({ type: 'progress', running: { ...first, detections } });
    }
    await opened.page.getByText('4 found so far').waitFor();
    assert.deepEqual(await ids(), ['1', '2', '3', '4']);
    assert.equal(await opened.page.getByRole('option').count(), 4);
    await opened.send({ type: 'state', state: session({ running: { ...first, detections: MASKED.slice(0, 2) } }) });
    await opened.page.getByText('2 found so far').waitFor();
    assert.deepEqual(await ids(), ['1', '2'], 'a state carries all');
    await opened.send({ type: 'progress', running: { ...retrying('segment'), startedAt: first.startedAt } });
    await opened.page.getByText('Attempt 2 of 5.').waitFor();
    assert.deepEqual(await ids(), [], 'another attempt begins with nothing');
  });
});

test('among a hundred objects a new one is drawn without touching the others', () => {
  const before = running('segment', { phase: 'receiving', detections: HUNDRED });
  return onPage(session({ running: before }), async ({ page }) => {
    await page.getByTestId('mask').nth(99).waitFor({ state: 'attached' });
    await page.evaluate(() => {
      const objects = [...document.querySelectorAll('.object')];
      window.changes = [];
      new MutationObserver((records) => {
        for (const { target } of records) {
          if (objects.some((object) => object.contains(target))) window.changes.push((target as Element).outerHTML);
        }
      }).observe(document.querySelector('[data-testid="overlay"]') as Element, { subtree: true, childList: true, attributes: true });
    });
    for (const detection of NEXT) {
      const message: ToWebviewMessage = { type: 'progress', running: { ...before, detections: [detection] } };
      await page.evaluate((sent) => window.postMessage(sent, '*'), message);
      await page.locator(`[data-testid="mask"][data-detection-id="${detection.id}"]`).waitFor({ state: 'attached' });
    }
    assert.deepEqual(await page.evaluate(() => window.changes), []);
  });
});

test('an object that arrives fades in, unless motion is unwelcome; what was there before does not', async () => {
  const animated = (element: SVGElement | HTMLElement) => getComputedStyle(element).animationName;
  await onPage(session({ running: running('detect', { detections: MASKED.slice(0, 1) }) }), async ({ page }) => {
    const arrived = page.locator('.object').first();
    await arrived.waitFor({ state: 'attached' });
    assert.equal(await arrived.evaluate(animated), 'arrive');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    assert.equal(await arrived.evaluate(animated), 'none');
  });
});

test('a wait says why, for how long and which attempt comes, counts down, and can be ended', () =>
  onPage(session({ running: retrying('detect') }), async (opened) => {
    const { page } = opened;
    const status = page.getByTestId('task-status');
    await page.getByText('Attempt 2 of 5. Gemini limits how many requests a minute a key may make.').waitFor();
    await page.getByText('Nothing is sent until the wait is over.').waitFor();
    const secondsOf = async () => Number(/^Too many requests\. Trying again in (\d+) s\.$/.exec((await status.textContent()) ?? '')?.[1]);
    const first = await secondsOf();
    assert.ok(first > 20 && first <= 30);
    assert.match((await page.getByTestId('cost').textContent()) ?? '', /^Waiting \d+ s · attempt 2 of 5$/);
    const width = () => page.locator('.wait-bar i').evaluate((bar) => Number.parseFloat((bar as HTMLElement).style.width));
    const wide = await width();
    await status.filter({ hasText: `in ${first - 2} s.` }).waitFor();
    assert.ok((await width()) < wide);
    assert.equal(await page.locator('[role="alert"]').count(), 0, 'a wait is no alarm');
    await page.getByRole('button', { name: 'Try Now' }).click();
    assert.deepEqual(await opened.posted('tryNow'), { type: 'tryNow' });
    await page.getByRole('button', { name: 'Open Log' }).click();
    assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'openLog' });
    await page.getByTestId('cancel').click();
    await opened.posted('cancel');
  }));

test('a wait is announced once, without counting aloud', () =>
  onPage(session({ running: retrying('detect') }), async ({ page }) => {
    const spoken = page.locator('[role="status"]');
    await spoken.filter({ hasText: 'Too many requests. Trying again in 30 s. Attempt 2 of 5.' }).waitFor({ state: 'attached' });
    await page.evaluate(() => {
      const region = document.querySelector('[role="status"]') as Element;
      new MutationObserver(() => region.setAttribute('data-said-again', '')).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    const status = page.getByTestId('task-status');
    const now = Number(/in (\d+) s/.exec((await status.textContent()) ?? '')?.[1]);
    // Longer than the region waits between two announcements.
    await status.filter({ hasText: `in ${now - 4} s.` }).waitFor();
    assert.equal(await spoken.getAttribute('data-said-again'), null);
  }));

test('where motion is unwelcome no bar moves, and the seconds still count', () =>
  onPage(session({ running: retrying('detect') }), async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.locator('.wait-bar').waitFor({ state: 'hidden' });
    const status = page.getByTestId('task-status');
    const now = Number(/in (\d+) s/.exec((await status.textContent()) ?? '')?.[1]);
    // A busy page may pass over a second.
    const later = Array.from({ length: now }, (_, seconds) => seconds).join('|');
    await status.filter({ hasText: new RegExp(`in (${later}) s\\.`) }).waitFor();
  }));
