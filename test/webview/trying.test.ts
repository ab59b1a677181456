import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import type { FromTryMessage, ToTryMessage, TryRow, TryView } from '../../src/tryProtocol.ts';
import { launchChromium } from '../tools/chromium.ts';
import { bundleWebview, openPage, type PageOptions } from './support/inspectorPage.ts';
import type { Theme } from './support/themes.ts';

let browser: Browser;
let script: string;
before(async () => {
  [browser, script] = await Promise.all([launchChromium(), bundleWebview('trying')]);
});
after(() => browser.close());

const VIEW: TryView = {
  images: 3,
  labeled: 2,
  models: [
    { id: 'gemini-3.8-flash', price: '$0.50 in, $3 out per 1M', about: 'boxes' },
    { id: 'gemini-3.5-flash-lite', price: '$0.10 in, $0.40 out per 1M', about: 'boxes' },
  ],
  resolutions: [
    { value: 'default', name: 'Default' },
    { value: 'low', name: 'Low' },
  ],
  prompts: [
    { name: 'Jars', task: 'detect', query: 'jars and lids' },
    { name: 'Masks', task: 'segment', query: 'jars' },
  ],
  choice: { task: 'detect', models: ['gemini-3.8-flash'], resolutions: ['default'], queries: [''] },
  forecast: { requests: 3, costUsd: [0.01, 0.04], unpriced: [] },
};

function row(part: Partial<TryRow>): TryRow {
  return {
    ...{ model: 'gemini-3.8-flash', mediaResolution: 'default', query: '', isUsed: false, answered: 3, measured: 2 },
    ...{ precision: 0.9, recall: 0.8, f1: 0.85, costUsd: 0.002, seconds: 3.2, tokens: 1500, failures: [] },
    ...part,
  };
}

const RESULTS: TryView = {
  ...VIEW,
  run: { done: 9, of: 9, isRunning: false },
  results: {
    measure: 'labels',
    rows: [
      row({ isUsed: true }),
      row({ model: 'gemini-3.5-flash-lite', f1: 0.7, costUsd: 0.0003, failures: [{ message: 'Blocked by SAFETY.', images: 1 }] }),
      row({ mediaResolution: 'low', f1: 0.91, costUsd: 0.001 }),
    ],
  },
};

/** Opens the page with a view. */
async function onTry(view: TryView, use: (page: Page) => Promise<void>, options: PageOptions = {}): Promise<void> {
  const { page, errors } = await openPage(browser, { script, sheet: 'try.css', files: {} }, options);
  try {
    await send(page, view);
    await page.getByTestId('try').waitFor();
    await use(page);
    assert.deepEqual(errors, []);
  } finally {
    await page.context().close();
  }
}

async function send(page: Page, view: TryView): Promise<void> {
  const message: ToTryMessage = { type: 'view', view };
  await page.evaluate((data) => window.postMessage(data, '*'), message);
}

async function posted<Type extends FromTryMessage['type']>(page: Page, type: Type): Promise<Extract<FromTryMessage, { type: Type }>> {
  const handle = await page.waitForFunction((wanted) => window.posted.findLast((message) => (message.type as string) === wanted), type);
  return (await handle.jsonValue()) as unknown as Extract<FromTryMessage, { type: Type }>;
}

suite('Try Models', () => {
  test('what is tried is chosen by check boxes, with the sum before', () =>
    onTry(VIEW, async (page) => {
      assert.equal(await page.getByTestId('try-sum').textContent(), '3 requests · $0.01 to $0.04');
      await page.getByRole('checkbox', { name: /gemini-3\.5-flash-lite/ }).check();
      await page.getByRole('checkbox', { name: 'Low' }).check();
      await page.getByRole('checkbox', { name: /^Jars/ }).check();
      await page.getByRole('textbox', { name: 'Another prompt' }).fill('lids');
      await page.keyboard.press('Enter');
      await page.getByRole('checkbox', { name: 'lids', exact: true }).waitFor();
      const { choice } = await posted(page, 'choose');
      assert.deepEqual(choice, {
        task: 'detect',
        models: ['gemini-3.8-flash', 'gemini-3.5-flash-lite'],
        resolutions: ['default', 'low'],
        queries: ['', 'jars and lids', 'lids'],
      });
      await send(page, { ...VIEW, choice, forecast: { requests: 36, costUsd: [0.1, 0.4], unpriced: ['gemini-x'] } });
      await page.getByText('36 requests · $0.10 to $0.40 · price unknown: gemini-x').waitFor();
      await page.getByRole('checkbox', { name: 'lids', exact: true }).uncheck();
      assert.deepEqual((await posted(page, 'choose')).choice.queries, ['', 'jars and lids']);
      await page.getByTestId('try-run').click();
      await posted(page, 'run');
    }));

  test('without anything chosen nothing can be run; while it runs it can be cancelled', () =>
    onTry({ ...VIEW, forecast: { requests: 0, costUsd: [0, 0], unpriced: [] } }, async (page) => {
      assert.ok(await page.getByTestId('try-run').isDisabled());
      await send(page, { ...VIEW, run: { done: 2, of: 9, isRunning: true } });
      await page.getByText('2 of 9 requests done').first().waitFor();
      // What is tried makes room for what comes of it.
      await page.getByText('What to Try').click();
      assert.ok(await page.getByRole('checkbox', { name: 'Low' }).isDisabled());
      await page.getByTestId('try-cancel').click();
      await posted(page, 'cancel');
    }));

  test('the best comes first; rows are sorted by what is cared for, and one of them is used', () =>
    onTry(RESULTS, async (page) => {
      const table = page.getByTestId('try-results');
      const first = () => table.locator('tbody tr').first().innerText();
      assert.match(await first(), /gemini-3\.8-flash\s+low\s+0\.910/i);
      assert.equal(await table.locator('th[aria-sort]').innerText(), 'F1');
      await table.getByRole('button', { name: 'Price' }).click();
      assert.match(await first(), /gemini-3\.5-flash-lite/);
      assert.equal(await table.getByRole('columnheader', { name: 'Price' }).getAttribute('aria-sort'), 'ascending');
      await table.getByRole('button', { name: 'Price' }).click();
      assert.match(await first(), /In use/);
      await page.getByText('gemini-3.5-flash-lite, default: 1 image: Blocked by SAFETY.').waitFor();
      await table.getByRole('button', { name: /Use gemini-3\.5-flash-lite/ }).click();
      assert.deepEqual(await posted(page, 'use'), { type: 'use', row: 1 });
    }));

  test('without labels it is said what results are measured by', () =>
    onTry({ ...RESULTS, labeled: 0, results: { measure: 'consensus', rows: RESULTS.results?.rows ?? [] } }, async (page) => {
      await page.getByRole('columnheader', { name: 'Agreement' }).waitFor();
      await page.getByText(/Measured by what at least half of all results have found/).waitFor();
    }));
});

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const satisfies readonly Theme[]) {
  test(`the page has no accessibility violations in ${theme}`, () =>
    onTry(
      { ...RESULTS, failure: { reason: 'overBudget', message: 'Over the budget.', detail: '', actions: ['openSettings'] } },
      async (page) => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        assert.deepEqual(
          violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`),
          [],
        );
      },
      { theme },
    ));
}

test('nothing is wider than the page where it is narrow', () =>
  onTry(
    RESULTS,
    async (page) => {
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    },
    { width: 340, height: 600 },
  ));
