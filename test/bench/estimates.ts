/** Estimates per second and bytes read for each, against libraries that read headers; and in a real VS Code, from the tab of a 200 MB image to the status bar. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageSizeFromFile } from 'image-size/fromFile';
import { modelInfo } from '../../src/core/models/models.ts';
import { estimateImageTokens } from '../../src/core/usage/tokens.ts';
import { probe } from '../../src/imaging/formats/probe.ts';
import { fileSource } from '../../src/imaging/reading/byteSource.ts';
import { VsCode } from '../e2e/harness.ts';
import { PROJECT } from '../tools/project.ts';
import { longHeaders, writeSparse } from './longHeaders.ts';
import { median, printGoal, printSkipped, printTable } from './report.ts';

const MODEL = modelInfo('gemini-3.8-flash', new Date());
/** Of each way, in turns, so that all have the same share of a busy machine. */
const ROUNDS = 9;
const ROUND_MS = 400;
/** Openings of the large image. */
const OPENINGS = 15;

type Way = (path: string) => Promise<unknown>;

const WAYS: Record<string, Way> = {
  'ours, with the tokens': async (path) => estimateImageTokens((await probe(await fileSource(path))).upright, MODEL, 'default'),
  'image-size, the size alone': imageSizeFromFile,
  'sharp.metadata(), the size alone': await sharpMetadata(),
};

const folder = await mkdtemp(join(tmpdir(), 'estimates-'));
try {
  await cp(join(PROJECT, 'test/fixtures/samples'), folder, { recursive: true });
  const small = (await readdir(folder)).map((name) => join(folder, name));
  await compare(`the ${small.length} sample pictures`, small);
  const { 'JPEG, 200 MB': jpeg, 'PNG, 200 MB': png } = longHeaders();
  if (jpeg === undefined || png === undefined) throw new Error('the long headers have other names');
  await Promise.all([writeSparse(join(folder, 'large.jpg'), jpeg), writeSparse(join(folder, 'large.png'), png)]);
  for (const name of ['large.jpg', 'large.png']) await compare(`${name}, 200 MB`, [join(folder, name)]);
  await rm(join(folder, 'large.jpg'));
  await toStatusBar(folder, 'large.png');
} finally {
  await rm(folder, { recursive: true });
}

async function compare(what: string, paths: readonly string[]): Promise<void> {
  const perSecond: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, way] of Object.entries(WAYS)) {
      const rate = await rateOf(way, paths).catch(() => undefined);
      if (rate !== undefined) perSecond[name] = [...(perSecond[name] ?? []), rate];
    }
  }
  const rows: string[][] = [];
  for (const [name, way] of Object.entries(WAYS)) rows.push([name, rateText(perSecond[name]), await bytesText(way, paths)]);
  printTable([[what, 'a second', 'bytes read for each'], ...rows]);
  console.log('');
}

/** How many files a second. Rejects where one cannot be read. */
async function rateOf(way: Way, paths: readonly string[]): Promise<number> {
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < ROUND_MS) {
    for (const path of paths) await way(path);
    done += paths.length;
  }
  return (done * 1000) / (performance.now() - start);
}

function rateText(rates: readonly number[] | undefined): string {
  return rates === undefined ? 'not read' : Math.round(median(rates)).toLocaleString('en');
}

/** By the system's own count of what this process has read, where it keeps one. */
async function bytesText(way: Way, paths: readonly string[]): Promise<string> {
  // The count itself is read from a file.
  const before = await bytesRead();
  const start = await bytesRead();
  for (const path of paths) await way(path).catch(() => undefined);
  const end = await bytesRead();
  if (before === undefined || start === undefined || end === undefined) return '';
  return Math.round((end - start - (start - before)) / paths.length).toLocaleString('en');
}

async function bytesRead(): Promise<number | undefined> {
  const text = await readFile('/proc/self/io', 'utf8').catch(() => '');
  const count = /^rchar: (\d+)/m.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}

async function sharpMetadata(): Promise<Way> {
  const { default: sharp } = await import('sharp');
  // It would remember files that it has read.
  sharp.cache(false);
  return (path) => sharp(path).metadata();
}

/** From the moment that the editor's tab is active to the tokens in the status bar, as drawn. */
async function toStatusBar(pictures: string, name: string): Promise<void> {
  const code = await VsCode.start({ folder: pictures, settings: { 'workbench.editor.enablePreview': true } }).catch((error: unknown) => {
    printSkipped('From the tab to the status bar', String(error).split('\n', 1)[0] ?? '');
    return undefined;
  });
  if (code === undefined) return;
  const times: number[] = [];
  try {
    for (let opening = 0; opening <= OPENINGS; opening++) {
      await code.openFile('street.png');
      await code.statusBarItem('imageInspector.tokens').filter({ hasText: '1,075' }).waitFor();
      const shown = code.page.evaluate(timeToTokens, { name, tokens: '1,064' });
      await code.explorerRow(name).dblclick();
      const time = await shown;
      // The first loads what reads headers.
      if (opening > 0) times.push(time);
    }
  } finally {
    await code.stop();
  }
  printTable([
    ['from the tab of a 200 MB image to its tokens in the status bar', 'ms'],
    ['median', Math.round(median(times))],
    ['slowest', Math.round(Math.max(...times))],
  ]);
  printGoal('Tokens of a 200 MB image in the status bar', median(times), 100, 'ms');
}

/** Runs in the window of VS Code. */
function timeToTokens({ name, tokens }: { name: string; tokens: string }): Promise<number> {
  return new Promise((resolve) => {
    let active: number | undefined;
    const observer = new MutationObserver(() => {
      if (document.querySelector('.tab.active')?.textContent?.includes(name)) active ??= performance.now();
      const text = document.querySelector('.statusbar [id$="imageInspector.tokens"]')?.textContent ?? '';
      if (active === undefined || !text.includes(tokens)) return;
      observer.disconnect();
      resolve(performance.now() - active);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}
