import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { PNG } from 'pngjs';
import type { Detection } from '../../../../src/core/inspection/inspection.ts';
import { type Drawing, draw, drawMask } from '../../../../src/imaging/pixels/draw.ts';
import { type ByteSource, fileSource, memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { detection, exportImage, mapPng, randomDetections } from '../../../fixtures/exportImages.ts';
import { encoded, type Picture, portrait, storedWith } from '../../../fixtures/pictures.ts';

const PICTURE = portrait();
const SIZE = { width: PICTURE.width, height: PICTURE.height };
/** The upper left half of a box. */
const HALF = mapPng(20, 20, (x, y) => (x + y < 19 ? 255 : 0));
const MASKED = detection(1, 'half', [10, 20, 30, 40], SIZE, { mask: { kind: 'bitmap', width: 20, height: 20, png: HALF } });
const isObject = (x: number, y: number) => x >= 10 && y >= 20 && x - 10 + y - 20 < 19;

const read = (bytes: Uint8Array) => PNG.sync.read(Buffer.from(bytes));
const at = ({ data, width }: { data: Uint8Array; width: number }, x: number, y: number) => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
];
const before = ({ rgb, width }: Picture, x: number, y: number) => [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];

/** Looks at each pixel of a picture made of the portrait, which is stored on its side. */
async function assertDrawn(
  make: (source: ByteSource) => Promise<Uint8Array>,
  size: { width: number; height: number },
  expected: (x: number, y: number) => number[],
): Promise<void> {
  const file = memorySource(await encoded(storedWith(6, PICTURE), { format: 'png', orientation: 6 }));
  const made = read(await make(file));
  assert.deepEqual({ width: made.width, height: made.height }, size);
  for (let y = 0; y < size.height; y++) for (let x = 0; x < size.width; x++) assert.deepEqual(at(made, x, y), expected(x, y), `${x}, ${y}`);
}

const drawn = (drawing: Drawing) => (source: ByteSource) => draw(source, drawing);

suite('pictures of an image that is stored on its side', () => {
  test('all of it', () => assertDrawn(drawn({ kind: 'whole' }), SIZE, (x, y) => [...before(PICTURE, x, y), 255]));

  test('a crop', () =>
    assertDrawn(drawn({ kind: 'crop', box: { x: 3, y: 40, width: 50, height: 60 } }), { width: 50, height: 60 }, (x, y) => [
      ...before(PICTURE, x + 3, y + 40),
      255,
    ]));

  test('an object cut out', () =>
    assertDrawn(drawn({ kind: 'cutOut', detection: MASKED, threshold: 127 }), { width: 20, height: 20 }, (x, y) =>
      isObject(x + 10, y + 20) ? [...before(PICTURE, x + 10, y + 20), 255] : [0, 0, 0, 0],
    ));

  test('an object in white, as in the documentation', () =>
    assertDrawn(
      async (source) => Buffer.concat((await drawMask(source, { detection: MASKED, size: SIZE, threshold: 127 }))?.highlighted ?? []),
      SIZE,
      (x, y) => {
        const colour = before(PICTURE, x, y);
        return [...(isObject(x, y) ? colour.map((value) => Math.round((255 * 200 + value * 55) / 255)) : colour), 255];
      },
    ));

  test('a mask is laid over it in the colour of its label, as far as it is translucent', async () => {
    const file = memorySource(await encoded(storedWith(6, PICTURE), { format: 'png', orientation: 6 }));
    const made = read(await draw(file, { kind: 'overlay', image: exportImage([{ ...MASKED, label: '' }], SIZE) }));
    assert.deepEqual(at(made, 60, 90), [...before(PICTURE, 60, 90), 255], 'beside it');
    for (const [channel, value] of at(made, 15, 25).entries()) {
      const mixed = (before(PICTURE, 15, 25)[channel] ?? 255) * 0.65 + ([0x69, 0xc1, 0xfc, 255][channel] as number) * 0.35;
      assert.ok(Math.abs(value - mixed) <= 1.5, `${value}, not ${mixed}`);
    }
  });
});

test('the overlay of boxes has their colours on the image, and a tag that can be read', async () => {
  const size = { width: 400, height: 300 };
  const file = memorySource(await encoded(portrait(400, 300), { format: 'png' }));
  const image = exportImage([detection(1, 'glass jar', [100, 100, 300, 250], size)], size);
  const made = read(await draw(file, { kind: 'overlay', image }));
  assert.deepEqual([made.width, made.height], [400, 300]);
  assert.deepEqual(at(made, 100, 200).slice(0, 3), [0x69, 0xc1, 0xfc], 'on the line');
  assert.deepEqual(at(made, 200, 200).slice(0, 3), before(portrait(400, 300), 200, 200), 'inside');
  let dark = 0;
  for (let y = 84; y < 97; y++) for (let x = 102; x < 170; x++) dark += (at(made, x, y)[0] as number) < 60 ? 1 : 0;
  assert.ok(dark > 60, `words on the tag: ${dark} dark pixels`);
});

