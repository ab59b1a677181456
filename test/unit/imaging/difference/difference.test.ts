import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PNG } from 'pngjs';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { differenceOfOne } from '../../../../src/core/inspection/imageDifference.ts';
import { changedRegions, MOST_REGIONS } from '../../../../src/imaging/difference/changedRegions.ts';
import { comparePixels } from '../../../../src/imaging/difference/comparePixels.ts';
import { difference } from '../../../../src/imaging/difference/difference.ts';
import type { Pixels } from '../../../../src/imaging/difference/partsToCompare.ts';
import { encodePng } from '../../../../src/imaging/png/pngBands.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { encoded, type Picture, part, portrait } from '../../../fixtures/pictures.ts';

type Colour = readonly [number, number, number, number?];
const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];

/** A picture of a color for each place. */
function pixels(width: number, height: number, colourAt: (x: number, y: number) => Colour): Pixels {
  const data = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue, alpha = 255] = colourAt(x, y);
      data.set([red, green, blue, alpha], 4 * (y * width + x));
    }
  }
  return { data, size: { width, height } };
}

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

const isIn = ({ x, y, width, height }: Area, at: number, down: number) => at >= x && at < x + width && down >= y && down < y + height;
const blackIn =
  (...areas: Area[]) =>
  (x: number, y: number) =>
    areas.some((area) => isIn(area, x, y)) ? BLACK : WHITE;

function regionsOf(older: Pixels, newer: Pixels) {
  const { mask, canvas } = comparePixels(older, newer, 'corner');
  return changedRegions(mask, canvas);
}

/** A disk whose edge is smoothed, `shift` pixels to the right. */
function disk(shift: number): Pixels {
  return pixels(64, 64, (x, y) => {
    const cover = Math.min(1, Math.max(0, 20.5 - Math.hypot(x - 32 - shift, y - 32)));
    const grey = Math.round(255 * (1 - cover));
    return [grey, grey, grey];
  });
}

function painted({ width, height, rgb }: Picture, area: Area): Picture {
  const other = rgb.slice();
  for (let y = area.y; y < area.y + area.height; y++) other.fill(255, 3 * (y * width + area.x), 3 * (y * width + area.x + area.width));
  return { width, height, rgb: other };
}

const png = async (picture: Picture) => memorySource(await encoded(picture, { format: 'png' }));

suite('which pixels differ', () => {
  test('of equal pictures none', () => {
    const picture = pixels(20, 10, (x, y) => [x, y, 100]);
    assert.equal(comparePixels(picture, picture, 'corner').count, 0);
    assert.deepEqual(regionsOf(picture, picture), []);
  });

  test('a change has its place to the pixel', () => {
    const area = { x: 17, y: 5, width: 9, height: 12 };
    const { count, canvas, mask } = comparePixels(pixels(60, 40, blackIn()), pixels(60, 40, blackIn(area)), 'center');
    assert.equal(count, 9 * 12);
    assert.deepEqual(canvas, { x: 0, y: 0, width: 60, height: 40 });
    mask.forEach((value, at) => void assert.equal(value, isIn(area, at % 60, Math.floor(at / 60)) ? 1 : 0));
    assert.deepEqual(changedRegions(mask, canvas), [area]);
  });

  test('a color that people take for the same is the same', () => {
    const grey = (value: number) => pixels(8, 8, () => [value, value, value]);
    assert.equal(comparePixels(grey(100), grey(104), 'corner').count, 0);
    assert.equal(comparePixels(grey(100), grey(160), 'corner').count, 64);
  });

  test('a smoothed edge that is smoothed another way is the same, a moved one is not', () => {
    const before = disk(0);
    const isSmoothed = (at: number) => before.data[4 * at] !== 0 && before.data[4 * at] !== 255;
    const sharp = { size: before.size, data: before.data.map((value, at) => (at % 4 === 3 ? 255 : value > 127 ? 255 : 0)) };
    const { count } = comparePixels(before, sharp, 'corner');
    const edge = Array.from({ length: 64 * 64 }, (_, at) => at).filter(isSmoothed).length;
    assert.ok(edge > 100 && count < edge / 10, `${count} of ${edge} pixels of the edge`);
    assert.ok(comparePixels(before, disk(4), 'corner').count > 200);
  });

  test('transparency is a difference, the color under full transparency is none', () => {
    const clear = pixels(8, 8, () => [255, 0, 0, 0]);
    assert.equal(
      comparePixels(
        clear,
        pixels(8, 8, () => [0, 255, 0, 0]),
        'corner',
      ).count,
      0,
    );
    assert.ok(
      comparePixels(
        clear,
        pixels(8, 8, () => [255, 0, 0, 255]),
        'corner',
      ).count > 48,
    );
  });

  test('of other sizes the corner or the center stays in place, and what only one has is changed', () => {
    const small = pixels(40, 20, blackIn({ x: 0, y: 0, width: 10, height: 10 }));
    const large = pixels(60, 40, blackIn({ x: 0, y: 0, width: 10, height: 10 }));
    const corner = comparePixels(small, large, 'corner');
    assert.deepEqual([corner.canvas, corner.count], [{ x: 0, y: 0, width: 60, height: 40 }, 60 * 40 - 40 * 20]);
    const framed = pixels(60, 40, blackIn({ x: 10, y: 10, width: 10, height: 10 }));
    assert.equal(comparePixels(small, framed, 'center').count, 60 * 40 - 40 * 20);
    const reverse = comparePixels(framed, small, 'center');
    assert.deepEqual([reverse.canvas, reverse.count], [{ x: -10, y: -10, width: 60, height: 40 }, 60 * 40 - 40 * 20]);
    const crossed = comparePixels(
      pixels(60, 20, () => WHITE),
      pixels(40, 30, () => WHITE),
      'corner',
    );
    assert.deepEqual([crossed.canvas, crossed.count], [{ x: 0, y: 0, width: 60, height: 30 }, 20 * 20 + 40 * 10]);
  });
});

