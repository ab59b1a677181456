/** Masks and objects in white as PNG, from the call of the export to the files, against the program of Gemini's documentation. */
import { execFile, spawnSync } from 'node:child_process';
import { glob, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mapPng, random } from '../fixtures/exportImages.ts';
import { buildApart } from '../tools/buildApart.ts';
import type { MasksRun } from './masksProcess.ts';
import { median } from './report.ts';

/** How the documentation does it; at full size; and that with arrays in place of loops. */
type Way = 'thumbnail' | 'full' | 'numpy';

interface Job {
  image: string;
  width: number;
  height: number;
  objects: number;
  rounds: number;
  /** The most that ours may take of the time of a peer. */
  goals: Partial<Record<Way, number>>;
  /** Objects after which a peer is ended where it would take minutes; its time is multiplied. */
  peerObjects?: Partial<Record<Way, number>>;
}

const LARGE = { width: 4080, height: 3072, objects: 15, rounds: 3 };
const JOBS: readonly Job[] = [
  // It is smaller than a thumbnail of the documentation.
  { image: 'small.png', width: 620, height: 620, objects: 15, rounds: 5, goals: { thumbnail: 0.05, numpy: 0.05 } },
  { ...LARGE, image: 'large.png', goals: { thumbnail: 0.2, full: 0.02, numpy: 0.02 }, peerObjects: { full: 2, numpy: 2 } },
  { ...LARGE, image: 'large.jpg', goals: { thumbnail: 0.2, full: 0.02 }, peerObjects: { full: 2 } },
  { image: 'huge.png', width: 6000, height: 4000, objects: 50, rounds: 3, goals: { full: 0.03 }, peerObjects: { full: 2 } },
];
const NAMES: Readonly<Record<Way, string>> = {
  thumbnail: 'the documentation, which makes the image smaller (1024)',
  full: 'the same at full size',
  numpy: 'the same with arrays for loops',
};

/** Of ours to those of Pillow, the objects in white. */
const MOST_BYTES = 1.15;
/** Bytes by which an export of 50 objects may grow the process beyond one of 5. */
const MOST_GROWTH = 100e6;

const run = promisify(execFile);
const python = ['python3', '/usr/bin/python3', 'python'].find((command) => spawnSync(command, ['-c', 'import PIL, numpy']).status === 0);
const folder = await mkdtemp(join(tmpdir(), 'masks-'));
try {
  console.log(`  load ${loadavg()[0]?.toFixed(1)}`);
  const thread = join(await buildApart(folder), 'vendor/imageWorker.js');
  for (const job of JOBS) await measure(job, thread);
} finally {
  await rm(folder, { recursive: true });
}

async function measure(job: Job, thread: string): Promise<void> {
  const { image, width, height, objects, rounds, goals } = job;
  const title = `${objects} masks on ${image.endsWith('.png') ? 'a PNG' : 'a JPEG'} of ${width} x ${height}`;
  const path = join(folder, image);
  await run(process.execPath, [join(import.meta.dirname, 'photo.ts'), path, String(width), String(height)]);
  const reply = join(folder, 'reply.json');
  const items = repliedObjects(objects);
  await writeFile(reply, JSON.stringify(items));
  const few = join(folder, 'few.json');
  await writeFile(few, JSON.stringify(items.slice(0, 5)));

  const ways = Object.keys(goals) as Way[];
  const own: MasksRun[] = [];
  const peers: Record<Way, number[]> = { thumbnail: [], full: [], numpy: [] };
  let peerBytes = 0;
  for (let round = 0; round < rounds; round++) {
    own.push(await ours(job, reply, thread));
    for (const way of python === undefined ? [] : ways) {
      const most = job.peerObjects?.[way] ?? objects;
      const made = await peer(path, reply, way, most);
      peers[way].push((made.milliseconds * objects) / most);
      if (way !== 'thumbnail') peerBytes = (made.overlayBytes * objects) / most;
    }
  }
  const time = median(own.map(({ milliseconds }) => milliseconds));
  for (const way of ways) {
    const theirs = peers[way].length === 0 ? undefined : median(peers[way]);
    const most = job.peerObjects?.[way];
    const note = most === undefined ? '' : `, from ${most} of the objects`;
    printVerdict(`${title}, against ${NAMES[way]}${note}`, [time, theirs], { goal: goals[way] as number, unit: 'ms' });
  }
  const bytes = own[0]?.overlayBytes ?? Number.NaN;
  printVerdict(`${title}, bytes of the objects in white, against Pillow`, [bytes / 1e6, peerBytes === 0 ? undefined : peerBytes / 1e6], {
    goal: MOST_BYTES,
    unit: 'MB',
  });
  const grown = median(own.map((each) => each.grown));
  console.log(`  memory grew by ${Math.round(grown / 1e6)} MB`);
  if (objects === 50) {
    const { grown: least } = await ours(job, few, thread);
    const isMet = grown - least <= MOST_GROWTH;
    if (!isMet) process.exitCode = 1;
    console.log(
      [
        `${title}, memory beyond that of 5`,
        `${Math.round(grown / 1e6)} MB`,
        `${Math.round(least / 1e6)} MB`,
        `${Math.round((grown - least) / 1e6)} MB more`,
      ]
        .concat(`at most ${MOST_GROWTH / 1e6} MB more`, isMet ? 'met' : 'missed')
        .join(' · '),
    );
  }
}

