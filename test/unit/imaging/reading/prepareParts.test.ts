import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import type { Box } from '../../../../src/core/inspection/inspection.ts';
import type { PrepareOptions } from '../../../../src/imaging/formats/prepared.ts';
import { probe } from '../../../../src/imaging/formats/probe.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { type MeasuredChoice, measuredChoices } from '../../../../src/imaging/worker/measuredChoices.ts';
import { decoded, difference, encoded, type Picture, portrait, storedWith } from '../../../fixtures/pictures.ts';

const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
after(() => worker.dispose());

async function prepared(file: Uint8Array, options: Partial<PrepareOptions>) {
  const source = memorySource(file);
  const result = await worker.prepare(source, { maxDimension: 0, ...options });
  return { ...result, bytes: await readWhole(bodySource(result.body, source)) };
}

/** The pixels of a part of a picture. */
function part({ width, rgb }: Picture, { x, y, ...size }: Box): Picture {
  const rows = Array.from({ length: size.height }, (_, row) => {
    const from = ((y + row) * width + x) * 3;
    return rgb.subarray(from, from + size.width * 3);
  });
  return { ...size, rgb: new Uint8Array(Buffer.concat(rows)) };
}

suite('a region', () => {
  for (const [format, orientations, tolerance] of [
    ['jpeg', [1, 3, 5, 6, 7, 8], 4],
    ['png', [1, 6], 0],
    ['webpLossless', [1, 8], 0],
    ['tiff', [1, 5], 0],
  ] as const) {
    test(`of a ${format} is what is sent, cut out of the upright picture`, async () => {
      for (const orientation of orientations) {
        const file = await encoded(storedWith(orientation, portrait()), { format, orientation });
        const result = await prepared(file, { region: { x: 0.251, y: 0.1, width: 0.5, height: 0.3 } });
        const cut = { x: 24, y: 14, width: 48, height: 44 };
        assert.deepEqual(result.stored, { width: 48, height: 44 }, `orientation ${orientation}`);
        assert.deepEqual(result.upright, { width: 96, height: 144 });
        const off = difference(await decoded(result.bytes), part(portrait(), cut));
        assert.ok(off <= tolerance, `orientation ${orientation}: ${off}`);
        assert.deepEqual(result.toImage, { a: 48 / 96, b: 0, c: 0, d: 44 / 144, e: 24 / 96, f: 14 / 144 });
        assert.deepEqual(result.region, { x: 24 / 96, y: 14 / 144, width: 48 / 96, height: 44 / 144 });
      }
    });
  }

  test('is scaled by itself', async () => {
    const file = await encoded(portrait(300, 400), { format: 'png' });
    const result = await prepared(file, { region: { x: 0, y: 0, width: 0.5, height: 1 }, maxDimension: 100 });
    assert.deepEqual(result.stored, { width: 38, height: 100 });
    assert.deepEqual(result.toImage, { a: 0.5, b: 0, c: 0, d: 1, e: 0, f: 0 });
  });

  test('of an SVG is drawn, not enlarged', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect x="15" width="15" height="20" fill="#00f"/></svg>';
    const result = await prepared(new TextEncoder().encode(svg), { region: { x: 0.25, y: 0, width: 0.5, height: 0.5 } });
    assert.deepEqual(result.stored, { width: 1024, height: 683 });
    const { rgb } = await decoded(result.bytes);
    assert.deepEqual([...rgb.subarray(511 * 3, 513 * 3)], [255, 255, 255, 0, 0, 255], 'the edge in its middle is sharp');
  });

  test('that is none sends nothing', async () => {
    const file = await encoded(portrait(), { format: 'png' });
    for (const change of [{ width: 0 }, { x: 1 }, { y: Number.NaN }])
      await assert.rejects(prepared(file, { region: { x: 0, y: 0, width: 1, height: 1, ...change } }), /The region cannot be used/);
  });
});

test('each choice of a size tells its bytes, the first as the image is', async () => {
  const file = await encoded(portrait(1100, 800), { format: 'png' });
  const choices: MeasuredChoice[] = [];
  for await (const choice of measuredChoices(worker, memorySource(file), await probe(memorySource(file)))) choices.push(choice);
  assert.deepEqual(
    choices.map(({ maxDimension, size }) => [maxDimension, size.width, size.height]),
    [
      [0, 1100, 800],
      [1024, 1024, 745],
    ],
  );
  assert.equal(choices[0]?.bytes, file.length);
  assert.ok((choices[1]?.bytes ?? 0) > 0);
});

