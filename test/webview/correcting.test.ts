import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { CorrectionDraft } from '../../src/core/editing/editHistory.ts';
import type { Edit } from '../../src/core/editing/edits.ts';
import { correctedInspection } from '../../src/core/editing/personInspection.ts';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import type { InspectorPage } from './support/inspectorPage.ts';
import { picturePages, places } from './support/picture.ts';
import { IMAGE_SIZE, inspection, OBJECTS, object, session, sessionWith } from './support/sessions.ts';
import type { Theme } from './support/themes.ts';

const onPage = picturePages();

const RUN = inspection('detect', { detections: OBJECTS });
const DETECTED = sessionWith(RUN);

async function correct({ page, send }: InspectorPage | { page: Page; send: InspectorPage['send'] }): Promise<void> {
  await send({ type: 'view', action: 'correct' });
  await page.getByTestId('edit-bar').waitFor();
}

/** Opens the page with the corrections begun, which the host asks for as VS Code's key does. */
const correcting = (use: (opened: InspectorPage) => Promise<void>, options: { theme?: Theme; width?: number; height?: number } = {}) =>
  onPage(
    DETECTED,
    async (opened) => {
      await correct({ page: opened.page, send: (message) => opened.send(message) });
      await use(opened);
    },
    options,
  );

/** Draws from one point of the picture to another, in pixels of it. */
async function drag(page: Page, from: [number, number], to: [number, number], modifier?: 'Shift'): Promise<void> {
  const { picture } = await places(page);
  const k = picture.width / IMAGE_SIZE.width;
  const at = ([x, y]: [number, number]) => [picture.x + x * k, picture.y + y * k] as const;
  if (modifier) await page.keyboard.down(modifier);
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 4 });
  await page.mouse.up();
  if (modifier) await page.keyboard.up(modifier);
}

async function saved(opened: InspectorPage): Promise<readonly Edit[]> {
  await opened.page.keyboard.press('Control+s');
  return (await opened.posted('saveCorrections')).edits;
}

const row = (page: Page, id: string) => page.locator(`object-row[data-detection-id="${id}"]`);

test('there are handles only while objects are corrected', () =>
  onPage(DETECTED, async (opened) => {
    const { page } = opened;
    await row(page, '1').click();
    assert.equal(await page.locator('.handle').count(), 0);
    await page.getByTestId('correct').click();
    await page.locator('.handle').first().waitFor();
    assert.equal(await page.locator('.handle').count(), 8);
    await page.keyboard.press('Escape');
    await page.getByTestId('edit-bar').waitFor({ state: 'detached' });
    assert.equal(await page.locator('.handle').count(), 0);
    assert.equal(await page.getByTestId('unsaved').count(), 0);
  }));

test('by mouse: a box is moved by its inside, resized by a handle, another one drawn and named', () =>
  correcting(async (opened) => {
    const { page } = opened;
    // The second jar stands at 384, 120 and is 96 by 144 pixels.
    await drag(page, [430, 200], [450, 210]);
    await page.locator('object-row[data-detection-id="2"][aria-selected="true"]').waitFor();
    const { picture } = await places(page);
    const k = picture.width / IMAGE_SIZE.width;
    await drag(page, [404 + 96, 130 + 144], [404 + 96 + 30, 130 + 144 + 20]);
    await drag(page, [20, 400], [120, 460]);
    await page.locator('[data-testid="label-edit"]:focus').waitFor();
    await page.keyboard.type('napkin');
    await page.keyboard.press('Enter');
    await row(page, '5').filter({ hasText: 'napkin' }).waitFor();
    const [moved, resized, added, named] = await saved(opened);
    const near = (actual: number, wanted: number) =>
      assert.ok(Math.abs(actual - wanted) <= Math.ceil(1 / k) + 1, `${actual} is not about ${wanted}`);
    assert.ok(moved?.kind === 'move' && resized?.kind === 'resize' && added?.kind === 'add');
    assert.deepEqual([moved.id, moved.box.width, moved.box.height], ['2', 96, 144]);
    near(moved.box.x, 404);
    near(moved.box.y, 130);
    assert.deepEqual([resized.box.x, resized.box.y], [moved.box.x, moved.box.y]);
    near(resized.box.width, 126);
    near(resized.box.height, 164);
    assert.equal(added.id, '5');
    near(added.box.x, 20);
    near(added.box.height, 60);
    assert.deepEqual(named, { kind: 'relabel', id: '5', label: 'napkin' });
  }));

