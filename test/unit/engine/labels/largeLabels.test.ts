import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { LabelsRead } from '../../../../src/core/labels/labels.ts';
import { readLabelSource } from '../../../../src/engine/labels/largeLabels.ts';
import { type LabelRequest, readInPieces } from '../../../../src/engine/labels/readLabels.ts';
import { fileSource, memorySource } from '../../../../src/imaging/reading/byteSource.ts';

const ENTRY = new URL('../../../../src/engine/labels/labelThread.ts', import.meta.url);
const THREAD = { entry: ENTRY, large: 0 };
const ALL: LabelRequest = { kind: 'json', wish: { shapes: true } };
/** A thread that does as the text says. */
const standIn = (code: string) => ({
  entry: new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort, workerData } from 'node:worker_threads'; const say = (it) => parentPort.postMessage(it);${code}`)}`,
  ),
  large: 0,
});

/** COCO of so many images with 10 objects each, a line for each entry. */
function coco(images: number, corners = 0): string {
  const outline = Array.from({ length: corners }, (_, at) => [at, at * at]).flat();
  return JSON.stringify(
    {
      images: Array.from({ length: images }, (_, id) => ({ id, file_name: `${id}.jpg`, width: 100, height: 80 })),
      categories: [{ id: 1, name: 'cat' }],
      annotations: Array.from({ length: images * 10 }, (_, id) => ({
        ...{ id, image_id: id % images, category_id: 1, bbox: [id % 50, 2, 3, 4] },
        ...(corners === 0 ? {} : { segmentation: [outline] }),
      })),
    },
    undefined,
    1,
  );
}

