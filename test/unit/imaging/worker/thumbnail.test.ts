import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Detection } from '../../../../src/core/inspection/inspection.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { thumbnail } from '../../../../src/imaging/worker/thumbnail.ts';
import { noisePng, png } from '../../../fixtures/images.ts';

/** Red, green, blue and alpha of a picture, and its size. */
async function pixelsOf(picture: Uint8Array) {
  const sharp = await wasmSharp();
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 3)];
  return { width: info.width, height: info.height, at };
}

const OBJECT: Detection = {
  id: '1',
  label: 'cat',
  imageIndex: 0,
  box: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 },
  pixelBox: { x: 150, y: 100, width: 300, height: 200 },
};

suite('the small picture of an image', () => {
  test('is as large as wished at most, and never larger than the image', async () => {
    const small = await pixelsOf(await thumbnail(memorySource(noisePng(600, 400)), { side: 256, redactions: [] }));
    assert.deepEqual([small.width, small.height], [256, 171]);
    const own = await pixelsOf(await thumbnail(memorySource(png(40, 30)), { side: 256, redactions: [] }));
    assert.deepEqual([own.width, own.height], [40, 30]);
  });

  test('shows nothing of what is covered', async () => {
    const redactions = [{ x: 0, y: 0, width: 0.5, height: 1 }];
    const { at } = await pixelsOf(await thumbnail(memorySource(noisePng(600, 400)), { side: 256, redactions }));
    for (const x of [2, 60, 120]) for (const channel of at(x, 80)) assert.ok(channel < 12, `${x}: ${channel}`);
    assert.ok(at(200, 80).some((channel) => channel > 40));
  });

  test('has the outlines of the objects over it', async () => {
    const objects = { detections: [OBJECT], maskThreshold: 127, labelOrder: new Map([['cat', 0]]) };
    const plain = await pixelsOf(await thumbnail(memorySource(png(600, 400)), { side: 256, redactions: [] }));
    const drawn = await pixelsOf(await thumbnail(memorySource(png(600, 400)), { side: 256, redactions: [], objects }));
    const differs = (x: number, y: number) =>
      plain.at(x, y).some((channel, index) => Math.abs(channel - (drawn.at(x, y)[index] ?? 0)) > 40);
    // The left edge of the box, its middle, and outside.
    assert.deepEqual([differs(64, 85), differs(128, 85), differs(20, 20)], [true, false, false]);
  });
});