test('Shift draws over other objects; corners of a polygon are dragged', () => {
  const points: [number, number][] = [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.5, 0.75],
  ];
  const rope = object(1, 'rope', [0.25, 0.25, 0.5, 0.5], { mask: { kind: 'polygon', points } });
  return onPage(sessionWith(inspection('segment', { detections: [rope] })), async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'view', action: 'correct' });
    await page.getByTestId('viewer').focus();
    await page.keyboard.press('Tab');
    await page.locator('.handle.corner').nth(2).waitFor();
    await drag(page, [320, 360], [320, 400]);
    await drag(page, [300, 200], [340, 240], 'Shift');
    await page.locator('[data-testid="label-edit"]:focus').waitFor();
    const [bent, added] = await saved(opened);
    assert.ok(bent?.kind === 'corner' && added?.kind === 'add');
    assert.equal(bent.at, 2);
    assert.ok(Math.abs(bent.to[1] - 400) < 2, String(bent.to));
    assert.equal(added.label, 'rope');
  });
});

test('by keyboard alone: every object reached, moved, resized, named, accepted, deleted, added; all of it undone and done again', () =>
  correcting(async (opened) => {
    const { page } = opened;
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    // The lid comes first, in the order in which one reads.
    await press('Tab', 'Tab');
    await page.locator('object-row[data-detection-id="1"][aria-selected="true"]').waitFor();
    await press('ArrowRight', 'ArrowRight', 'Control+ArrowDown', 'Shift+ArrowLeft', 'Control+Shift+ArrowDown', ' ', 'F2');
    await page.locator('[data-testid="label-edit"]:focus').waitFor();
    await page.keyboard.type('lid');
    await press('ArrowDown', 'Enter');
    await page.locator('.viewer:focus').waitFor();
    await row(page, '1').filter({ hasText: 'lid' }).waitFor();
    await press('Shift+Tab', 'Delete', 'Insert', 'Alt+ArrowLeft');
    await row(page, '5').waitFor();
    assert.equal(await page.locator('object-row').count(), 4);
    await press('Control+z', 'Control+z', 'Control+z');
    await row(page, '4').waitFor();
    await row(page, '5').waitFor({ state: 'detached' });
    await press('Control+y', 'Control+Shift+Z', 'Control+y');
    await row(page, '5').waitFor();
    const edits = await saved(opened);
    assert.deepEqual(edits.slice(0, 5), [
      { kind: 'move', id: '1', box: { x: 66, y: 106, width: 96, height: 144 }, nudge: true },
      { kind: 'resize', id: '1', box: { x: 66, y: 106, width: 95, height: 154 }, nudge: true },
      { kind: 'accept', ids: ['1'], accepted: true },
      { kind: 'relabel', id: '1', label: 'lid' },
      { kind: 'delete', id: '4' },
    ]);
    assert.deepEqual(
      edits.slice(5).map(({ kind }) => kind),
      ['add', 'move'],
    );
    assert.deepEqual(
      correctedInspection(RUN, edits, { id: 'mine', createdAt: '' }).detections?.map(({ id }) => id),
      ['1', '2', '3', '5'],
    );
  }));

test('Tab goes past the last object and on, so that the focus is never caught', () =>
  correcting(async ({ page }) => {
    for (let i = 0; i < OBJECTS.length; i++) await page.keyboard.press('Tab');
    await page.locator('.viewer:focus').waitFor();
    await page.keyboard.press('Tab');
    await page.locator('.viewer:not(:focus)').waitFor();
  }));

