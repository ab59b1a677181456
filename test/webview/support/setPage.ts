import type { Browser, Page } from 'playwright-core';
import type { Confusion } from '../../../src/core/scoring/evaluation.ts';
import type { SetRow } from '../../../src/core/sets/inspectionSet.ts';
import type { FromSetMessage, SetRunView, SetScoreView, SetView, ToSetMessage } from '../../../src/setProtocol.ts';
import { openPage, type PageOptions } from './inspectorPage.ts';
import { drawPicture } from './sessions.ts';

/** Where the picture of every image is. */
export const THUMBNAIL = 'https://page.test/thumbnail.png';

/** The page of a set in a browser, with the test in place of the host. */
export class SetPageInTest {
  readonly page: Page;
  readonly errors: string[];

  private constructor(page: Page, errors: string[]) {
    this.page = page;
    this.errors = errors;
  }

  /** Opens the page and answers its `ready` with the set and its images. */
  static async open(
    browser: Browser,
    script: string,
    set: SetView,
    rows: readonly SetRow[] = [],
    options: PageOptions = {},
  ): Promise<SetPageInTest> {
    const files = { '/thumbnail.png': { body: drawPicture(), contentType: 'image/png' } };
    const { page, errors } = await openPage(browser, { script, sheet: 'set.css', files }, options);
    const opened = new SetPageInTest(page, errors);
    await opened.send({ type: 'rows', rows });
    await opened.send({ type: 'set', set });
    await page.getByTestId('set').waitFor();
    return opened;
  }

  async send(message: ToSetMessage): Promise<void> {
    await this.page.evaluate((data) => window.postMessage(data, '*'), message);
  }

  /** Gives every image that the page asks for its picture. */
  async sendThumbnails(): Promise<void> {
    const { keys } = await this.posted('thumbnails');
    await this.send({ type: 'thumbnails', thumbnails: keys.map((key) => ({ key, src: THUMBNAIL })) });
    await this.page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLImageElement>('.set-thumb img')].some((image) => image.complete),
    );
  }

  /** Waits for a message to the host and returns it. */
  async posted<Type extends FromSetMessage['type']>(type: Type): Promise<Extract<FromSetMessage, { type: Type }>> {
    const handle = await this.page.waitForFunction(
      (wanted) => window.posted.findLast((message) => (message.type as string) === wanted),
      type,
    );
    return (await handle.jsonValue()) as unknown as Extract<FromSetMessage, { type: Type }>;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** A set that is planned. */
export function plannedSet(part: Partial<SetView> = {}): SetView {
  return {
    name: 'pictures',
    task: 'detect',
    words: 'jars, cats',
    model: 'gemini-3.8-flash',
    speed: 'standard',
    onlyNew: true,
    tried: 0,
    plan: {
      images: 4812,
      new: 4500,
      done: 200,
      excluded: 12,
      unsupported: 40,
      broken: 10,
      duplicates: 50,
      speeds: [
        { speed: 'standard', inputTokens: 5_180_000, costUsd: [3.9, 11.2], hours: [0.5, 2] },
        { speed: 'flex', inputTokens: 5_180_000, costUsd: [1.95, 5.6], hours: [1, 8] },
        { speed: 'batch', inputTokens: 5_180_000, costUsd: [1.95, 5.6], hours: [1, 24] },
      ],
    },
    ...part,
  };
}

/** A set that runs, with so many images. */
export function runningSet(rows: readonly SetRow[], part: Partial<SetRunView> = {}): SetView {
  const { plan: _, ...set } = plannedSet({ id: 'set-1' });
  const counts = { waiting: 0, done: 0, failed: 0, skipped: 0, cancelled: 0 };
  for (const { state } of rows) counts[state === 'prepared' || state === 'sent' ? 'waiting' : state] += 1;
  return { ...set, run: { state: 'running', counts, costUsd: 1.23, forecastUsd: [3.5, 4.1], perMinute: 84, secondsLeft: 2520, ...part } };
}

const LABELS = ['jar', 'cat', 'spoon', 'cup'];

/** Images of a set in all states: the same for the same number. */
export function manyRows(count: number): SetRow[] {
  return Array.from({ length: count }, (_, index): SetRow => {
    const key = `${index % 3 === 0 ? 'shelf/' : ''}image-${String(index).padStart(5, '0')}.png`;
    const row = { key, uri: `file:///pictures/${key}` };
    if (index % 17 === 5) return { ...row, state: 'failed', reason: 'timeout', message: 'The request took too long.', mayBeBilled: true };
    if (index % 41 === 7) return { ...row, state: 'failed', reason: 'unreadableImage', message: 'The file is not a readable image.' };
    if (index % 23 === 11) return { ...row, state: 'skipped', reason: 'excluded', message: 'This file is excluded from sending.' };
    if (index % 5 === 4) return { ...row, state: index % 2 === 0 ? 'waiting' : 'sent' };
    const labels = { [LABELS[index % 4] as string]: 1 + (index % 3), ...(index % 7 === 0 ? { shelf: 1 } : {}) };
    const objects = Object.values(labels).reduce((sum, each) => sum + each, 0);
    return { ...row, state: 'done', labels, count: objects, ...(index % 6 === 0 ? { confidence: (index % 10) / 10 } : {}) };
  });
}

/** How so many images agree with labels of so many names: most objects of each label found, some as the next, some missed. */
export function scoreOf(images: number, labels: number): SetScoreView {
  const names = Array.from({ length: labels }, (_, index) => LABELS[index] ?? `label ${index}`);
  const cells: Confusion[] = names.flatMap((label, index) => [
    { label, as: label, count: 40 + index },
    { label, as: names[(index + 1) % labels] ?? null, count: 1 + (index % 3) },
    { label, as: null, count: 2 },
  ]);
  const confusion = [...cells, { label: null, as: names[0] ?? null, count: 5 }];
  const figures = { precision: 0.9, recall: 0.85, ap50: 0.8, ap: 0.6 };
  return {
    evaluation: {
      ...{ version: 1, images, labels: 50 * labels, detections: 48 * labels, iou: 0.5, ...figures, f1: 0.874 },
      ...{ truePositives: 40 * labels, falsePositives: 2 * labels + 5, falseNegatives: 3 * labels },
      perLabel: names.map((label, index) => ({ label, ...figures, count: 50 * labels - index })),
      confusion,
    },
    places: confusion.map((_, index) => [index % images, (index + 1) % images]),
    hasConfidences: false,
    labels: 'instances.json',
    without: 3,
    unreadable: 0,
  };
}
