import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import type { SetRow } from '../../src/core/sets/inspectionSet.ts';
import type { FromSetMessage, SetRunView, SetView } from '../../src/setProtocol.ts';
import { launchChromium } from '../tools/chromium.ts';
import { bundleWebview, type PageOptions } from './support/inspectorPage.ts';
import { manyRows, plannedSet, runningSet, SetPageInTest } from './support/setPage.ts';
import type { Theme } from './support/themes.ts';

let browser: Browser;
let script: string;
before(async () => {
  [browser, script] = await Promise.all([launchChromium(), bundleWebview('set')]);
});
after(() => browser.close());

/** Opens a set, does something with the page, and makes sure that nothing went wrong in it. */
async function onSet(
  set: SetView,
  rows: readonly SetRow[],
  use: (opened: SetPageInTest) => Promise<void>,
  options: PageOptions = {},
): Promise<void> {
  const opened = await SetPageInTest.open(browser, script, set, rows, options);
  try {
    await use(opened);
    assert.deepEqual(opened.errors, []);
  } finally {
    await opened.close();
  }
}

const MANY = manyRows(10_000);
const FEW = manyRows(30);

suite('the plan of a set', () => {
  test('shows what would be sent and what it would cost, and starts at the chosen speed', () =>
    onSet(plannedSet(), [], async (opened) => {
      const plan = opened.page.getByTestId('set-plan');
      await plan.getByText('4,812 images').waitFor();
      const figures = await plan.locator('dl > div').allInnerTexts();
      assert.deepEqual(
        figures.map((text) => text.replace(/\s+/g, ' ').trim()),
        ['To send 4,500', 'Already done 200', 'Duplicates 50', 'Excluded 12', 'Unsupported 40', 'Broken 10'],
      );
      await plan.getByRole('row', { name: /Flex/ }).getByText('$1.95 to $5.60').waitFor();
      await plan.getByRole('radio', { name: 'Flex' }).check();
      await opened.page.getByTestId('set-start').click();
      assert.deepEqual(await opened.posted('start'), { type: 'start', speed: 'flex' });
    }));

  test('a speed that the backend lacks has no row, and where there are no batches it says why', async () => {
    const set = plannedSet();
    const speeds = set.plan?.speeds.filter(({ speed }) => speed === 'standard') ?? [];
    await onSet({ ...set, ...(set.plan && { plan: { ...set.plan, speeds } }) }, [], async ({ page }) => {
      assert.equal(await page.getByRole('radio').count(), 1);
      await page.getByText('On Vertex AI a set runs at standard speed only').waitFor();
    });
    await onSet(set, [], async ({ page }) => {
      assert.equal(await page.getByRole('radio').count(), 3);
      assert.equal(await page.getByTestId('set-no-batch').count(), 0);
    });
  });

  for (const width of [600, 340, 280]) {
    test(`nothing of it is cut off where the page is ${width} px wide`, () =>
      onSet(
        plannedSet(),
        [],
        async ({ page }) => {
          const plan = page.getByTestId('set-plan');
          await plan.getByText('4,812 images').waitFor();
          const beyond = await plan.evaluate((element) => {
            const { left, right } = element.getBoundingClientRect();
            const cut = [...element.querySelectorAll('*:not(.visually-hidden)')].filter((inner) => {
              const box = inner.getBoundingClientRect();
              return box.width > 0 && (box.right > right + 0.5 || box.left < left - 0.5);
            });
            return cut.map((inner) => inner.outerHTML.slice(0, 80));
          });
          assert.deepEqual(beyond, []);
          await plan.getByText('$1.95 to $5.60').first().waitFor();
        },
        { width },
      ));
  }

  test('says what a start takes away', () =>
    onSet(plannedSet({ makesRoom: { sets: 3, bytes: 1.2e9 } }), [], ({ page }) =>
      page.getByText('Starting deletes the 3 oldest sets that have ended (1,200 MB)').waitFor(),
    ));

  test('tries three first, and leaves the done ones out or not', () =>
    onSet(plannedSet(), [], async (opened) => {
      await opened.page.getByRole('button', { name: 'Try 3 First' }).click();
      assert.deepEqual(await opened.posted('tryFirst'), { type: 'tryFirst', speed: 'standard' });
      await opened.page.getByRole('switch', { name: /Only New/ }).uncheck();
      assert.deepEqual(await opened.posted('onlyNew'), { type: 'onlyNew', on: false });
    }));

  test('with nothing to send it cannot be started', () => {
    const set = plannedSet();
    return onSet({ ...set, ...(set.plan && { plan: { ...set.plan, new: 0 } }) }, [], async ({ page }) => {
      assert.ok(await page.getByTestId('set-start').isDisabled());
      await page.getByText('No image is left to send.').waitFor();
    });
  });

  test('a plan that failed can be made again', () => {
    const { plan: _, ...set } = plannedSet();
    const failure = { reason: 'modelNotFound', message: 'No such model.', detail: '', actions: ['selectModel'] } as const;
    return onSet({ ...set, failure }, [], async (opened) => {
      await opened.page.getByRole('button', { name: 'Try Again' }).click();
      assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'tryAgain' });
    });
  });

  test('while images are looked at it can be cancelled', () =>
    onSet(plannedSet({ planning: { done: 1200, of: 4812 } }), [], async (opened) => {
      await opened.page.getByText('1,200 of 4,812 images looked at').waitFor();
      assert.ok(await opened.page.getByTestId('set-start').isDisabled());
      await opened.page.getByTestId('set-cancel').click();
      await opened.posted('cancel');
    }));
});

