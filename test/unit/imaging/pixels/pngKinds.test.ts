import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { decode } from 'fast-png';
import { PNG } from 'pngjs';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { PrepareOptions } from '../../../../src/imaging/formats/prepared.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { decoded } from '../../../fixtures/pictures.ts';
import { type PngLayout, pngChunk, pngOf } from '../../../fixtures/pngs.ts';
import { COLOURS, type Colour, colourAt, farthestOf, GREYS, greyAt, HEIGHT, quarter, WIDTH } from '../../../fixtures/quarters.ts';

/** Of 255: what rounding and scaling cost. */
const TOLERANCE = 2;
const [GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA] = [0, 2, 3, 4, 6];
const ALPHA = 128;

const size = { width: WIDTH, height: HEIGHT };
const palette = (colours: readonly Colour[]) => pngChunk('PLTE', Uint8Array.from(colours.flat()));

async function sent(file: Uint8Array, options: PrepareOptions = { maxDimension: 0 }): Promise<Uint8Array> {
  const source = memorySource(file);
  return readWhole(bodySource((await prepare(source, options)).body, source));
}

async function refusal(file: Uint8Array): Promise<string> {
  return sent(file).then(
    () => 'sent',
    (error: unknown) => (error instanceof InspectorError ? `${error.reason}: ${error.message} ${error.detail}` : String(error)),
  );
}

/** What a decoder that is not the pixel library shows, on white. */
function shownByPngjs(file: Uint8Array) {
  const { width, height, data } = PNG.sync.read(Buffer.from(file));
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++)
    for (let channel = 0; channel < 3; channel++) {
      const alpha = (data[at * 4 + 3] ?? 0) / 255;
      rgb[at * 3 + channel] = Math.round((data[at * 4 + channel] ?? 0) * alpha + 255 * (1 - alpha));
    }
  return { width, height, rgb };
}

suite('a PNG of every kind is sent as the picture that it is', () => {
  for (const [colourType, depths] of [
    [GREY, [1, 2, 4, 8, 16]],
    [RGB, [8, 16]],
    [PALETTE, [1, 2, 4, 8]],
    [GREY_ALPHA, [8, 16]],
    [RGB_ALPHA, [8, 16]],
  ] as const)
    test(`colour type ${colourType}, in every depth, interlaced or not, transparent or not`, async () => {
      for (const bits of depths)
        for (const interlaced of [false, true])
          for (const isClear of colourType === GREY_ALPHA || colourType === RGB_ALPHA ? [true] : [false, true]) {
            const most = 2 ** bits - 1;
            const sample = (value: number) => Math.round((value / 255) * most);
            const shown = (value: number) => (sample(value) / most) * 255;
            const onWhite = (value: number, alpha: number) => (value * alpha) / 255 + 255 - alpha;
            const count = Math.min(4, most + 1);
            const ways: Record<
              number,
              { samples: PngLayout['samples']; clear: Uint8Array; wanted: (index: number) => number[]; chunks?: Uint8Array[] }
            > = {
              [GREY]: {
                samples: (x, y) => [sample(greyAt(x, y))],
                clear: Uint8Array.of(sample(GREYS[3]) >> 8, sample(GREYS[3])),
                wanted: (index) =>
                  Array(3).fill(isClear && sample(GREYS[index] ?? 0) === sample(GREYS[3]) ? 255 : shown(GREYS[index] ?? 0)),
              },
              [RGB]: {
                samples: (x, y) => colourAt(x, y).map(sample),
                clear: Uint8Array.from((COLOURS[0] ?? []).flatMap((value) => [sample(value) >> 8, sample(value)])),
                wanted: (index) => (isClear && index === 0 ? [255, 255, 255] : [...(COLOURS[index] ?? [])]),
              },
              [PALETTE]: {
                samples: (x, y) => [quarter(x, y) % count],
                clear: Uint8Array.of(ALPHA),
                wanted: (index) =>
                  (COLOURS[index % count] ?? []).map((value) => (isClear && index % count === 0 ? onWhite(value, ALPHA) : value)),
                chunks: [palette(COLOURS.slice(0, count))],
              },
              [GREY_ALPHA]: {
                samples: (x, y) => [greyAt(x, y), ALPHA].map(sample),
                clear: new Uint8Array(),
                wanted: (index) => Array(3).fill(onWhite(GREYS[index] ?? 0, ALPHA)),
              },
              [RGB_ALPHA]: {
                samples: (x, y) => [...colourAt(x, y), ALPHA].map(sample),
                clear: new Uint8Array(),
                wanted: (index) => (COLOURS[index] ?? []).map((value) => onWhite(value, ALPHA)),
              },
            };
            const way = ways[colourType];
            assert.ok(way);
            const { samples, clear, wanted, chunks = [] } = way;
            const transparency = isClear && clear.length > 0 ? [pngChunk('tRNS', clear)] : [];
            const file = pngOf({ ...size, colourType, bits, samples, interlaced, chunks: [...chunks, ...transparency] });
            const name = `${bits} bits, ${interlaced}, ${isClear}`;
            const expected = (index: number) => wanted(index) as unknown as Colour;
            const whole = await sent(file);
            assert.deepEqual(whole, file, name);
            const small = await sent(file, { maxDimension: WIDTH / 2 });
            for (const body of [whole, small]) {
              assert.ok(farthestOf(await decoded(body), expected) <= TOLERANCE, `${name}: ${farthestOf(await decoded(body), expected)}`);
              assert.ok(
                farthestOf(shownByPngjs(body), expected) <= TOLERANCE,
                `${name}, pngjs: ${farthestOf(shownByPngjs(body), expected)}`,
              );
              // fast-png reads no interlaced rows of less than a byte a sample.
              if (interlaced && bits < 8 && body === whole) continue;
              assert.deepEqual([decode(body).width, decode(body).height], body === whole ? [WIDTH, HEIGHT] : [WIDTH / 2, HEIGHT / 2], name);
            }
          }
    });
});