suite('large label files', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labels-'));
  });
  after(() => rm(folder, { recursive: true }));
  const file = async (text: string) => {
    const path = join(folder, `${Math.random()}`);
    await writeFile(path, text);
    return fileSource(path);
  };

  test('the thread reads the same as is read here, in many parts; how far it is only goes up, to the end', async () => {
    for (const [request, text] of [
      [ALL, coco(1500, 20)],
      [ALL, `${' '.repeat(20e6)}${coco(2)}`],
      [{ kind: 'json', wish: { shapes: false } }, coco(1500)],
      [{ kind: 'json', wish: { shapes: true, imageName: '7.jpg' } }, coco(200, 9)],
      [{ kind: 'csv', wish: { shapes: false } }, 'image,label,x,y,width,height\na.png,cat,1,2,3,4\na.png,dog,1,2\n'],
      [{ kind: 'yolo', wish: { shapes: true }, names: new Map([[0, 'cat']]) }, '0 0.5 0.5 0.1 0.1\n'],
    ] satisfies [LabelRequest, string][]) {
      const source = await file(text);
      const shares: number[] = [];
      const read = await readLabelSource(source, request, { thread: THREAD, progress: (share) => shares.push(share) });
      assert.deepEqual(read, await readInPieces(source, request));
      assert.deepEqual(
        shares,
        [...new Set(shares)].sort((a, b) => a - b),
      );
      assert.equal(shares.at(-1), 1);
      assert.ok(shares.length <= 101);
    }
  });

  test('a part comes when the one before it has been taken, in a turn of its own', async () => {
    const read = await readLabelSource(
      await file('{}'),
      ALL,
      // Each part says how many have been asked for.
      {
        thread: standIn(`
        let asked = 0;
        const next = () => asked === 3
          ? say({ rest: { problems: [], problemCount: 0, complete: true, isForMany: true, others: 0 } })
          : say({ part: [{ name: String(asked), unit: 'pixels', objects: [] }] });
        parentPort.on('message', () => { asked += 1; next(); });
        next();`),
      },
    );
    assert.deepEqual(
      read.images.map(({ name }) => name),
      ['0', '1', '2'],
    );
  });

  test('small files, and those that are nowhere on disk, are read here', async () => {
    const thread = standIn(`say({ failure: { kind: 'system', message: 'in the thread' } });`);
    const csv = 'image,label,x,y,width,height\n';
    const row = 'a.png,cat,1,2,3,4\n';
    const where = (promise: Promise<LabelsRead>) =>
      promise.then(
        () => 'here',
        ({ message }: Error) => message,
      );
    const spaces = (text: string, bytes: number) => text.replace('"images"', `${' '.repeat(bytes)}"images"`);
    const read = async (request: LabelRequest, text: string) =>
      where(readLabelSource(await file(text), request, { thread: { ...thread, large: undefined } }));
    assert.equal(await read(ALL, spaces(coco(2), 31.9e6)), 'here');
    assert.equal(await read(ALL, spaces(coco(2), 32e6)), 'in the thread');
    assert.equal(await read({ ...ALL, kind: 'csv' }, csv + row.repeat(20_000)), 'here');
    assert.equal(await read({ ...ALL, kind: 'csv' }, csv + row.repeat(30_000)), 'in the thread');
    assert.equal(await where(readLabelSource(memorySource(Buffer.from(coco(2))), ALL, { thread })), 'here');
    assert.equal(await where(readLabelSource(await file(coco(2)), ALL)), 'here');
  });

  test('what cannot be read is told by its line, as a failure of its own kind, in the language of the user', async () => {
    const broken = coco(3).replace('"id": 12,', '"id": 12 12,');
    const { problems, problemCount } = await readLabelSource(await file(broken), ALL, { thread: THREAD });
    assert.equal(problemCount, 1);
    const line = broken.slice(0, broken.indexOf('"id": 12 12')).split('\n').length - 1;
    assert.equal(problems[0]?.place, `line ${line}, annotations 13`);

    const translations = { 'No labels could be read from this file.': 'No se pudo.' };
    for (const [text, detail] of [
      ['{"dear": "diary"}', /none of these/],
      ['{"annotations": [{"id": 1}]}', /^line 1, annotations 1: It has no id/],
    ] as const) {
      const failed = readLabelSource(await file(text), ALL, { thread: { ...THREAD, translations } });
      await assert.rejects(failed, (error) => {
        assert.ok(error instanceof InspectorError);
        assert.deepEqual([error.reason, error.message], ['unreadableFile', 'No se pudo.']);
        assert.match(error.detail, detail);
        return true;
      });
    }
    const gone = { size: 1, path: join(folder, 'gone.json'), read: async () => new Uint8Array() };
    await assert.rejects(readLabelSource(gone, ALL, { thread: THREAD }), { code: 'ENOENT' });
  });

  test('it can be stopped while it reads and while it gives, with the reason of who stops; nothing is left', async () => {
    const reason = new InspectorError('cancelled', 'Cancelled.');
    const source = await file(coco(3000, 20));
    for (const at of [0, 1]) {
      const controller = new AbortController();
      const read = readLabelSource(source, ALL, {
        thread: THREAD,
        signal: controller.signal,
        progress: (share) => share >= at && controller.abort(reason),
      });
      await assert.rejects(read, (error) => error === reason);
    }
    await assert.rejects(readLabelSource(source, ALL, { thread: THREAD, signal: AbortSignal.abort(reason) }), (error) => error === reason);
    const { workers } = process.report.getReport() as unknown as { workers: unknown[] };
    assert.deepEqual(workers, []);
  });

  test('labels that do not fit into memory are refused in words, and a thread that ends is noticed', async () => {
    const greedy = standIn(`const all = []; for (;;) all.push(Array.from({ length: 1e5 }, (_, at) => ({ at })));`);
    await assert.rejects(readLabelSource(await file('{}'), ALL, { thread: { ...greedy, heap: 40 } }), {
      reason: 'unreadableFile',
      message: 'The label file has more labels than fit into memory.',
      detail: 'Divide it into several files.',
    });
    await assert.rejects(readLabelSource(await file('{}'), ALL, { thread: standIn('process.exit(0);') }), { message: /has ended/ });
    await assert.rejects(readLabelSource(await file('{}'), ALL, { thread: standIn('throw new Error("broken");') }), { message: 'broken' });
  });
});
