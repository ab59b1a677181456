/** What leaves the computer when changes are described: the changed parts of two versions, covered where the user covered them, and nothing else. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { PNG } from 'pngjs';
import { type PartOfImage, partsSent } from '../../../../src/core/inspection/imageParts.ts';
import { readInspection } from '../../../../src/core/inspection/storedInspection.ts';
import { InspectionFiles } from '../../../../src/engine/files/inspectionFiles.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { OutgoingRequest } from '../../../../src/engine/sending/outgoing.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import { callOfRun, type TaskCall } from '../../../../src/engine/task/taskCall.ts';
import { TaskPlanner } from '../../../../src/engine/task/taskPlanner.ts';
import { TaskRunner } from '../../../../src/engine/task/taskRunner.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { plainSender, taskRules } from '../../../fakes/plainNode.ts';
import { encoded } from '../../../fixtures/pictures.ts';

const ANSWER = 'The button is green.\n\n```json\n[{"image": 4, "box_2d": [0, 0, 1000, 500], "label": "button"}]\n```';
const PARTS: PartOfImage[] = [
  { image: 0, region: { x: 0, y: 0, width: 0.25, height: 0.5 } },
  { image: 1, region: { x: 0, y: 0, width: 0.25, height: 0.5 } },
  { image: 0, region: { x: 0.5, y: 0.5, width: 0.5, height: 0.25 } },
  { image: 1, region: { x: 0.5, y: 0.5, width: 0.5, height: 0.25 } },
];
const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
let server: GeminiServer;
let folder: string;
let images: [string, string];

/** Of one color, 80 by 40. */
async function picture(name: string, grey: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, await encoded({ width: 80, height: 40, rgb: new Uint8Array(3 * 80 * 40).fill(grey) }, { format: 'png' }));
  return pathToFileURL(path).href;
}

before(async () => {
  server = await startGeminiServer();
  folder = await mkdtemp(join(tmpdir(), 'changed-parts-'));
  images = [await picture('older.png', 90), await picture('newer.png', 200)];
});

after(async () => {
  worker.dispose();
  await server.close();
  await rm(folder, { recursive: true });
});

beforeEach(() => server.reset());

function create({ excluded = '' } = {}) {
  const rules = taskRules({}, { isExcluded: async (address) => address === excluded });
  const asked: OutgoingRequest[] = [];
  const permit = async (outgoing: OutgoingRequest) => void asked.push(outgoing);
  const sender = plainSender(server.url, { permits: [permit], inlineLimit: 20e6 });
  const store = new InspectionFiles(join(folder, 'results'));
  const planner = new TaskPlanner(new ImagePreparer(LOCAL_FILES, worker, rules), LOCAL_FILES, rules, store);
  const runner = new TaskRunner(planner, sender, store, { info: () => undefined, warn: () => undefined });
  const run = (options: TaskCall['options'], task: TaskCall['task'] = 'compare') =>
    runner.inspect({ task, images, query: task === 'ask' ? 'Why?' : '', options }, new Job(), () => undefined);
  return { run, asked };
}

/** The pictures of the last request, decoded. */
function sentPictures(): PNG[] {
  const found = JSON.stringify(server.requests.at(-1)?.body).matchAll(/"data":"([^"]+)"/g);
  return [...found].map(([, data]) => PNG.sync.read(Buffer.from(data ?? '', 'base64')));
}

suite('changes are described', () => {
  test('by their parts alone, of each the older version before the newer', async () => {
    server.respondWith({ text: ANSWER });
    const { run, asked } = create();
    const inspection = await run({ parts: PARTS });
    assert.deepEqual(server.violations, []);
    assert.deepEqual(
      sentPictures().map(({ width, height, data }) => [width, height, data[0]]),
      [
        [20, 20, 90],
        [20, 20, 200],
        [40, 10, 90],
        [40, 10, 200],
      ],
    );
    // What is asked about is told picture by picture.
    assert.deepEqual(
      asked[0]?.images.map(({ uri, about }) => [uri, about?.sent.region]),
      PARTS.map(({ image, region }) => [images[image], region]),
    );
    assert.match(JSON.stringify(server.requests[0]?.body), /2 parts of a picture, each as two images/);
    assert.deepEqual([inspection.images.map(({ uri }) => uri), inspection.text, inspection.prompt], [images, 'The button is green.', '']);
    assert.deepEqual(
      inspection.detections?.map(({ imageIndex, box, pixelBox }) => [imageIndex, box, pixelBox]),
      [[1, { x: 0.5, y: 0.5, width: 0.25, height: 0.25 }, { x: 40, y: 20, width: 20, height: 10 }]],
    );
  });

  test('and the result knows its parts: for what was sent, for once more, and after it was stored', async () => {
    server.respondWith({ text: ANSWER });
    const inspection = await create().run({ parts: PARTS });
    assert.deepEqual(partsSent(inspection), PARTS);
    assert.deepEqual(callOfRun(inspection).options.parts, PARTS);
    assert.deepEqual(
      inspection.images.map(({ sent, parts }) => [sent?.region, parts?.map(({ width, height }) => [width, height])]),
      [0, 1].map(() => [
        PARTS[0]?.region,
        [
          [20, 20],
          [40, 10],
        ],
      ]),
    );
    assert.deepEqual(readInspection(JSON.stringify(inspection)), inspection);
  });

  test('of which there may be one only: what changed is asked for then, and once more', async () => {
    server.respondWith({ text: 'The button is green.\n\n```json\n[]\n```' });
    const { run } = create();
    const parts = PARTS.slice(0, 2);
    const first = await run({ parts });
    assert.deepEqual(partsSent(first), parts);
    assert.deepEqual(callOfRun(first).options.parts, parts);
    server.respondWith({ text: 'Because it was asked for.' });
    await run({ follow: first.id }, 'ask');
    assert.match(JSON.stringify(server.requests.at(-1)?.body), /the same part of a picture.*The button is green.*Why\?/);
  });

  test('a question that follows is about the same parts, with what was covered then', async () => {
    server.respondWith({ text: ANSWER });
    const { run } = create();
    const cover = { x: 0, y: 0, width: 0.25, height: 1 };
    const first = await run({ parts: PARTS, redactions: [cover] });
    assert.deepEqual(
      sentPictures().map(({ data }) => data[0]),
      [0, 0, 90, 200],
    );
    server.respondWith({ text: 'Because it was asked for.' });
    await run({ follow: first.id }, 'ask');
    assert.deepEqual(
      sentPictures().map(({ width, data }) => [width, data[0]]),
      [
        [20, 0],
        [20, 0],
        [40, 90],
        [40, 200],
      ],
    );
    assert.match(JSON.stringify(server.requests.at(-1)?.body), /2 parts of a picture.*The button is green.*Why\?/);
  });

  test('never where either version is excluded', async () => {
    for (const excluded of images) await assert.rejects(create({ excluded }).run({ parts: PARTS }), { reason: 'excluded' });
    assert.equal(server.requests.length, 0);
  });
});