suite('a PNG that decoders do not show alike is refused by name', () => {
  const plain = { ...size, colourType: RGB, bits: 8, samples: colourAt };

  test('with a chunk that only its program understands, wherever that stands', async () => {
    for (const [type, words] of [
      ['CgBI', /iPhones/],
      ['QQQQ', /unknown kind, QQQQ/],
    ] as const) {
      const chunk = pngChunk(type, Uint8Array.of(0x50, 0, 0x20, 6));
      const file = pngOf(plain);
      const first = new Uint8Array(Buffer.concat([file.subarray(0, 8), chunk, file.subarray(8)]));
      for (const each of [first, pngOf({ ...plain, chunks: [chunk] }), pngOf({ ...plain, behind: [chunk] })])
        assert.match(await refusal(each), new RegExp(`^unsupportedImage: .*${words.source}`), type);
    }
    assert.deepEqual(await sent(pngOf({ ...plain, chunks: [pngChunk('qqQQ')] })), pngOf(plain), 'one that may be passed over is');
  });

  test('in high dynamic range, and in colours that are not sRGB', async () => {
    const coded = (...codes: number[]) => pngOf({ ...plain, chunks: [pngChunk('cICP', Uint8Array.from(codes))] });
    assert.match(await refusal(coded(9, 16, 0, 1)), /^unsupportedImage: .*high dynamic range/);
    assert.match(await refusal(coded(9, 18, 0, 1)), /^unsupportedImage: .*high dynamic range/);
    assert.match(await refusal(coded(9, 1, 0, 1)), /^unsupportedImage: .*CICP 9\/1/);
    assert.match(await refusal(coded(1, 8, 0, 1)), /^unsupportedImage: .*CICP 1\/8/);
    assert.deepEqual(await sent(coded(1, 13, 0, 1)), coded(1, 13, 0, 1));
  });

  test('with a profile of high dynamic range', async () => {
    const profile = Buffer.alloc(156);
    profile.writeUInt32BE(1, 128);
    for (const [at, value] of [0x63696370, 144, 12, 0x63696370].entries()) profile.writeUInt32BE(value, 132 + at * 4);
    for (const [transfer, expected] of [
      [16, /^unsupportedImage: .*high dynamic range/],
      [13, /^sent$/],
    ] as const) {
      profile.set([9, transfer, 0, 1], 152);
      const chunk = pngChunk('iCCP', Buffer.concat([Buffer.from('x\0\0', 'latin1'), deflateSync(profile)]));
      assert.match(await refusal(pngOf({ ...plain, chunks: [chunk] })), expected);
    }
    const damaged = pngChunk('iCCP', Buffer.from('x\0\0no profile', 'latin1'));
    assert.equal(await refusal(pngOf({ ...plain, chunks: [damaged] })), 'sent');
  });
});

