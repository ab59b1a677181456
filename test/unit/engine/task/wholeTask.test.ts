import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { InspectorError } from '../../../../src/core/base/failure.ts';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import type { RunningTask } from '../../../../src/core/inspection/runningTask.ts';
import { InspectionFiles } from '../../../../src/engine/files/inspectionFiles.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import { type Consent, consentPermit, excludePermit, sizePermit } from '../../../../src/engine/sending/permits.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import { TaskPlanner } from '../../../../src/engine/task/taskPlanner.ts';
import { TaskRunner } from '../../../../src/engine/task/taskRunner.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { plainSender, taskRules } from '../../../fakes/plainNode.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';

const INLINE_LIMIT = 20e6;
const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
let server: GeminiServer;
let folder: string;
let cat: string;

before(async () => {
  server = await startGeminiServer();
  folder = await mkdtemp(join(tmpdir(), 'whole-task-'));
  const path = join(folder, 'cat.png');
  await writeFile(path, await encoded(portrait(), { format: 'png' }));
  cat = pathToFileURL(path).href;
});

after(async () => {
  worker.dispose();
  await server.close();
  await rm(folder, { recursive: true });
});

beforeEach(() => server.reset());

/** All that runs tasks, as a program without an editor would make it. */
function createRunner({ isExcluded = false, limit = INLINE_LIMIT, consent = true as Consent } = {}) {
  const rules = taskRules({ inlineLimit: limit });
  const remembered: string[] = [];
  const permits = [
    excludePermit(async () => isExcluded),
    sizePermit(() => limit),
    consentPermit({
      when: () => 'firstTime',
      remembered: (what) => remembered.includes(what),
      remember: async (what) => void remembered.push(what),
      ask: async () => consent,
    }),
  ];
  const sender = plainSender(server.url, { permits, inlineLimit: INLINE_LIMIT });
  const store = new InspectionFiles(join(folder, 'results'));
  const planner = new TaskPlanner(new ImagePreparer(LOCAL_FILES, worker, rules), LOCAL_FILES, rules, store);
  const runner = new TaskRunner(planner, sender, store, { info: () => undefined, warn: () => undefined });
  return { runner, store, remembered };
}

const call = () => ({ task: 'detect' as const, images: [cat] as const, query: 'the face', options: {} });
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'sent',
    (error: unknown) => (error as InspectorError).reason,
  );

suite('a whole task in plain Node', () => {
  test('there is no VS Code here', async () => {
    const name = 'vscode';
    await assert.rejects(import(name), { code: 'ERR_MODULE_NOT_FOUND' });
  });

  test('a picture is prepared, sent, read, inspected and stored', async () => {
    server.respondWith({ text: '```json\n[{"box_2d": [250, 250, 500, 750], "label": "face"}]\n```' });
    const { runner, store, remembered } = createRunner();
    const phases: RunningTask['phase'][] = [];
    const inspection = await runner.inspect(call(), new Job(), ({ phase }) => {
      if (phases.at(-1) !== phase) phases.push(phase);
    });

    const [sent] = server.requests;
    assert.equal(server.requests.length, 1);
    assert.match(JSON.stringify(sent?.body), /the face/);
    assert.deepEqual(server.violations, []);
    assert.deepEqual(remembered, [server.url]);
    assert.deepEqual(
      inspection.detections?.map(({ label, box }) => ({ label, box })),
      [{ label: 'face', box: { x: 0.25, y: 0.25, width: 0.5, height: 0.25 } }],
    );
    assert.equal(inspection.complete, true);
    assert.equal(inspection.images[0]?.uri, cat);
    assert.ok((inspection.tokens.estimated ?? 0) > 0);
    assert.equal(phases[0], 'preparing');
    assert.ok(phases.includes('receiving'));
    const stored: Inspection[] = await store.of(inspection.images[0]?.sha256 ?? '');
    assert.deepEqual(stored, [inspection]);
  });

  test('nothing leaves without each permit', async () => {
    assert.equal(await reasonOf(createRunner({ isExcluded: true }).runner.inspect(call(), new Job(), () => undefined)), 'excluded');
    assert.equal(await reasonOf(createRunner({ limit: 100 }).runner.inspect(call(), new Job(), () => undefined)), 'tooLarge');
    assert.equal(await reasonOf(createRunner({ consent: false }).runner.inspect(call(), new Job(), () => undefined)), 'notConfirmed');
    assert.equal(server.requests.length, 0);
  });
});
