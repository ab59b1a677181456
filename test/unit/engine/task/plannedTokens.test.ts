/** What a planned task expects to be billed: by the rule of the backend, and by what was learnt of it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Backend } from '../../../../src/core/models/vertex.ts';
import type { Calibration } from '../../../../src/core/usage/storedCalibration.ts';
import type { MediaResolution } from '../../../../src/core/usage/tokens.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import { TaskPlanner } from '../../../../src/engine/task/taskPlanner.ts';
import { TokenCounter } from '../../../../src/engine/usage/tokenCounter.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { taskRules } from '../../../fakes/plainNode.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';

const MODEL = 'gemini-2.5-flash-lite';
const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
let folder: string;
let picture: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planned-tokens-'));
  const path = join(folder, 'portrait.png');
  await writeFile(path, await encoded(portrait(700, 1003), { format: 'png' }));
  picture = pathToFileURL(path).href;
});

after(async () => {
  worker.dispose();
  await rm(folder, { recursive: true });
});

const SAMPLES = Array.from({ length: 5 }, () => ({ images: 1, documented: 1548, observed: 258, billed: 258 }));
const LEARNT: Calibration = { [`${MODEL} default flat258`]: SAMPLES };

function rulesOf(backend: Backend, calibration: Calibration, mediaResolution: MediaResolution = 'default') {
  return taskRules({ model: MODEL, mediaResolution }, { tokenBasis: () => ({ calibration, prices: {}, date: new Date(), backend }) });
}

for (const [backend, learnt, resolution, tokens, rule] of [
  ['geminiApi', {}, 'default', 1548, 'documented'],
  ['geminiApi', LEARNT, 'default', 258, 'calibrated'],
  ['geminiApi', {}, 'low', 64, 'documented'],
  ['vertexAi', {}, 'default', 1806, 'observed'],
  ['vertexAi', LEARNT, 'default', 1806, 'observed'],
  ['vertexAi', {}, 'low', 64, 'documented'],
] as const) {
  const said = learnt === LEARNT ? 'with bills of the Gemini API' : 'without bills';
  test(`${backend}, ${resolution}, ${said}: ${tokens} are planned, and so counted`, async () => {
    const rules = rulesOf(backend, learnt, resolution);
    const preparer = new ImagePreparer(LOCAL_FILES, worker, rules);
    const planner = new TaskPlanner(preparer, LOCAL_FILES, rules, { of: async () => [], find: async () => undefined });
    const call = { task: 'caption' as const, images: [picture] as const, query: '', options: {} };
    const { estimated, outgoing } = await planner.plan(call, new Job());
    const [estimate] = outgoing.images.map((image) => image.estimate);
    assert.deepEqual([estimated, estimate?.tokens, estimate?.rule], [tokens, tokens, rule]);
    assert.ok(outgoing.inputTokens > tokens && outgoing.inputTokens < tokens + 200, `${outgoing.inputTokens} with the words`);

    const counter = new TokenCounter(LOCAL_FILES, preparer, { countTokens: async ({ inputTokens }) => inputTokens }, rules);
    const counted = await counter.count(picture, {}, new Job());
    assert.deepEqual([counted.tokens, counted.estimate], [tokens, estimate]);
  });
}
