import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type PrepareOptions, preparedAtOnce } from '../../../../src/imaging/formats/prepared.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { fileSource, memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { noisePng } from '../../../fixtures/images.ts';
import { segment } from '../../../fixtures/jpegs.ts';
import { encoded, portrait, storedWith } from '../../../fixtures/pictures.ts';
import { pngChunk } from '../../../fixtures/pngs.ts';

const ENTRY = new URL('../../../../src/imaging/worker/worker.ts', import.meta.url);
const AS_IT_IS = { maxDimension: 0 };

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prepared-'));
});
after(() => rm(folder, { recursive: true }));

/** With something put in: behind so many bytes, or before the last ones. */
function withInside(file: Uint8Array, at: number, inside: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([file.subarray(0, at), inside, file.subarray(at)]));
}

const jpeg = await encoded(portrait(), { format: 'jpeg' });
const png = await encoded(portrait(), { format: 'png' });
/** Behind the first chunk of a PNG. */
const BEHIND_HEADER = 33;

suite('a small file that needs no thread', () => {
  const files: Record<string, () => Promise<Uint8Array> | Uint8Array> = {
    'a JPEG': () => jpeg,
    'a PNG': () => png,
    'a JPEG with metadata': () => encoded(portrait(), { format: 'jpeg', secrets: true }),
    'a PNG with metadata': () => encoded(portrait(), { format: 'png', secrets: true }),
    'a PNG of several blocks': () => noisePng(1500, 1000),
    'a JPEG of thousands of comments': () =>
      withInside(jpeg, -2, Buffer.concat(Array.from({ length: 20_000 }, (_, index) => segment(0xfe, [index & 0xff])))),
  };
  for (const [name, make] of Object.entries(files)) {
    test(`${name} comes to what the thread makes of it`, async () => {
      const file = await make();
      const { held, ...found } = (await preparedAtOnce(memorySource(file), AS_IT_IS)) ?? assert.fail('the thread is asked');
      assert.deepEqual(found, await prepare(memorySource(file), AS_IT_IS));
      assert.ok(held !== undefined && Buffer.from(file).equals(held));
    });

    test(`${name} starts no thread`, async () => {
      const path = join(folder, 'small');
      await writeFile(path, await make());
      const worker = new ImageWorker({ entry: ENTRY });
      const { body } = await worker.prepare(await fileSource(path), AS_IT_IS);
      assert.equal(worker.isRunning, false);
      assert.ok(body.size > 0);
    });
  }

  test('is read once, and other work has its turn in between, whatever is in it', async () => {
    // Behind the pixels, where no limit of headers holds.
    for (const file of [
      withInside(jpeg, -2, Buffer.concat(Array<Uint8Array>(100_000).fill(segment(0xe5, [])))),
      withInside(png, -12, Buffer.concat(Array<Uint8Array>(50_000).fill(pngChunk('teSt')))),
    ]) {
      let turns = 0;
      let isDone = false;
      const turn = () => {
        turns += 1;
        if (!isDone) setImmediate(turn);
      };
      setImmediate(turn);
      let read = 0;
      const source = memorySource(file);
      const counted = {
        size: source.size,
        read: (offset: number, length: number) => {
          read += length;
          return source.read(offset, length);
        },
      };
      const found = await preparedAtOnce(counted, AS_IT_IS);
      isDone = true;
      assert.ok(found !== undefined && found.body.size < 2 * png.length + jpeg.length);
      assert.equal(read, file.length);
      assert.ok(turns > 100, `${turns} turns`);
    }
  });

  test('is cancelled as elsewhere', async () => {
    const path = join(folder, 'cancelled');
    await writeFile(path, png);
    const cancelled = new AbortController();
    const worker = new ImageWorker({ entry: ENTRY });
    const pending = worker.prepare(await fileSource(path), AS_IT_IS, cancelled.signal);
    cancelled.abort(new Error('cancelled'));
    await assert.rejects(pending, /cancelled/);
    assert.equal(worker.isRunning, false);
  });
});

suite('the thread has to look at', () => {
  const whole = { x: 0, y: 0, width: 1, height: 1 };
  const cases: Record<string, { file: () => Promise<Uint8Array> | Uint8Array; wishes?: Partial<PrepareOptions> }> = {
    'a picture on its side': { file: () => encoded(storedWith(6, portrait()), { format: 'jpeg', orientation: 6 }) },
    'one that is scaled': { file: () => png, wishes: { maxDimension: 30 } },
    'one that is cut': { file: () => png, wishes: { region: { ...whole, width: 0.5 } } },
    'one of which something is blacked out': { file: () => png, wishes: { redactions: [{ ...whole, width: 0.1 }] } },
    'one that is too large to be sent': { file: () => png, wishes: { mostBytes: 100 } },
    'a JPEG that ends too early': { file: () => jpeg.subarray(0, -50) },
    'a JPEG without an end': { file: () => jpeg.subarray(0, -2) },
    'a JPEG with stray bytes': { file: () => withInside(jpeg, 20, new Uint8Array(9)) },
    'a PNG that ends too early': { file: () => png.subarray(0, -20) },
    'a PNG with a wrong checksum': { file: () => png.with(png.length - 20, (png.at(-20) ?? 0) ^ 1) },
    'a PNG with an unusual gamma': {
      file: () => withInside(png, BEHIND_HEADER, pngChunk('gAMA', Uint8Array.of(0, 1, 0x86, 0xa0))),
    },
    'a body of more pieces than there should be': {
      file: () =>
        withInside(
          png,
          BEHIND_HEADER,
          Buffer.concat(Array.from({ length: 3000 }, (_, index) => pngChunk(index % 2 === 0 ? 'teSt' : 'pHYs', new Uint8Array(9)))),
        ),
    },
    'a WEBP': { file: () => encoded(portrait(), { format: 'webp' }) },
    'a large file': { file: () => noisePng(2100, 2000) },
    'what is no picture': { file: () => new Uint8Array(100) },
    'an empty file': { file: () => new Uint8Array() },
  };
  for (const [name, { file, wishes = {} }] of Object.entries(cases)) {
    test(name, async () => {
      const options = { ...AS_IT_IS, ...wishes };
      const found = await preparedAtOnce(memorySource(await file()), options).catch(() => undefined);
      // Not compared by `equal`: what it prints of a picture takes gigabytes.
      assert.ok(found === undefined);
    });
  }

  test('a damaged one refuses it by name', async () => {
    const path = join(folder, 'damaged');
    await writeFile(path, jpeg.subarray(0, -50));
    const worker = new ImageWorker({ entry: ENTRY });
    await assert.rejects(worker.prepare(await fileSource(path), AS_IT_IS), { reason: 'unreadableImage' });
    worker.dispose();
  });
});

test('a file that the thread has read comes along, its memory handed over; what is drawn anew has none', async () => {
  const path = join(folder, 'large');
  const file = noisePng(2100, 2000);
  await writeFile(path, file);
  const worker = new ImageWorker({ entry: ENTRY });
  const { held, body } = await worker.prepare(await fileSource(path), AS_IT_IS);
  assert.ok(held !== undefined && Buffer.from(file).equals(held));
  assert.ok(Buffer.from(file).equals(await readWhole(bodySource(body, memorySource(held)))));
  assert.ok((await worker.prepare(await fileSource(path), { maxDimension: 100 })).held === undefined);
  assert.ok((await worker.prepare(memorySource(file), AS_IT_IS)).held === undefined, 'who has it in memory needs no other');
  worker.dispose();
});
