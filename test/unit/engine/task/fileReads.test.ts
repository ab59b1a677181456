import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import type { ImageFiles } from '../../../../src/engine/files/imageFiles.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import { TaskPlanner } from '../../../../src/engine/task/taskPlanner.ts';
import { TaskRunner } from '../../../../src/engine/task/taskRunner.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { plainSender, taskRules } from '../../../fakes/plainNode.ts';
import { heifFile, hevcItem, nclx } from '../../../fixtures/heifFile.ts';
import { noisePng } from '../../../fixtures/images.ts';
import { encoded, type Picture, portrait } from '../../../fixtures/pictures.ts';
import { pseudoRandom } from '../../../tools/pseudoRandom.ts';

/** What a header may take beside the file itself. */
const MOST_OF_HEADER = 64 * 1024;

let server: GeminiServer;
before(async () => {
  server = await startGeminiServer();
});
after(() => server.close());
beforeEach(() => server.reset());

/** A picture that no encoding makes small. */
function noise(width = 400, height = 300): Picture {
  const random = pseudoRandom(1);
  return { width, height, rgb: Uint8Array.from({ length: width * height * 3 }, () => random() * 256) };
}

/** Detects in a file, and says how many bytes were read of it by all that works on the task, and what was sent. */
async function detect(
  file: Uint8Array,
  { maxDimension = 0, inlineLimit = 20e6 } = {},
): Promise<{ read: number; via: string; bytes: number }> {
  let read = 0;
  const files: ImageFiles = {
    ...LOCAL_FILES,
    open: async () => ({
      size: file.length,
      async read(offset, length) {
        const bytes = file.slice(offset, offset + length);
        read += bytes.length;
        return bytes;
      },
    }),
  };
  const rules = taskRules({ inlineLimit, maxDimension });
  const sender = plainSender(server.url, { inlineLimit });
  const results = { of: async () => [], find: async () => undefined, add: async () => undefined };
  // What the thread of images does, without handing it the file as a copy or a path.
  const worker = { prepare };
  const planner = new TaskPlanner(new ImagePreparer(files, worker, rules), files, rules, results);
  const runner = new TaskRunner(planner, sender, results, { info: () => undefined, warn: () => undefined });
  server.respondWith({ text: '[]' });
  const call = { task: 'detect' as const, images: ['file:///picture'] as const, query: '', options: {} };
  const { images } = await runner.inspect(call, new Job(), () => undefined);
  assert.deepEqual(server.violations, []);
  return { read, via: images[0]?.sent?.via ?? '', bytes: images[0]?.sent?.bytes ?? 0 };
}

suite('Detect reads its file at most twice', () => {
  const files: Record<string, { file: () => Promise<Uint8Array>; options?: Parameters<typeof detect>[1]; times: number; via?: string }> = {
    'a PNG that is sent as it is': { file: async () => noisePng(1500, 1000), times: 2 },
    'a PNG that is uploaded': { file: async () => noisePng(1500, 1000), options: { inlineLimit: 1e6 }, times: 2, via: 'file' },
    'a PNG with metadata to be left out': {
      file: () => encoded(noise(), { format: 'png', secrets: true }),
      times: 2,
    },
    'a JPEG with metadata to be left out': {
      file: () => encoded(noise(), { format: 'jpeg', secrets: true }),
      times: 2,
    },
    'a JPEG that is scaled': { file: () => encoded(noise(), { format: 'jpeg' }), options: { maxDimension: 256 }, times: 1 },
    'a JPEG on its side': { file: () => encoded(noise(), { format: 'jpeg', orientation: 6 }), times: 1 },
    'a JPEG with stray bytes': {
      // Behind the first segment: decoders pass over them.
      file: async () => {
        const sound = await encoded(noise(), { format: 'jpeg' });
        return new Uint8Array(Buffer.concat([sound.subarray(0, 20), Buffer.alloc(9), sound.subarray(20)]));
      },
      times: 2,
    },
    'a HEIC that is sent as it is': { file: async () => heifFile({ items: [hevcItem(portrait(480, 720), nclx(1, 13, 6))] }), times: 2 },
    'a HEIC that is scaled': {
      file: async () => heifFile({ items: [hevcItem(portrait(480, 720), nclx(1, 13, 6))] }),
      options: { maxDimension: 256 },
      times: 1,
    },
  };
  for (const [name, { file, options, times, via = 'inline' }] of Object.entries(files)) {
    test(name, async () => {
      const bytes = await file();
      assert.ok(bytes.length > 3 * MOST_OF_HEADER, `${bytes.length} bytes would prove nothing`);
      const sent = await detect(bytes, options);
      assert.equal(sent.via, via);
      assert.ok(sent.read <= times * bytes.length + MOST_OF_HEADER, `${(sent.read / bytes.length).toFixed(2)} times`);
    });
  }
});
