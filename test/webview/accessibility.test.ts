import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { pasteBody } from '../../src/host/clipboard/pasteBody.ts';
import type { SessionState } from '../../src/protocol.ts';
import { answerDifference, CHANGED } from './support/differences.ts';
import type { InspectorPage } from './support/inspectorPage.ts';
import { browserPages } from './support/onPage.ts';
import { sendReview } from './support/reviews.ts';
import { inspection, OBJECTS, object, STATES, session } from './support/sessions.ts';
import type { Theme } from './support/themes.ts';

const onPage = browserPages();

const THEMES: Theme[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

for (const theme of THEMES) {
  test(`axe finds nothing in any state, theme ${theme}`, () =>
    onPage(
      STATES.empty,
      async (opened) => {
        const covered = [{ x: 0.1, y: 0.1, width: 0.2, height: 0.2 }];
        const asked = { ...(STATES.empty as NonNullable<typeof STATES.empty>), covered };
        const inSet = { ...(STATES.detect as SessionState), inSet: { at: 1, of: 12 } };
        for (const [name, state] of Object.entries({ ...STATES, inSet, asked: { ...asked, review: sendReview() }, covered: asked })) {
          await opened.send({ type: 'state', state });
          await opened.drawn();
          await assertAccessible(opened, name, theme);
        }
      },
      { theme },
    ));
}

test('axe finds nothing with a selection on a narrow page', () =>
  onPage(
    STATES.segment,
    async (opened) => {
      await opened.page.locator('object-row').first().click();
      await assertAccessible(opened, 'selection', 'dark');
    },
    { width: 700 },
  ));

test('axe finds nothing where picture and results are tabs', () =>
  onPage(
    STATES.problem,
    async (opened) => {
      await assertAccessible(opened, 'image', 'dark');
      await opened.page.getByRole('tab', { name: 'Results' }).click();
      await assertAccessible(opened, 'results', 'dark');
    },
    { width: 400 },
  ));

for (const theme of THEMES) {
  test(`axe finds nothing in a raw reply with marks, theme ${theme}`, () =>
    onPage(
      STATES.problem,
      async (opened) => {
        await opened.page.locator('object-row').first().click();
        await opened.page.getByRole('button', { name: 'Line 5' }).click();
        await opened.page.locator('.reply-line.opened').waitFor();
        await assertAccessible(opened, 'marked reply', theme);
      },
      { theme },
    ));
}

test('axe finds nothing with the raw reply and an open menu', () =>
  onPage(STATES.detect, async (opened) => {
    await opened.page.getByRole('button', { name: /Show raw reply/ }).click();
    await opened.page.getByTestId('raw').waitFor();
    await assertAccessible(opened, 'raw reply', 'dark');
    await opened.page.getByTestId('runs').click();
    await opened.page.getByRole('menuitemradio').first().waitFor();
    await assertAccessible(opened, 'menu', 'dark');
  }));

for (const theme of THEMES) {
  test(`axe finds nothing with the dialog of keys, the appearance, the filter or the totals open, theme ${theme}`, () =>
    onPage(
      { ...(STATES.segment as SessionState), cost: { imageTokens: 258, instructionTokens: {}, tiles: { columns: 2, rows: 2, unit: 320 } } },
      async (opened) => {
        const { page } = opened;
        await opened.send({ type: 'view', action: 'toggleTokenGrid' });
        await page.locator('.filter-text').fill('jar');
        for (const name of ['Appearance (A)', 'Filter by size, position, label', 'Totals by label']) {
          await page.getByRole('button', { name }).click();
          await page.locator('.pop-panel:popover-open :is(input, table)').first().waitFor();
          await assertAccessible(opened, name, theme);
          await page.keyboard.press('Escape');
        }
        await page.getByTestId('viewer').press('?');
        await page.getByRole('dialog', { name: 'Keyboard Shortcuts' }).waitFor();
        await assertAccessible(opened, 'keys', theme);
      },
      { theme },
    ));
}

for (const theme of THEMES) {
  test(`axe finds nothing in compared runs, swiped pictures and answers that name objects, theme ${theme}`, () =>
    onPage(
      STATES.empty,
      async (opened) => {
        const found = inspection('detect', { id: 'found', detections: OBJECTS });
        const runs = [found, { ...found, id: 'again', detections: OBJECTS.slice(1) }];
        await opened.send({ type: 'state', state: session({ runs, shown: 'again' }) });
        await opened.send({ type: 'view', action: 'compareShown' });
        await opened.page.getByRole('heading', { name: 'Compare runs' }).waitFor();
        await assertAccessible(opened, 'compared runs', theme);
        await opened.send({ type: 'state', state: STATES.compare as SessionState });
        await opened.page.getByRole('button', { name: 'Swipe' }).click();
        await opened.page.getByRole('slider').waitFor();
        await assertAccessible(opened, 'swiped pictures', theme);
        const answers = ['one lid', 'two glass jars'].map((text) => inspection('caption', { id: text, text }));
        await opened.send({ type: 'state', state: session({ runs: [found, ...answers], shown: 'one lid' }) });
        await opened.page.locator('.phrase').click();
        await assertAccessible(opened, 'answer that names objects', theme);
        await opened.send({ type: 'view', action: 'compareShown' });
        await opened.page.locator('.compared-text').first().waitFor();
        await assertAccessible(opened, 'compared answers', theme);
      },
      { theme },
    ));
}

for (const theme of THEMES) {
  test(`axe finds nothing in stacked pictures, what changed between them, found words, saved prompts, a review in the making and the page of Paste Image, theme ${theme}`, () =>
    onPage(
      STATES.compare,
      async (opened) => {
        const { page } = opened;
        await page.getByRole('button', { name: 'Stacked' }).click();
        await page.locator('.side-by-side.above').waitFor();
        await assertAccessible(opened, 'stacked pictures', theme);
        await page.getByRole('button', { name: 'Difference' }).click();
        await answerDifference(opened, CHANGED);
        await page.getByTestId('changed-region').first().waitFor();
        await assertAccessible(opened, 'difference', theme);
        const lines = [object(1, 'First line', [0.1, 0.1, 0.5, 0.08]), object(2, 'Second line', [0.1, 0.2, 0.4, 0.08])];
        const read = inspection('readText', { id: 'read', text: 'First line\nSecond line', detections: lines });
        const savedPrompts = [
          { name: 'Dents', task: 'detect', query: 'dents' },
          { name: 'Rooms', task: 'caption', query: 'Which room?', ofWorkspace: true },
        ] as const;
        await opened.send({ type: 'state', state: session({ runs: [read], shown: 'read', savedPrompts }) });
        await page.getByTestId('text-line').first().waitFor();
        await opened.send({ type: 'view', action: 'focusFilter' });
        await page.locator('find-bar input').fill('line');
        await assertAccessible(opened, 'found words', theme);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: /^Task: / }).press('ArrowDown');
        await page.getByText('from this workspace').waitFor();
        await assertAccessible(opened, 'saved prompts', theme);
        await page.keyboard.press('Escape');
        await opened.send({ type: 'state', state: session({ review: sendReview({ pictures: [] }) }) });
        await page.getByTestId('picture-to-come').waitFor({ state: 'attached' });
        await assertAccessible(opened, 'review in the making', theme);
        await page.evaluate((body) => {
          document.body.innerHTML = body;
        }, pasteBody('Ctrl+V'));
        await assertAccessible(opened, 'paste', theme);
      },
      { theme },
    ));
}

async function assertAccessible({ page }: InspectorPage, name: string, theme: Theme): Promise<void> {
  // The page has one frame, so axe needs no second page to gather results.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  // Only colours differ between themes.
  const { violations } = await (theme === 'dark' ? axe : axe.withRules(['color-contrast'])).analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${name}: ${id}: ${html} ${failureSummary}`));
  assert.deepEqual(found, []);
}

test('axe finds nothing where groups of a long list are folded', () =>
  onPage(STATES.many, async (opened) => {
    await opened.page.locator('.group-head').first().click();
    await opened.page.getByRole('option', { name: /folded$/ }).click({ trial: true });
    await assertAccessible(opened, 'folded group', 'dark');
  }));
