import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { JpegOptions } from 'sharp';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { plainPixels } from '../../../../src/imaging/plain/plainPixels.ts';
import { readPlainJpeg } from '../../../../src/imaging/plain/readJpeg.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { random } from '../../../fixtures/exportImages.ts';
import { encoded, portrait, storedWith } from '../../../fixtures/pictures.ts';

const sharp = await wasmSharp();
const next = random(27);

/** Soft shapes with grain. */
function shapes(width: number, height: number) {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) => 128 + 90 * Math.sin(at / (71 + (at % 3) * 40)) + next() * 30);
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

const SIZES = [
  [1, 1],
  [17, 16],
  [133, 97],
  [7, 300],
] as const;
const KINDS: JpegOptions[] = [
  { quality: 30 },
  { quality: 92, chromaSubsampling: '4:4:4' },
  { quality: 100, chromaSubsampling: '4:2:0' },
  { quality: 85, progressive: true },
  { quality: 75, progressive: true, chromaSubsampling: '4:4:4', optimizeCoding: true },
];

suite('a JPEG of the usual kind has the pixels that the pixel library gives it', () => {
  for (const kind of KINDS) {
    test(JSON.stringify(kind), async () => {
      for (const [width, height] of SIZES) {
        for (const picture of [shapes(width, height), shapes(width, height).toColourspace('b-w')]) {
          const file = new Uint8Array(await picture.jpeg(kind).toBuffer());
          const raster = await readPlainJpeg(memorySource(file));
          assert.deepEqual(raster?.size, { width, height });
          assert.equal(raster.channels, 3);
          assert.ok(Buffer.from(raster.data).equals(await sharp(file).toColourspace('srgb').removeAlpha().raw().toBuffer()));
        }
      }
    });
  }

  test('with a profile that means sRGB', async () => {
    const file = new Uint8Array(await shapes(50, 40).withIccProfile('srgb').jpeg().toBuffer());
    const raster = await readPlainJpeg(memorySource(file));
    assert.ok(raster && Buffer.from(raster.data).equals(await sharp(file, { ignoreIcc: true }).raw().toBuffer()));
  });
});

test('no other JPEG is read, and one after it is', async () => {
  const plain = new Uint8Array(await shapes(133, 97).jpeg().toBuffer());
  const others = {
    'in the colors of a display': await shapes(50, 40).withIccProfile('p3').jpeg().toBuffer(),
    'in four inks': await shapes(50, 40).toColourspace('cmyk').jpeg().toBuffer(),
    'cut short': plain.subarray(0, plain.length / 2),
    'without its end': plain.subarray(0, -2),
    'with bytes that should not be there': Buffer.concat([plain.subarray(0, 2), Uint8Array.of(1, 2, 3), plain.subarray(2)]),
  };
  for (const [kind, file] of Object.entries(others)) assert.equal(await readPlainJpeg(memorySource(new Uint8Array(file))), undefined, kind);
  assert.ok(await readPlainJpeg(memorySource(plain)));
});

test('one whose tables make no sense is left to the pixel library, and the next is read', async () => {
  const plain = new Uint8Array(await shapes(133, 97).jpeg().toBuffer());
  const damaged = plain.slice();
  // Behind the first table of codes: how many there are of each length.
  const codes = damaged.findIndex((byte, at) => byte === 0xff && damaged[at + 1] === 0xc4);
  damaged.fill(0xff, codes + 5, codes + 21);
  assert.equal(await readPlainJpeg(memorySource(damaged)), undefined);
  assert.ok(await readPlainJpeg(memorySource(plain)));
});

suite('turned upright by its EXIF orientation', () => {
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    test(`${orientation}`, async () => {
      const picture = portrait();
      const file = await encoded(storedWith(orientation, picture), { format: 'jpeg', orientation });
      const raster = await plainPixels(memorySource(file));
      assert.deepEqual(raster?.size, { width: picture.width, height: picture.height });
      assert.ok(Buffer.from(raster.data).equals(await sharp(file).autoOrient().removeAlpha().raw().toBuffer()));
    });
  }
});
