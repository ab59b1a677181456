import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PNG } from 'pngjs';
import { maskBitmap } from '../../../../src/core/exports/maskBitmap.ts';
import { overlaySvg } from '../../../../src/core/exports/svg.ts';
import { draw, drawMask } from '../../../../src/imaging/pixels/draw.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { drawOverlay } from '../../../../src/imaging/pixels/svgPixels.ts';
import { readPlainPng } from '../../../../src/imaging/plain/readPng.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { detection, exportImage, mapPng } from '../../../fixtures/exportImages.ts';
import { encoded, portrait, storedWith } from '../../../fixtures/pictures.ts';

/** Several bands of rows, the last of them short. */
const PICTURE = portrait(150, 203);
const SIZE = { width: PICTURE.width, height: PICTURE.height };
const ROUND = mapPng(40, 40, (x, y) => ((x - 20) ** 2 + (y - 20) ** 2 < 300 ? 255 : 0));
const OBJECTS = [
  [10, 50, 90, 140],
  [0, 0, 150, 203],
  [100, 190, 150, 203],
  [20, 64, 60, 128],
].map((box, place) =>
  detection(place + 1, 'round', box as [number, number, number, number], SIZE, {
    mask: { kind: 'bitmap', width: 40, height: 40, png: ROUND },
  }),
);

/** What the pixel library decodes, with each pixel of the object under white of 200 in 255: the whole picture at once. */
async function expected(file: Uint8Array, object: (typeof OBJECTS)[number]): Promise<Uint8Array> {
  const sharp = await wasmSharp();
  const data = new Uint8Array(await sharp(file).autoOrient().toColourspace('srgb').ensureAlpha().raw().toBuffer());
  const bitmap = maskBitmap(object, SIZE, 127);
  assert.ok(bitmap);
  const { region } = bitmap;
  for (const [place, isObject] of bitmap.data.entries()) {
    if (isObject === 0) continue;
    const at = ((region.y + Math.floor(place / region.width)) * SIZE.width + region.x + (place % region.width)) * 4;
    const below = (data[at + 3] as number) * 55;
    const total = 200 * 255 + below;
    for (let channel = at; channel < at + 3; channel++)
      data[channel] = Math.round((255 * 200 * 255 + (data[channel] as number) * below) / total);
    data[at + 3] = Math.round(total / 255);
  }
  return data;
}

async function kinds(): Promise<Record<string, Uint8Array>> {
  const sharp = await wasmSharp();
  const rgb = () => sharp(PICTURE.rgb, { raw: { ...SIZE, channels: 3 } });
  const alpha = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => (at * 7) % 256);
  return {
    RGB: await encoded(PICTURE, { format: 'png' }),
    'filtered by all filters': new Uint8Array(await rgb().blur(2).png({ adaptiveFiltering: true }).toBuffer()),
    RGBA: new Uint8Array(
      await rgb()
        .joinChannel(Buffer.from(alpha), { raw: { ...SIZE, channels: 1 } })
        .png({ adaptiveFiltering: true })
        .toBuffer(),
    ),
    grey: new Uint8Array(await rgb().toColourspace('b-w').png().toBuffer()),
    palette: new Uint8Array(await rgb().png({ palette: true }).toBuffer()),
    interlaced: new Uint8Array(await rgb().png({ progressive: true }).toBuffer()),
    '16 bits': new Uint8Array(await rgb().toColourspace('rgb16').png().toBuffer()),
    JPEG: await encoded(PICTURE, { format: 'jpeg' }),
    'grey JPEG': new Uint8Array(await rgb().toColourspace('b-w').jpeg().toBuffer()),
    'two colors': new Uint8Array(await rgb().threshold(128).png({ palette: true, colours: 2 }).toBuffer()),
    'JPEG on its side': await encoded(storedWith(6, PICTURE), { format: 'jpeg', orientation: 6 }),
    'PNG on its side': await encoded(storedWith(6, PICTURE), { format: 'png', orientation: 6 }),
  };
}

const KINDS = await kinds();
const sharp = await wasmSharp();

suite('an object in white has the pixels that the whole picture drawn at once has', () => {
  for (const [kind, file] of Object.entries(KINDS)) {
    test(kind, async () => {
      for (const object of OBJECTS) {
        const made = Buffer.concat(
          (await drawMask(memorySource(file), { detection: object, threshold: 127, size: SIZE }))?.highlighted ?? [],
        );
        // The reader checks the checksum of each chunk and of all pixels.
        const { width, height, data } = PNG.sync.read(made);
        assert.deepEqual({ width, height }, SIZE);
        assert.ok(data.equals(await expected(file, object)), `object ${object.id}`);
      }
    });
  }
});

suite('pictures of an image have the pixels that the pixel library alone gives them', () => {
  const image = exportImage(OBJECTS, SIZE);
  const pixels = (png: Uint8Array) => PNG.sync.read(Buffer.from(png)).data;
  for (const [kind, file] of Object.entries(KINDS)) {
    const upright = () => sharp(file).autoOrient();
    test(`${kind}: all of it`, async () => {
      assert.ok(pixels(await draw(memorySource(file), { kind: 'whole' })).equals(pixels(await upright().png().toBuffer())));
    });
    test(`${kind}: a part`, async () => {
      const box = { x: 13, y: 40, width: 100, height: 150 };
      const expected = upright().extract({ left: box.x, top: box.y, width: box.width, height: box.height });
      assert.ok(pixels(await draw(memorySource(file), { kind: 'crop', box })).equals(pixels(await expected.png().toBuffer())));
    });
    test(`${kind}: what is drawn over it`, async () => {
      const overlay = Buffer.from(await drawOverlay(overlaySvg(image), SIZE));
      const expected = upright().composite([{ input: overlay, raw: { ...SIZE, channels: 4, premultiplied: true } }]);
      assert.ok(pixels(await draw(memorySource(file), { kind: 'overlay', image })).equals(pixels(await expected.png().toBuffer())));
    });
  }
});

test('a usual PNG is read without the pixel library, and no other', async () => {
  const { RGB, RGBA, grey, interlaced, '16 bits': deep, 'PNG on its side': turned, JPEG } = KINDS;
  for (const plain of [RGB, RGBA, grey]) assert.ok(await readPlainPng(plain as Uint8Array));
  for (const other of [interlaced, deep, turned, JPEG]) assert.equal(await readPlainPng(other as Uint8Array), undefined);
  const damaged = (RGB as Uint8Array).slice();
  const middle = Math.floor(damaged.length / 2);
  damaged.fill(0x55, middle, middle + 20);
  assert.equal(await readPlainPng(damaged), undefined);
  assert.equal(await readPlainPng((RGB as Uint8Array).subarray(0, middle)), undefined);
});