suite('the grid of a set', () => {
  test('of 10,000 images only those in view are in the document, and all are counted', () =>
    onSet(runningSet(MANY), MANY, async ({ page }) => {
      const grid = page.getByRole('grid');
      const items = page.getByTestId('set-item');
      await items.first().waitFor();
      const columns = Number(await grid.getAttribute('aria-colcount'));
      assert.equal(await grid.getAttribute('aria-rowcount'), String(Math.ceil(10_000 / columns)));
      assert.ok((await items.count()) < 100);
      await items.first().focus();
      await page.keyboard.press('Control+End');
      await page.locator('[data-key="image-09999.png"], [data-key="shelf/image-09999.png"]').waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-key')), 'shelf/image-09999.png');
      assert.ok((await items.count()) < 100);
    }));

  test('an item is named by file, state and count', () =>
    onSet(runningSet(FEW), FEW, async ({ page }) => {
      const item = page.locator('[data-key="shelf/image-00003.png"]');
      assert.equal(await item.getAttribute('data-state'), 'done');
      assert.equal(await item.getAttribute('aria-label'), 'image-00003.png, Done, 1 object');
    }));

  test('an item with a text shows its beginning, by which it is found too', () => {
    const rows = FEW.map((row, index): SetRow => (index === 3 ? { ...row, text: 'Two jars on a blue shelf.', count: 2 } : row));
    return onSet(runningSet(rows), rows, async ({ page }) => {
      const item = page.locator('[data-key="shelf/image-00003.png"]');
      await item.getByText('Two jars on a blue shelf.').waitFor();
      assert.equal(await item.getAttribute('aria-label'), 'image-00003.png, Done, Two jars on a blue shelf.');
      await page.getByTestId('set-filter').fill('BLUE shelf');
      await page.locator('.hidden-note').waitFor();
      assert.equal(await page.getByTestId('set-item').count(), 1);
    });
  });

  test('arrows move one stop of the Tab key', () =>
    onSet(runningSet(FEW), FEW, async ({ page }) => {
      await page.getByTestId('set-item').first().focus();
      await page.keyboard.press('ArrowRight');
      await page.locator('[data-key="image-00001.png"]:focus').waitFor();
      await page.keyboard.press('ArrowDown');
      const row = page.locator('.set-row', { has: page.locator(':focus') });
      await page.locator('.set-row[aria-rowindex="2"] :focus').waitFor();
      assert.equal(await row.getAttribute('aria-rowindex'), '2');
      assert.equal(await page.locator('.set-item[tabindex="0"]').count(), 1);
    }));

  test('asks for the pictures that can be seen, first of all', () =>
    onSet(runningSet(MANY), MANY, async (opened) => {
      const { keys } = await opened.posted('thumbnails');
      assert.equal(keys[0], MANY[0]?.key);
      assert.ok(keys.length < 100);
      await opened.sendThumbnails();
      await opened.page.locator('[data-key="image-00001.png"] img').waitFor();
    }));

  test('keys accept, reject and skip the selection, and go on to the next image', () =>
    onSet(runningSet(FEW), FEW, async (opened) => {
      const { page } = opened;
      await page.getByTestId('set-item').first().focus();
      await page.keyboard.press('a');
      assert.deepEqual(await opened.posted('review'), { type: 'review', keys: ['shelf/image-00000.png'], verdict: 'accepted' });
      await page.locator('[data-key="image-00001.png"]:focus').waitFor();
      await page.keyboard.press('r');
      assert.deepEqual(await opened.posted('review'), { type: 'review', keys: ['image-00001.png'], verdict: 'rejected' });
      await page.locator('[data-key="image-00002.png"]:focus').waitFor();
      await page.keyboard.press('Shift+ArrowRight');
      await page.locator('[aria-selected="true"]').nth(1).waitFor();
      await page.keyboard.press('s');
      assert.deepEqual(await opened.posted('review'), {
        type: 'review',
        keys: ['image-00002.png', 'shelf/image-00003.png'],
        verdict: 'skipped',
      });
    }));

  test('C has the image corrected, and the focus waits on the next one; where there are no objects it does nothing', async () => {
    await onSet(runningSet(FEW), FEW, async (opened) => {
      const { page } = opened;
      await page.getByTestId('set-item').first().focus();
      await page.keyboard.press('c');
      const { key, order, corrects } = await opened.posted('open');
      assert.deepEqual([key, order.length, corrects], ['shelf/image-00000.png', FEW.length, true]);
      await page.locator('[data-key="image-00001.png"]:focus').waitFor();
      await page.getByTestId('set-correct').click();
      await page.waitForFunction(() => window.posted.filter(({ type }) => (type as string) === 'open').length === 2);
      assert.equal((await opened.posted('open')).key, 'image-00001.png');
    });
    await onSet({ ...runningSet(FEW), task: 'caption' }, FEW, async (opened) => {
      await opened.page.getByTestId('set-item').first().focus();
      await opened.page.keyboard.press('c');
      await opened.page.keyboard.press('a');
      await opened.posted('review');
      assert.equal(await opened.page.evaluate(() => window.posted.filter(({ type }) => (type as string) === 'open').length), 0);
      assert.equal(await opened.page.getByTestId('set-correct').count(), 0);
    });
  });

  test('a letter in the filter says nothing of images', () =>
    onSet(runningSet(FEW), FEW, async (opened) => {
      await opened.page.getByTestId('set-filter').fill('cat');
      await opened.page.getByTestId('set-filter').press('a');
      await opened.page.locator('.hidden-note').waitFor();
      assert.equal(await opened.page.evaluate(() => window.posted.filter(({ type }) => (type as string) === 'review').length), 0);
    }));

  test('Enter or a click opens the image, with the order of what is listed', () =>
    onSet(runningSet(FEW), FEW, async (opened) => {
      await opened.page.getByTestId('set-filter').fill('image-0000');
      await opened.page.locator('.hidden-note').waitFor();
      await opened.page.getByTestId('set-filter').press('ArrowDown');
      await opened.page.locator('.set-item:focus').waitFor();
      await opened.page.keyboard.press('Enter');
      const { key, order } = await opened.posted('open');
      assert.equal(key, 'shelf/image-00000.png');
      assert.equal(order.length, 10);
    }));

  test('an image that leaves the list by its verdict gives the focus to the next', () =>
    onSet(runningSet(FEW), FEW, async (opened) => {
      const { page } = opened;
      await page.getByRole('button', { name: /Filter by state/ }).click();
      await page.getByRole('combobox', { name: 'Review' }).selectOption({ label: 'Not reviewed' });
      await page.keyboard.press('Escape');
      await page.locator('[data-key="image-00001.png"]').focus();
      await page.keyboard.press('ArrowRight');
      await page.locator('[data-key="image-00002.png"]:focus').waitFor();
      await page.keyboard.press('a');
      await opened.send({ type: 'changed', rows: [{ ...(FEW[2] as SetRow), review: 'accepted' }] });
      await page.locator('[data-key="image-00002.png"]').waitFor({ state: 'detached' });
      await page.locator('[data-key="shelf/image-00003.png"]:focus').waitFor();
    }));

  test('only what has changed is drawn anew', () =>
    onSet(runningSet(FEW), FEW, async (opened) => {
      const item = opened.page.locator('[data-key="image-00004.png"]');
      assert.equal(await item.getAttribute('data-state'), 'waiting');
      await opened.send({ type: 'changed', rows: [{ ...(FEW[4] as SetRow), state: 'done', count: 2, labels: { jar: 2 } }] });
      await opened.page.locator('[data-key="image-00004.png"][data-state="done"]').waitFor();
    }));
});

