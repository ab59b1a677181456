import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { PNG } from 'pngjs';
import type { InspectorError } from '../../../../src/core/base/failure.ts';
import type { Detection, Inspection } from '../../../../src/core/inspection/inspection.ts';
import { ObjectChecker } from '../../../../src/engine/checking/checkObjects.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { SendOutcome } from '../../../../src/engine/sending/outgoing.ts';
import { type Consent, consentPermit, excludePermit, sizePermit } from '../../../../src/engine/sending/permits.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { decisionUsage } from '../../../fakes/decisions.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { plainSender, taskRules } from '../../../fakes/plainNode.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';

/** Upright pixels of the picture. */
const [WIDTH, HEIGHT] = [400, 600];
const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
let server: GeminiServer;
let folder: string;
let cat: string;
let sha256: string;

before(async () => {
  server = await startGeminiServer();
  folder = await mkdtemp(join(tmpdir(), 'check-objects-'));
  const path = join(folder, 'cat.png');
  await writeFile(path, await encoded(portrait(WIDTH, HEIGHT), { format: 'png' }));
  cat = pathToFileURL(path).href;
  sha256 = (await preparer({}).prepare(cat, {}, new Job())).image.sha256;
});

after(async () => {
  worker.dispose();
  await server.close();
  await rm(folder, { recursive: true });
});

beforeEach(() => server.reset());

function preparer({ isExcluded = false }): ImagePreparer {
  return new ImagePreparer(LOCAL_FILES, worker, rulesOf(isExcluded));
}

const rulesOf = (isExcluded: boolean) => taskRules({}, { isExcluded: async () => isExcluded });

function createChecker({ isExcluded = false, limit = 20e6, consent = true as Consent } = {}) {
  const kept: Inspection[] = [];
  const endings: SendOutcome[] = [];
  const sender = plainSender(server.url, {
    permits: [
      excludePermit(async () => isExcluded),
      sizePermit(() => limit),
      consentPermit({ when: () => 'always', remembered: () => false, remember: async () => undefined, ask: async () => consent }),
    ],
    recordUsage: async (_, ending) => void endings.push(ending),
  });
  const results = { add: async (inspection: Inspection) => void kept.push(inspection) };
  const checker = new ObjectChecker({
    preparer: preparer({ isExcluded }),
    rules: rulesOf(isExcluded),
    fileOf: (address) => address,
    worker,
    sender,
    results,
  });
  const check = async (run: Inspection) => checker.check(run, await checker.plan(run, new Job()));
  return { check, checker, kept, endings };
}

function object(id: string, label: string, [x, y, width, height]: [number, number, number, number]): Detection {
  const pixelBox = { x: x * WIDTH, y: y * HEIGHT, width: width * WIDTH, height: height * HEIGHT };
  return { id, label, imageIndex: 0, box: { x, y, width, height }, pixelBox };
}

const FACE = object('1', 'face', [0.25, 0.25, 0.5, 0.25]);
const HAT = object('3', 'a "hat"', [0.5, 0.75, 0.5, 0.25]);

function run(detections: Detection[], sent: Partial<Inspection['images'][0]['sent']> = {}): Inspection {
  return {
    version: 1,
    id: 'the run',
    task: 'detect',
    createdAt: '2026-11-28T00:00:00.000Z',
    prompt: 'all',
    model: 'gemini-3.8-flash',
    images: [
      {
        uri: cat,
        sha256,
        mimeType: 'image/png',
        width: WIDTH,
        height: HEIGHT,
        sent: { mimeType: 'image/png', width: WIDTH, height: HEIGHT, bytes: 1, via: 'inline', ...sent },
      },
    ],
    detections,
    dropped: [],
    tokens: { estimated: 1 },
    complete: true,
    raw: '',
  };
}

interface Sent {
  input: { type: string; data: string; text: string }[];
  questions: Record<string, { type: string; instructions: string }>;
}

function sentBody(): Sent {
  assert.deepEqual(server.violations, []);
  assert.equal(server.requests.length, 1);
  return server.requests[0]?.json as Sent;
}

function sentPictures(): PNG[] {
  return sentBody().input.flatMap(({ type, data }) => (type === 'image' ? [PNG.sync.read(Buffer.from(data, 'base64'))] : []));
}

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'sent',
    (error: unknown) => (error as InspectorError).reason,
  );

