import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import type { Sharp } from 'sharp';
import type { PrepareOptions } from '../../../../src/imaging/formats/prepared.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { type Transforms, withTransforms } from '../../../fixtures/heifTransforms.ts';
import { decoded, difference, encoded, type Picture, portrait, storedWith } from '../../../fixtures/pictures.ts';

/** Of 255, a pixel: what AVIF and then JPEG cost. */
const TOLERANCE = 5;

const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
after(() => worker.dispose());

async function prepared(file: Uint8Array, options: Partial<PrepareOptions> = {}) {
  const source = memorySource(file);
  const result = await worker.prepare(source, { maxDimension: 0, ...options });
  return { ...result, bytes: await readWhole(bodySource(result.body, source)) };
}

/** What HEIF and AVIF say in place of an EXIF orientation. */
const TURNED: readonly [orientation: number, transforms: Transforms][] = [
  [1, {}],
  [2, { imir: 1 }],
  [3, { irot: 2 }],
  [4, { imir: 0 }],
  [5, { irot: 1, imir: 0 }],
  [6, { irot: 3 }],
  [7, { irot: 3, imir: 0 }],
  [8, { irot: 1 }],
];

suite('an AVIF', () => {
  test('of any orientation is sent as the portrait that it shows', async () => {
    for (const [orientation, transforms] of TURNED) {
      const file = withTransforms(await encoded(storedWith(orientation, portrait()), { format: 'avif' }), transforms);
      const { bytes, upright } = await prepared(file);
      assert.deepEqual(upright, { width: 96, height: 144 }, `orientation ${orientation}`);
      const off = difference(await decoded(bytes), portrait());
      assert.ok(off <= TOLERANCE, `orientation ${orientation}: ${off}`);
      assert.equal((await worker.view(memorySource(file))).picture === undefined, orientation === 1, 'is shown as it is');
    }
  });

  test('of which a part is shown is sent as that part', async () => {
    const file = withTransforms(await encoded(portrait(), { format: 'avif' }), { clap: { width: 40, height: 60 } });
    const { bytes, upright } = await prepared(file);
    assert.deepEqual(upright, { width: 40, height: 60 });
    assert.ok(difference(await decoded(bytes), middle(portrait(), 40, 60)) <= TOLERANCE);
  });
});

function middle({ width, height, rgb }: Picture, toWidth: number, toHeight: number): Picture {
  const [left, top] = [(width - toWidth) / 2, (height - toHeight) / 2];
  const rows = Array.from({ length: toHeight }, (_, y) =>
    rgb.subarray(((top + y) * width + left) * 3, ((top + y) * width + left + toWidth) * 3),
  );
  return { width: toWidth, height: toHeight, rgb: new Uint8Array(Buffer.concat(rows)) };
}

suite('out of the ordinary', () => {
  const small = { maxDimension: 72 };
  const drawn = async (change: (image: Sharp) => Sharp, { width, height, rgb } = portrait()) => {
    const sharp = await wasmSharp();
    return new Uint8Array(await change(sharp(rgb, { raw: { width, height, channels: 3 } })).toBuffer());
  };

  for (const [name, change, tolerance] of [
    ['a JPEG in CMYK', (image: Sharp) => image.withIccProfile('cmyk').jpeg({ quality: 95 }), 16],
    ['a progressive JPEG', (image: Sharp) => image.jpeg({ quality: 95, progressive: true }), 8],
    ['a PNG of 16 bits', (image: Sharp) => image.toColourspace('rgb16').png(), 6],
    ['an interlaced PNG', (image: Sharp) => image.png({ progressive: true }), 6],
    ['a PNG with a palette', (image: Sharp) => image.png({ palette: true }), 8],
    ['a TIFF of 16 bits', (image: Sharp) => image.toColourspace('rgb16').tiff(), 6],
    ['a TIFF in wide-gamut colours', (image: Sharp) => image.withIccProfile('p3').tiff(), 6],
  ] as const) {
    test(`${name} comes out right`, async () => {
      const { bytes, stored } = await prepared(await drawn(change), small);
      assert.deepEqual(stored, { width: 48, height: 72 });
      const off = difference(await decoded(bytes), portrait(48, 72));
      assert.ok(off <= tolerance, String(off));
    });
  }

  test('grey stays grey', async () => {
    const { bytes } = await prepared(await drawn((image) => image.greyscale().png()), small);
    const { rgb } = await decoded(bytes);
    assert.ok(rgb.every((value, index) => value === rgb[index - (index % 3)]));
  });

  test('of an animation the first picture is sent, or all of it as it is', async () => {
    const sharp = await wasmSharp();
    const [first, second] = [portrait(), storedWith(3, portrait())];
    const frames = Buffer.concat([first.rgb, second.rgb]);
    const animation = () => sharp(frames, { raw: { width: 96, height: 288, channels: 3, pageHeight: 144 } });
    const gif = await prepared(new Uint8Array(await animation().gif({ dither: 0 }).toBuffer()));
    assert.deepEqual([gif.mimeType, gif.stored], ['image/png', { width: 96, height: 144 }]);
    assert.ok(difference(await decoded(gif.bytes), first) <= 8);
    const file = new Uint8Array(await animation().webp({ lossless: true }).toBuffer());
    assert.deepEqual((await prepared(file)).bytes, file);
    const cut = await prepared(file, { region: { x: 0, y: 0, width: 1, height: 0.5 } });
    assert.deepEqual(await decoded(cut.bytes), { width: 96, height: 72, rgb: first.rgb.subarray(0, 96 * 72 * 3) });
  });
});

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;

test('a HEIC of any orientation is sent upright', { skip: corpus === undefined && 'IMAGE_INSPECTOR_CORPUS is not set' }, async () => {
  const file = new Uint8Array(readFileSync(join(corpus as string, 'images/formats/RGB_8__128x128.heif')));
  const shown = await pixelsOf(file);
  for (const [orientation, transforms] of TURNED.slice(1)) {
    const { bytes, mimeType } = await prepared(withTransforms(file, transforms));
    assert.equal(mimeType, 'image/jpeg');
    // The stored picture, which the other orientations show turned: turned back it is what was shown.
    const off = difference(storedWith(orientation, await decoded(bytes)), shown);
    assert.ok(off <= TOLERANCE, `orientation ${orientation}: ${off}`);
  }
  for (const [orientation, transforms] of TURNED) {
    const { bytes } = await prepared(withTransforms(file, { clap: { width: 40, height: 60 }, ...transforms }));
    const off = difference(storedWith(orientation, await decoded(bytes)), middle(shown, 40, 60));
    assert.ok(off <= TOLERANCE, `a part, orientation ${orientation}: ${off}`);
  }
});

/** As it is shown. */
async function pixelsOf(file: Uint8Array): Promise<Picture> {
  const { picture } = await worker.view(memorySource(file));
  assert.ok(picture);
  return decoded(picture.bytes);
}
