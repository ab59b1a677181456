import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { sentSize } from '../../../../src/core/request/sentSize.ts';
import type { Prepared, PrepareOptions } from '../../../../src/imaging/formats/prepared.ts';
import { probe } from '../../../../src/imaging/formats/probe.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { type ByteSource, fileSource, memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { decoded, difference, encoded, portrait, SECRETS, storedWith } from '../../../fixtures/pictures.ts';

const AS_IT_IS = { maxDimension: 0 };
/** Of 255, a pixel: what JPEG costs. */
const JPEG_TOLERANCE = 3;
const ORIENTATIONS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
after(() => worker.dispose());

/** What is sent of a file, with the bytes of its body. */
const prepared = async (source: Uint8Array | ByteSource, options: PrepareOptions = AS_IT_IS): Promise<Prepared & { bytes: Uint8Array }> => {
  const opened = source instanceof Uint8Array ? memorySource(source) : source;
  const result = await worker.prepare(opened, options);
  const bytes = await readWhole(bodySource(result.body, opened));
  assert.equal(result.bodySha256, createHash('sha256').update(bytes).digest('hex'));
  return { ...result, bytes };
};
const described = ({ mimeType, stored }: Prepared) => `${mimeType} ${stored.width} x ${stored.height}`;
const failed = (error: unknown) => (error instanceof InspectorError ? `${error.reason}: ${error.message} ${error.detail}` : String(error));
const holds = (file: Uint8Array, text: string) => Buffer.from(file).includes(text);

suite('upright', () => {
  for (const format of ['jpeg', 'png', 'webp', 'webpLossless', 'tiff'] as const) {
    test(`a ${format} of any EXIF orientation is sent as the portrait that it shows`, async () => {
      const picture = portrait();
      for (const orientation of ORIENTATIONS) {
        const result = await prepared(await encoded(storedWith(orientation, picture), { format, orientation }));
        assert.deepEqual(result.upright, { width: 96, height: 144 }, `orientation ${orientation}`);
        assert.deepEqual(result.stored, result.upright);
        const off = difference(await decoded(result.bytes), picture);
        assert.ok(off <= JPEG_TOLERANCE, `orientation ${orientation}: ${off}`);
      }
    });
  }
});

suite('sent as it is', () => {
  for (const format of ['jpeg', 'png', 'webp', 'webpLossless'] as const) {
    test(`a clean upright ${format}: the very bytes`, async () => {
      const file = await encoded(portrait(), { format });
      const result = await prepared(file);
      assert.deepEqual(result.bytes, file);
    });
  }

  test('the hash is that of the file, whatever is sent', async () => {
    const file = await encoded(portrait(), { format: 'tiff' });
    assert.equal((await prepared(file)).sha256, createHash('sha256').update(file).digest('hex'));
  });
});