test('left without a question: what was changed waits, over a reload too, and goes when the result has come', async () => {
  let kept: unknown;
  await correcting(async ({ page }) => {
    for (const key of ['Tab', 'Tab', 'Delete']) await page.keyboard.press(key);
    await row(page, '1').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByTestId('unsaved').waitFor();
    await row(page, '1').waitFor();
    kept = await page.evaluate(() => window.kept);
  });
  await onPage(
    DETECTED,
    async (opened) => {
      const { page } = opened;
      await page.getByTestId('unsaved').click();
      await row(page, '1').waitFor({ state: 'detached' });
      await page.keyboard.press('Control+z');
      await row(page, '1').waitFor();
      await page.keyboard.press('Control+y');
      const edits = await saved(opened);
      assert.deepEqual(edits, [{ kind: 'delete', id: '1' }]);
      const mine = correctedInspection(RUN, edits, { id: 'mine', createdAt: '2026-11-28T10:00:00.000Z' });
      await opened.send({ type: 'state', state: { ...DETECTED, runs: [RUN, mine], shown: 'mine' } });
      await page.getByTestId('answered-by').filter({ hasText: 'Corrected. Nothing was sent.' }).waitFor();
      assert.equal(await page.getByTestId('unsaved').count(), 0);
      await opened.send({ type: 'state', state: { ...DETECTED, runs: [RUN, mine], shown: RUN.id } });
      await row(page, '1').waitFor();
      assert.equal(await page.getByTestId('unsaved').count(), 0);
    },
    { kept },
  );
});

test('the host is told of every change, and what it has kept of a page that is gone is gone on with', async () => {
  let kept: readonly CorrectionDraft[] = [];
  await correcting(async (opened) => {
    for (const key of ['Tab', 'Tab', 'Delete']) await opened.page.keyboard.press(key);
    await row(opened.page, '1').waitFor({ state: 'detached' });
    kept = (await opened.posted('drafts')).drafts;
    assert.deepEqual(kept, [{ run: RUN.id, history: { done: [{ kind: 'delete', id: '1' }], undone: [] } }]);
  });
  await onPage({ ...DETECTED, drafts: kept }, async ({ page }) => {
    await page.getByTestId('unsaved').click();
    await row(page, '1').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await row(page, '1').waitFor();
  });
});

test('what is typed into a field, and the keys of correcting, do not reach VS Code', () =>
  correcting(async ({ page }) => {
    // VS Code listens there.
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      window.addEventListener('keydown', ({ key }) => heard.push(key));
    });
    for (const key of ['Tab', 'Alt+ArrowLeft', 'F2']) await page.keyboard.press(key);
    await page.locator('[data-testid="label-edit"]:focus').waitFor();
    await page.keyboard.type('button');
    await page.keyboard.press('Enter');
    await page.locator('.viewer:focus').waitFor();
    await page.keyboard.press('Shift');
    await page.keyboard.press('m');
    await page.getByTestId('prompt').focus();
    await page.keyboard.type('n');
    assert.deepEqual(await page.evaluate(() => (window as unknown as { heard: string[] }).heard), ['Alt', 'Shift', 'm']);
  }));

test('it begins by itself, once, where somebody asked for it elsewhere: as soon as the picture is there', () => {
  const [image] = DETECTED.images;
  const early = { ...DETECTED, correct: true as const, images: image ? [{ ...image, width: 0, height: 0 }] : [] };
  return onPage({ ...DETECTED, runs: [] }, async (opened) => {
    await opened.send({ type: 'state', state: early });
    await opened.drawn();
    assert.equal((await opened.allPosted('correctTaken')).length, 0);
    await opened.send({ type: 'state', state: { ...DETECTED, correct: true } });
    await opened.page.getByTestId('edit-bar').waitFor();
    await opened.posted('correctTaken');
    await opened.page.locator('.viewer:focus').waitFor();
  });
});

test('an image of a set is judged, and the set gone back to, by key and from the bar', () =>
  onPage({ ...DETECTED, inSet: { at: 1, of: 3, review: 'rejected' } }, async (opened) => {
    const { page } = opened;
    assert.equal(await page.getByTestId('set-reject').getAttribute('aria-pressed'), 'true');
    await opened.send({ type: 'view', action: 'acceptImage' });
    assert.deepEqual(await opened.posted('stepInSet'), { type: 'stepInSet', step: 1, judged: 'accepted' });
    await page.getByTestId('set-reject').click();
    await page.waitForFunction(() => window.posted.filter(({ type }) => type === 'stepInSet').length === 2);
    assert.deepEqual(await opened.posted('stepInSet'), { type: 'stepInSet', step: 1, judged: 'rejected' });
    await opened.send({ type: 'view', action: 'backToSet' });
    await opened.posted('backToSet');
    await page.getByTestId('set-back').waitFor();
  }));

