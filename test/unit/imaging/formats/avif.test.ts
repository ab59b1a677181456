import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { av1Colours } from '../../../../src/imaging/formats/av1Colours.ts';
import { readHeifContent } from '../../../../src/imaging/formats/heifItems.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { avifSequence, placeOf, trackOnly } from '../../../fixtures/avifSequence.ts';
import { offBy, patches, SHOWN } from '../../../fixtures/codedPatches.ts';
import { av1Alpha, av1Item, box, clap, gridItem, heifFile, hevcItem, nclx } from '../../../fixtures/heifFile.ts';
import { decoded, difference, encoded, type Picture, part, portrait, storedWith } from '../../../fixtures/pictures.ts';

/** Of 255, a pixel: what AVIF and then JPEG or WEBP cost. */
const TOLERANCE = 5;
const SRGB = nclx(1, 13, 6);

const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
after(() => worker.dispose());

async function sent(file: Uint8Array): Promise<Uint8Array> {
  const source = memorySource(file);
  return readWhole(bodySource((await worker.prepare(source, { maxDimension: 0 })).body, source));
}

async function avif(picture: Picture, alpha?: (x: number, y: number) => number): Promise<Uint8Array> {
  if (alpha === undefined) return encoded(picture, { format: 'avif' });
  const sharp = await wasmSharp();
  const { width, height, rgb } = picture;
  const rgba = Buffer.alloc(width * height * 4);
  for (let at = 0; at < width * height; at++)
    rgba.set([...rgb.subarray(at * 3, at * 3 + 3), alpha(at % width, Math.floor(at / width))], at * 4);
  return new Uint8Array(
    await sharp(rgba, { raw: { width, height, channels: 4 } })
      .avif({ quality: 90, chromaSubsampling: '4:4:4' })
      .toBuffer(),
  );
}

/** A quarter is clear. */
const corner = (x: number, y: number) => (x < 48 && y < 72 ? 0 : 255);

/** The picture on white, as it is where its corner is clear. */
function withClearCorner({ width, height, rgb }: Picture): Picture {
  const copy = rgb.slice();
  for (let at = 0; at < width * height; at++) if (corner(at % width, Math.floor(at / width)) === 0) copy.fill(255, at * 3, at * 3 + 3);
  return { width, height, rgb: copy };
}

/** The picture turned by the orientation: what is stored with the inverse one. */
const INVERSE = [0, 1, 2, 3, 4, 5, 8, 7, 6];
const turned = (orientation: number, picture: Picture) => storedWith(INVERSE[orientation] ?? 1, picture);

const irot = (quarters: number) => box('irot', Buffer.from([quarters]));
const imir = (axis: number) => box('imir', Buffer.from([axis]));

