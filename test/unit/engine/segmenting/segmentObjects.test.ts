import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { PNG } from 'pngjs';
import type { Detection, Inspection } from '../../../../src/core/inspection/inspection.ts';
import type { RunningTask } from '../../../../src/core/inspection/runningTask.ts';
import { decodeMask } from '../../../../src/core/masks/mask.ts';
import { vertexAt, vertexDestination } from '../../../../src/core/models/vertex.ts';
import { InspectionFiles } from '../../../../src/engine/files/inspectionFiles.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { segmentObjects } from '../../../../src/engine/segmenting/segmentObjects.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { OutgoingRequest, SendOutcome } from '../../../../src/engine/sending/outgoing.ts';
import { type Consent, consentPermit, excludePermit, sizePermit } from '../../../../src/engine/sending/permits.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import { usesMaskEngine } from '../../../../src/engine/task/settings.ts';
import type { TaskCall } from '../../../../src/engine/task/taskCall.ts';
import { TaskPlanner } from '../../../../src/engine/task/taskPlanner.ts';
import { TaskRunner } from '../../../../src/engine/task/taskRunner.ts';
import { Credentials, createVertex } from '../../../../src/gemini/api/vertex.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import * as errors from '../../../fakes/errors.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { plainSender, taskRules } from '../../../fakes/plainNode.ts';
import type { ReceivedRequest } from '../../../fakes/receivedRequest.ts';
import { maskAnswer, maskPng } from '../../../fakes/segmentation.ts';
import { startVertexLogin, type VertexLogin } from '../../../fakes/vertexLogin.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';

/** Upright pixels of the picture: in thousandths, boxes are on whole ones. */
const [WIDTH, HEIGHT] = [400, 600];
const CREDENTIALS = 'GOOGLE_APPLICATION_CREDENTIALS';
const environment = process.env[CREDENTIALS];
const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
let server: GeminiServer;
let login: VertexLogin;
let folder: string;
let cat: string;

before(async () => {
  server = await startGeminiServer();
  login = await startVertexLogin();
  folder = await mkdtemp(join(tmpdir(), 'segment-objects-'));
  const path = join(folder, 'cat.png');
  await writeFile(path, await encoded(portrait(WIDTH, HEIGHT), { format: 'png' }));
  cat = pathToFileURL(path).href;
  process.env[CREDENTIALS] = join(folder, 'credentials.json');
  await writeFile(join(folder, 'credentials.json'), JSON.stringify(login.credentials));
});

after(async () => {
  if (environment === undefined) delete process.env[CREDENTIALS];
  else process.env[CREDENTIALS] = environment;
  worker.dispose();
  await Promise.all([server.close(), login.close()]);
  await rm(folder, { recursive: true });
});

beforeEach(() => server.reset());

interface Setup {
  /** The answer to the question about several calls. */
  consent?: Consent;
  when?: 'firstTime' | 'always' | 'never';
  isExcludedAfter?: number;
}

