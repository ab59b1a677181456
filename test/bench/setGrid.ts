/** The grid of a set of 10,000 images: its first paint, and scrolling, beside a grid of as many empty cells that the browser lays out by itself. */
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../tools/chromium.ts';
import { bundleWebview } from '../webview/support/inspectorPage.ts';
import { manyRows, runningSet, SetPageInTest, THUMBNAIL } from '../webview/support/setPage.ts';
import { median, printGoal, printTable } from './report.ts';

const IMAGES = 10_000;
const FRAMES = 120;
const ROUNDS = 5;
/** Pixels a frame: a fast turn of the wheel. */
const STEP = 90;

const script = await bundleWebview('set');
const rows = manyRows(IMAGES);
const onScreen = await measured([]);
// As many frames as can be made: their times tell of the work and not of the screen.
const unlimited = await measured(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
printTable([
  [`${IMAGES} images`, 'the grid of a set, ms', 'as many empty cells, ms'],
  ['a frame of scrolling, at the rate of a screen', onScreen.ours.toFixed(2), onScreen.empty.toFixed(2)],
  ['the same, at no limit', unlimited.ours.toFixed(2), unlimited.empty.toFixed(2)],
  ['from all rows to the first frame', unlimited.paint.toFixed(0), ''],
]);
printGoal('Frame of scrolling against a grid of as many empty cells, at the rate of a screen', onScreen.ours / onScreen.empty, 2, 'x');
printGoal('The same at no limit', unlimited.ours / unlimited.empty, 2, 'x');

/** Milliseconds of a frame while each of the grids scrolls, medians, and until the first is painted. */
async function measured(flags: string[]): Promise<{ ours: number; empty: number; paint: number }> {
  const browser = await launchChromium(flags);
  try {
    const ours = await SetPageInTest.open(browser, script, runningSet(rows), rows);
    await ours.page.getByTestId('set-item').first().waitFor();
    await ours.send({ type: 'thumbnails', thumbnails: rows.slice(0, 2000).map(({ key }) => ({ key, src: THUMBNAIL })) });
    const empty = await emptyGrid(browser);
    const times = { ours: [] as number[], empty: [] as number[] };
    // In turns, so that what else the machine does is the same for both.
    for (let round = 0; round < ROUNDS; round++) {
      times.ours.push(await frameOf(ours.page, 'set-grid'));
      times.empty.push(await frameOf(empty, '.empty-grid'));
    }
    return { ours: median(times.ours), empty: median(times.empty), paint: await firstPaint(ours) };
  } finally {
    await browser.close();
  }
}

/** Milliseconds of a frame while it scrolls, on average. */
function frameOf(page: Page, selector: string): Promise<number> {
  return page.evaluate(
    ([name, frames, step]) =>
      new Promise<number>((resolve) => {
        const grid = document.querySelector(name) as HTMLElement;
        grid.scrollTop = 0;
        let left = frames;
        let start = 0;
        const next = (now: number) => {
          if (start === 0) start = now;
          grid.scrollTop += step;
          left -= 1;
          if (left > 0) requestAnimationFrame(next);
          else resolve((now - start) / (frames - 1));
        };
        requestAnimationFrame(next);
      }),
    [selector, FRAMES, STEP] as const,
  );
}

/** Milliseconds from the message with all images to the frame that shows the first of them. */
async function firstPaint(ours: SetPageInTest): Promise<number> {
  await ours.send({ type: 'rows', rows: [] });
  await ours.page.getByTestId('set-item').first().waitFor({ state: 'detached' });
  return ours.page.evaluate(async (all) => {
    const start = performance.now();
    window.postMessage({ type: 'rows', rows: all }, '*');
    while (document.querySelector('.set-item') === null) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
  }, rows);
}

/** Cells of the same size without anything in them, all of them in the document. */
async function emptyGrid(from: Browser): Promise<Page> {
  const page = await (await from.newContext({ viewport: { width: 1200, height: 800 } })).newPage();
  await page.setContent(
    '<style>.empty-grid { height: 680px; overflow: auto; display: grid; grid-template-columns: repeat(5, 165px); gap: 8px } .cell { height: 178px; border: 1px solid #888 }</style><div class="empty-grid"></div>',
  );
  await page.evaluate((count) => {
    const cells = Array.from({ length: count }, () => Object.assign(document.createElement('div'), { className: 'cell' }));
    document.querySelector('.empty-grid')?.append(...cells);
  }, IMAGES);
  return page;
}
