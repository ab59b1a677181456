import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { suite, test } from 'node:test';
import { InspectorError, unreadable } from '../../../../src/core/base/failure.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { isBreakdown } from '../../../../src/imaging/worker/workerProtocol.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';

const AS_IT_IS = { maxDimension: 0 };
const ENTRY = new URL('../../../../src/imaging/worker/worker.ts', import.meta.url);
/**
 * Does what the first byte of an image says: 0 answers, 1 ends the thread, 2 throws, 3 is never done, 4 finds the decoder broken, 5 only if the thread is not
 * new, 6 answers and leaves much memory in use.
 */
const STAND_IN = new URL(
  `data:text/javascript,${encodeURIComponent(`
  import { parentPort } from 'node:worker_threads';
  const broken = { ok: false, isBroken: true, failure: { kind: 'system', code: undefined, message: 'Aborted()' } };
  const memory = [];
  let isNew = true;
  parentPort.on('message', ({ source: { bytes } }) => {
    if (bytes[0] === 6) memory.push(new Uint8Array(50e6).fill(1));
    const isDone = bytes[0] === 0 || bytes[0] === 6 || (bytes[0] === 5 && isNew);
    if (isDone) parentPort.postMessage({ ok: true, result: { body: { size: 1, pieces: [bytes] } } });
    else if (bytes[0] === 4 || bytes[0] === 5) parentPort.postMessage(broken);
    isNew = false;
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
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
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

  test('what it gives is its own no longer: no other picture can overwrite it', async () => {
    const worker = new ImageWorker({ entry: ENTRY });
    const file = memorySource(await encoded(portrait(), { format: 'png' }));
    const { body } = await worker.prepare(file, { ...AS_IT_IS, region: { x: 0, y: 0, width: 0.5, height: 0.5 } });
    const drawn = await worker.draw(file, { kind: 'whole' });
    for (const bytes of [...body.pieces, drawn]) assert.ok(bytes instanceof Uint8Array && bytes.buffer instanceof ArrayBuffer);
    worker.dispose();
  });

  test('an image that breaks it is to blame, and the next has a new one', async () => {
    const worker = new ImageWorker({ entry: STAND_IN });
    const outcomes = await Promise.all([1, 0, 2, 0].map((byte) => reason(worker.prepare(says(byte), AS_IT_IS))));
    assert.deepEqual(outcomes, ['unreadableImage', 'done', 'unreadableImage', 'done']);
    worker.dispose();
  });

  test('a decoder that breaks over an image after others is tried once more in a new thread', async () => {
    const worker = new ImageWorker({ entry: STAND_IN });
    const outcomes = await Promise.all([0, 5, 0, 4, 0].map((byte) => reason(worker.prepare(says(byte), AS_IT_IS))));
    assert.deepEqual(outcomes, ['done', 'done', 'done', 'unreadableImage', 'done']);
    worker.dispose();
  });

  test('an image that is never done is refused, and the next has a new thread', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const worker = new ImageWorker({ entry: STAND_IN });
    const endless = { size: 1, read: () => new Promise<never>(() => {}) };
    for (const source of [says(3), endless]) {
      const asked = assert.rejects(worker.prepare(source, AS_IT_IS), {
        reason: 'unreadableImage',
        detail: 'It could not be decoded in time.',
      });
      const next = reason(worker.prepare(says(0), AS_IT_IS));
      context.mock.timers.tick(60_000);
      await asked;
      assert.equal(await next, 'done');
    }
    worker.dispose();
  });

  test('a hint comes last, gives way and has little time', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const worker = new ImageWorker({ entry: STAND_IN });
    const order: string[] = [];
    const hint = worker.hint(says(3)).then((found) => order.push(`first hint: ${found}`));
    const waiting = worker.hint(says(0)).then(() => order.push('second hint'));
    await until(() => worker.isRunning);
    const asked = [0, 0].map((byte) => worker.prepare(says(byte), AS_IT_IS).then(() => order.push('asked for')));
    context.mock.timers.tick(100);
    await Promise.all([hint, waiting, ...asked]);
    assert.deepEqual(order, ['first hint: undefined', 'asked for', 'asked for', 'second hint']);
    const alone = worker.hint(says(3));
    context.mock.timers.tick(2000);
    assert.equal(await alone, undefined);
    worker.dispose();
  });

  test('a thread that has taken much memory is ended when it is done', async () => {
    const worker = new ImageWorker({ entry: STAND_IN, mostGrowth: 1e9 });
    await worker.prepare(says(0), AS_IT_IS);
    assert.equal(worker.isRunning, true);
    const strict = new ImageWorker({ entry: STAND_IN, mostGrowth: 40e6 });
    await strict.prepare(says(6), AS_IT_IS);
    assert.equal(strict.isRunning, false);
    assert.equal(await reason(strict.prepare(says(0), AS_IT_IS)), 'done');
    worker.dispose();
    strict.dispose();
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

test('the end of a WebAssembly module is told from other errors', async () => {
  const module = new WebAssembly.Module(
    Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 97, 0, 0, 10, 5, 1, 3, 0, 0, 11),
  );
  const end = (() => {
    try {
      (new WebAssembly.Instance(module).exports.a as () => void)();
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  assert.equal(isBreakdown(end), true, 'an instruction that cannot be reached');
  assert.equal(isBreakdown(unreadable('Its pixels cannot be decoded.', end)), true);
  assert.equal(isBreakdown(unreadable('Its pixels cannot be decoded.', new Error('bad data'))), false);
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
