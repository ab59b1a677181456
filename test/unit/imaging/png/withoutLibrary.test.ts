import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { draw, drawMask } from '../../../../src/imaging/pixels/draw.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { detection, mapPng } from '../../../fixtures/exportImages.ts';

/** Modules of the pixel library that this process has loaded. */
const loaded = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((path) => /[\\/]node_modules[\\/](?:sharp|@img)[\\/]/.test(path));

test('pictures of a usual PNG are made without loading the pixel library', async () => {
  const size = { width: 60, height: 50 };
  const png = new PNG(size);
  for (let at = 0; at < png.data.length; at++) png.data[at] = at % 4 === 3 ? 255 : (at * 7) % 256;
  const source = memorySource(PNG.sync.write(png, { colorType: 2 }));
  const mask = { kind: 'bitmap', width: 8, height: 8, png: mapPng(8, 8, (x) => (x > 3 ? 255 : 0)) } as const;
  const object = detection(1, 'half', [10, 10, 40, 30], size, { mask });
  await draw(source, { kind: 'whole' });
  await draw(source, { kind: 'crop', box: object.pixelBox });
  await draw(source, { kind: 'cutOut', detection: object, threshold: 127 });
  assert.ok(await drawMask(source, { detection: object, threshold: 127, size }));
  assert.deepEqual(loaded(), []);
  await wasmSharp();
  assert.notDeepEqual(loaded(), [], 'or else this test would not see it');
});