suite('a redaction', () => {
  /** Touches the pixels 19 to 58 across and 28 to 72 down. */
  const area = { x: 0.2, y: 0.2, width: 0.4, height: 0.3 };
  const black = { x: 19, y: 28, width: 39, height: 44 };
  const blackened = (picture: Picture): Picture => {
    const rgb = picture.rgb.slice();
    for (let y = black.y; y < black.y + black.height; y++) {
      const from = (y * picture.width + black.x) * 3;
      rgb.fill(0, from, from + black.width * 3);
    }
    return { ...picture, rgb };
  };

  for (const [format, mimeType] of [
    ['png', 'image/png'],
    ['webpLossless', 'image/png'],
    ['tiff', 'image/png'],
    ['gif', 'image/png'],
  ] as const) {
    test(`in a ${format} is black to the pixel, and all else is untouched`, async () => {
      const file = await encoded(portrait(), { format });
      const result = await prepared(file, { redactions: [area] });
      assert.equal(result.mimeType, mimeType);
      assert.deepEqual(await decoded(result.bytes), blackened(await decoded(file)));
    });
  }

  test('in a photo that lies on its side is black where people see it', async () => {
    for (const orientation of [1, 3, 6, 7]) {
      const file = await encoded(storedWith(orientation, portrait()), { format: 'jpeg', orientation });
      const result = await prepared(file, { redactions: [area] });
      assert.equal(result.mimeType, 'image/jpeg');
      const sent = await decoded(result.bytes);
      assert.ok(difference(sent, blackened(portrait())) <= 4, `orientation ${orientation}`);
      // JPEG works in blocks of 16 pixels: at the edges what lies beside them rings.
      const inner = { x: black.x + 16, y: black.y + 16, width: black.width - 32, height: black.height - 32 };
      assert.ok(Math.max(...part(sent, inner).rgb) <= 4, `orientation ${orientation}`);
      const hidden = part(sent, black).rgb;
      assert.ok(hidden.reduce((sum, value) => sum + value, 0) / hidden.length < 6, `orientation ${orientation}`);
    }
  });

  test('hides all there was: what is sent does not depend on it', async () => {
    const inside = (value: number): Picture => {
      const picture = portrait(128, 128);
      for (let y = 32; y < 96; y++) for (let x = 32; x < 96; x++) picture.rgb.set([value, 255 - value, (x * y) % 256], (y * 128 + x) * 3);
      return picture;
    };
    const redactions = [{ x: 0.25, y: 0.25, width: 0.5, height: 0.5 }];
    for (const wish of [
      { maxDimension: 0 },
      { maxDimension: 50 },
      { maxDimension: 33, region: { x: 0.1, y: 0.1, width: 0.7, height: 0.7 } },
    ]) {
      const bodies = await Promise.all(
        [0, 128, 255].map(
          async (value) => (await prepared(await encoded(inside(value), { format: 'png' }), { redactions, ...wish })).bodySha256,
        ),
      );
      assert.equal(new Set(bodies).size, 1, JSON.stringify(wish));
    }
  });

  test('over transparency is opaque', async () => {
    const { wasmSharp } = await import('../../../../src/imaging/pixels/sharpWasm.ts');
    const sharp = await wasmSharp();
    const file = await sharp({ create: { width: 10, height: 10, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.2 } } })
      .png()
      .toBuffer();
    const { bytes } = await prepared(new Uint8Array(file), { redactions: [{ x: 0, y: 0, width: 0.5, height: 1 }] });
    const { data } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([...data.subarray(0, 4)], [0, 0, 0, 255]);
    assert.deepEqual([...data.subarray(20, 24)], [255, 0, 0, 51]);
  });

  test('in wide-gamut colours leaves the others as they look', async () => {
    const file = await encoded(portrait(), { format: 'png', profile: 'p3' });
    const { bytes } = await prepared(file, { redactions: [area] });
    assert.ok(difference(await decoded(bytes), blackened(portrait())) <= 1);
  });

  test('that is none sends nothing', async () => {
    const file = await encoded(portrait(), { format: 'png' });
    await assert.rejects(prepared(file, { redactions: [{ ...area, width: Number.NaN }] }), /The region cannot be used/);
  });
});
