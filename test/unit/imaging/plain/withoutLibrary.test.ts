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

/** 24 x 16 pixels, drawn here; to make another would take the library. */
const JPEG = Buffer.from(
  [
    '/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2Nj',
    'Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAQABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAABAAF/8QAFRABAQAAAAAAAAAAAAAAAAAAAAL/xAAW',
    'AQEBAQAAAAAAAAAAAAAAAAAABQb/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwDLgiB4IhoEQiEoQP/Z',
  ].join(''),
  'base64',
);

test('pictures of a usual PNG or JPEG are made without loading the pixel library', async () => {
  const size = { width: 24, height: 16 };
  const png = new PNG(size);
  for (let at = 0; at < png.data.length; at++) png.data[at] = at % 4 === 3 ? 255 : (at * 7) % 256;
  const mask = { kind: 'bitmap', width: 8, height: 8, png: mapPng(8, 8, (x) => (x > 3 ? 255 : 0)) } as const;
  const object = detection(1, 'half', [4, 4, 20, 12], size, { mask });
  for (const source of [PNG.sync.write(png, { colorType: 2 }), JPEG].map(memorySource)) {
    await draw(source, { kind: 'whole' });
    await draw(source, { kind: 'crop', box: object.pixelBox });
    await draw(source, { kind: 'cutOut', detection: object, threshold: 127 });
    assert.ok(await drawMask(source, { detection: object, threshold: 127, size }));
  }
  assert.deepEqual(loaded(), []);
  await wasmSharp();
  assert.notDeepEqual(loaded(), [], 'or else this test would not see it');
});
