/** Results of many images written as files, against JSON made of as many bytes and written to as many files; memory; and the thread of the editor. */
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DataFormat } from '../../src/core/exports/dataWriters.ts';
import type { ExportImage } from '../../src/core/exports/exportImage.ts';
import { DiskTarget } from '../../src/engine/export/diskTarget.ts';
import { exportNames } from '../../src/engine/export/exportResults.ts';
import { type ExportImages, exportStream } from '../../src/engine/export/exportStream.ts';
import { memorySource } from '../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../src/imaging/worker/imageWorker.ts';
import { detection, exportImage, mapPng, random } from '../fixtures/exportImages.ts';
import { buildApart } from '../tools/buildApart.ts';
import { collectGarbage } from '../tools/collectGarbage.ts';
import { DelayWatch } from './delays.ts';
import { median, printGoal, printTable } from './report.ts';

const FORMATS: readonly DataFormat[] = ['coco', 'yolo', 'voc', 'labelme', 'csv', 'json'];
/** Those of which masks are a part. */
const MASK_FORMATS: readonly DataFormat[] = ['coco', 'csv'];
/** Named on the command line, else all. */
const isWanted = (format: DataFormat) => process.argv.length < 3 || process.argv.includes(format);
const ROUNDS = 5;
const IMAGES = 1000;
/** Masks take a hundred times as long. */
const MASKED_IMAGES = 200;
const OBJECTS = 10;
const SIZE = { width: 1600, height: 1200 };
/** Milliseconds between looks at the memory. */
const LOOK_EVERY = 5;

const folder = await mkdtemp(join(tmpdir(), 'exports-'));
// The thread as it is in the package.
const thread = join(await buildApart(folder), 'vendor/imageWorker.js');
const worker = new ImageWorker({ entry: pathToFileURL(thread), idle: 600_000 });
const maps = Array.from({ length: 20 }, (_, seed) => {
  const edge = 60 + 3 * seed;
  return mapPng(256, 256, (x, y) => (Math.hypot(x - 128, y - 128) < edge + 20 * Math.sin(x / (9 + seed)) ? 255 : 0));
});
const watch = new DelayWatch();
try {
  const rows: (string | number)[][] = [['', 'ours, ms', 'JSON, ms', 'ratio', 'MB', 'files', 'growth, MB']];
  const goals: [string, number, number, string][] = [];
  for (const hasMasks of [false, true]) {
    for (const format of (hasMasks ? MASK_FORMATS : FORMATS).filter(isWanted)) {
      const count = hasMasks ? MASKED_IMAGES : IMAGES;
      const title = `${count} images, ${OBJECTS} ${hasMasks ? 'masks' : 'boxes'} each, as ${format}`;
      const own: number[] = [];
      const peer: number[] = [];
      let growth = 0;
      let written = { bytes: 0, files: 0 };
      // What is loaded once does not count; masks take too long for that to matter.
      for (let round = hasMasks ? 0 : -1; round < (hasMasks ? 1 : ROUNDS); round++) {
        const measured = await ours(format, count, [...made(count, hasMasks)]);
        written = await sizeOf(join(folder, 'out'));
        const json = await bare(written);
        await rm(join(folder, 'out'), { recursive: true });
        if (round < 0) continue;
        own.push(measured.time);
        peer.push(json);
        growth = Math.max(growth, measured.growth);
      }
      const ratio = median(own) / median(peer);
      rows.push([
        title,
        Math.round(median(own)),
        Math.round(median(peer)),
        `${ratio.toFixed(2)}x`,
        (written.bytes / 1e6).toFixed(1),
        written.files,
        Math.round(growth / 1e6),
      ]);
      if (!hasMasks) goals.push([title, ratio, 3, 'x']);
      goals.push([`${title}, memory`, growth / 1e6, 100, 'MB']);
    }
  }
  for (const format of (['coco', 'csv'] as const).filter(isWanted)) {
    const { time, growth } = await ours(format, 10 * IMAGES, made(10 * IMAGES, false));
    await rm(join(folder, 'out'), { recursive: true });
    const title = `${10 * IMAGES} images, ${OBJECTS} boxes each, as ${format}`;
    rows.push([title, Math.round(time), '', '', '', '', Math.round(growth / 1e6)]);
    goals.push([`${title}, memory`, growth / 1e6, 100, 'MB']);
  }
  printTable(rows);
  for (const goal of goals) printGoal(...goal);
  watch.print('exports');
} finally {
  worker.dispose();
  await rm(folder, { recursive: true });
}

/** Milliseconds of an export, and by how many bytes the program grew at most, its garbage included. */
async function ours(format: DataFormat, count: number, images: ExportImages): Promise<{ time: number; growth: number }> {
  const target = join(folder, 'out');
  collectGarbage();
  const before = process.memoryUsage.rss();
  let most = before;
  let nextLook = 0;
  const start = performance.now();
  watch.start();
  await exportStream(format, images, new DiskTarget(target), {
    images: worker,
    open: async () => memorySource(new Uint8Array()),
    signal: new AbortController().signal,
    count,
    onProgress: () => {
      // Asking costs as much as an image.
      if (performance.now() < nextLook) return;
      most = Math.max(most, process.memoryUsage.rss());
      nextLook = performance.now() + LOOK_EVERY;
    },
  });
  watch.stop();
  const time = performance.now() - start;
  return { time, growth: Math.max(most, process.memoryUsage.rss()) - before };
}

/** Results as they come from a file of many, each made when it is asked for: that takes time, which is measured only of ten times as many. */
function* made(count: number, hasMasks: boolean): Generator<ExportImage> {
  const names = exportNames(
    Array.from({ length: count }, (_, place) => `file:///pictures/${place % 7}/image ${place}.jpg`),
    'file:///pictures/labels',
  );
  const next = random(1);
  for (const name of names) {
    const detections = Array.from({ length: OBJECTS }, (_, index) => {
      const [x, y] = [Math.floor(next() * 1200), Math.floor(next() * 800)];
      const edges = [x, y, x + 100 + Math.floor(next() * 300), y + 100 + Math.floor(next() * 300)] as const;
      const png = maps[Math.floor(next() * maps.length)] ?? '';
      const mask = { kind: 'bitmap', width: 256, height: 256, png } as const;
      return detection(index + 1, `thing ${Math.floor(next() * 30)}`, edges, SIZE, hasMasks ? { mask } : {});
    });
    yield exportImage(detections, { ...SIZE, ...name });
  }
}

async function sizeOf(path: string): Promise<{ bytes: number; files: number }> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
  return { bytes: sizes.reduce((sum, { size }) => sum + size, 0), files: files.length };
}

/** Milliseconds of making JSON of so many bytes and writing it to so many files, one after the other. */
async function bare({ bytes, files }: { bytes: number; files: number }): Promise<number> {
  const target = join(folder, 'bare');
  await mkdir(target);
  const record = { id: 1234, image: 567, label: 'thing 12', box: [100.5, 200.25, 300, 400], score: 0.87 };
  const records = Array(Math.ceil(bytes / files / JSON.stringify(record).length)).fill(record);
  const start = performance.now();
  for (let file = 0; file < files; file++) await writeFile(join(target, `${file}.json`), JSON.stringify(records));
  const time = performance.now() - start;
  await rm(target, { recursive: true });
  return time;
}
