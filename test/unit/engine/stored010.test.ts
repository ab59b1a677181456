/** What 0.1.0 stored still opens. The files of `test/fixtures/stored010` were written by its own code. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type Inspection, TASKS } from '../../../src/core/inspection/inspection.ts';
import { threadTo } from '../../../src/core/inspection/thread.ts';
import { modelInfo } from '../../../src/core/models/models.ts';
import { calibrated, calibrationKey } from '../../../src/core/usage/calibration.ts';
import { total } from '../../../src/core/usage/ledger.ts';
import { estimateImageTokens } from '../../../src/core/usage/tokens.ts';
import { InspectionFiles } from '../../../src/engine/files/inspectionFiles.ts';
import { UploadCache } from '../../../src/engine/sending/uploadCache.ts';
import { CalibrationStore } from '../../../src/engine/usage/calibrationStore.ts';
import { SpendingLedger } from '../../../src/engine/usage/spendingLedger.ts';

const STORED = join(import.meta.dirname, '../../fixtures/stored010');
/** Of the image of all results, and of the upload. */
const SHA256 = 'a'.repeat(64);
/** The day on which the files were written. */
const NOW = new Date(2026, 10, 25, 13);

let folder: string;
let values: Record<string, unknown>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stored010-'));
  values = JSON.parse(await readFile(join(STORED, 'memory.json'), 'utf8'));
});
after(() => rm(folder, { recursive: true }));

const memory = {
  get: <T>(key: string) => values[key] as T | undefined,
  update: async (key: string, value: unknown) => {
    values[key] = value;
  },
};

suite('what 0.1.0 stored', () => {
  test('results of every task are read whole, found by id, and their conversation goes on', async () => {
    const lines = (await readFile(join(STORED, 'inspections.jsonl'), 'utf8')).trimEnd().split('\n');
    const written = lines.map((line) => JSON.parse(line) as Inspection);
    assert.deepEqual(new Set(written.map(({ task }) => task)), new Set(TASKS));
    const results = join(folder, 'inspections');
    await mkdir(join(results, SHA256), { recursive: true });
    for (const [index, { id }] of written.entries()) await writeFile(join(results, SHA256, `${id}.json`), lines[index] ?? '');

    const setAside: string[] = [];
    const store = new InspectionFiles(results, { setAside: (path) => setAside.push(path) });
    assert.deepEqual(await store.of(SHA256), written);
    assert.deepEqual(setAside, []);
    const followUp = written.find(({ follows }) => follows !== undefined);
    assert.ok(followUp !== undefined);
    assert.deepEqual(await store.find(followUp.id), followUp);
    assert.deepEqual(
      threadTo(written, followUp.id).map(({ id }) => id),
      [followUp.follows, followUp.id],
    );
  });

  test('what was spent counts, of days that were folded too, and goes on being counted', async () => {
    const ledgerFolder = join(folder, 'ledger');
    await cp(join(STORED, 'ledger'), ledgerFolder, { recursive: true });
    const ledger = new SpendingLedger(ledgerFolder, () => NOW);
    const all = total(await ledger.all());
    const today = total(await ledger.today());
    assert.equal(all?.calls, 16);
    assert.equal(today?.calls, 2);
    assert.equal(today?.guessed, 1);
    assert.ok(Math.abs((all?.usd ?? 0) - (15 * 0.001275 + 0.0009825)) < 1e-9);

    const [spent] = await ledger.today();
    assert.ok(spent !== undefined);
    await ledger.record(spent);
    const next = new SpendingLedger(ledgerFolder, () => NOW);
    assert.equal(total(await next.all())?.calls, 17);
    assert.equal((await readdir(ledgerFolder)).length, 3);
  });

  test('calibration corrects estimates as before', () => {
    const store = new CalibrationStore(memory, () => undefined);
    const info = modelInfo('gemini-3.8-flash', NOW);
    const samples = store.calibration[calibrationKey(info, 'default')];
    assert.equal(samples?.length, 6);
    const estimate = calibrated(estimateImageTokens({ width: 640, height: 480 }, info, 'default'), samples);
    assert.equal(estimate.rule, 'calibrated');
    assert.ok(estimate.tokens >= 1000 && estimate.tokens <= 1005);
    assert.equal(store.calibration[calibrationKey(info, 'default', 'vertexAi')], undefined, 'which says nothing of Vertex AI');
  });

  test('uploads are known by the same key, and by no other', async () => {
    const uploads = new UploadCache(memory, () => NOW.getTime());
    const endpoint = { destination: 'https://generativelanguage.googleapis.com', key: 'a key' };
    assert.equal((await uploads.find(endpoint, { sha256: SHA256, mimeType: 'image/png' }))?.name, 'files/abc123');
    assert.deepEqual(await uploads.of({ ...endpoint, key: 'another key' }), []);
  });
});