suite('private', () => {
  for (const format of ['jpeg', 'png', 'webp', 'webpLossless', 'tiff', 'avif'] as const) {
    test(`a ${format} loses EXIF and XMP and keeps its pixels`, async () => {
      const picture = portrait();
      const file = await encoded(picture, { format, secrets: true });
      assert.ok(SECRETS.some((secret) => holds(file, secret)));
      const { bytes } = await prepared(file);
      for (const secret of [...SECRETS, 'Exif', 'eXIf', 'EXIF', 'XMP ', 'xmpmeta']) assert.ok(!holds(bytes, secret), secret);
      assert.ok(difference(await decoded(bytes), picture) <= JPEG_TOLERANCE);
    });
  }

  test('without encoding anew where the pixels can stay: what is left decodes to the same, with its colour profile', async () => {
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const file = await encoded(portrait(), { format, secrets: true, profile: 'p3' });
      const { bytes } = await prepared(file);
      assert.equal(difference(await decoded(bytes), await decoded(file)), 0, format);
      assert.ok(holds(bytes, format === 'png' ? 'iCCP' : format === 'webp' ? 'ICCP' : 'ICC_PROFILE'), format);
      assert.ok(bytes.length < file.length);
    }
  });

  test('a JPEG loses comments, previews and what follows its end', async () => {
    const file = await encoded(portrait(), { format: 'jpeg' });
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 14]), Buffer.from('Secret Words')]);
    const talkative = Buffer.concat([file.subarray(0, 2), comment, file.subarray(2), Buffer.from('Secret Place')]);
    assert.deepEqual((await prepared(talkative)).bytes, file);
  });

  test('a PNG loses its texts', async () => {
    const file = await encoded(portrait(), { format: 'png' });
    const { crc32 } = await import('node:zlib');
    const body = Buffer.from('tEXtComment\0Secret Words');
    const chunk = Buffer.alloc(body.length + 8);
    chunk.writeUInt32BE(body.length - 4);
    body.copy(chunk, 4);
    chunk.writeUInt32BE(crc32(body), body.length + 4);
    const talkative = Buffer.concat([file.subarray(0, 33), chunk, file.subarray(33), Buffer.from('Secret Place')]);
    assert.deepEqual((await prepared(talkative)).bytes, file);
  });
});

suite('converted', () => {
  for (const format of ['tiff', 'gif'] as const) {
    test(`a ${format} becomes a PNG of the same pixels`, async () => {
      const file = await encoded(portrait(), { format });
      const result = await prepared(file);
      assert.equal(described(result), 'image/png 96 x 144');
      assert.equal(result.sourceType, `image/${format}`);
      assert.equal(difference(await decoded(result.bytes), await decoded(file)), 0);
    });
  }

  test('an AVIF becomes a JPEG', async () => {
    const result = await prepared(await encoded(portrait(), { format: 'avif' }));
    assert.equal(described(result), 'image/jpeg 96 x 144');
    assert.ok(difference(await decoded(result.bytes), portrait()) <= JPEG_TOLERANCE);
  });

  test('wide-gamut colours come out as they look', async () => {
    const file = await encoded(portrait(), { format: 'tiff', profile: 'p3' });
    const { bytes } = await prepared(file);
    assert.ok(difference(await decoded(bytes), portrait()) <= 1);
  });

  test('an SVG is drawn at a sensible size, on white, with its words', async () => {
    const svg = (body: string) =>
      new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg" width="20mm" height="10mm">${body}</svg>`);
    const result = await prepared(svg('<text x="5" y="25" font-size="20" font-family="sans-serif">words</text>'));
    assert.equal(described(result), 'image/png 1024 x 512');
    assert.deepEqual(result.upright, { width: 76, height: 38 });
    const { rgb } = await decoded(result.bytes);
    assert.ok(rgb.includes(0), 'nothing is drawn');
    assert.equal(rgb[0], 255);
  });
});

suite('light', () => {
  test('the longest side is at most what is wished, and the estimate knows the size beforehand', async () => {
    for (const [format, orientation] of [
      ['jpeg', 6],
      ['png', 1],
      ['webp', 3],
      ['tiff', 1],
    ] as const) {
      const file = await encoded(storedWith(orientation, portrait(300, 401)), { format, orientation });
      const result = await prepared(file, { ...AS_IT_IS, maxDimension: 100 });
      assert.deepEqual(result.stored, { width: 75, height: 100 }, format);
      assert.deepEqual(result.upright, { width: 300, height: 401 }, format);
      assert.deepEqual(sentSize(await probe(memorySource(file)), { maxDimension: 100 }), result.stored, format);
      assert.ok(difference(await decoded(result.bytes), portrait(75, 100)) < 8, format);
    }
  });

  test('nothing is made larger', async () => {
    const file = await encoded(portrait(), { format: 'png' });
    assert.deepEqual((await prepared(file, { ...AS_IT_IS, maxDimension: 5000 })).bytes, file);
  });

  test('what counts is the size of the body, not of the file', async () => {
    const file = await encoded(portrait(600, 900), { format: 'png' });
    await assert.rejects(prepared(file, { mostBytes: 3000, maxDimension: 0 }), /too large to send/);
    assert.ok((await prepared(file, { mostBytes: 3000, maxDimension: 30 })).bytes.length <= 3000);
  });
});