/** All that segments on Vertex AI, as a program without an editor would make it. */
function createRunner({ consent = true, when = 'firstTime', isExcludedAfter = Number.POSITIVE_INFINITY }: Setup = {}) {
  const endings: [OutgoingRequest, SendOutcome][] = [];
  const questions: OutgoingRequest[] = [];
  let checks = 0;
  const rules = taskRules(
    { model: 'gemini-3.8-flash', maskEngine: 'segmentImage' },
    { tokenBasis: () => ({ calibration: {}, prices: {}, date: new Date(), backend: 'vertexAi' }) },
  );
  const sender = plainSender(server.url, {
    permits: [
      excludePermit(async () => ++checks > isExcludedAfter),
      sizePermit(() => 20e6),
      consentPermit({
        when: () => when,
        // What goes where has been agreed to long ago.
        remembered: () => true,
        remember: async () => assert.fail('remembered'),
        ask: async (outgoing) => {
          questions.push(outgoing);
          return outgoing.series === undefined ? true : consent;
        },
      }),
    ],
    destination: () => vertexDestination({ project: 'my-project', location: 'us-central1' }, server.url),
    key: async () => '',
    connect: async (_, destination) => {
      const place = vertexAt(destination);
      assert.ok(place);
      return createVertex({ ...place, fetch: globalThis.fetch, credentials: new Credentials(login.through(globalThis.fetch)) });
    },
    recordUsage: async (outgoing, ending) => void endings.push([outgoing, ending]),
  });
  const store = new InspectionFiles(join(folder, 'results'));
  const preparer = new ImagePreparer(LOCAL_FILES, worker, rules);
  const planner = new TaskPlanner(preparer, LOCAL_FILES, rules, store);
  const log = { info: () => undefined, warn: () => undefined };
  const runner = new TaskRunner(planner, sender, store, log, async (run, ...result) =>
    usesMaskEngine(run.task, cat, rules) ? segmentObjects({ preparer, worker, sender })(run, ...result) : run,
  );
  return { runner, store, endings, questions };
}

type Corners = [top: number, left: number, bottom: number, right: number];

/** What Gemini answers: boxes in thousandths. */
function answerWith(...boxes: Corners[]): void {
  server.respondWith({ text: JSON.stringify(boxes.map((box, index) => ({ box_2d: box, label: `thing ${index + 1}` }))) });
}

const call = (options: TaskCall['options'] = {}): TaskCall => ({ task: 'segment', images: [cat], query: '', options });
const predictions = () => server.requests.filter(({ endpoint }) => endpoint === 'predict');
const isAbout = (label: string) => (request: ReceivedRequest) => request.endpoint === 'predict' && promptOf(request) === label;
const promptOf = ({ json }: ReceivedRequest) => (json as { instances: [{ prompt: string }] }).instances[0].prompt;

async function run(setup: Setup = {}, options: TaskCall['options'] = {}) {
  const made = createRunner(setup);
  const phases: (RunningTask['masks'] | undefined)[] = [];
  const inspection = await made.runner.inspect(call(options), new Job(), ({ masks }) => void phases.push(masks));
  return { ...made, inspection, phases };
}

/** The size of an object's mask, and its values without repetition. */
function maskOf(object: Detection | undefined): { size: [number, number]; values: number[] } | undefined {
  if (object?.mask?.kind !== 'bitmap') return undefined;
  const { width, height, data } = decodeMask(object.mask.png);
  assert.deepEqual([object.mask.width, object.mask.height], [width, height]);
  return { size: [width, height], values: [...new Set(data)].toSorted((a, b) => a - b) };
}

const withoutMask = ({ maskEngine }: Inspection) => maskEngine?.without.map(({ id, reason }) => `${id}: ${reason}`);