suite('objects are checked', () => {
  test('one question an object, and its yes becomes the confidence of the same object', async () => {
    const { check, kept, endings } = createChecker();
    server.respondWhen(({ endpoint }) => endpoint === 'decisions', {
      status: 200,
      body: {
        answers: { object_1: { type: 'noul', noul: 0.07, confidence: 0.93 }, object_2: { type: 'noul', noul: 0.8, confidence: 0.8 } },
        usage: decisionUsage(1089, 111),
      },
    });
    const checked = await check(run([FACE, HAT]));
    assert.deepEqual(checked.detections, [
      { ...FACE, confidence: 0.07 },
      { ...HAT, confidence: 0.8 },
    ]);
    const { id, basedOn, model, tokens, dropped } = checked;
    assert.notEqual(id, 'the run');
    assert.deepEqual([basedOn, model, dropped], [['the run'], 'gemini-decision-1', []]);
    assert.deepEqual([tokens.prompt, tokens.image, tokens.output], [1200, 1089, 0]);
    assert.ok(Math.abs((tokens.costUsd ?? 0) - 0.00012) < 1e-12, String(tokens.costUsd));
    assert.deepEqual(kept, [checked]);
    assert.deepEqual(
      endings.map((ending) => ending && 'reply' in ending && ending.reply.usage?.prompt),
      [1200],
      'the books know it',
    );
    const questions = Object.values(sentBody().questions);
    assert.deepEqual(
      questions.map(({ type }) => type),
      ['noul', 'noul'],
    );
    assert.match(questions[0]?.instructions ?? '', /object 1 really "face"/);
    assert.match(questions[1]?.instructions ?? '', /object 3 really "a \\"hat\\""/);
  });

  test('the boxes are drawn on what is sent', async () => {
    await createChecker().check(run([FACE]));
    const [picture, ...others] = sentPictures();
    assert.deepEqual([picture?.width, picture?.height, others.length], [WIDTH, HEIGHT, 0]);
    const plain = PNG.sync.read(Buffer.from(await worker.draw(await LOCAL_FILES.open(cat), { kind: 'whole' })));
    const at = (x: number, y: number) => 4 * (y * WIDTH + x);
    const differs = (x: number, y: number) =>
      [0, 1, 2].some((channel) => picture?.data[at(x, y) + channel] !== plain.data[at(x, y) + channel]);
    assert.ok(differs(100, 220), 'on the left edge of the box');
    assert.ok(!differs(200, 500), 'outside of it');
  });

  test('no more is sent than was: region and covered areas hold', async () => {
    const region = { x: 0, y: 0, width: 1, height: 0.5 };
    const redactions = [{ x: 0, y: 0, width: 0.1, height: 0.1 }];
    const checked = await createChecker().check(run([FACE, HAT], { region, redactions }));
    const [picture] = sentPictures();
    assert.deepEqual([picture?.width, picture?.height], [WIDTH, HEIGHT / 2]);
    assert.deepEqual([...(picture?.data.subarray(0, 3) ?? [])], [0, 0, 0]);
    assert.equal(Object.keys(sentBody().questions).length, 1, 'nothing is asked of what cannot be seen');
    assert.deepEqual(
      checked.detections?.map(({ confidence }) => confidence),
      [0.93, undefined],
    );
    assert.deepEqual(
      checked.dropped.map(({ reason }) => reason),
      ['Object 3 was not judged.'],
    );
    assert.deepEqual(checked.images[0]?.sent?.region, region);
    assert.deepEqual(checked.images[0]?.sent.redactions, redactions);
  });

  test('a small object is shown enlarged too', async () => {
    await createChecker().check(run([FACE, object('2', 'nose', [0.5, 0.4, 0.02, 0.02])]));
    const [, crop, ...others] = sentPictures();
    assert.equal(others.length, 0);
    assert.ok(crop !== undefined && crop.width < 60 && crop.height < 60);
    assert.match(sentBody().input[2]?.text ?? '', /Object 2 /);
  });

  test('of more than 1,000 objects the first are asked about, in one request', async () => {
    const many = Array.from({ length: 1003 }, (_, index) => object(String(index + 1), 'dot', [(index % 40) / 50, 0.2, 0.1, 0.1]));
    const checked = await createChecker().check(run(many));
    assert.equal(Object.keys(sentBody().questions).length, 1000);
    assert.equal(checked.detections?.filter(({ confidence }) => confidence === 0.93).length, 1000);
    assert.equal(checked.dropped.length, 3);
  });

  test('nothing leaves without each permit', async () => {
    assert.equal(await reasonOf(createChecker({ isExcluded: true }).check(run([FACE]))), 'excluded');
    assert.equal(await reasonOf(createChecker({ limit: 100 }).check(run([FACE]))), 'tooLarge');
    assert.equal(await reasonOf(createChecker({ consent: false }).check(run([FACE]))), 'notConfirmed');
    assert.equal(server.requests.length, 0);
  });

  test('a refusal is no answer, and keeps nothing', async () => {
    const { check, kept } = createChecker();
    const body = { answers: {}, prompt_feedback: { block_reason: 'safety' }, usage: decisionUsage(0, 0) };
    server.respondWhen(({ endpoint }) => endpoint === 'decisions', { status: 200, body });
    assert.equal(await reasonOf(check(run([FACE]))), 'blocked');
    assert.deepEqual(kept, []);
  });

  test('an image that has changed since is not sent', async () => {
    const other = run([FACE]);
    const [image] = other.images;
    assert.ok(image);
    assert.notEqual(await reasonOf(createChecker().check({ ...other, images: [{ ...image, sha256: '00' }] })), 'sent');
    assert.equal(server.requests.length, 0);
  });

  test('what it may cost is known before', async () => {
    const { checker } = createChecker();
    const { costUsd = 0, estimatedImageTokens } = await checker.plan(run([FACE]), new Job());
    assert.ok(estimatedImageTokens > 1000 && estimatedImageTokens < 1120, String(estimatedImageTokens));
    assert.ok(costUsd > 0.0001 && costUsd < 0.0002, String(costUsd));
    assert.equal(server.requests.length, 0);
  });
});