suite('refused', () => {
  test('a photo that is incomplete is not sent; what can be seen is shown, with a word about it', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const) {
      const whole = await encoded(portrait(300, 400), { format });
      const part = whole.slice(0, Math.floor(whole.length * 0.7));
      await assert.rejects(prepared(part), (error) => error instanceof InspectorError && error.reason === 'unreadableImage', format);
      if (format === 'jpeg' || format === 'png' || format === 'webp')
        assert.deepEqual(await worker.view(memorySource(part)), { problem: 'truncated' });
    }
  });

  test('by its header: more pixels than anything can hold, and a frame beyond its picture', async () => {
    const bomb = (await encoded(portrait(), { format: 'png' })).slice();
    new DataView(bomb.buffer).setUint32(16, 20_000);
    new DataView(bomb.buffer).setUint32(20, 20_000);
    assert.match(await probe(memorySource(bomb)).then(String, failed), /^tooLarge: .*400 megapixels/);
    const gif = (await encoded(portrait(), { format: 'gif' })).slice();
    new DataView(gif.buffer).setUint16(6, 10, true); // the width of the whole picture
    assert.match(await probe(memorySource(gif)).then(String, failed), /^unsupportedImage: /);
  });
});

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;

suite('recorded images', { skip: corpus === undefined && 'IMAGE_INSPECTOR_CORPUS is not set' }, () => {
  const images = (folder: string) =>
    readdirSync(join(corpus as string, 'images', folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.\w+$/.test(entry.name))
      .map(({ name }) => join(folder, name));
  const source = (name: string) => fileSource(join(corpus as string, 'images', name));

  test('each is sent as its name says, or refused with a clear error', async () => {
    const rows: Record<string, string> = {};
    for (const name of ['.', 'formats', 'exif-orientation', 'broken'].flatMap(images)) {
      const result = await prepared(await source(name)).catch((error: unknown) => failed(error));
      const isBroken = name.startsWith('broken');
      rows[name] = typeof result === 'string' ? result : `${described(result)}, ${result.bytes.length} bytes`;
      assert.equal(typeof result === 'string', isBroken, `${name}: ${rows[name]}`);
      if (typeof result === 'string') assert.match(result, name.includes('65536') ? /^tooLarge: / : /^unreadableImage: /, name);
      else
        for (const secret of ['Exif', 'xmpmeta', 'http://ns.adobe.com/xap']) assert.ok(!holds(result.bytes, secret), `${name}: ${secret}`);
    }
    console.table(Object.entries(rows).map(([name, outcome]) => ({ name, outcome })));
  });

  test('one picture stored in nine orientations is sent as one picture', async () => {
    const all = await Promise.all(
      images('exif-orientation').map(async (name) => ({
        name,
        picture: await decoded((await prepared(await source(name))).bytes),
      })),
    );
    const upright = all.find(({ name }) => name.includes('_1'))?.picture;
    assert.ok(upright);
    for (const { name, picture } of all) {
      // Each was encoded by itself by whoever made it.
      const off = difference(picture, upright);
      assert.ok(off <= 2 * JPEG_TOLERANCE, `${name}: ${off}`);
    }
  });

  test('what the page cannot show is made into what it can', async () => {
    for (const name of images('formats')) {
      const { picture } = await worker.view(await source(name));
      const isShown = !/\.(heic|heif|tiff)$/.test(name);
      assert.equal(picture === undefined, isShown, name);
      if (picture) assert.match(picture.mimeType, /^image\/(png|jpeg|webp)$/);
    }
  });
});
