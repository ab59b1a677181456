/**
 * Zoom and pan over a photo of 24 megapixels with 300 boxes and 50 masks, beside a plain canvas that is drawn anew for each frame; the first overlay;
 * letters in the filter and pan with 2,000 boxes; and memory over many images.
 */
import type { Browser, CDPSession, Page } from 'playwright-core';
import sharp from 'sharp';
import type { Box, Detection } from '../../src/core/inspection/inspection.ts';
import { decodeMask } from '../../src/core/masks/mask.ts';
import { outlineOfMap } from '../../src/core/masks/outline.ts';
import type { SessionState } from '../../src/protocol.ts';
import { launchChromium } from '../tools/chromium.ts';
import { bundleWebview, InspectorPage } from '../webview/support/inspectorPage.ts';
import { ellipseMask, IMAGE, inspection, object, sessionWith } from '../webview/support/sessions.ts';
import { plainCanvas } from './peers/plainCanvas.ts';
import { median, printGoal, printTable } from './report.ts';

const SIZE = { width: 6000, height: 4000 };
const FRAMES = 90;
const ROUNDS = 5;
const SWITCHES = 100;
/** Switches after which what is made once has been made. */
const SETTLED = 20;
const MASK = { kind: 'bitmap', width: 256, height: 256, png: ellipseMask(256) } as const;
const MAP = decodeMask(MASK.png);
const MOVEMENTS = ['zoom', 'pan'] as const;
const MANY = 2000;
/** What stands in the filter, in turns: all of the boxes, most, some, few, none. */
const WORDS = ['l', 'label', 'label 1', 'label 11', 'zz', ''];

interface Frames {
  /** Milliseconds between frames. */
  times: number[];
  /** Milliseconds of script a frame, on average. */
  script: number;
}

const script = await bundleWebview();
// As many frames as can be made, so that their times tell of the work and not of the screen.
const browser = await launchChromium(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
try {
  const picture = await photo();
  const ours = await openOurs(browser, picture);
  const plain = await openPlain(browser, picture);
  const empty = await openEmpty(browser);
  const results = new Map<string, Frames[]>();
  // In turns, so that what else the machine does is the same for both.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, page] of [
      ['ours', ours.page],
      ['plain', plain],
      ['empty', empty],
    ] as const) {
      await page.bringToFront();
      for (const movement of MOVEMENTS) {
        const key = `${name} ${movement}`;
        results.set(key, [...(results.get(key) ?? []), await framesOf(page, movement)]);
      }
    }
  }
  report(results);
  await Promise.all([plain.context().close(), empty.context().close()]);
  await ours.close();
  await measureFirstPaint(browser, picture);
  await measureManyBoxes(browser, picture);
  await measureMemory(browser, picture);
} finally {
  await browser.close();
}