for (const [what, state] of [
  ['no result', session()],
  ['a description', sessionWith(inspection('caption', { text: 'A kitchen.' }))],
] as const)
  test(`an image with ${what} is annotated by hand, from the bar`, () =>
    onPage({ ...state, givenLabels: ['cup', 'plate'] }, async (opened) => {
      const { page } = opened;
      await page.getByTestId('correct').and(page.getByTitle('Annotate by hand (C)')).click();
      await page.getByTestId('edit-bar').waitFor();
      await page.locator('.viewer:focus').waitFor();
      await page.keyboard.press('a');
      await row(page, '1').filter({ hasText: 'cup' }).waitFor();
      await drag(page, [20, 400], [120, 460]);
      await page.locator('[data-testid="label-edit"]:focus').waitFor();
      assert.deepEqual(await page.getByRole('listbox', { name: 'Labels in use' }).getByRole('option').allTextContents(), ['cup', 'plate']);
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      await row(page, '2').filter({ hasText: 'plate' }).waitFor();
      // Whatever the host says meanwhile, it goes on.
      await opened.send({ type: 'state', state: { ...state, hasKey: false } });
      await opened.drawn();
      await row(page, '2').waitFor();
      await page.keyboard.press('Control+z');
      await row(page, '2').filter({ hasText: 'cup' }).waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(
        violations.map(({ id }) => id),
        [],
      );
      await page.keyboard.press('Control+s');
      const { run, edits } = await opened.posted('saveCorrections');
      assert.equal(run, state.shown ?? '');
      assert.deepEqual(
        edits.map(({ kind }) => kind),
        ['add', 'add'],
      );
      const shown = state.runs[0];
      const { images } = RUN;
      const mine = correctedInspection(shown, edits, { id: 'mine', createdAt: '2026-11-28T10:00:00.000Z', images });
      await opened.send({ type: 'state', state: { ...state, runs: [...state.runs, mine], shown: 'mine' } });
      await page.getByTestId('answered-by').filter({ hasText: 'By hand. Nothing was sent.' }).waitFor();
      assert.equal(await page.getByTestId('unsaved').count(), 0);
      assert.deepEqual((await opened.posted('drafts')).drafts, []);
    }));

test('what enough runs found is kept as a result, from the stability of repeated runs', () => {
  const again = (id: string, detections: Inspection['detections']) => inspection('detect', { id, ...(detections && { detections }) });
  const runs = [again('a', OBJECTS), again('b', OBJECTS.slice(0, 2)), again('c', OBJECTS.slice(0, 1))];
  return onPage({ ...DETECTED, runs, shown: 'a' }, async (opened) => {
    const { page } = opened;
    await page.getByRole('button', { name: 'More actions' }).last().click();
    await page.getByRole('menuitem', { name: /Stability of 3 Runs/ }).click();
    await page.getByTestId('keep-consensus').click();
    await page.getByRole('menuitem', { name: /Found in 2 of 3 runs or more.*2 objects/ }).click();
    const { least, threshold } = await opened.posted('keepConsensus');
    assert.deepEqual([least, threshold], [2, 127]);
  });
});

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`axe finds nothing while objects are corrected, with the list of labels open, theme ${theme}`, () =>
    correcting(
      async ({ page }) => {
        await page.keyboard.press('Tab');
        await page.keyboard.press('F2');
        await page.getByRole('listbox', { name: 'Labels in use' }).waitFor();
        const { violations } = await new AxeBuilder({ page }).analyze();
        assert.deepEqual(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
          [],
        );
      },
      { theme },
    ));
}

test('at 340 pixels nothing of the bar is cut off', () =>
  correcting(
    async ({ page }) => {
      await page.keyboard.press('Tab');
      await page.getByTestId('label-edit').waitFor();
      for (const button of await page.getByTestId('edit-bar').locator('button, input').all()) {
        const box = await button.boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= 340, JSON.stringify(box));
      }
    },
    { width: 340, height: 700 },
  ));
