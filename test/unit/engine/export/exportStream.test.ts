import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, suite, test } from 'node:test';
import type { DataFormat } from '../../../../src/core/exports/dataWriters.ts';
import type { ExportFormat, ExportImage } from '../../../../src/core/exports/exportImage.ts';
import { DiskTarget } from '../../../../src/engine/export/diskTarget.ts';
import { exportPaths, exportStream } from '../../../../src/engine/export/exportStream.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { detection, exportImage } from '../../../fixtures/exportImages.ts';
import { EXPORT_SETS } from '../../../fixtures/exportSets.ts';

/** Of all files of an export, by their paths and bytes: what the writers made when they took all images at once. */
const WRITTEN: Readonly<Record<DataFormat, Readonly<Record<string, string>>>> = {
  coco: {
    masks: '9e6f0480b19e51bc',
    one: '78c5a7638cf1f711',
    hostile: '6d4404112150f625',
    boxes: '60763ceda3a41e03',
    mixed: '01d88e9cb0221f32',
    empty: 'e3ec7591dce4f6af',
  },
  yolo: {
    masks: '49abd57cc28f4763',
    one: 'e5be25b2cbe3c27a',
    hostile: 'd73ead98d6dab8f6',
    boxes: 'f105d8bb467b892d',
    mixed: '74bfebce294d7adc',
    empty: '9946749ac1531e8b',
  },
  voc: {
    masks: 'da24f1bfc9625de5',
    one: '5807f522b585dce7',
    hostile: '19b7c54a0a435b79',
    boxes: 'eb346a1fcf67bf13',
    mixed: 'a21dc112a565729d',
    empty: 'b36863d65fadf473',
  },
  labelme: {
    masks: '29fed97651db1c7f',
    one: '8a5797ed2a2e9d24',
    hostile: '75de9628a1a5d5be',
    boxes: 'fc0c9e49329e7aa8',
    mixed: 'e1f235f57de9db82',
    empty: '2e73cc51d564b23c',
  },
  csv: {
    masks: 'a6ec7a6b9d816661',
    one: '5cd2d9faba0340f7',
    hostile: '14a81d2974381e40',
    boxes: 'da7a2eed6a7cd52f',
    mixed: 'af116faf11da33e4',
    empty: '21ad79c3c445c6a6',
  },
  svg: {
    masks: 'adcbc3358b3fc3a4',
    one: 'be420130a7f7ac04',
    hostile: '531bc2ad009a51a6',
    boxes: '793fe4cfee9ea48e',
    mixed: 'b65a96a7b5e5959c',
    empty: 'a588ca15b41512d0',
  },
  hocr: {
    masks: '80c05257fd2d6b6a',
    one: '01c06bc9853c8f1c',
    hostile: '4ba159d09f8877ce',
    boxes: '8835ebb03cf86d9d',
    mixed: '1d0c5058a39ef0a7',
    empty: 'f05a3f7e07f1164a',
  },
  json: {
    masks: '6ff18724222a0cbe',
    one: '19deec0ae50cfe71',
    hostile: '410e9f6e37cd2cc5',
    boxes: '86aeb1a4db6ac4d0',
    mixed: 'c56f58bd4ff07c1b',
    empty: 'c3f5ef1b9cb129cf',
  },
};

const SIZE = { width: 160, height: 120 };
const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
after(() => worker.dispose());

