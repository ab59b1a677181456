/**
 * The results of 10,000 images against labels of 80 names, beside reading their files twice; a COCO file of 300 MB, which has a thread of its own; memory, and the
 * thread of the editor.
 */

import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { labeledInspection } from '../../src/core/labels/labeledInspection.ts';
import { LabelIndex } from '../../src/core/labels/labelIndex.ts';
import { scoredImage } from '../../src/core/scoring/scoredImage.ts';
import { SetScorer } from '../../src/core/scoring/setScorer.ts';
import { inTurns } from '../../src/engine/files/inTurns.ts';
import { readLabelSource } from '../../src/engine/labels/largeLabels.ts';
import { readInPieces } from '../../src/engine/labels/readLabels.ts';
import { fileSource } from '../../src/imaging/reading/byteSource.ts';
import { random } from '../fixtures/exportImages.ts';
import { buildApart } from '../tools/buildApart.ts';
import { collectGarbage } from '../tools/collectGarbage.ts';
import { DelayWatch } from './delays.ts';
import { median, printGoal, printTable } from './report.ts';

const IMAGES = 10_000;
const LABELS = 80;
const OBJECTS = 10;
const SIZE = { width: 1600, height: 1200 };
const ROUNDS = 7;
/** Bytes of the large file, in which objects have outlines of so many corners. */
const LARGE = Number(process.env.LARGE ?? 300e6);
const CORNERS = 60;

/** Milliseconds between looks at the memory. */
const LOOK_EVERY = 20;

const folder = await mkdtemp(join(tmpdir(), 'scores-'));
// The thread as it is in the package.
const thread = { entry: pathToFileURL(join(await buildApart(folder), 'labelThread.js')) };
const [labels, results, large] = ['labels.json', 'results.ndjson', 'large.json'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
try {
  await writeLabels(labels, IMAGES, 0);
  await writeResults(results);
  const watch = new DelayWatch();
  const own: number[] = [];
  const read: number[] = [];
  const twice: number[] = [];
  let growth = 0;
  let objects = 0;
  // Each with what the others left behind collected; the first round is not counted. Whoever looks on takes time too: that is done apart.
  for (let round = -1; round < ROUNDS; round++) {
    const peer = await cpuOf(async () => {
      for (let time = 0; time < 2; time++) for (const path of [labels, results]) await plainly(path);
    });
    const ours = await cpuOf(async () => {
      objects = await score();
    });
    const readers = await cpuOf(async () => {
      for (let time = 0; time < 2; time++) {
        await readInPieces(await fileSource(labels), { kind: 'json', wish: { shapes: false } });
        await plainly(results);
      }
    });
    collectGarbage();
    const before = process.memoryUsage.rss();
    let most = before;
    watch.start();
    await score(() => {
      most = Math.max(most, process.memoryUsage.rss());
    });
    watch.stop();
    if (round < 0) continue;
    read.push(readers);
    own.push(ours);
    twice.push(peer);
    growth = Math.max(growth, most - before);
  }
  await writeLabels(large, Number.POSITIVE_INFINITY, CORNERS);
  const { size } = await stat(large);
  const largeWatch = new DelayWatch();
  const plainMs = await cpuOf(() => plainBytes(large));
  collectGarbage();
  const before = process.memoryUsage.rss();
  let most = before;
  const look = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, LOOK_EVERY);
  const hostBefore = process.threadCpuUsage();
  const startedAt = performance.now();
  largeWatch.start();
  const largeMs = await cpuOf(async () => {
    await readLabelSource(await fileSource(large), { kind: 'json', wish: { shapes: false } }, { thread });
  });
  largeWatch.stop();
  const seconds = (performance.now() - startedAt) / 1000;
  const host = process.threadCpuUsage(hostBefore);
  const hostMs = (host.user + host.system) / 1000;
  clearInterval(look);
  const ratio = median(own) / median(read);
  printTable([
    ['CPU', 'ours, ms', 'peer, ms', 'ratio', 'growth, MB'],
    [
      `${IMAGES} images, ${objects} objects, ${LABELS} labels; files read twice`,
      Math.round(median(own)),
      Math.round(median(read)),
      `${ratio.toFixed(2)}x`,
      Math.round(growth / 1e6),
    ],
    [
      'the same; files parsed twice at once',
      Math.round(median(own)),
      Math.round(median(twice)),
      `${(median(own) / median(twice)).toFixed(2)}x`,
      '',
    ],
    [
      `COCO of ${Math.round(size / 1e6)} MB; its bytes read`,
      Math.round(largeMs),
      Math.round(plainMs),
      `${(largeMs / plainMs).toFixed(2)}x`,
      Math.round((most - before) / 1e6),
    ],
    [`of it, the thread of the editor; ${seconds.toFixed(1)} s in all`, Math.round(hostMs), '', `${(hostMs / largeMs).toFixed(2)}x`, ''],
  ]);
  printGoal(`Scores of ${IMAGES} images against reading their files twice`, ratio, 1, 'x');
  printGoal('Scores, growth of memory', growth / 1e6, 100, 'MB');
  watch.print('scores');
  printGoal(`COCO of ${Math.round(size / 1e6)} MB, growth of memory`, (most - before) / 1e6, 300, 'MB');
  largeWatch.print('a large label file');
} finally {
  await rm(folder, { recursive: true });
}