suite('changed regions', () => {
  test('come in reading order; near ones are one, far ones are not', () => {
    const areas = [
      { x: 150, y: 4, width: 6, height: 6 },
      { x: 8, y: 8, width: 6, height: 6 },
      { x: 17, y: 9, width: 3, height: 12 },
      { x: 8, y: 90, width: 30, height: 2 },
    ];
    assert.deepEqual(regionsOf(pixels(200, 100, blackIn()), pixels(200, 100, blackIn(...areas))), [
      { x: 150, y: 4, width: 6, height: 6 },
      { x: 8, y: 8, width: 12, height: 13 },
      { x: 8, y: 90, width: 30, height: 2 },
    ]);
  });

  test('what stands inside the frame of another belongs to it', () => {
    const frame = [
      { x: 0, y: 0, width: 100, height: 2 },
      { x: 0, y: 0, width: 2, height: 100 },
      { x: 98, y: 0, width: 2, height: 100 },
    ];
    const inside = { x: 48, y: 48, width: 4, height: 4 };
    assert.deepEqual(regionsOf(pixels(100, 100, blackIn()), pixels(100, 100, blackIn(...frame, inside))), [
      { x: 0, y: 0, width: 100, height: 100 },
    ]);
  });

  test('two hundred changes are found, and nothing else', () => {
    const areas = Array.from({ length: 200 }, (_, at) => ({
      x: 20 + 50 * (at % 20) + (at % 7),
      y: 20 + 60 * Math.floor(at / 20) + (at % 5),
      width: 1 + (at % 11),
      height: 1 + (at % 13),
    }));
    const found = regionsOf(pixels(1040, 640, blackIn()), pixels(1040, 640, blackIn(...areas)));
    assert.deepEqual(
      found.toSorted((a, b) => a.y - b.y || a.x - b.x),
      areas.toSorted((a, b) => a.y - b.y || a.x - b.x),
    );
  });

  test('are never more than can be walked through, and none is left out', () => {
    const size = { width: 1600, height: 1600 };
    const mask = new Uint8Array(size.width * size.height);
    for (let y = 0; y < 1600; y += 24) for (let x = 0; x < 1600; x += 24) mask[y * 1600 + x] = 1;
    const found = changedRegions(mask, size);
    assert.ok(found.length >= 1 && found.length <= MOST_REGIONS, String(found.length));
    mask.forEach((value, at) => {
      if (value === 1) assert.ok(found.some((box) => isIn(box, at % 1600, Math.floor(at / 1600))));
    });
  });
});

