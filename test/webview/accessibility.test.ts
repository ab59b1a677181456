import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import type { SessionState } from '../../src/protocol.ts';
import { launchChromium } from '../tools/chromium.ts';
import { bundleWebview, InspectorPage } from './support/inspectorPage.ts';
import { STATES } from './support/sessions.ts';
import type { Theme } from './support/themes.ts';

let browser: Browser;
let script: string;

before(async () => {
  [browser, script] = await Promise.all([launchChromium(), bundleWebview()]);
});
after(() => browser.close());

const THEMES: Theme[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

for (const theme of THEMES) {
  test(`axe finds nothing in any state, theme ${theme}`, () =>
    onPage(STATES.empty, theme, async (opened) => {
      for (const [name, state] of Object.entries(STATES)) {
        await opened.send({ type: 'state', state });
        await opened.drawn();
        await assertAccessible(opened, name, theme);
      }
    }));
}

test('axe finds nothing with a selection on a narrow page', () =>
  onPage(
    STATES.segment,
    'dark',
    async (opened) => {
      await opened.page.locator('object-row').first().click();
      await assertAccessible(opened, 'selection', 'dark');
    },
    700,
  ));

test('axe finds nothing with the raw reply and an open menu', () =>
  onPage(STATES.detect, 'dark', async (opened) => {
    await opened.page.getByRole('button', { name: /Show raw reply/ }).click();
    await opened.page.getByTestId('raw').waitFor();
    await assertAccessible(opened, 'raw reply', 'dark');
    await opened.page.getByTestId('runs').click();
    await opened.page.getByRole('menuitemradio').first().waitFor();
    await assertAccessible(opened, 'menu', 'dark');
  }));

async function onPage(
  state: SessionState | undefined,
  theme: Theme,
  use: (opened: InspectorPage) => Promise<void>,
  width = 1200,
): Promise<void> {
  assert.ok(state);
  const opened = await InspectorPage.open(browser, script, state, { theme, width });
  try {
    await use(opened);
    assert.deepEqual(opened.errors, []);
  } finally {
    await opened.close();
  }
}

async function assertAccessible({ page }: InspectorPage, name: string, theme: Theme): Promise<void> {
  // The page has one frame, so axe needs no second page to gather results.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  // Only colours differ between themes.
  const { violations } = await (theme === 'dark' ? axe : axe.withRules(['color-contrast'])).analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${name}: ${id}: ${html} ${failureSummary}`));
  assert.deepEqual(found, []);
}
