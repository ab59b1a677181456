/** Photos made ready to be sent, against Pillow and heif-convert; the load on the thread of the editor; memory; and the header probe. */
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { PrepareOptions } from '../../src/imaging/formats/prepared.ts';
import { probe } from '../../src/imaging/formats/probe.ts';
import { wasmSharp } from '../../src/imaging/pixels/sharpWasm.ts';
import { type ByteSource, fileSource, memorySource } from '../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../src/imaging/worker/imageWorker.ts';
import { largeImages } from '../fixtures/largeImages.ts';
import { collectGarbage } from '../tools/collectGarbage.ts';
import { judgeProbe } from './judgeProbe.ts';
import { writeSparse } from './longHeaders.ts';
import { median, printGoal, printSkipped, printTable, timesOf } from './report.ts';

const ROUNDS = 7;
/** Milliseconds: while the peers run, the thread is not to end; when memory is looked at, it is. */
const IDLE = { measured: 600_000, memory: 200 };
/** A photo of 24 megapixels that lies on its side. */
const PHOTO = { width: 6000, height: 4000, orientation: 6 };
const WISHES: { mode: string; title: string; options: PrepareOptions; most?: number }[] = [
  { mode: 'upright1024', title: 'upright, longest side 1024', options: { maxDimension: 1024 }, most: 0.3 },
  { mode: 'thumbnail1024', title: 'the same, against thumbnail() of Pillow', options: { maxDimension: 1024 } },
  { mode: 'full', title: 'upright, full size', options: { maxDimension: 0 }, most: 2.5 },
  {
    mode: 'crop',
    title: 'crop of the middle quarter',
    options: { maxDimension: 0, region: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 } },
    most: 2.5,
  },
];

const folder = await mkdtemp(join(tmpdir(), 'imaging-'));
const entry = new URL('../../src/imaging/worker/worker.ts', import.meta.url);
const worker = new ImageWorker({ entry, idle: IDLE.measured });
try {
  const path = join(folder, 'photo.jpg');
  makePhoto(path);
  await measureMemory(path);
  await measurePixels(path);
  await measureLag(path);
  await measureLargeFiles(path);
  await measureProbe();
} finally {
  worker.dispose();
  await rm(folder, { recursive: true });
}

async function measurePixels(path: string): Promise<void> {
  const first = (await timesOf(1, () => ours(path, { maxDimension: 1024 }), 0))[0] ?? 0;
  const rows: (string | number)[][] = [['', 'ours, ms', 'peer, ms', 'ratio']];
  const goals: [string, number, number][] = [];
  const python = findPython();
  for (const { mode, title, options, most } of WISHES) {
    const own: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      own.push(...(await timesOf(1, () => ours(path, options), 0)));
      if (python !== undefined) peer.push(...pillowTimes(python, path, mode));
    }
    rows.push([`${title}: Pillow`, ...figures(own, peer)]);
    if (python !== undefined && most !== undefined)
      goals.push([`24 MP JPEG with EXIF 6, ${title}, against Pillow`, quickest(own) / quickest(peer), most]);
  }
  const heic = makeHeic(path);
  if (heic !== undefined) {
    const own = await timesOf(4, () => ours(heic, { maxDimension: 0 }), 1);
    const peer = await timesOf(3, () => execFileSync('heif-convert', ['-q', '90', heic, join(folder, 'out.jpg')]), 1);
    rows.push(['HEIC of 24 MP on its side: heif-convert', ...figures(own, peer)]);
    goals.push(['HEIC of 24 MP on its side to JPEG, against heif-convert', quickest(own) / quickest(peer), 2]);
  }
  printTable(rows);
  console.log(`  the first of all, with loading: ${Math.round(first)} ms`);
  for (const [what, value, most] of goals) printGoal(what, value, most, 'x');
  if (python === undefined) printSkipped('Pixels against Pillow', 'no python3 with Pillow');
  if (heic === undefined) printSkipped('HEIC against heif-convert', 'no heif-enc and heif-convert');
}

/** Before and after the thread was at work, in a process that has done nothing else yet. */
async function measureMemory(path: string): Promise<void> {
  const own = new ImageWorker({ entry, idle: IDLE.memory });
  const before = process.memoryUsage.rss();
  let most = before;
  const sampler = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  for (const { options } of WISHES) await own.prepare(await fileSource(path), options);
  clearInterval(sampler);
  while (own.isRunning) await new Promise((resolve) => setTimeout(resolve, 20));
  // What the thread has left is collected with what else an editor leaves; the system takes its time to get it back.
  collectGarbage();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const after = process.memoryUsage.rss();
  const megabytes = (value: number) => Math.round(value / 1e6);
  console.log(`  memory: ${megabytes(before)} MB before, ${megabytes(most)} MB at most, ${megabytes(after)} MB once idle`);
  printGoal('Memory once idle, beyond that before', megabytes(after - before), 100, 'MB');
}