function report(results: ReadonlyMap<string, readonly Frames[]>): void {
  const figures = (key: string) => {
    const rounds = results.get(key) ?? [];
    const part = (share: number) =>
      median(rounds.map(({ times }) => [...times].sort((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN));
    return { p50: part(0.5), p95: part(0.95), script: median(rounds.map(({ script }) => script)) };
  };
  /** Less what the events themselves cost, in a page where nobody listens. */
  const scriptOf = (name: string, movement: string) =>
    Math.max(0, figures(`${name} ${movement}`).script - figures(`empty ${movement}`).script);
  const rows: (string | number)[][] = [['300 boxes, 50 masks on 24 megapixels', 'p50 ms', 'p95 ms', 'script ms a frame']];
  for (const movement of MOVEMENTS) {
    for (const name of ['ours', 'plain']) {
      const { p50, p95 } = figures(`${name} ${movement}`);
      rows.push([`${movement}, ${name}`, p50.toFixed(1), p95.toFixed(1), scriptOf(name, movement).toFixed(3)]);
    }
  }
  printTable(rows);
  for (const movement of MOVEMENTS) {
    const [a, b] = [figures(`ours ${movement}`), figures(`plain ${movement}`)];
    printGoal(`Median frame, ${movement}, against a plain canvas`, a.p50 / b.p50, movement === 'zoom' ? 0.4 : 0.6, 'x');
    printGoal(
      `Script of a frame, ${movement}, against a plain canvas`,
      scriptOf('ours', movement) / scriptOf('plain', movement),
      0.03,
      'x',
    );
    printGoal(`Median frame, ${movement}`, a.p50, 17, 'ms');
  }
  console.log('');
}

/** Moves by one event for each frame, as a hand does. */
async function framesOf(page: Page, movement: (typeof MOVEMENTS)[number]): Promise<Frames> {
  const cdp = await page.context().newCDPSession(page);
  // Time of the processor, so that other programs do not count.
  await cdp.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await cdp.send('Performance.enable');
  const before = await metric(cdp, 'ScriptDuration');
  const times = await page.evaluate(
    ([kind, frames]) =>
      new Promise<number[]>((resolve) => {
        const surface = document.querySelector('.viewer') as HTMLElement;
        const at = { clientX: 400, clientY: 380, bubbles: true, cancelable: true, view: window };
        const stamps: number[] = [];
        // As the browser does: the pointer's event, then the mouse's.
        const mouse = (target: EventTarget, name: string, place: MouseEventInit) => {
          target.dispatchEvent(new PointerEvent(`pointer${name}`, { ...at, ...place, pointerId: 1, pointerType: 'mouse' }));
          target.dispatchEvent(new MouseEvent(`mouse${name}`, { ...at, ...place }));
        };
        if (kind === 'pan') mouse(surface, 'down', { button: 0, buttons: 1 });
        const step = (now: number) => {
          stamps.push(now);
          const i = stamps.length;
          if (i > frames) {
            if (kind === 'pan') mouse(surface, 'up', {});
            resolve(stamps.slice(1).map((stamp, n) => stamp - (stamps[n] ?? 0)));
            return;
          }
          // In for the first half, back for the second.
          const sign = i <= frames / 2 ? 1 : -1;
          if (kind === 'zoom') surface.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: -20 * sign }));
          else {
            const far = frames / 2 - Math.abs(i - frames / 2);
            mouse(surface, 'move', { clientX: 400 + 3 * far, clientY: 380 + 2 * far, buttons: 1 });
          }
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    [movement, FRAMES] as const,
  );
  const spent = ((await metric(cdp, 'ScriptDuration')) - before) * 1000;
  await cdp.detach();
  return { times, script: spent / FRAMES };
}

async function metric(cdp: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
}

/** From the session to the first frame with all boxes over the picture; of the plain canvas, from its scene to its first frame. */
async function measureFirstPaint(browser: Browser, picture: Buffer): Promise<void> {
  const times: number[] = [];
  for (let run = 0; run < ROUNDS; run++) {
    const opened = await InspectorPage.open(browser, script, sessionWith(inspection('detect'), { images: [image()] }), { picture });
    await opened.page.waitForFunction(() => document.querySelector<HTMLImageElement>('.picture')?.complete);
    times.push(
      await opened.page.evaluate(async (state) => {
        const start = performance.now();
        window.postMessage({ type: 'state', state }, '*');
        while (document.querySelectorAll('[data-testid="box"]').length < 350) await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        return performance.now() - start;
      }, scene()),
    );
    await opened.close();
  }
  printTable([
    ['from the reply to its overlay', 'median ms', 'quickest ms'],
    ['350 objects over the picture', median(times).toFixed(0), Math.min(...times).toFixed(0)],
  ]);
  printGoal('First overlay of 350 objects', median(times), 100, 'ms');
  console.log('');
}

/** Each letter from its event to the end of the frame in which list and picture have followed. */
async function measureManyBoxes(browser: Browser, picture: Buffer): Promise<void> {
  const boxes = Array.from({ length: MANY }, (_, i) =>
    object(i + 1, `label ${i % 12}`, [0.01 + (i % 50) * 0.0195, 0.01 + Math.floor(i / 50) * 0.0245, 0.015, 0.02]),
  );
  const opened = await InspectorPage.open(
    browser,
    script,
    sessionWith(inspection('detect', { detections: boxes }), { images: [image()] }),
    {
      picture,
    },
  );
  await opened.page.waitForFunction((count) => document.querySelectorAll('[data-testid="box"]').length === count, MANY);
  const busy = await busyTime(browser);
  const times = new Map<string, number[]>(WORDS.map((words) => [words, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const words of WORDS) {
      const ms = await opened.page.evaluate(typeInFilter, words);
      if (round >= 0) times.get(words)?.push(ms);
    }
  }
  const cpu = ((await busyTime(browser)) - busy) / (WORDS.length * (ROUNDS + 1));
  const frames = await framesOf(opened.page, 'pan');
  await opened.close();
  const medians = Array.from(times, ([words, each]) => [words, median(each), Math.min(...each)] as const);
  printTable([
    [`${MANY} boxes: what is in the filter`, 'median ms', 'quickest ms'],
    ...medians.map(([words, ms, least]) => [words === '' ? 'nothing again' : words, ms.toFixed(0), least.toFixed(0)]),
    ['processor time of all threads, tags and rows that follow too', cpu.toFixed(0), ''],
  ]);
  printGoal(`A letter in the filter of ${MANY} boxes, the slowest kind`, Math.max(...medians.map(([, ms]) => ms)), 50, 'ms');
  printGoal(`Pan with ${MANY} boxes, median frame`, median(frames.times), 33, 'ms');
  console.log('');
}

/** Runs in the page. What an earlier letter left to do is waited for. */
async function typeInFilter(words: string): Promise<number> {
  const field = document.querySelector('.filter-text') as HTMLInputElement;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const start = performance.now();
  field.value = words;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await new Promise(requestAnimationFrame);
  await new Promise((resolve) => setTimeout(resolve, 0));
  return performance.now() - start;
}

/** Milliseconds that the pages' processes have been at work. */
async function busyTime(browser: Browser): Promise<number> {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  await cdp.detach();
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
}

/** One page, many images: what each leaves behind. */
async function measureMemory(browser: Browser, picture: Buffer): Promise<void> {
  const opened = await openOurs(browser, picture);
  const cdp = await opened.page.context().newCDPSession(opened.page);
  await cdp.send('Performance.enable');
  const sizes = async () => {
    // What was taken off the page is let go of by the browser with the next frame.
    await opened.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await cdp.send('HeapProfiler.collectGarbage');
    return { heap: (await metric(cdp, 'JSHeapUsedSize')) / 1e6, nodes: await metric(cdp, 'Nodes') };
  };
  let early: Awaited<ReturnType<typeof sizes>> | undefined;
  for (let i = 1; i <= SWITCHES; i++) {
    const other = { ...image(), uri: `${IMAGE.uri}-${i}`, src: `${IMAGE.src}?${i % 2}` };
    await opened.send({ type: 'state', state: { ...scene(`run ${i}`), images: [other] } });
    await opened.page.waitForFunction(() => document.querySelectorAll('[data-testid="mask"]').length === 50);
    // Of a very long list the first rows.
    await opened.page.waitForFunction(() => document.querySelectorAll('object-row').length >= 40);
    if (i === SETTLED) early = await sizes();
  }
  const late = await sizes();
  await opened.close();
  if (!early) return;
  printTable([
    ['memory of the page', 'heap MB', 'nodes'],
    [`after ${SETTLED} images`, early.heap.toFixed(1), early.nodes],
    [`after ${SWITCHES} images`, late.heap.toFixed(1), late.nodes],
  ]);
  printGoal(`Heap after ${SWITCHES} images against after ${SETTLED}`, late.heap / early.heap, 1.05, 'x');
  printGoal(`Nodes after ${SWITCHES} images against after ${SETTLED}`, late.nodes / early.nodes, 1.05, 'x');
}

async function openOurs(browser: Browser, picture: Buffer): Promise<InspectorPage> {
  const opened = await InspectorPage.open(browser, script, scene(), { picture });
  await opened.page.waitForFunction(() => document.querySelectorAll('[data-testid="mask"]').length === 50);
  await opened.page.waitForFunction(() => document.querySelector<HTMLImageElement>('.picture')?.complete);
  return opened;
}

/** A page in which the same events happen to nobody. */
async function openEmpty(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.setContent('<div class="viewer"></div>');
  return page;
}

async function openPlain(browser: Browser, picture: Buffer): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  const page = await context.newPage();
  await page.route('**/*', (route) =>
    route.request().url().endsWith('.png')
      ? route.fulfill({ body: picture, contentType: 'image/jpeg' })
      : route.fulfill({ body: '<!DOCTYPE html><body></body>', contentType: 'text/html' }),
  );
  await page.goto('https://page.test/');
  const objects = detections().map(({ label, box, mask }) => ({
    label,
    ...inPixels(box),
    ...(mask && { outline: outlineOfMap(MAP, 127, inPixels(box))?.path ?? '' }),
  }));
  await page.evaluate(plainCanvas, { src: '/picture.png', ...SIZE, objects });
  return page;
}

function inPixels({ x, y, width, height }: Box): Box {
  return { x: x * SIZE.width, y: y * SIZE.height, width: width * SIZE.width, height: height * SIZE.height };
}

function image(): SessionState['images'][number] {
  return { ...IMAGE, ...SIZE };
}

function scene(id = 'run'): SessionState {
  return sessionWith(inspection('detect', { id, detections: detections() }), { images: [image()] });
}

function detections(): Detection[] {
  return Array.from({ length: 350 }, (_, i) =>
    object(
      i + 1,
      `label ${i % 12}`,
      [0.01 + (i % 25) * 0.039, 0.02 + Math.floor(i / 25) * 0.068, 0.03, 0.05],
      i % 7 === 0 ? { mask: MASK } : {},
    ),
  );
}

/** Busy enough that scaling it is work, and the same each time. */
async function photo(): Promise<Buffer> {
  const data = Buffer.alloc(SIZE.width * SIZE.height * 3);
  for (let y = 0, at = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++, at += 3) {
      data[at] = (x * y) >> 12;
      data[at + 1] = (x ^ y) >> 3;
      data[at + 2] = y >> 4;
    }
  }
  return sharp(data, { raw: { ...SIZE, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer();
}
