import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { sniffImageType } from '../../../../src/imaging/formats/imageType.ts';
import { probe } from '../../../../src/imaging/formats/probe.ts';
import { structureOf } from '../../../../src/imaging/formats/structure.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { fileSource, memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { svgSize } from '../../../../src/imaging/svg/svgSize.ts';
import { findSvgRoot } from '../../../../src/imaging/svg/svgText.ts';
import { endlessJpeg, longHeaders, sparseSource } from '../../../bench/longHeaders.ts';
import { heic, jpeg, png } from '../../../fixtures/images.ts';

const NO_LIMIT = { mostBytes: 1e9, maxDimension: 0 };
const bytes = (text: string) => new TextEncoder().encode(text);

/** `reason: detail` of the failure, or `ready`. */
const outcome = (content: Uint8Array, limits = NO_LIMIT) =>
  prepare(memorySource(content), limits).then(
    () => 'ready',
    (error) => (error instanceof InspectorError ? `${error.reason}: ${error.detail}` : String(error)),
  );

test('a file is read in pieces, and no further than its end', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'bytes-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'x');
  await writeFile(path, Buffer.from([1, 2, 3, 4, 5]));
  const source = await fileSource(path);
  assert.equal(source.size, 5);
  assert.deepEqual([...(await source.read(1, 2))], [2, 3]);
  assert.deepEqual([...(await source.read(3, 100))], [4, 5]);
  assert.equal((await source.read(9, 1)).length, 0);
});

test('the type is that of the content', () => {
  assert.equal(sniffImageType(png()), 'image/png');
  assert.equal(sniffImageType(jpeg(4, 3)), 'image/jpeg');
  assert.equal(sniffImageType(heic(4, 3, 0)), 'image/heic', 'a compatible brand says more than mif1');
  assert.equal(sniffImageType(bytes('GIF89a......')), 'image/gif');
  assert.equal(sniffImageType(bytes('<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="…">')), 'image/svg+xml');
  assert.equal(sniffImageType(bytes('<html><svg></svg>')), undefined);
  assert.equal(sniffImageType(bytes('BM')), undefined);
  assert.equal(sniffImageType(new Uint8Array()), undefined);
});

test('a header gives the size as stored and upright', async () => {
  const sizes = async (content: Uint8Array) => {
    const { stored, upright } = await probe(memorySource(content));
    return [stored.width, stored.height, upright.width, upright.height];
  };
  assert.deepEqual(await sizes(png(31, 17)), [31, 17, 31, 17]);
  assert.deepEqual(await sizes(jpeg(640, 480)), [640, 480, 640, 480]);
  for (const turned of [5, 6, 7, 8]) assert.deepEqual(await sizes(jpeg(640, 480, turned)), [640, 480, 480, 640], `EXIF ${turned}`);
  for (const upright of [0, 1, 2, 3, 4, 9]) assert.deepEqual(await sizes(jpeg(640, 480, upright)), [640, 480, 640, 480], `EXIF ${upright}`);
  assert.deepEqual(await sizes(heic(400, 300, 0)), [400, 300, 400, 300]);
  assert.deepEqual(await sizes(heic(400, 300, 1)), [400, 300, 300, 400]);
  assert.deepEqual(await sizes(heic(400, 300, 2)), [400, 300, 400, 300]);
});

test('a header that lies behind long metadata is found', async () => {
  const { stored } = await probe(memorySource(jpeg(640, 480, 1, 300_000)));
  assert.deepEqual(stored, { width: 640, height: 480 });
});

test('a header costs no more than 64 kB, however long it is and wherever it stands', async () => {
  for (const [name, file] of Object.entries(longHeaders())) {
    const source = sparseSource(file);
    const { stored, upright } = await probe(source);
    assert.deepEqual([stored.width, stored.height], [4032, 3024], name);
    assert.deepEqual([upright.width, upright.height], name.includes('turned') ? [3024, 4032] : [4032, 3024], name);
    assert.ok(source.bytesRead <= 65_536, `${name}: ${source.bytesRead} bytes`);
  }
});

test('a header without end is not followed for ever', async () => {
  await assert.rejects(probe(endlessJpeg()), /not a readable image/);
});

