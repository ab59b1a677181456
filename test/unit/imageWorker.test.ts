import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { suite, test } from 'node:test';
import { InspectorError } from '../../src/core/failure.ts';
import { memorySource } from '../../src/imaging/byteSource.ts';
import { ImageWorker } from '../../src/imaging/imageWorker.ts';
import { wasmSharp } from '../../src/imaging/sharpWasm.ts';
import { encoded, portrait } from '../fixtures/pictures.ts';

const AS_IT_IS = { maxDimension: 0 };
const ENTRY = new URL('../../src/imaging/worker.ts', import.meta.url);
/** Does what the first byte of an image says: 0 answers, 1 ends the thread, 2 throws, 3 is never done. */
const STAND_IN = new URL(
  `data:text/javascript,${encodeURIComponent(`
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', ({ source: { bytes } }) => {
    if (bytes[0] === 0) parentPort.postMessage({ ok: true, result: { body: { size: 1, pieces: [bytes] } } });
    if (bytes[0] === 1) process.exit(1);
    if (bytes[0] === 2) throw new Error('broken');
  });
`)}`,
);
const says = (byte: number) => memorySource(Uint8Array.of(byte));
const reason = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof InspectorError ? error.reason : String(error)),
  );

/** Resolves when the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

suite('the thread of images', () => {
  test('starts when it is needed and ends when idle', async () => {
    const worker = new ImageWorker({ entry: ENTRY, idle: 20 });
    assert.equal(worker.isRunning, false);
    const file = await encoded(portrait(), { format: 'png' });
    assert.deepEqual((await worker.prepare(memorySource(file), AS_IT_IS)).body.pieces, [{ offset: 0, length: file.length }]);
    assert.equal(worker.isRunning, true);
    await until(() => !worker.isRunning);
    assert.equal(await reason(worker.prepare(memorySource(file), AS_IT_IS)), 'done');
    worker.dispose();
  });

  test('an image that breaks it is to blame, and the next has a new one', async () => {
    const worker = new ImageWorker({ entry: STAND_IN });
    const outcomes = await Promise.all([1, 0, 2, 0].map((byte) => reason(worker.prepare(says(byte), AS_IT_IS))));
    assert.deepEqual(outcomes, ['unreadableImage', 'done', 'unreadableImage', 'done']);
    worker.dispose();
  });

  test('what is cancelled ends at once, whether it waits or is worked on; the others go on', async () => {
    const worker = new ImageWorker({ entry: STAND_IN });
    const [current, waiting] = [new AbortController(), new AbortController()];
    const cancelled = new InspectorError('cancelled', 'Cancelled.');
    const outcomes = Promise.all([
      reason(worker.prepare(says(3), AS_IT_IS, current.signal)),
      reason(worker.prepare(says(3), AS_IT_IS, waiting.signal)),
      reason(worker.prepare(says(0), AS_IT_IS)),
    ]);
    waiting.abort(cancelled);
    await until(() => worker.isRunning);
    current.abort(cancelled);
    assert.deepEqual(await outcomes, ['cancelled', 'cancelled', 'done']);
    assert.equal(await reason(worker.prepare(says(0), AS_IT_IS, current.signal)), 'cancelled', 'before it began');
    worker.dispose();
  });

  test('when it is no longer needed nothing is left waiting', async () => {
    const worker = new ImageWorker({ entry: STAND_IN });
    const outcomes = Promise.all([3, 3].map((byte) => reason(worker.prepare(says(byte), AS_IT_IS))));
    worker.dispose();
    assert.deepEqual(await outcomes, ['cancelled', 'cancelled']);
    assert.equal(worker.isRunning, false);
  });

  test('messages come in the language of the user', async () => {
    const worker = new ImageWorker({ entry: ENTRY, translations: { 'It is empty.': 'Está vacío.' } });
    await assert.rejects(worker.prepare(memorySource(new Uint8Array()), AS_IT_IS), { detail: 'Está vacío.' });
    worker.dispose();
  });

  test('a file that has gone is told by its code', async () => {
    const worker = new ImageWorker({ entry: ENTRY });
    await assert.rejects(worker.prepare({ ...says(0), path: '/no/such/file' }, AS_IT_IS), { code: 'ENOENT' });
    worker.dispose();
  });
});

test('the pixel library is the portable one, also where a native one is installed', async () => {
  const native = `@img/sharp-${process.platform}-${process.arch}/sharp.node`;
  const isInstalled = (() => {
    try {
      return createRequire(import.meta.url).resolve(native) !== '';
    } catch {
      return false;
    }
  })();
  const { versions } = await wasmSharp();
  assert.ok('emscripten' in versions);
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
  assert.deepEqual(
    sharedObjects.filter((path) => /vips|sharp/.test(path)),
    [],
  );
  assert.ok(isInstalled || process.platform !== 'linux' || process.arch !== 'x64', 'there was nothing to refuse');
});