suite('the difference of two files', () => {
  const before = portrait(96, 144);
  const area = { x: 40, y: 60, width: 12, height: 20 };

  test('has the sizes, the share, the regions and a picture of the pixels', async () => {
    const { difference: found, picture } = await difference(await png(before), await png(painted(before, area)), 'corner');
    assert.deepEqual(found, {
      changed: true,
      sizes: [
        { width: 96, height: 144 },
        { width: 96, height: 144 },
      ],
      share: (12 * 20) / (96 * 144),
      regions: [area],
    });
    assert.deepEqual(picture?.box, area);
    const { width, height, data } = PNG.sync.read(Buffer.from(picture?.png ?? []));
    assert.deepEqual([width, height, [...data.subarray(0, 4)]], [12, 20, [255, 0, 200, 255]]);
  });

  test('none between formats without loss, and no picture of it', async () => {
    for (const format of ['webpLossless', 'tiff'] as const) {
      const found = await difference(await png(before), memorySource(await encoded(before, { format })), 'corner');
      assert.deepEqual(
        [found.difference.changed, found.difference.share, found.difference.regions, found.picture],
        [false, 0, [], undefined],
      );
    }
  });

  test('pictures are compared upright', async () => {
    const turned = memorySource(await encoded(before, { format: 'png', orientation: 6 }));
    const { difference: found } = await difference(turned, turned, 'corner');
    assert.deepEqual([found.changed, found.sizes[0]], [false, { width: 144, height: 96 }]);
  });

  test('of grey pictures, and of a picture cut out of another', async () => {
    const grey = await encodePng({ data: new Uint8Array(64).fill(90), size: { width: 8, height: 8 }, channels: 1 });
    assert.equal((await difference(memorySource(grey), memorySource(grey), 'corner')).difference.changed, false);
    const { difference: found, picture } = await difference(await png(before), await png(part(before, 8, 12, 80, 120)), 'center');
    assert.deepEqual(found.sizes[1], { width: 80, height: 120 });
    assert.deepEqual(picture?.box, { x: -8, y: -12, width: 96, height: 144 });
    assert.equal(found.share, 1 - (80 * 120) / (96 * 144));
  });

  test('what is equal between two changes is transparent', async () => {
    const two = painted(painted(before, { x: 2, y: 2, width: 4, height: 4 }), { x: 80, y: 130, width: 4, height: 4 });
    const { picture } = await difference(await png(before), await png(two), 'corner');
    const { width, data } = PNG.sync.read(Buffer.from(picture?.png ?? []));
    assert.deepEqual([width, data[3], data[4 * 40 + 3]], [82, 255, 0]);
  });

  test('too many pixels are refused before they are decoded', async () => {
    const large = await encoded({ width: 6, height: 4, rgb: new Uint8Array(72) }, { format: 'png' });
    new DataView(large.buffer, large.byteOffset).setUint32(16, 6000);
    new DataView(large.buffer, large.byteOffset).setUint32(20, 5000);
    await assert.rejects(
      difference(memorySource(large), memorySource(large), 'corner'),
      (error: InspectorError) => error.reason === 'tooLarge',
    );
  });

  test('where one side is missing all of the other has changed', () => {
    const size = { width: 30, height: 20 };
    const all = { changed: true, share: 1, regions: [{ x: 0, y: 0, ...size }] };
    assert.deepEqual(differenceOfOne(null, size), { ...all, sizes: [null, size] });
    assert.deepEqual(differenceOfOne(size, null), { ...all, sizes: [size, null] });
    assert.deepEqual(differenceOfOne(null, null), { changed: false, share: 0, regions: [], sizes: [null, null] });
  });
});

suite('the difference in the thread of images', () => {
  const entry = new URL('../../../../src/imaging/worker/worker.ts', import.meta.url);

  test('is the same, and can be cancelled', async () => {
    const worker = new ImageWorker({ entry });
    try {
      const [older, newer] = [await png(portrait()), await png(painted(portrait(), { x: 1, y: 1, width: 3, height: 3 }))];
      const { difference: found, picture } = await worker.difference(older, newer, 'corner');
      assert.deepEqual(found.regions, [{ x: 1, y: 1, width: 3, height: 3 }]);
      assert.ok((picture?.png.length ?? 0) > 0);
      const controller = new AbortController();
      const cancelled = worker.difference(older, newer, 'corner', controller.signal);
      controller.abort(new Error('no longer wanted'));
      await assert.rejects(cancelled, /no longer wanted/);
    } finally {
      worker.dispose();
    }
  });

  test('a file that is no picture is refused by name', async () => {
    const worker = new ImageWorker({ entry });
    try {
      const broken = worker.difference(await png(portrait()), memorySource(new TextEncoder().encode('words')), 'corner');
      await assert.rejects(broken, (error: unknown) => error instanceof InspectorError && error.reason === 'unreadableImage');
    } finally {
      worker.dispose();
    }
  });
});