/** How long the thread of the editor is kept from its work while the other one works. The peers, which run in the meantime elsewhere, block it: they are not among this. */
async function measureLag(path: string): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  for (const { options } of WISHES) await ours(path, options);
  delay.disable();
  const milliseconds = (nanoseconds: number) => Math.round(nanoseconds / 1e5) / 10;
  console.log(
    `  event-loop delay: mean ${milliseconds(delay.mean)} ms, 99.9 % ${milliseconds(delay.percentile(99.9))} ms, most ${milliseconds(delay.max)} ms`,
  );
  printGoal('99.9 % of the delays of the event loop while photos are worked on', milliseconds(delay.percentile(99.9)), 50, 'ms');
  printGoal('The longest of them', milliseconds(delay.max), 200, 'ms');
}

async function measureLargeFiles(small: string): Promise<void> {
  const rows: (string | number)[][] = [['300 MB, nothing to change but metadata', 'memory, MB', 'bytes sent']];
  let most = 0;
  for (const [format, { file }] of Object.entries(largeImages(300_000_000))) {
    const path = join(folder, `large.${format}`);
    await writeSparse(path, file);
    const script = join(import.meta.dirname, 'largeImageProcess.ts');
    const { grown, bytes } = JSON.parse(execFileSync(process.execPath, [script, path, small], { encoding: 'utf8' }));
    rows.push([format, Math.round(grown), bytes]);
    most = Math.max(most, grown);
  }
  printTable(rows);
  printGoal('Memory for a file of 300 MB that needs no change', most, 64, 'MB');
}

async function measureProbe(): Promise<void> {
  const corpus = process.env.IMAGE_INSPECTOR_CORPUS;
  if (!corpus) return printSkipped('Probe of recorded images', 'IMAGE_INSPECTOR_CORPUS is not set');
  const paths = globSync(`${corpus}/images/{,formats/,exif-orientation/}*.*`).sort();
  const sharp = await wasmSharp();
  const own: number[] = [];
  const theirs: number[] = [];
  const wrong: string[] = [];
  let silent = 0;
  let beyond = 0;
  for (const path of paths) {
    const bytes = new Uint8Array(await readFile(path));
    const verdict = await judgeProbe(bytes);
    if (verdict.wrong !== undefined) wrong.push(`${path.slice(corpus.length)}: ${verdict.wrong}`);
    if (verdict.bytesRead > 65_536) beyond++;
    if (verdict.beginning !== 'right')
      console.log(`  not known from its first 64 kB: ${path.slice(corpus.length)} (${bytes.length} bytes)`);
    if (verdict.beginning === 'wrong') silent++;
    const metadata = await timesOf(15, () => sharp(bytes).metadata()).catch(() => undefined);
    if (metadata === undefined) continue;
    own.push(median(await timesOf(31, () => probe(memorySource(bytes)))));
    theirs.push(median(metadata));
  }
  for (const line of wrong) console.log(`  not right: ${line}`);
  console.log(
    `  probe: ${Math.round(median(own) * 1000)} µs, metadata() of sharp: ${Math.round(median(theirs) * 1000)} µs, medians of ${own.length} images`,
  );
  printGoal(`Recorded images that the probe gets wrong, of ${paths.length}`, wrong.length, 0, '');
  printGoal('Probe against metadata() of sharp', median(own) / median(theirs), 0.05, 'x');
  printGoal('Recorded images of which more than 64 kB are read', (100 * beyond) / paths.length, 5, '%');
  printGoal('Recorded images of which the first 64 kB give a wrong answer', silent, 0, '');
}

async function ours(path: string, options: PrepareOptions): Promise<void> {
  const source: ByteSource = await fileSource(path);
  await worker.prepare(source, options);
}

function figures(own: readonly number[], peer: readonly number[]): (string | number)[] {
  if (peer.length === 0) return [Math.round(quickest(own)), '', ''];
  return [Math.round(quickest(own)), Math.round(quickest(peer)), `${(quickest(own) / quickest(peer)).toFixed(2)}x`];
}

/** Of times that other work on the machine can only lengthen. */
function quickest(times: readonly number[]): number {
  return Math.min(...times);
}

function findPython(): string | undefined {
  return ['python3', '/usr/bin/python3', 'python'].find((command) => spawnSync(command, ['-c', 'import PIL']).status === 0);
}

/** Without the start of Python, and without its first round. */
function pillowTimes(python: string, path: string, mode: string): number[] {
  const script = join(import.meta.dirname, 'peers/pillowPrepare.py');
  const output = execFileSync(python, [script, path, mode, '2'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return output.trim().split('\n').slice(1).map(Number);
}

/** In a process of its own: what it takes does not count. */
function makePhoto(path: string): void {
  execFileSync(process.execPath, [join(import.meta.dirname, 'photo.ts'), path, ...Object.values(PHOTO).map(String)]);
}

/** The photo as HEIC, which lies on its side too. Undefined where the programs for it are missing. */
function makeHeic(path: string): string | undefined {
  const target = join(folder, 'photo.heic');
  if (spawnSync('heif-convert', ['--version']).error !== undefined) return undefined;
  const made = spawnSync('heif-enc', ['-q', '60', '-p', 'x265:preset=ultrafast', '-o', target, path]);
  return made.status === 0 ? target : undefined;
}
