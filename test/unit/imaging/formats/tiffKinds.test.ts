import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { COLOURS, type Colour, colourAt, farthest, GREYS, greyAt, HEIGHT, quarter, WIDTH } from '../../../fixtures/quarters.ts';
import { type TiffLayout, tiff } from '../../../fixtures/tiffs.ts';

/** Of 255: what rounding costs. */
const ROUNDING = 2;

const [PLAIN, LZW, DEFLATE, OLD_DEFLATE, PACK_BITS] = [1, 5, 8, 32946, 32773];
const [WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, MASK, CMYK, YCBCR, CIELAB] = [0, 1, 2, 3, 4, 5, 6, 8];

const size = { width: WIDTH, height: HEIGHT };
const grey = (value: number): Colour => [value, value, value];
const greyOf = (index: number) => GREYS[index] ?? 0;
const colourOf = (index: number) => COLOURS[index] ?? [0, 0, 0];

async function sent(file: Uint8Array): Promise<Uint8Array> {
  const source = memorySource(file);
  return readWhole(bodySource((await prepare(source, { maxDimension: 0 })).body, source));
}

/** `right` if what would be sent looks as wanted, the words of the refusal if it is refused by name, else what is wrong. */
async function outcome(file: Uint8Array, wanted: (index: number) => Colour): Promise<string> {
  try {
    const off = await farthest(await sent(file), wanted);
    return off <= ROUNDING ? 'right' : `wrong by ${off}`;
  } catch (error) {
    if (error instanceof InspectorError && error.reason === 'unsupportedImage') return `refused: ${error.message}`;
    return `failed: ${error instanceof InspectorError ? `${error.message} ${error.detail} ${error.cause}` : error}`;
  }
}

/** A picture in grey or colours in a way of storing it, and what of it can be seen at that depth. */
function stored(layout: Omit<TiffLayout, 'width' | 'height' | 'samples'>): { file: Uint8Array; wanted: (index: number) => Colour } {
  const { bits, format = 1, photometric } = layout;
  const most = 2 ** bits - 1;
  const sample = (value: number): number => {
    if (format === 3) return value / 255;
    const whole = Math.round((value / 255) * most);
    return format === 2 ? (whole + 2 ** (bits - 1)) % 2 ** bits : photometric === WHITE_IS_ZERO ? most - whole : whole;
  };
  const shown = (value: number) => Math.round((Math.round((value / 255) * most) / most) * 255);
  const isColour = photometric === RGB;
  const file = tiff({
    ...layout,
    ...size,
    rowsPerStrip: 10,
    samples: (x, y) => (isColour ? colourAt(x, y).map(sample) : [sample(greyAt(x, y))]),
  });
  const seen = (index: number): Colour => (isColour ? colourOf(index) : grey(greyOf(index))).map(shown) as unknown as Colour;
  return { file, wanted: seen };
}

