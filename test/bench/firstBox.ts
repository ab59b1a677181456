/** How soon a box is on the screen: in the page by itself, after a reload, and all the way from the server through VS Code. */
import type { Browser, Page } from 'playwright-core';
import type { Detection } from '../../src/core/inspection/inspection.ts';
import type { SessionState } from '../../src/protocol.ts';
import { VsCode } from '../e2e/harness.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { launchChromium } from '../tools/chromium.ts';
import { bundleWebview, InspectorPage } from '../webview/support/inspectorPage.ts';
import { ellipseMask, inspection, object, running, session, sessionWith } from '../webview/support/sessions.ts';
import { median, printGoal, printTable } from './report.ts';

const RUNS = 15;
const MASK = { kind: 'bitmap', width: 256, height: 256, png: ellipseMask(256) } as const;

declare global {
  interface Window {
    /** Resolves with the time (milliseconds since 1970) at which so many elements had been painted. */
    painted(selector: string, count: number): Promise<number>;
    seen: Promise<number>;
    reloaded: { ready: number; painted: Promise<number> };
  }
}

const browser = await launchChromium();
try {
  await measurePage(browser);
  await measureReload(browser);
} finally {
  await browser.close();
}
await measureThroughVsCode();

/** From the message with an object to its box. */
async function measurePage(browser: Browser): Promise<void> {
  const bare = await bareTimes(browser);
  const rows: (string | number)[][] = [
    ['from the message to the box, median', 'ms', 'to a bare rectangle'],
    ['a bare rectangle in an empty page', median(bare).toFixed(1), 1],
  ];
  let worst = 0;
  for (const known of [0, 100]) {
    const ms = median(await boxTimes(browser, known));
    worst = Math.max(worst, ms);
    rows.push([`a box beside ${known} others`, ms.toFixed(1), (ms / median(bare)).toFixed(2)]);
  }
  printTable(rows);
  printGoal('First box in the page', worst, 100, 'ms');
  console.log('');
}

async function boxTimes(browser: Browser, known: number): Promise<number[]> {
  const opened = await InspectorPage.open(browser, await bundleWebview(), session());
  await opened.page.evaluate(definePainted);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const task = running('detect', { phase: 'receiving', startedAt: run + 1, detections: many(known) });
    await opened.send({ type: 'state', state: session({ running: task }) });
    await opened.page.waitForFunction((count) => document.querySelectorAll('[data-testid="box"]').length === count, known);
    const news = { ...task, detections: [object(known + 1, 'new', [0.3, 0.3, 0.2, 0.2])] };
    times.push(
      await opened.page.evaluate(
        async ([message, count]) => {
          const start = Date.now();
          const painted = window.painted('[data-testid="box"]', count);
          window.postMessage(message, '*');
          return (await painted) - start;
        },
        [{ type: 'progress', running: news }, known + 1] as const,
      ),
    );
  }
  await opened.close();
  return times;
}

/** The same in a page that does nothing but append a rectangle. */
async function bareTimes(browser: Browser): Promise<number[]> {
  const page = await browser.newPage();
  await page.setContent('<svg width="600" height="400"></svg>');
  await page.evaluate(definePainted);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    times.push(
      await page.evaluate(async (count) => {
        addEventListener(
          'message',
          () => document.querySelector('svg')?.append(document.createElementNS('http://www.w3.org/2000/svg', 'rect')),
          { once: true },
        );
        const start = Date.now();
        const painted = window.painted('rect', count);
        window.postMessage('draw', '*');
        return (await painted) - start;
      }, run + 1),
    );
  }
  await page.close();
  return times;
}

/** From the page's `ready` to all it showed before. */
async function measureReload(browser: Browser): Promise<void> {
  const boxes = many(100);
  const cases: [string, SessionState, string][] = [
    ['100 boxes', sessionWith(inspection('detect', { detections: boxes })), '[data-testid="box"]'],
    ['100 masks', sessionWith(inspection('segment', { detections: boxes.map((box) => ({ ...box, mask: MASK })) })), '[data-testid="mask"]'],
  ];
  const rows: (string | number)[][] = [['from ready to all objects, median', 'ms']];
  const script = await bundleWebview();
  const medians: [string, number][] = [];
  for (const [name, state, selector] of cases) {
    const opened = await InspectorPage.open(browser, script, state);
    await opened.page.addInitScript(definePainted);
    await opened.page.addInitScript(answerReady, { message: { type: 'state', state }, selector, count: 100 });
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) times.push(await reloadTime(opened.page));
    await opened.close();
    medians.push([name, median(times)]);
    rows.push([name, median(times).toFixed(0)]);
  }
  printTable(rows);
  for (const [name, ms] of medians) printGoal(`Reload with ${name}`, ms, 1000, 'ms');
  console.log('');
}

