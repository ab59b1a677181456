/** From the text of a reply with masks to the pixels of its overlay, in an image of 4080 x 3072. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDENTITY } from '../../src/core/geometry.ts';
import type { Colour } from '../../src/core/paintMasks.ts';
import { paintMasks } from '../../src/core/paintMasks.ts';
import { readDetections } from '../../src/core/reply/detections.ts';
import { discMask, item } from '../fixtures/replies/make.ts';
import { median, printGoal, printSkipped, printTable, timesOf } from './report.ts';

const SIZE = { width: 4080, height: 3072 };
const BYTES = SIZE.width * SIZE.height * 4;
const ROUNDS = 21;
const COLOURS: readonly Colour[] = [
  [105, 193, 252, 128],
  [223, 88, 34, 128],
  [247, 254, 21, 128],
  [142, 126, 186, 128],
  [57, 254, 233, 128],
];
const PEERS = [
  { script: 'pillowPoints.py', title: "Pillow, the documentation's way", most: 0.02 },
  { script: 'pillowLayers.py', title: 'Pillow, without loops in Python' },
  { script: 'numpyImage.py', title: 'numpy, the whole image a mask', most: 0.05 },
  { script: 'numpyBox.py', title: 'numpy, only the box of a mask' },
];

const folder = await mkdtemp(join(tmpdir(), 'overlay-'));
try {
  const python = findPython();
  for (const [name, text] of await replies()) await compare(name, text, python);
  if (!python) printSkipped('Overlay against Python', 'no python3 with Pillow and numpy');
} finally {
  await rm(folder, { recursive: true });
}

async function compare(name: string, text: string, python: string | undefined): Promise<void> {
  const path = join(folder, 'reply.txt');
  await writeFile(path, text);
  const masks = readDetections(text, { ...SIZE, imageIndex: 0, toImage: IDENTITY }).detections.filter(({ mask }) => mask).length;
  const used = new Uint8Array(BYTES);
  const first = await timesOf(1, () => paint(text), 0);
  const steps: Record<string, () => void> = {
    ours: () => paint(text),
    memset: () => new Uint8Array(BYTES).fill(1),
    again: () => paint(text, used.fill(0)),
    memsetAgain: () => used.fill(1),
  };
  const times = new Map<string, number[]>();
  const add = (step: string, more: readonly number[]) => times.set(step, [...(times.get(step) ?? []), ...more]);
  // In turns, so that what else the machine does, and what is in its caches, is the same for all.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [step, run] of Object.entries(steps)) add(step, await timesOf(1, run, round === 0 ? 3 : 0));
    if (python && round % 5 === 0) for (const { script } of PEERS) add(script, pythonTimes(python, script, path));
  }
  const of = (step: string) => median(times.get(step) ?? []);
  const row = (title: string, ms: number, ours = of('ours')) => [title, ms.toFixed(1), (ours / ms).toFixed(3)];
  const peers = python ? PEERS : [];
  printTable([
    [`${name}, ${masks} masks`, 'ms', 'ours / it'],
    row('ours', of('ours')),
    ['ours, the first time in a process', (first[0] ?? 0).toFixed(1), ''],
    row('memset of a new buffer', of('memset')),
    ['ours, into a buffer used before, cleared', of('again').toFixed(1), ''],
    row('memset of a buffer used before', of('memsetAgain'), of('again')),
    ...peers.map(({ script, title }) => row(title, of(script))),
  ]);
  printGoal(`Overlay of ${name} against a memset, new buffers`, of('ours') / of('memset'), 8, 'x');
  printGoal(`Overlay of ${name} against a memset, buffers used before`, of('again') / of('memsetAgain'), 8, 'x');
  for (const { script, title, most } of peers) {
    if (most) printGoal(`Overlay of ${name} against ${title}`, of('ours') / of(script), most, 'x');
  }
  console.log('');
}

/** Reply text in, pixels out. */
function paint(text: string, data = new Uint8Array(BYTES)): void {
  const { detections } = readDetections(text, { ...SIZE, imageIndex: 0, toImage: IDENTITY });
  const masks = detections.flatMap(({ mask, pixelBox }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    return mask && colour ? [{ mask, pixelBox, colour }] : [];
  });
  paintMasks({ ...SIZE, data }, masks, 127);
}

async function replies(): Promise<[name: string, text: string][]> {
  const madeUp = `[${Array.from({ length: 20 }, (_, i) => {
    const [top, left] = [30 + 240 * Math.floor(i / 5), 15 + 196 * (i % 5)];
    return item(`disc ${i + 1}`, [top, left, top + 215, left + 185], { mask: `data:image/png;base64,${discMask(256)}` });
  }).join(',\n')}]`;
  return [...(await recorded()), ['a self-made reply', madeUp]];
}

async function recorded(): Promise<[string, string][]> {
  const corpus = join(process.env.IMAGE_INSPECTOR_CORPUS ?? '', 'replies');
  if (!process.env.IMAGE_INSPECTOR_CORPUS || !existsSync(corpus)) {
    printSkipped('Overlay of recorded masks', 'IMAGE_INSPECTOR_CORPUS is not set');
    return [];
  }
  const names = (await readdir(corpus)).filter((name) => name.includes('masks'));
  return Promise.all(names.map(async (name): Promise<[string, string]> => ['recorded masks', await readFile(join(corpus, name), 'utf8')]));
}

function findPython(): string | undefined {
  return ['python3', '/usr/bin/python3', 'python'].find((command) => spawnSync(command, ['-c', 'import PIL, numpy']).status === 0);
}

function pythonTimes(python: string, script: string, reply: string): number[] {
  const args = [join(import.meta.dirname, 'peers', script), reply, String(SIZE.width), String(SIZE.height), '1'];
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return JSON.parse(stdout) as number[];
}