test('damaged EXIF does not hide the picture', async () => {
  const content = jpeg(640, 480, 6);
  const tiff = Buffer.from(content).indexOf('MM\0*');
  for (const [at, value] of [
    [tiff, 0],
    [tiff + 4, 0xff],
  ] as const) {
    const damaged = content.slice();
    damaged[at] = value;
    assert.deepEqual((await probe(memorySource(damaged))).upright, { width: 640, height: 480 });
  }
});

test('a file that goes away while its header is read is not called damaged', async () => {
  const { size, read } = memorySource(jpeg(640, 480, 1, 300_000));
  const gone = Object.assign(new Error('gone'), { code: 'ENOENT' });
  await assert.rejects(probe({ size, read: (offset, length) => (offset === 0 ? read(offset, length) : Promise.reject(gone)) }), gone);
});

test('what is prepared is the very file', async () => {
  const content = png(31, 17);
  const prepared = await prepare(memorySource(content), NO_LIMIT);
  assert.deepEqual(prepared.body, { size: content.length, pieces: [{ offset: 0, length: content.length }] });
  assert.equal(prepared.bodySha256, prepared.sha256);
  assert.deepEqual(prepared.upright, { width: 31, height: 17 });
  assert.equal(prepared.mimeType, 'image/png');
  assert.match(prepared.sha256, /^[0-9a-f]{64}$/);
});

test('bad input is told apart', async () => {
  assert.equal(await outcome(new Uint8Array()), 'unreadableImage: It is empty.');
  assert.equal(
    await outcome(bytes('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n')),
    'unreadableImage: It is a Git LFS pointer; get the file with `git lfs pull`.',
  );
  assert.equal(
    await outcome(bytes('only some words in a file named photo.png')),
    'unreadableImage: Its content is of no known image type, whatever its name says.',
  );
  assert.equal(await outcome(bytes('GIF89a\x04\0\x03\0\0\0\0;')), 'unreadableImage: Its pixels cannot be decoded.');
  assert.match(await outcome(png(), { ...NO_LIMIT, mostBytes: 10 }), /^tooLarge: /);
});

test('an image that ends too early is never ready, wherever it ends', async () => {
  for (const whole of [png(), jpeg(40, 30, 1), heic(40, 30, 0)]) {
    assert.equal(await outcome(whole), 'ready');
    for (let length = 1; length < whole.length; length++) {
      assert.match(await outcome(whole.subarray(0, length)), /^unreadableImage: /, `${length} of ${whole.length} bytes`);
    }
  }
});

test('bytes after the end of an image do no harm', async () => {
  const junk = new Uint8Array([...png(), 1, 2, 3]);
  assert.equal((await structureOf('image/png', memorySource(junk))).problem, undefined);
  assert.equal((await structureOf('image/jpeg', memorySource(new Uint8Array([...jpeg(4, 3), 0, 0])))).problem, undefined);
});

test('a changed byte in the pixels of a PNG is damage', async () => {
  const content = png(20, 20);
  const at = content.length - 20;
  content[at] = (content[at] as number) ^ 1;
  assert.equal((await structureOf('image/png', memorySource(content))).problem, 'damaged');
});

test('a HEIC that is shown turned has to be turned, one that is not may stay as it is', async () => {
  for (const [quarters, turned] of [
    [0, false],
    [1, true],
    [2, true],
    [3, true],
  ] as const)
    assert.equal((await probe(memorySource(heic(400, 300, quarters)))).turned, turned, `${quarters} quarters`);
});

test('an SVG has the size of its attributes in CSS pixels, of its view box, or of CSS’s own', () => {
  const sizes: Readonly<Record<string, [number, number]>> = {
    'width="20" height="10"': [20, 10],
    "width='20px' height='10pt'": [20, 13],
    'width="1in" height="25.4mm"': [96, 96],
    'width="2em" viewBox="0 0 100 50"': [32, 16],
    'height="10" viewBox="0,0,100,50"': [20, 10],
    'width="100%" height="100%" viewBox="0 0 30 40"': [30, 40],
    'viewBox="0 0 0 0"': [300, 150],
    'data-title="a > b" width="7" height="9"': [7, 9],
    'stroke-width="5"': [300, 150],
  };
  for (const [attributes, [width, height]] of Object.entries(sizes))
    assert.deepEqual(
      svgSize(findSvgRoot(`<?xml version="1.0"?><!-- <svg width="1" height="1"> --><svg ${attributes}><rect width="3"/></svg>`)),
      {
        width,
        height,
      },
    );
  assert.throws(() => svgSize(findSvgRoot('<svg width="20"')), /root element/);
});