suite('an AVIF', () => {
  test('with alpha is cut and turned as a whole, wherever the file says so', async () => {
    const file = await avif(portrait(), corner);
    const shown = withClearCorner(portrait());
    const cases: [what: string, steps: Buffer[], expected: Picture][] = [
      ['cut', [clap(80, 100)], part(shown, 8, 22, 80, 100)],
      ['cut off the middle', [clap(60, 80, -10, 20)], part(shown, 8, 52, 60, 80)],
      ['turned', [irot(1)], turned(8, shown)],
      ['mirrored', [imir(1)], turned(2, shown)],
      ['cut and turned', [clap(80, 100), irot(3)], turned(6, part(shown, 8, 22, 80, 100))],
      ['cut, turned and mirrored', [clap(80, 100), irot(2), imir(0)], turned(4, turned(3, part(shown, 8, 22, 80, 100)))],
    ];
    for (const [what, steps, expected] of cases) {
      const [colour, alpha] = [av1Item(file, SRGB, ...steps), av1Alpha(file)];
      for (const also of [alpha, av1Alpha(file, ...steps)]) {
        const off = difference(await decoded(await sent(heifFile({ brand: 'avif', items: [colour, also] }))), expected);
        assert.ok(off <= TOLERANCE, `${what}: ${off}`);
      }
    }
  });

  test('of tiles is put together', async () => {
    const whole = portrait(192, 192);
    const places = [0, 1, 2, 3].map((place) => [(place % 2) * 96, Math.floor(place / 2) * 96] as const);
    const tiles = await Promise.all(places.map(([x, y]) => avif(part(whole, x, y, 96, 96))));
    const grid = heifFile({ brand: 'avif', items: [gridItem(2, 2, whole, SRGB), ...tiles.map((tile) => av1Item(tile, SRGB))] });
    const off = difference(await decoded(await sent(grid)), whole);
    assert.ok(off <= TOLERANCE, String(off));
  });

  test('of one color, or of more than 8 bits, comes out right', async () => {
    const sharp = await wasmSharp();
    const { width, height, rgb } = portrait();
    const drawn = () => sharp(rgb, { raw: { width, height, channels: 3 } });
    for (const bitdepth of [8, 10, 12] as const) {
      const deep = await drawn().avif({ quality: 90, bitdepth, chromaSubsampling: '4:4:4' }).toBuffer();
      assert.ok(difference(await decoded(await sent(new Uint8Array(deep))), portrait()) <= TOLERANCE, `${bitdepth} bits`);
    }
    const grey = new Uint8Array(await drawn().greyscale().avif({ quality: 90 }).toBuffer());
    const expected = await decoded(await drawn().greyscale().png().toBuffer());
    assert.ok(difference(await decoded(await sent(grey)), expected) <= TOLERANCE);
  });

  test('in wide colors or high dynamic range looks like in a browser', async () => {
    const sharp = await wasmSharp();
    const { width, height, rgb } = patches();
    const file = new Uint8Array(
      await sharp(rgb, { raw: { width, height, channels: 3 } })
        .avif({ lossless: true, chromaSubsampling: '4:4:4' })
        .toBuffer(),
    );
    for (const [primaries, transfer, shown] of SHOWN) {
      const off = offBy(
        await decoded(await sent(heifFile({ brand: 'avif', items: [av1Item(file, nclx(primaries, transfer, 0))] }))),
        shown,
      );
      assert.ok(off <= 12, `${primaries}/${transfer}: ${off}`);
    }
  });

  test('whose colors cannot be converted is named', async () => {
    const file = await avif(portrait());
    for (const colours of [nclx(1, 13, 14), nclx(1, 10, 1), nclx(22, 13, 1)])
      await assert.rejects(sent(heifFile({ brand: 'avif', items: [av1Item(file, colours)] })), {
        reason: 'unsupportedImage',
        message: 'This kind of AVIF cannot be read faithfully: its colors cannot be converted.',
      });
  });

  test('is believed about its colors where the file says nothing', async () => {
    const file = await avif(portrait());
    assert.deepEqual(av1Colours(readHeifContent(file)), { primaries: 1, transfer: 13, matrix: 6 });
    const silent = av1Item(file);
    assert.ok(difference(await decoded(await sent(heifFile({ brand: 'avif', items: [silent] }))), portrait()) <= TOLERANCE);
  });

  test('under the name of a HEIC, and a HEIC under that of an AVIF, is read by its content', async () => {
    const wrong = heifFile({ brand: 'heic', items: [av1Item(await avif(portrait()), SRGB)] });
    assert.ok(difference(await decoded(await sent(wrong)), portrait()) <= TOLERANCE);
    const other = heifFile({ brand: 'avif', items: [hevcItem(portrait(), SRGB)] });
    assert.ok(difference(await decoded(await sent(other)), portrait()) <= TOLERANCE);
  });
});

suite('an animated AVIF', () => {
  test('is sent as its still picture where that is the first one', async () => {
    const still = await avif(portrait());
    assert.ok(difference(await decoded(await sent(avifSequence(still))), portrait()) <= TOLERANCE);
    const { offset, length } = placeOf(still);
    const copy = Buffer.concat([still, box('mdat', still.subarray(offset, offset + length))]);
    const elsewhere = { offset: still.length + 8, length };
    assert.ok(difference(await decoded(await sent(avifSequence(new Uint8Array(copy), elsewhere))), portrait()) <= TOLERANCE);
  });

  test('is named where it is another one, or there is none', async () => {
    const still = await avif(portrait());
    const { offset, length } = placeOf(still);
    const other = avifSequence(still, { offset: offset + 1, length: length - 1 });
    await assert.rejects(sent(other), { reason: 'unsupportedImage', message: /it is an animation whose still picture is another one/ });
    const none = trackOnly(still.subarray(offset, offset + length));
    await assert.rejects(sent(none), { reason: 'unsupportedImage', message: /it is an animation without a still picture/ });
  });
});
