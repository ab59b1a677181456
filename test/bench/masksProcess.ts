/**
 * Exports masks as the command does, in a process whose image thread is not started yet. Prints milliseconds, bytes of the objects in white, and bytes by which
 * the process has grown at its most. Usage: masksProcess.ts IMAGE WIDTH HEIGHT REPLY FOLDER THREAD
 */
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { IDENTITY } from '../../src/core/base/geometry.ts';
import { readDetections } from '../../src/core/reply/detections.ts';
import { DiskTarget } from '../../src/engine/export/diskTarget.ts';
import { exportStream } from '../../src/engine/export/exportStream.ts';
import { fileSource } from '../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../src/imaging/worker/imageWorker.ts';
import { exportImage } from '../fixtures/exportImages.ts';

/** What a run came to. */
export interface MasksRun {
  milliseconds: number;
  files: number;
  overlayBytes: number;
  grown: number;
}

const [path = '', width, height, reply = '', folder = '', thread = ''] = process.argv.slice(2);
const size = { width: Number(width), height: Number(height) };
const { detections } = readDetections(await readFile(reply, 'utf8'), { imageIndex: 0, ...size, toImage: IDENTITY });
const worker = new ImageWorker({ entry: pathToFileURL(thread) });

const before = process.memoryUsage.rss();
const start = performance.now();
const written = await exportStream('masks', [exportImage(detections, { ...size, name: basename(path) })], new DiskTarget(folder), {
  images: worker,
  open: () => fileSource(path),
  count: 1,
  onProgress: () => undefined,
  signal: new AbortController().signal,
});
const milliseconds = performance.now() - start;
// Counted in kilobytes.
const grown = process.resourceUsage().maxRSS * 1024 - before;
worker.dispose();

const overlays = written.filter((file) => file.endsWith('_overlay.png'));
const sizes = await Promise.all(overlays.map(async (file) => (await stat(join(folder, file))).size));
const run: MasksRun = { milliseconds, files: written.length, overlayBytes: sizes.reduce((sum, bytes) => sum + bytes, 0), grown };
console.log(JSON.stringify(run));