suite('an export of images that come one after the other', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stream-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  interface Ways {
    signal?: AbortSignal;
    count?: number;
    images?: Parameters<typeof exportStream>[3]['images'];
    onProgress?: (images: number, files: number) => void;
  }
  const exported = (
    format: ExportFormat,
    images: Parameters<typeof exportStream>[1],
    { signal = new AbortController().signal, count = 2, onProgress = () => undefined, images: maker = worker }: Ways = {},
  ) =>
    exportStream(format, images, new DiskTarget(join(folder, 'out')), {
      images: maker,
      open: async () => memorySource(new Uint8Array()),
      signal,
      count,
      onProgress,
    });
  async function* coming(images: readonly ExportImage[]): AsyncGenerator<ExportImage> {
    for (const image of images) yield image;
  }
  const there = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => join(parentPath, name).slice(join(folder, 'out').length + 1))
      .sort();
  /** More than are worked on at a time. */
  const many = (count: number) =>
    Array.from({ length: count }, (_, place) =>
      exportImage(
        Array.from({ length: 10 }, (__, index) => detection(index + 1, `thing ${index}`, [index, index, index + 20, index + 30], SIZE)),
        { ...SIZE, name: `${place}.png` },
      ),
    );

  for (const [format, sets] of Object.entries(WRITTEN) as [DataFormat, Record<string, string>][]) {
    test(`${format}: byte for byte what it is at once, under names that are known before`, async () => {
      for (const [name, images] of Object.entries(EXPORT_SETS)) {
        const written = await exported(format, coming(images));
        const hash = createHash('sha256');
        for (const path of [...written].sort()) hash.update(`${path}\n`).update(await readFile(join(folder, 'out', path)));
        assert.equal(hash.digest('hex').slice(0, 16), sets[name], `${format}, ${name}`);
        assert.deepEqual(await there(), [...written].sort());
        const expected = await exportPaths(format, images, images.length);
        assert.deepEqual([...expected].sort(), [...written].sort());
        await rm(join(folder, 'out'), { recursive: true });
      }
    });
  }

  test('files come in the order of their images, those about all of them first', async () => {
    const images = many(30);
    const written = await exported('yolo', images);
    assert.deepEqual(written, ['data.yaml', ...images.map(({ stem }) => `labels/${stem}.txt`)]);
  });

  test('what is put together is named in the order in which it was asked for, however long each takes', async () => {
    const target = new DiskTarget(folder);
    await target.spool([{ spool: 'quick', text: 'all of it' }]);
    await target.spool([{ spool: 'slow', text: 'a part' }]);
    const parts = Array.from({ length: 300 }, () => ({ spool: 'slow', start: 0, length: 6 }));
    await Promise.all([
      target.compose({ path: 'first.json', parts }),
      target.compose({ path: 'second.json', parts: [{ spool: 'quick' }] }),
    ]);
    await target.write('third.txt', 'x');
    assert.deepEqual(await target.commit(), ['first.json', 'second.json', 'third.txt']);
  });

  test('no more images are asked for than are worked on', async () => {
    let given = 0;
    let most = 0;
    async function* counted() {
      for (const image of many(200)) {
        given += 1;
        yield image;
      }
    }
    await exported('csv', counted(), {
      onProgress: (done) => {
        most = Math.max(most, given - done);
      },
    });
    assert.equal(given, 200);
    assert.ok(most <= 20, `${most} images at a time`);
  });

  for (const format of ['coco', 'yolo', 'labelme', 'csv', 'json'] as const) {
    test(`${format}: cancelled on the way, or broken, it leaves everything as it was`, async () => {
      await mkdir(join(folder, 'out'));
      await writeFile(join(folder, 'out', '1.json'), 'mine');
      const controller = new AbortController();
      const cancelled = exported(format, coming(many(100)), {
        signal: controller.signal,
        onProgress: (done) => done > 40 && controller.abort(new Error('cancelled')),
      });
      await assert.rejects(cancelled, /^Error: cancelled$/);
      assert.deepEqual(await there(), ['1.json']);
      async function* broken() {
        yield* many(50);
        throw new Error('broken');
      }
      await assert.rejects(exported(format, broken()), /^Error: broken$/);
      assert.deepEqual(await there(), ['1.json']);
      assert.equal(await readFile(join(folder, 'out', '1.json'), 'utf8'), 'mine');
    });
  }

  test('a file that cannot be put in its place takes back those that were new', async () => {
    await mkdir(join(folder, 'out', '90.xml', 'in the way'), { recursive: true });
    await assert.rejects(exported('voc', many(100)), { code: 'EISDIR' });
    assert.deepEqual(await there(), []);
  });

  test('the thread of images makes only what has masks, and is not given replies', async () => {
    const given: ExportImage[] = [];
    const images: Ways['images'] = {
      draw: worker.draw.bind(worker),
      mask: worker.mask.bind(worker),
      imageParts: (format, batch, signal) => {
        given.push(...batch);
        return worker.imageParts(format, batch, signal);
      },
    };
    await exported('coco', many(50), { images });
    assert.equal(given.length, 0);
    const masked = EXPORT_SETS.masks ?? [];
    await exported(
      'coco',
      masked.map((image) => ({ ...image, inspection: { ...image.inspection, raw: 'long' } })),
      { images },
    );
    assert.deepEqual(
      given.map(({ stem, inspection }) => [stem, inspection.raw]),
      masked.map(({ stem }) => [stem, '']),
    );
  });

  test('masks of an image: three pictures each, in a folder if there are several images', async () => {
    const map = EXPORT_SETS.one?.[0]?.detections.find(({ mask }) => mask?.kind === 'bitmap');
    assert.ok(map);
    const pictures = { ...worker, imageParts: worker.imageParts.bind(worker) };
    const asked: string[] = [];
    const images: Ways['images'] = {
      ...pictures,
      mask: async (_, { detection: { id } }) => {
        asked.push(id);
        return id === map.id
          ? { box: new Uint8Array([4]), whole: new Uint8Array([5]), highlighted: [new Uint8Array([1]), new Uint8Array([2, 3])] }
          : undefined;
      },
      draw: async () => new Uint8Array([1]),
    };
    const damaged = detection(98, 'damaged', [0, 0, 9, 9], SIZE, { mask: { kind: 'bitmap', width: 9, height: 9, png: '' } });
    const image = exportImage([map, detection(99, 'no mask', [0, 0, 9, 9], SIZE)], { ...SIZE, name: 'a.png' });
    const names = ['mask', 'mask_full', 'overlay'].map((kind) => `a/${map.label}_${Number(map.id) - 1}_${kind}.png`);
    assert.deepEqual(await exported('masks', [image], { images }), names);
    assert.deepEqual(asked, [map.id], 'its three pictures are asked for together');
    const written = await Promise.all(names.map(async (name) => [...(await readFile(join(folder, 'out', name)))]));
    assert.deepEqual(written, [[4], [5], [1, 2, 3]], 'pieces, one behind the other');
    const both = exportImage([map, damaged], { ...SIZE, name: 'a.png' });
    assert.deepEqual(await exported('masks', [both], { images }), names, 'of a mask that cannot be read there is nothing');
    assert.deepEqual(await exportPaths('masks', [image], 2), names);
    assert.deepEqual(await exported('overlay', [image], { images }), ['a_overlay.png']);
  });
});