async function reloadTime(page: Page): Promise<number> {
  await page.reload();
  await page.waitForFunction(() => window.reloaded);
  return page.evaluate(async () => (await window.reloaded.painted) - window.reloaded.ready);
}

/** From the server's last byte of an object, through the extension host and the workbench, to its box in the editor. */
async function measureThroughVsCode(): Promise<void> {
  const gemini = await startGeminiServer();
  const settings = { 'imageInspector.baseUrl': gemini.url, 'imageInspector.confirmBeforeSending': 'never' };
  const code = await VsCode.start({ settings, env: { GEMINI_API_KEY: 'test-key' } }).catch(async (error: unknown) => {
    await gemini.close();
    throw error;
  });
  const times: number[] = [];
  try {
    for (let run = 0; run < RUNS; run++) times.push(await timeThroughVsCode(code, gemini, `object ${run}`));
  } finally {
    await code.stop();
    await gemini.close();
  }
  printTable([
    ['from the last byte of an object to its box in VS Code', 'ms'],
    ['the first one', times[0] ?? 0],
    ['median', median(times)],
    ['slowest', Math.max(...times)],
  ]);
  printGoal('First box, from the server to the screen', median(times), 100, 'ms');
}

async function timeThroughVsCode(code: VsCode, gemini: GeminiServer, label: string): Promise<number> {
  const { promise: hold, resolve: release } = Promise.withResolvers<void>();
  const sent = gemini.requests.length;
  gemini.respondWith({
    chunks: [`[{"box_2d": [100, 100, 500, 500], "label": "${label}"`, '}', ',\n{"box_2d": [600, 100, 900, 500], "label": "other"}]'],
    holdAfterChunks: 1,
    hold,
  });
  await code.chooseInExplorer('street.png', 'Image Inspector', 'Detect Objects');
  await code.inspector().getByTestId('cancel').waitFor();
  await gemini.waitForRequest(({ sequence }) => sequence > sent);
  const body = code.inspector().locator('body');
  await body.evaluate(definePainted);
  await body.evaluate((_, selector) => {
    window.seen = window.painted(selector, 1);
  }, `[data-testid="box"][aria-label="${label}"]`);
  const start = Date.now();
  release();
  const end = await body.evaluate(() => window.seen);
  await code.inspector().getByTestId('cancel').waitFor({ state: 'detached' });
  return end - start;
}

/** Boxes in rows of ten. */
function many(count: number): Detection[] {
  return Array.from({ length: count }, (_, i) =>
    object(i + 1, `object ${i % 12}`, [0.01 + (i % 10) * 0.098, 0.01 + Math.floor(i / 10) * 0.098, 0.08, 0.07]),
  );
}

/** Runs in the page. */
function definePainted(): void {
  window.painted = (selector, count) =>
    new Promise((resolve) => {
      const look = () => {
        if (document.querySelectorAll(selector).length < count) return;
        observer.disconnect();
        // The frame is on the screen when what was asked for within it comes back.
        requestAnimationFrame(() => setTimeout(() => resolve(Date.now()), 0));
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, attributes: true });
      look();
    });
}

/** Runs in the page, before its own script: the host's answer comes at once. */
function answerReady({ message, selector, count }: { message: object; selector: string; count: number }): void {
  const acquire = window.acquireVsCodeApi;
  window.acquireVsCodeApi = () => {
    const api = acquire<unknown>();
    return {
      ...api,
      postMessage: (posted: { type: string }) => {
        if (posted.type === 'ready') {
          window.reloaded = { ready: Date.now(), painted: window.painted(selector, count) };
          window.postMessage(message, '*');
        }
      },
    } as never;
  };
}