test('what a crop or cut-out cannot show is refused', async () => {
  const file = memorySource(await encoded(PICTURE, { format: 'png' }));
  await assert.rejects(draw(file, { kind: 'crop', box: { x: 90, y: 0, width: 10, height: 10 } }), { reason: 'unreadableImage' });
  await assert.rejects(draw(file, { kind: 'cutOut', detection: detection(1, 'a', [0, 0, 9, 9], SIZE), threshold: 127 }), {
    reason: 'unreadableImage',
  });
  await assert.rejects(draw(memorySource(new Uint8Array(20)), { kind: 'whole' }), { reason: 'unreadableImage' });
});

suite('masks as PNG', () => {
  test('in the size of the box and of the image, 0 and 255', async () => {
    const pngs = await drawMask(memorySource(await encoded(PICTURE, { format: 'png' })), { detection: MASKED, size: SIZE, threshold: 127 });
    const box = read(pngs?.box as Uint8Array);
    const image = read(pngs?.whole as Uint8Array);
    assert.deepEqual([box.width, box.height, image.width, image.height], [20, 20, 96, 144]);
    for (let y = 0; y < 144; y++) {
      for (let x = 0; x < 96; x++) {
        assert.equal(at(image, x, y)[0], isObject(x, y) ? 255 : 0);
        if (x >= 10 && x < 30 && y >= 20 && y < 40) assert.equal(at(box, x - 10, y - 20)[0], isObject(x, y) ? 255 : 0);
      }
    }
  });

  test('of a polygon that leaves its box, and none without a mask', async () => {
    const points: [number, number][] = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ];
    const whole: Detection = { ...MASKED, mask: { kind: 'polygon', points } };
    const pngs = await drawMask(memorySource(await encoded(PICTURE, { format: 'png' })), { detection: whole, size: SIZE, threshold: 127 });
    for (const png of [pngs?.box, pngs?.whole]) assert.ok(read(png as Uint8Array).data.every((value) => value === 255));
    assert.equal(read(pngs?.box as Uint8Array).width, 20);
    const bare = { detection: detection(1, 'a', [0, 0, 9, 9], SIZE), size: SIZE, threshold: 127 };
    assert.equal(await drawMask(memorySource(await encoded(PICTURE, { format: 'png' })), bare), undefined);
  });
});

test('the thread of images draws and writes', async () => {
  const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
  const image = exportImage(randomDetections(5, SIZE), SIZE);
  assert.match(String((await worker.imageParts('csv', [image]))[0]), /^street\.png,96,144,1,/);
  const file = memorySource(await encoded(PICTURE, { format: 'png' }));
  const mask = { detection: MASKED, size: SIZE, threshold: 127 };
  const [made, alone] = [await worker.mask(file, mask), await drawMask(file, mask)];
  assert.deepEqual([made?.box, made?.whole], [alone?.box, alone?.whole]);
  assert.deepEqual(Buffer.concat(made?.highlighted ?? []), Buffer.concat(alone?.highlighted ?? []));
  // Nothing is written of an object without a mask, and no image is needed for that.
  const bare = { ...mask, detection: detection(1, 'a', [0, 0, 9, 9], SIZE) };
  assert.equal(await worker.mask(memorySource(new Uint8Array(20)), bare), undefined);
  await assert.rejects(worker.mask(memorySource(new Uint8Array(20)), mask), { reason: 'unreadableImage' });
  assert.equal(read(await worker.draw(file, { kind: 'crop', box: MASKED.pixelBox })).width, 20);
  worker.dispose();
});

test('an image is decoded once for all of its objects, and anew when its content is another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'highlights-'));
  try {
    const path = join(folder, 'a.png');
    await writeFile(path, await encoded(PICTURE, { format: 'png' }));
    let reads = 0;
    const counted = async (): Promise<ByteSource> => {
      const { size, read } = await fileSource(path);
      return {
        size,
        path,
        read: (at, length) => {
          reads += 1;
          return read(at, length);
        },
      };
    };
    const other = detection(2, 'other', [0, 0, 20, 20], SIZE, { mask: { kind: 'bitmap', width: 20, height: 20, png: HALF } });
    const highlight = async (object: Detection) =>
      (await drawMask(await counted(), { detection: object, size: SIZE, threshold: 127 }))?.highlighted ?? [];
    const first = await highlight(MASKED);
    const once = reads;
    assert.ok(once > 0);
    assert.notDeepEqual(await highlight(other), first);
    assert.deepEqual(await highlight(MASKED), first, 'one highlight leaves nothing behind in the next');
    assert.equal(reads, once);
    const white = { ...PICTURE, rgb: new Uint8Array(PICTURE.rgb.length).fill(255) };
    await writeFile(path, await encoded(white, { format: 'png' }));
    assert.notDeepEqual(await highlight(MASKED), first);
    assert.ok(reads > once);
  } finally {
    await rm(folder, { recursive: true });
  }
});