/** Objects as a model replies: soft round masks, a tenth to a third of a side. */
function repliedObjects(count: number): { box_2d: number[]; mask: string; label: string }[] {
  const next = random(15);
  return Array.from({ length: count }, (_, index) => {
    const [height, width] = [80 + Math.floor(next() * 150), 90 + Math.floor(next() * 150)];
    const [top, left] = [Math.floor(next() * (1000 - height)), Math.floor(next() * (1000 - width))];
    const [bumps, turn] = [2 + Math.floor(next() * 5), next() * 6];
    const mask = mapPng(256, 256, (x, y) => {
      const edge = 100 + 20 * Math.sin(Math.atan2(y - 128, x - 128) * bumps + turn);
      return Math.min(255, Math.max(0, 128 + (edge - Math.hypot(x - 128, y - 128)) * 24));
    });
    return { box_2d: [top, left, top + height, left + width], mask: `data:image/png;base64,${mask}`, label: `cup ${index}` };
  });
}

async function ours({ image, width, height }: Job, reply: string, thread: string): Promise<MasksRun> {
  const target = await mkdtemp(join(folder, 'ours-'));
  const script = join(import.meta.dirname, 'masksProcess.ts');
  const { stdout } = await run(process.execPath, [script, join(folder, image), String(width), String(height), reply, target, thread]);
  await rm(target, { recursive: true });
  return JSON.parse(stdout) as MasksRun;
}

async function peer(path: string, reply: string, way: Way, most: number): Promise<{ milliseconds: number; overlayBytes: number }> {
  const target = await mkdtemp(join(folder, 'peer-'));
  const script = join(import.meta.dirname, 'peers/pillowMasks.py');
  // Without the start of Python and its libraries.
  const { stdout } = await run(python ?? '', [script, path, reply, target, way, String(most)]);
  let overlayBytes = 0;
  for await (const file of glob('*_overlay.png', { cwd: target })) overlayBytes += (await stat(join(target, file))).size;
  await rm(target, { recursive: true });
  return { milliseconds: Number(stdout.split(' ')[0]), overlayBytes };
}

/** `job · ours · peer · ratio · goal · met|missed`; without its peer a goal is missed. */
function printVerdict(job: string, [own, theirs]: [number, number | undefined], { goal, unit }: { goal: number; unit: string }): void {
  const figure = (value: number) => `${value.toLocaleString('en', { maximumSignificantDigits: 3 })} ${unit}`;
  const isMet = theirs !== undefined && own / theirs <= goal;
  if (!isMet) process.exitCode = 1;
  const compared = theirs === undefined ? ['no python3 with Pillow and numpy', '-'] : [figure(theirs), `${(own / theirs).toFixed(3)}x`];
  console.log([job, figure(own), ...compared, `at most ${goal}x`, isMet ? 'met' : 'missed'].join(' · '));
}
