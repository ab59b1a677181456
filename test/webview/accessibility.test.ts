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

for (const [name, state] of Object.entries(STATES)) {
  test(`axe finds nothing in the state "${name}"`, async () => {
    for (const theme of THEMES) await assertAccessible(state, theme);
  });
}

test('axe finds nothing with a selection, the raw reply and a narrow page', async () => {
  await assertAccessible(STATES.segment as SessionState, 'dark', 700, async ({ page }) => {
    await page.locator('object-row').first().click();
  });
  await assertAccessible(STATES.segment as SessionState, 'light', 1200, async ({ page }) => {
    await page.locator('object-row').first().click();
    await page.getByRole('button', { name: 'Show raw reply' }).click();
    await page.getByTestId('raw').waitFor();
  });
  await assertAccessible(STATES.detect as SessionState, 'dark', 1200, async ({ page }) => {
    await page.getByTestId('runs').click();
    await page.getByRole('menuitemradio').first().waitFor();
  });
});

async function assertAccessible(
  state: SessionState,
  theme: Theme,
  width = 1200,
  prepare: (opened: InspectorPage) => Promise<void> = async () => {},
): Promise<void> {
  const opened = await InspectorPage.open(browser, script, state, { theme, width });
  try {
    await prepare(opened);
    const axe = new AxeBuilder({ page: opened.page });
    // Only colours differ between themes.
    const { violations } = await (theme === 'dark' ? axe : axe.withRules(['color-contrast'])).analyze();
    assert.deepEqual(
      violations.map(
        ({ id, nodes }) => `${theme}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
      ),
      [],
    );
  } finally {
    await opened.close();
  }
}