suite('a set that runs', () => {
  test('shows how far it is, its pace and its cost, and can be cancelled', () =>
    onSet(runningSet(MANY), MANY, async (opened) => {
      const text = await opened.page.getByTestId('set-progress').innerText();
      for (const part of [
        '8,244 of 10,000 images',
        '818 failed',
        '84 images/min',
        '42 min left',
        '$1.23 so far',
        '$3.50 to $4.10 in total',
      ])
        assert.ok(text.includes(part), `${part} in ${text}`);
      await opened.page.getByTestId('set-cancel').click();
      await opened.posted('cancel');
    }));

  test('retries failures; where some may have been billed it says so first', () =>
    onSet(runningSet(FEW, { state: 'ended' }), FEW, async (opened) => {
      await opened.page.getByTestId('set-retry').click();
      const question = opened.page.getByTestId('set-retry-question');
      await question.getByText('2 of 3 failed requests may have been billed already.').waitFor();
      assert.equal(await opened.page.evaluate(() => window.posted.filter(({ type }) => (type as string) === 'retry').length), 0);
      await question.getByRole('button', { name: 'Retry' }).click();
      assert.deepEqual(await opened.posted('retry'), { type: 'retry', state: 'failed' });
    }));

  test('where nothing was billed failures are retried at once', () => {
    const rows = FEW.filter(({ reason }) => reason !== 'timeout');
    return onSet(runningSet(rows, { state: 'ended' }), rows, async (opened) => {
      await opened.page.getByTestId('set-retry').click();
      await opened.posted('retry');
    });
  });

  test('a label of the totals lists its images', () =>
    onSet(runningSet(FEW), FEW, async ({ page }) => {
      await page.getByTestId('set-totals').getByRole('button', { name: 'shelf' }).click();
      await page.locator('.hidden-note').waitFor();
      const listed = await page.getByTestId('set-item').evaluateAll((items) => items.map((item) => item.getAttribute('data-key')));
      assert.deepEqual(
        listed,
        FEW.filter(({ labels }) => labels?.shelf !== undefined).map(({ key }) => key),
      );
    }));

  test('filter and order outlive a reload, with the set that is shown', async () => {
    const kept = { id: 'set-1', filter: { text: 'cat' }, sort: 'name' };
    await onSet(runningSet(FEW), FEW, async ({ page }) => {
      await page.getByTestId('set-filter').fill('cat');
      await page.waitForFunction((wanted) => JSON.stringify(window.kept) === wanted, JSON.stringify(kept));
    });
    const again = async ({ page }: SetPageInTest) => page.locator('.hidden-note').waitFor();
    await onSet(runningSet(FEW), FEW, again, { kept });
  });

  test('a cancelled set can go on; where some may have been billed it says so first', () => {
    const rows = FEW.map(
      (row, index): SetRow => (index < 3 ? { ...row, state: 'cancelled', ...(index < 2 ? { mayBeBilled: true } : {}) } : row),
    );
    return onSet(runningSet(rows, { state: 'ended' }), rows, async (opened) => {
      await opened.page.getByText('This set was cancelled.').waitFor();
      await opened.page.getByRole('button', { name: 'Continue' }).click();
      const question = opened.page.getByTestId('set-retry-question');
      await question.getByText('2 of 3 cancelled requests may have been billed already.').waitFor();
      await question.getByRole('button', { name: 'Retry' }).click();
      assert.deepEqual(await opened.posted('retry'), { type: 'retry', state: 'cancelled' });
    });
  });

  const ends: [string, NonNullable<SetRunView['overdue']>, string[], [string, FromSetMessage][]][] = [
    [
      'has failed before it began',
      { why: 'The batch has failed. Internal error encountered.', images: 12, mayBeBilled: 0, isAtWork: false },
      ['12 images have no answer. They can be sent one by one instead.'],
      [
        ['Continue with Flex', { type: 'continue', speed: 'flex' }],
        ['Continue at Standard Speed', { type: 'continue', speed: 'standard' }],
        ['Send Another Batch', { type: 'continue', speed: 'batch' }],
      ],
    ],
    [
      'has expired on its way',
      { why: 'The batch has expired.', images: 12, mayBeBilled: 7, isAtWork: false },
      ['12 images have no answer.', 'May have been billed already, and may cost the same once more: 7 images.'],
      [
        ['Continue with Flex', { type: 'continue', speed: 'flex', again: true }],
        ['Continue at Standard Speed', { type: 'continue', speed: 'standard', again: true }],
        ['Send Another Batch', { type: 'continue', speed: 'batch', again: true }],
      ],
    ],
    [
      'has not ended in time',
      { why: 'The batch has not ended within 24 hours.', images: 1, mayBeBilled: 1, isAtWork: true },
      ['1 image has no answer.', 'may cost the same once more: 1 image.', 'The batch is stopped then.'],
      [
        ['Continue with Flex', { type: 'continue', speed: 'flex', again: true }],
        ['Keep Waiting', { type: 'continue', speed: 'batch' }],
      ],
    ],
  ];
  for (const [name, overdue, said, offers] of ends)
    test(`a batch that ${name} says why, what may have been billed, and is offered to other speeds`, () =>
      onSet(runningSet(FEW, { state: 'overdue', overdue }), FEW, async (opened) => {
        const offer = opened.page.getByRole('alert');
        for (const text of [overdue.why, ...said]) await offer.getByText(text).waitFor();
        if (overdue.mayBeBilled === 0) assert.equal(await offer.getByText('billed').count(), 0);
        for (const [button, posted] of offers) {
          await offer.getByRole('button', { name: button }).click();
          await opened.page.waitForFunction((wanted) => JSON.stringify(window.posted.at(-1)) === wanted, JSON.stringify(posted));
        }
      }));

  test('the end is said to screen readers', () =>
    onSet(runningSet(FEW), FEW, async (opened) => {
      await opened.page.locator('.set-spoken:not(:empty)').waitFor({ state: 'attached' });
      const done = FEW.map((row) => (row.state === 'waiting' || row.state === 'sent' ? { ...row, state: 'done' as const } : row));
      await opened.send({ type: 'set', set: runningSet(done, { state: 'ended' }) });
      await opened.page.waitForFunction(() => document.querySelector('.set-spoken')?.textContent?.startsWith('30 of 30 images'));
    }));

  test('what is exported are the listed images', () =>
    onSet(runningSet(FEW), FEW, async (opened) => {
      await opened.page.getByTestId('set-export').click();
      assert.deepEqual(await opened.posted('export'), { type: 'export' });
      await opened.page.getByTestId('set-filter').fill('00001');
      await opened.page.locator('.hidden-note').waitFor();
      await opened.page.getByTestId('set-export').click();
      assert.deepEqual(await opened.posted('export'), { type: 'export', keys: ['image-00001.png'] });
    }));
});

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const satisfies readonly Theme[]) {
  test(`axe finds nothing in the page of a set, theme ${theme}`, async () => {
    const rows = FEW.map((row, index) => (index < 3 ? { ...row, review: 'accepted' as const } : row));
    const states: [string, SetView, readonly SetRow[]][] = [
      ['plan', plannedSet({ planning: { done: 3 } }), []],
      ['tried', plannedSet({ tried: 3 }), []],
      ['running', runningSet(rows), rows],
      [
        'overdue',
        runningSet(rows, { state: 'overdue', overdue: { why: 'The batch has expired.', images: 9, mayBeBilled: 3, isAtWork: true } }),
        rows,
      ],
    ];
    for (const [name, set, images] of states) {
      await onSet(
        set,
        images,
        async (opened) => {
          if (images.length > 0) {
            await opened.sendThumbnails();
            await opened.page
              .getByTestId('set-item')
              .nth(1)
              .click({ modifiers: ['Control'] });
          }
          const { violations } = await new AxeBuilder({ page: opened.page }).analyze();
          assert.deepEqual(
            violations.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html}`),
            [],
          );
        },
        { theme },
      );
    }
  });
}

for (const [name, size] of [
  ['340 px', { width: 340, height: 600 }],
  ['200 % text', { width: 640, height: 500 }],
] as const) {
  test(`nothing is wider than the page at ${name}`, async () => {
    for (const [set, rows] of [
      [plannedSet(), []],
      [runningSet(FEW), FEW],
    ] as const) {
      await onSet(
        set,
        rows,
        async ({ page }) => {
          if (name !== '340 px') await page.evaluate(() => document.documentElement.style.setProperty('--vscode-font-size', '26px'));
          const wide = await page.evaluate(() =>
            [...document.querySelectorAll<HTMLElement>('set-page *')]
              .filter(
                (element) => !element.closest('.visually-hidden, [popover]') && element.getBoundingClientRect().right > innerWidth + 1,
              )
              .map((element) => element.outerHTML.slice(0, 120)),
          );
          assert.deepEqual(wide, []);
        },
        size,
      );
    }
  });
}