/** As the command does it: the labels once, then result by result. Gives how many objects were compared. */
async function score(look?: () => void): Promise<number> {
  const read = await readLabelSource(
    await fileSource(labels),
    { kind: 'json', wish: { shapes: false } },
    look === undefined ? { thread } : { thread, progress: look },
  );
  const index = new LabelIndex(read.images);
  const scorer = new SetScorer(0.5);
  let place = 0;
  for await (const line of createInterface({ input: createReadStream(results) })) {
    const inspection = JSON.parse(line) as Inspection;
    const [image] = inspection.images;
    const found = image && index.find(new URL(image.uri).pathname);
    if (image === undefined || found === undefined) throw new Error('an image without labels');
    const { sent: _, ...own } = image;
    scorer.add(place, scoredImage(image.uri, labeledInspection(found, read, { id: '', createdAt: '', image: own }), inspection));
    place += 1;
    if (place % 100 === 0) look?.();
  }
  const { evaluation } = await inTurns(scorer.ending());
  look?.();
  return evaluation.detections + evaluation.labels;
}

/** Reads a file and what it says, all at once or line by line. */
async function plainly(path: string): Promise<void> {
  if (path === results) {
    for await (const line of createInterface({ input: createReadStream(path) })) JSON.parse(line);
    return;
  }
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(path)) pieces.push(piece as Buffer);
  JSON.parse(Buffer.concat(pieces).toString());
}

async function plainBytes(path: string): Promise<void> {
  const decoder = new TextDecoder();
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) decoder.decode(piece as Buffer, { stream: true });
}

/** Milliseconds of the processor. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  collectGarbage();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** An object of the labels, in pixels. */
interface Labeled {
  label: number;
  box: { x: number; y: number; width: number; height: number };
}

/** The object of that number: image after image has its first one, then its second. */
function labeled(id: number): Labeled {
  const next = random(id + 1);
  const box = { x: Math.floor(next() * 1200), y: Math.floor(next() * 800), width: 100 + Math.floor(next() * 200), height: 100 };
  return { label: Math.floor(next() * LABELS), box };
}

/** COCO, of so many images or until it is large; an object has an outline of so many corners. */
async function writeLabels(path: string, images: number, corners: number): Promise<void> {
  const next = random(1);
  const file = createWriteStream(path);
  const write = async (text: string) => {
    if (!file.write(text)) await once(file, 'drain');
  };
  const wanted = Number.isFinite(images) ? images : Math.ceil(LARGE / (OBJECTS * (120 + corners * 13)));
  await write(
    `{"info":{},"categories":${JSON.stringify(Array.from({ length: LABELS }, (_, id) => ({ id, name: `thing ${id}` })))},"images":[`,
  );
  for (let id = 0; id < wanted; id++) await write(`${id === 0 ? '' : ','}{"id":${id},"file_name":"${id}.jpg","width":1600,"height":1200}`);
  await write('],"annotations":[');
  for (let id = 0; id < wanted * OBJECTS; id++) {
    const { label, box } = labeled(id);
    const outline = Array.from({ length: corners }, () => [(box.x + next() * 100).toFixed(2), (box.y + next() * 100).toFixed(2)]).flat();
    const segmentation = corners === 0 ? '' : `,"segmentation":[[${outline.join(',')}]]`;
    await write(
      `${id === 0 ? '' : ','}{"id":${id},"image_id":${id % wanted},"category_id":${label},"bbox":[${Object.values(box).join(',')}],"area":10000,"iscrowd":0${segmentation}}`,
    );
  }
  await write(']}');
  file.end();
  await once(file, 'close');
}

/** A result a line, as the file of a set has it: what the labels say, moved a little; a tenth by another name, a tenth elsewhere. */
async function writeResults(path: string): Promise<void> {
  const next = random(2);
  const file = createWriteStream(path);
  for (let image = 0; image < IMAGES; image++) {
    const detections = Array.from({ length: OBJECTS }, (_, index) => {
      const { label, box: truth } = labeled(image + index * IMAGES);
      const kind = next();
      const [x, y] = kind < 0.1 ? [next() * 1200, next() * 1000] : [truth.x + next() * 20, truth.y + next() * 20];
      const box = { x: x / SIZE.width, y: y / SIZE.height, width: truth.width / SIZE.width, height: truth.height / SIZE.height };
      const pixelBox = { ...truth, x: Math.floor(x), y: Math.floor(y) };
      return { id: String(index + 1), label: `thing ${kind > 0.9 ? Math.floor(next() * LABELS) : label}`, imageIndex: 0, box, pixelBox };
    });
    const raw = JSON.stringify(
      detections.map(({ label, box }) => ({ box_2d: Object.values(box).map((value) => Math.round(value * 1000)), label })),
    );
    const line = {
      ...{ version: 1, id: String(image), task: 'detect', createdAt: '2026-11-28T12:00:00.000Z', prompt: '', model: 'gemini-3.8-flash' },
      images: [{ uri: `file:///pictures/${image}.jpg`, sha256: '0'.repeat(64), mimeType: 'image/jpeg', ...SIZE }],
      ...{ detections, dropped: [], tokens: { estimated: 1120 }, complete: true, raw },
    };
    if (!file.write(`${JSON.stringify(line)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}