suite('of a PNG with a gamma of its own', () => {
  const plain = { ...size, colourType: RGB, bits: 8, samples: colourAt };
  const gamma = (value: number) => {
    const data = Buffer.alloc(4);
    data.writeUInt32BE(value);
    return pngChunk('gAMA', data);
  };

  test('that is far from that of screens, the light is sent that it stands for', async () => {
    const light = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    for (const exponent of [1, 0.2])
      for (const [colourType, alpha] of [
        [RGB, []],
        [RGB_ALPHA, [65_535]],
      ] as const) {
        const samples = (x: number, y: number) => [
          ...colourAt(x, y).map((value) => Math.round(light(value / 255) ** exponent * 65_535)),
          ...alpha,
        ];
        const file = pngOf({ ...size, colourType, bits: 16, samples, chunks: [gamma(exponent * 100_000)] });
        const wanted = (index: number) => COLOURS[index] ?? [0, 0, 0];
        for (const maxDimension of [0, WIDTH / 2])
          assert.ok(farthestOf(await decoded(await sent(file, { maxDimension })), wanted) <= TOLERANCE, `${exponent}, ${maxDimension}`);
      }
    const grey = pngOf({ ...size, colourType: GREY, bits: 8, samples: (x, y) => [greyAt(x, y)], chunks: [gamma(100_000)] });
    const brighter = [110, 175, 218, 248]; // the greys 40, 110, 180, 240 taken for light
    assert.ok(farthestOf(await decoded(await sent(grey)), (index) => Array(3).fill(brighter[index]) as unknown as Colour) <= TOLERANCE);
  });

  test('that is near that of screens, or goes behind something else, its very bytes are sent', async () => {
    for (const chunks of [[45_455], [50_000], [55_556]]
      .map(([value = 0]) => [gamma(value)])
      .concat([[gamma(100_000), pngChunk('sRGB', Uint8Array.of(0))]]))
      assert.deepEqual(await sent(pngOf({ ...plain, chunks })), pngOf({ ...plain, chunks }));
  });
});

suite('of a PNG nothing is sent that no decoder needs', () => {
  const secret = Buffer.from('Secret Words', 'latin1');
  const plain = { ...size, colourType: RGB, bits: 8, samples: colourAt };

  test('suggested palettes, frames of no animation, and what is unknown', async () => {
    const chunks = ['sPLT', 'hIST', 'bKGD', 'fcTL', 'fdAT', 'tEXt', 'prVt'].map((type) => pngChunk(type, secret));
    assert.deepEqual(await sent(pngOf({ ...plain, chunks, behind: [...chunks, pngChunk('acTL', secret)] })), pngOf(plain));
  });

  test('the name of a colour profile', async () => {
    const profile = deflateSync(Buffer.from('profile', 'latin1'));
    const named = (name: string) => pngChunk('iCCP', Buffer.concat([Buffer.from(`${name}\0\0`, 'latin1'), profile]));
    assert.deepEqual(await sent(pngOf({ ...plain, chunks: [named("Jane's Screen")] })), pngOf({ ...plain, chunks: [named('icc')] }));
    assert.deepEqual(await sent(pngOf({ ...plain, chunks: [pngChunk('iCCP', secret)] })), pngOf(plain), 'one without a name is none');
  });
});