suite('Segment on Vertex AI with the mask engine', () => {
  test('each object gets a mask and a confidence by a call of its own, with a crop of it and its label', async () => {
    answerWith([100, 250, 500, 750], [600, 0, 800, 250]);
    const { inspection, endings, questions, phases, store } = await run();
    assert.deepEqual(server.violations, []);
    assert.deepEqual(
      predictions().map((request) => [promptOf(request), request.images[0]?.sniffed.accepted && request.images[0].sniffed.size]),
      [
        // 200 x 240 pixels at 100, 60, and 20 x 24 around it.
        ['thing 1', { width: 240, height: 288 }],
        // 100 x 120 at 0, 360: to the left there is nothing more.
        ['thing 2', { width: 110, height: 144 }],
      ],
    );
    assert.match(predictions()[0]?.path ?? '', /\/us-central1\/publishers\/google\/models\/image-segmentation-001:predict$/);
    const [first] = predictions();
    assert.ok(first);
    const { instances, ...others } = first.json as { instances: object[] };
    assert.deepEqual(others, { parameters: { mode: 'PROMPT', maxPredictions: 1 } });
    assert.deepEqual(Object.keys(instances[0] ?? {}).toSorted(), ['image', 'prompt']);

    assert.deepEqual(inspection.detections?.map(maskOf), [
      { size: [200, 240], values: [255] },
      { size: [100, 120], values: [255] },
    ]);
    assert.deepEqual(
      inspection.detections?.map(({ confidence }) => confidence),
      [0.87, 0.87],
    );
    assert.deepEqual(inspection.maskEngine, { model: 'image-segmentation-001', calls: 2, without: [] });
    assert.deepEqual((await store.of(inspection.images[0]?.sha256 ?? '')).at(-1), inspection);
    // One question, with the number of all calls.
    assert.deepEqual(
      questions.map(({ series }) => series),
      [{ calls: 2 }],
    );
    assert.deepEqual(
      endings.map(([{ request }, ending]) => [request.model, ending !== undefined]),
      [
        ['gemini-3.8-flash', true],
        ['image-segmentation-001', true],
        ['image-segmentation-001', true],
      ],
    );
    assert.deepEqual(
      phases.filter((phase) => phase !== undefined),
      [
        { done: 0, of: 2 },
        { done: 1, of: 2 },
      ],
    );
  });

  test('what lies outside of the box is cut', async () => {
    // The margin is 20 x 24 pixels: of the mask, which is black inside it, nothing white is left but one corner of the box.
    answerWith([100, 250, 500, 750]);
    const png = maskPng(240, 288, (x, y) => (x < 20 || y < 24 || x >= 220 || y >= 264 ? 255 : x < 22 && y < 27 ? 200 : 0));
    server.respondWhen(isAbout('thing 1'), maskAnswer(png));
    const { inspection } = await run();
    const [object] = inspection.detections ?? [];
    assert.deepEqual(maskOf(object), { size: [200, 240], values: [0, 200] });
    const { data } = decodeMask(object?.mask?.kind === 'bitmap' ? object.mask.png : '');
    assert.equal(data.filter((value) => value === 200).length, 6);
    assert.equal(object?.confidence, undefined);
  });

  test('a mask of another type than PNG is read as well', async () => {
    answerWith([100, 250, 500, 750]);
    const white = Buffer.alloc(240 * 288 * 3, 255);
    const jpeg = await encoded({ width: 240, height: 288, rgb: white }, { format: 'jpeg' });
    server.respondWhen(isAbout('thing 1'), maskAnswer(jpeg, { mimeType: 'image/jpeg' }));
    const { inspection } = await run();
    assert.deepEqual(maskOf(inspection.detections?.[0])?.size, [200, 240]);
  });

  test('a mask of another size is scaled where it has the shape of the crop', async () => {
    answerWith([100, 250, 500, 750]);
    server.respondWhen(isAbout('thing 1'), maskAnswer(maskPng(120, 144, () => 255)));
    const { inspection } = await run();
    assert.deepEqual(maskOf(inspection.detections?.[0]), { size: [100, 120], values: [255] });
  });

  test('an object without a mask that can be used keeps its box, and it is said why', async () => {
    answerWith(
      [0, 0, 500, 500],
      [100, 100, 500, 500],
      [150, 150, 500, 500],
      [200, 200, 500, 500],
      [250, 250, 500, 500],
      [300, 300, 500, 500],
    );
    server.respondWhen(isAbout('thing 1'), maskAnswer(maskPng(300, 100, () => 255)));
    server.respondWhen(isAbout('thing 2'), maskAnswer(Uint8Array.from([1, 2, 3])));
    server.respondWhen(isAbout('thing 3'), { status: 200, body: {} });
    server.respondWhen(isAbout('thing 4'), errors.invalidArgument('The image is not one.'));
    server.respondWhen(isAbout('thing 5'), maskAnswer(maskPng(120, 180, () => 0)));
    const { inspection } = await run();
    assert.deepEqual(
      inspection.detections?.map((object) => maskOf(object) !== undefined),
      [false, false, false, false, false, true],
    );
    assert.deepEqual(
      inspection.detections?.map(({ pixelBox }) => pixelBox.x),
      [0, 40, 60, 80, 100, 120],
    );
    const [shape, damaged, nothing, refused, empty, ...others] = withoutMask(inspection) ?? [];
    assert.equal(shape, '1: The mask has another shape than the picture.');
    assert.equal(damaged, '2: The mask could not be read.');
    assert.equal(nothing, '3: The mask engine found nothing there.');
    assert.match(refused ?? '', /^4: ./);
    assert.equal(empty, '5: The mask shows nothing inside the box.');
    assert.deepEqual(others, []);
    // The refused one has cost nothing.
    assert.equal(inspection.maskEngine?.calls, 5);
  });

  test('of 25 objects the 20 largest are asked about', async () => {
    answerWith(...Array.from({ length: 25 }, (_, index): Corners => [0, 0, 20 * (index + 1), 20 * (index + 1)]));
    const { inspection, questions } = await run();
    assert.equal(predictions().length, 20);
    assert.deepEqual(
      questions.map(({ series }) => series),
      [{ calls: 20 }],
    );
    assert.deepEqual(predictions().map(promptOf).slice(0, 2), ['thing 25', 'thing 24']);
    assert.deepEqual(
      inspection.detections?.flatMap(({ id, mask }) => (mask === undefined ? [id] : [])),
      ['1', '2', '3', '4', '5'],
    );
    const reason = 'Only the 20 largest objects get a mask by a call of their own.';
    assert.deepEqual(
      withoutMask(inspection)?.toSorted(),
      ['1', '2', '3', '4', '5'].map((id) => `${id}: ${reason}`),
    );
  });

  test('what is covered stays covered, and nothing leaves from outside of the region', async () => {
    // In thousandths of the region, which is the lower right quarter: 200 x 300 pixels.
    answerWith([0, 0, 500, 500]);
    const region = { x: 0.5, y: 0.5, width: 0.5, height: 0.5 };
    const redactions = [{ x: 0.5, y: 0.5, width: 0.1, height: 0.1 }];
    const { inspection } = await run({}, { region, redactions });
    assert.deepEqual(inspection.detections?.[0]?.pixelBox, { x: 200, y: 300, width: 100, height: 150 });
    const sent = PNG.sync.read(predictions()[0]?.images[0]?.bytes ?? Buffer.alloc(0));
    // A margin of 10 x 15 to the right and below only.
    assert.deepEqual([sent.width, sent.height], [110, 165]);
    const at = (x: number, y: number) => [...sent.data.subarray(4 * (y * sent.width + x), 4 * (y * sent.width + x) + 3)];
    for (const [x, y] of [
      [0, 0],
      [39, 59],
    ] as const)
      assert.deepEqual(at(x, y), [0, 0, 0], `${x}, ${y}`);
    assert.notDeepEqual(at(41, 61), [0, 0, 0]);
    assert.deepEqual(maskOf(inspection.detections?.[0])?.size, [100, 150]);
  });

  test('a picture that was sent smaller is not sent finer afterwards', async () => {
    answerWith([100, 250, 500, 750]);
    const { inspection } = await run({}, { maxDimension: 300 });
    const sniffed = predictions()[0]?.images[0]?.sniffed;
    assert.deepEqual(sniffed?.accepted && sniffed.size, { width: 120, height: 144 });
    assert.deepEqual(maskOf(inspection.detections?.[0]), { size: [100, 120], values: [255] });
  });

  test('without agreement nothing of it is sent, and the result is as Gemini gave it', async () => {
    answerWith([100, 250, 500, 750], [600, 0, 800, 250]);
    const { inspection, questions } = await run({ consent: false });
    assert.equal(predictions().length, 0);
    assert.equal(questions.length, 1);
    assert.equal(inspection.maskEngine, undefined);
    assert.equal(inspection.detections?.length, 2);
  });

  test('who is never to be asked is not', async () => {
    answerWith([100, 250, 500, 750]);
    const { inspection, questions } = await run({ when: 'never' });
    assert.deepEqual(questions, []);
    assert.equal(inspection.maskEngine?.calls, 1);
  });

  test('cancelled in the middle, what is there is kept and the rest counted', async () => {
    answerWith([0, 0, 900, 900], [100, 100, 800, 800], [200, 200, 700, 700]);
    server.respondWhen(isAbout('thing 2'), { ...maskAnswer(maskPng(1, 1, () => 255)), hold: new Promise(() => undefined) });
    const { runner, store, endings } = createRunner();
    const job = new Job();
    const running = runner.inspect(call(), job, () => undefined);
    await server.waitForRequest(isAbout('thing 2'));
    job.cancel();
    const inspection = await running;
    assert.deepEqual(
      inspection.detections?.map(({ mask }) => mask !== undefined),
      [true, false, false],
    );
    assert.deepEqual(withoutMask(inspection), ['2: Cancelled.', '3: Cancelled.']);
    assert.equal(predictions().length, 2);
    assert.deepEqual(endings.at(-1)?.[1], { text: '' });
    assert.deepEqual(
      (await store.of(inspection.images[0]?.sha256 ?? '')).find(({ id }) => id === inspection.id),
      inspection,
    );
  });

  for (const [name, answer, reason] of [
    ['the model is not there', errors.modelNotFound('image-segmentation-001', 'predict'), /image-segmentation-001/],
    ['the project may not use it', errors.googleError(403, 'PERMISSION_DENIED', 'Permission denied.'), /my-project/],
  ] as const) {
    test(`where ${name}, one call is made and not twenty`, async () => {
      answerWith([0, 0, 900, 900], [100, 100, 800, 800], [200, 200, 700, 700]);
      server.respondWhen(({ endpoint }) => endpoint === 'predict', answer);
      const { inspection } = await run();
      assert.equal(predictions().length, 1);
      assert.equal(inspection.maskEngine?.without.length, 3);
      for (const { reason: said } of inspection.maskEngine?.without ?? []) assert.match(said, reason);
    });
  }

  test('an image that a setting has excluded meanwhile does not go out', async () => {
    answerWith([0, 0, 900, 900], [100, 100, 800, 800]);
    const { inspection } = await run({ isExcludedAfter: 1 });
    assert.equal(predictions().length, 0);
    assert.equal(inspection.maskEngine?.without.length, 2);
  });

  test('busy for a moment, it is asked again', async () => {
    answerWith([0, 0, 900, 900]);
    let isBusy = true;
    server.respondWhen((request) => {
      const matches = isBusy && request.endpoint === 'predict';
      if (matches && predictions().length > 0) isBusy = false;
      return matches;
    }, errors.overloaded());
    const { runner } = createRunner();
    const job = new Job();
    const running = runner.inspect(call(), job, () => undefined);
    await server.waitForRequest(({ endpoint }) => endpoint === 'predict');
    const skip = setInterval(() => job.skipWait(), 5);
    const inspection = await running.finally(() => clearInterval(skip));
    assert.equal(predictions().length, 2);
    assert.equal(inspection.maskEngine?.calls, 1);
  });

  test('other tasks, the Gemini API and the usual setting do without it', () => {
    const basis = (backend: 'vertexAi' | 'geminiApi') => ({
      tokenBasis: () => ({ calibration: {}, prices: {}, date: new Date(), backend }),
    });
    const rules = taskRules({ maskEngine: 'segmentImage' }, basis('vertexAi'));
    assert.equal(usesMaskEngine('segment', cat, rules), true);
    assert.equal(usesMaskEngine('detect', cat, rules), false);
    assert.equal(usesMaskEngine('segment', cat, taskRules({ maskEngine: 'segmentImage' }, basis('geminiApi'))), false);
    assert.equal(usesMaskEngine('segment', cat, taskRules({}, basis('vertexAi'))), false);
  });
});