suite('a TIFF is sent as other programs show it, or refused by name', () => {
  for (const photometric of [WHITE_IS_ZERO, BLACK_IS_ZERO, RGB])
    test(`of photometric ${photometric}, in every depth, kind of number, compression, predictor, in planes and in tiles`, async () => {
      const outcomes: string[] = [];
      for (const [bits, format] of [
        ...[1, 2, 4, 8, 12, 16, 24, 32].map((each) => [each, 1]),
        ...[8, 16, 32].map((each) => [each, 2]),
        ...[16, 32, 64].map((each) => [each, 3]),
      ] as [number, number][])
        for (const compression of [PLAIN, LZW, DEFLATE, OLD_DEFLATE, PACK_BITS])
          for (const predictor of [undefined, 2])
            for (const tile of [undefined, 16])
              for (const planes of photometric === RGB ? [false, true] : [false]) {
                const layout = {
                  photometric,
                  bits,
                  format,
                  compression,
                  planes,
                  ...(tile === undefined ? {} : { tile }),
                  ...(predictor === undefined ? {} : { predictor }),
                };
                const { file, wanted } = stored(layout);
                const result = await outcome(file, wanted);
                assert.match(result, /^(?:right|refused: )/, JSON.stringify(layout));
                const mustBeRight =
                  format === 1 &&
                  [8, 16].includes(bits) &&
                  !(planes && tile) &&
                  !(predictor === 2 && [PLAIN, PACK_BITS].includes(compression));
                if (mustBeRight) assert.equal(result, 'right', JSON.stringify(layout));
                outcomes.push(result);
              }
      assert.ok(outcomes.some((result) => /floating point/.test(result)) && outcomes.some((result) => /sign/.test(result)));
    });

  test('with a palette of any depth, its colours in 16 bits or in 8', async () => {
    for (const bits of [1, 2, 4, 8, 16])
      for (const scale of [257, 256, 1])
        for (const tile of [undefined, 16]) {
          const count = 2 ** bits;
          const palette = Array<number>(3 * count).fill(0);
          for (const [index, colour] of COLOURS.slice(0, count).entries())
            for (const [channel, value] of colour.entries()) palette[channel * count + index] = value * scale;
          const tags = { 320: bits === 16 ? palette.slice(0, 3) : palette };
          const samples = (x: number, y: number) => [quarter(x, y) % count];
          const file = tiff({ ...size, bits, photometric: PALETTE, tags, samples, ...(tile === undefined ? {} : { tile }) });
          const result = await outcome(file, (index) => colourOf(index % count));
          assert.match(result, bits === 16 ? /^refused: .*16 bits/ : /^right$/, `${bits} bits, ${scale}, ${tile}`);
        }
  });

  test('with alpha of either kind; with samples that nobody explains it is refused', async () => {
    const alpha = 128;
    const most = (bits: number) => 2 ** bits - 1;
    for (const bits of [8, 16])
      for (const photometric of [WHITE_IS_ZERO, BLACK_IS_ZERO, RGB])
        for (const count of [1, 2])
          for (const meaning of [undefined, 0, 1, 2])
            for (const planes of [false, true]) {
              const sample = (value: number) => {
                const light = Math.round((value / 255) * most(bits) * (meaning === 1 ? alpha / 255 : 1));
                return photometric === WHITE_IS_ZERO ? most(bits) - light : light;
              };
              const samples = (x: number, y: number) => [
                ...(photometric === RGB ? colourAt(x, y) : [greyAt(x, y)]).map(sample),
                ...Array<number>(count).fill(Math.round((alpha / 255) * most(bits))),
              ];
              const tags: Record<number, number[]> = meaning === undefined ? {} : { 338: Array<number>(count).fill(meaning) };
              const onWhite = (value: number) => Math.round((value * alpha) / 255 + 255 - alpha);
              const file = tiff({ ...size, bits, photometric, planes, tags, samples });
              const result = await outcome(
                file,
                (index) => (photometric === RGB ? colourOf(index) : grey(greyOf(index))).map(onWhite) as unknown as Colour,
              );
              const isExplained = count === 1 && (meaning === 1 || meaning === 2);
              const isMixedUp = planes && photometric !== RGB;
              const expected = !isExplained ? /^refused: .*samples a pixel/ : isMixedUp ? /^refused: .*a plane for each color/ : /^right$/;
              assert.match(result, expected, `${bits}, ${photometric}, ${count} of ${meaning}`);
            }
  });

  test('in CMYK of 8 bits without a profile: each ink takes away its share of light', async () => {
    const inks = (x: number, y: number): number[] => {
      const colour = colourAt(x, y);
      const light = Math.max(...colour);
      return [...colour.map((value) => Math.round((1 - value / light) * 255)), 255 - light];
    };
    for (const planes of [false, true])
      for (const orientation of [1, 3]) {
        const samples = (x: number, y: number) => (orientation === 1 ? inks(x, y) : inks(WIDTH - 1 - x, HEIGHT - 1 - y));
        const file = tiff({ ...size, bits: 8, photometric: CMYK, planes, orientation, samples });
        assert.equal(await outcome(file, colourOf), 'right');
      }
    const deep = tiff({ ...size, bits: 16, photometric: CMYK, samples: (x, y) => inks(x, y).map((ink) => ink * 257) });
    assert.match(await outcome(deep, colourOf), /^refused: .*16 bits/);
    const others = tiff({ ...size, bits: 8, photometric: CMYK, tags: { 332: [2] }, samples: inks });
    assert.match(await outcome(others, colourOf), /^refused: /);
  });

  test('with strips of any height, of larger pictures of many colours, every pixel of it', async () => {
    const sharp = await wasmSharp();
    const [width, height] = [120, 90];
    for (const count of [1, 3, 4])
      for (const bits of [8, 16])
        for (const rowsPerStrip of [1, 3, 16, 17, height - 1, height, height + 5])
          for (const planes of count === 1 ? [false] : [false, true]) {
            const values = (x: number, y: number) =>
              Array.from({ length: count }, (_, sample) => (x * 7 + y * 13 + sample * 50 + ((x * y) >> 3)) % 251);
            const samples = (x: number, y: number) => values(x, y).map((value) => (bits === 16 ? value * 257 : value));
            const tags: Record<number, number[]> = count === 4 ? { 338: [2] } : {};
            const file = tiff({ width, height, bits, photometric: count === 1 ? BLACK_IS_ZERO : RGB, planes, rowsPerStrip, tags, samples });
            const data = await sharp(await sent(file))
              .toColourspace(count === 1 ? 'b-w' : 'srgb')
              .raw({ depth: 'uchar' })
              .toBuffer();
            const wrong = data.filter(
              (value, at) => value !== values(Math.floor(at / count) % width, Math.floor(at / count / width))[at % count],
            );
            assert.deepEqual(
              [data.length, wrong.length],
              [width * height * count, 0],
              `${count} of ${bits}, ${rowsPerStrip} rows, ${planes}`,
            );
          }
  });

  test('turned in any way, in planes and in tiles', async () => {
    const places: Readonly<Record<number, (x: number, y: number) => [number, number]>> = {
      1: (x, y) => [x, y],
      2: (x, y) => [WIDTH - 1 - x, y],
      3: (x, y) => [WIDTH - 1 - x, HEIGHT - 1 - y],
      4: (x, y) => [x, HEIGHT - 1 - y],
      5: (x, y) => [y, x],
      6: (x, y) => [WIDTH - 1 - y, x],
      7: (x, y) => [WIDTH - 1 - y, HEIGHT - 1 - x],
      8: (x, y) => [y, HEIGHT - 1 - x],
    };
    for (const [orientation, place] of Object.entries(places))
      for (const way of [{}, { tile: 16 }, { planes: true }]) {
        const turned = Number(orientation) >= 5 ? { width: HEIGHT, height: WIDTH } : size;
        const file = tiff({
          ...turned,
          ...way,
          bits: 8,
          photometric: RGB,
          orientation: Number(orientation),
          samples: (x, y) => colourAt(...place(x, y)),
        });
        assert.equal(await outcome(file, colourOf), 'right', `${orientation} ${JSON.stringify(way)}`);
      }
  });

  test('of either order of bytes and bits, and as BigTIFF', async () => {
    for (const littleEndian of [true, false])
      for (const big of [false, true])
        for (const bits of [8, 16])
          for (const fillOrder of [1, 2]) {
            const { file, wanted } = stored({ photometric: RGB, bits, littleEndian, big, fillOrder });
            assert.equal(await outcome(file, wanted), 'right', `${littleEndian}, ${big}, ${bits}, ${fillOrder}`);
          }
  });

  test('in colours that the decoder makes others of', async () => {
    for (const [photometric, what] of [
      [YCBCR, /YCbCr/],
      [CIELAB, /CIELab/],
      [9, /ICCLab/],
      [10, /ITULab/],
      [32803, /CFA/],
      [34892, /LinearRaw/],
    ] as const) {
      const file = tiff({ ...size, bits: 8, photometric, samples: colourAt });
      assert.match(await outcome(file, colourOf), what);
    }
    const mask = tiff({ ...size, bits: 1, photometric: MASK, samples: (x, y) => [quarter(x, y) % 2] });
    assert.match(await outcome(mask, colourOf), /^refused: .*mask/);
    const maskOfAnother = tiff({ ...size, bits: 8, photometric: RGB, tags: { 254: [4] }, samples: colourAt });
    assert.match(await outcome(maskOfAnother, colourOf), /^refused: .*mask/);
  });

  test('compressed in ways that are not decoded, by their names', async () => {
    for (const [compression, name] of [
      [6, 'old JPEG'],
      [34661, 'JBIG'],
      [34712, 'JPEG 2000'],
      [34887, 'LERC'],
      [34925, 'LZMA'],
      [50000, 'Zstandard'],
      [50001, 'WebP'],
      [50002, 'JPEG XL'],
      [32809, '32809'],
      [32909, '32909'],
    ] as const) {
      const { file, wanted } = stored({ photometric: RGB, bits: 8, compression });
      assert.match(await outcome(file, wanted), new RegExp(`^refused: .*its compression is ${name}`));
    }
  });

  test('a real lossy WebP within it, which the decoder makes black, is refused', async () => {
    const sharp = await wasmSharp();
    const rgb = Uint8Array.from(Array.from({ length: WIDTH * HEIGHT }, (_, at) => colourAt(at % WIDTH, Math.floor(at / WIDTH))).flat());
    const webp = new Uint8Array(
      await sharp(rgb, { raw: { ...size, channels: 3 } })
        .webp()
        .toBuffer(),
    );
    const file = tiff({ ...size, bits: 8, photometric: RGB, compression: 50001, samples: colourAt, block: webp });
    assert.match(await outcome(file, colourOf), /^refused: .*WebP/);
  });

  test('as JPEG, in colours and in grey', async () => {
    const sharp = await wasmSharp();
    const rgb = Uint8Array.from(Array.from({ length: WIDTH * HEIGHT }, (_, at) => colourAt(at % WIDTH, Math.floor(at / WIDTH))).flat());
    const picture = () => sharp(rgb, { raw: { ...size, channels: 3 } });
    for (const tile of [false, true]) {
      const options = { compression: 'jpeg', quality: 100, tile, tileWidth: 16, tileHeight: 16 } as const;
      const file = new Uint8Array(await picture().tiff(options).toBuffer());
      const off = await farthest(await sent(file), colourOf);
      assert.ok(off <= 6, String(off));
      const greys = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => greyAt(at % WIDTH, Math.floor(at / WIDTH)));
      const greyPicture = sharp(greys, { raw: { ...size, channels: 1 } }).toColourspace('b-w');
      const greyFile = new Uint8Array(await greyPicture.tiff(options).toBuffer());
      assert.ok((await farthest(await sent(greyFile), (index) => grey(greyOf(index)))) <= 6, 'grey');
    }
  });

  test('as a fax of each group', async () => {
    const sharp = await wasmSharp();
    const dots = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => (quarter(at % WIDTH, Math.floor(at / WIDTH)) % 2) * 255);
    const group4 = new Uint8Array(
      await sharp(dots, { raw: { ...size, channels: 1 } })
        .toColourspace('b-w')
        .tiff({ compression: 'ccittfax4', bitdepth: 1 })
        .toBuffer(),
    );
    const dotOf = (index: number) => grey((index % 2) * 255);
    assert.equal(await outcome(group4, dotOf), 'right');
    // A row of 24 black dots and 24 white ones (ITU T.4, tables 2 and 3): no white, 24 black, 24 white.
    const row = '00110101' + '00000010111' + '0101000';
    const whole = (bits: string) => bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
    const bytes = (bits: string) => Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
    for (const [compression, block] of [
      [2, bytes(whole(row).repeat(HEIGHT))],
      [3, bytes(whole(`000000000001${row}`.repeat(HEIGHT)))],
    ] as const) {
      const file = tiff({ ...size, bits: 1, photometric: WHITE_IS_ZERO, compression, block, samples: () => [0] });
      assert.equal(await outcome(file, dotOf), 'right', `group of ${compression}`);
    }
    const plain = tiff({ ...size, bits: 1, photometric: WHITE_IS_ZERO, compression: 3, tags: { 292: [2] }, samples: () => [0] });
    assert.match(await outcome(plain, dotOf), /^refused: /);
  });

  test('a raw photo, whose first picture is a small copy of it', async () => {
    const file = tiff({ ...size, bits: 8, photometric: RGB, tags: { 254: [1] }, samples: colourAt });
    assert.equal(await outcome(file, colourOf), 'right', 'the only picture is the picture');
    const view = new DataView(file.buffer);
    const nextAt = 10 + view.getUint16(8, true) * 12;
    view.setUint32(nextAt, 8, true);
    assert.match(await outcome(file, colourOf), /^refused: .*preview/);
  });

  test('a profile of high dynamic range', async () => {
    const profile = new Uint8Array(156);
    const view = new DataView(profile.buffer);
    view.setUint32(0, profile.length);
    view.setUint32(128, 1);
    for (const [at, value] of [0x63696370, 144, 12].entries()) view.setUint32(132 + at * 4, value);
    view.setUint32(144, 0x63696370);
    for (const [transfer, isHdr] of [
      [16, true],
      [18, true],
      [13, false],
    ] as const) {
      profile.set([9, transfer, 0, 1], 152);
      const file = tiff({
        ...size,
        bits: 16,
        photometric: RGB,
        samples: (x, y) => colourAt(x, y).map((value) => value * 257),
        blobs: { 34675: profile },
      });
      assert.equal(/dynamic range/.test(await outcome(file, colourOf)), isHdr, `transfer ${transfer}`);
    }
  });
});
