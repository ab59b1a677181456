import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { PrepareOptions } from '../../../../src/imaging/formats/prepared.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { view } from '../../../../src/imaging/pixels/view.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { blockJpeg, type JpegLayout, segment } from '../../../fixtures/jpegs.ts';
import { COLOURS, type Colour, colourAt, farthest, GREYS, greyAt, HEIGHT, WIDTH } from '../../../fixtures/quarters.ts';

/** Of 255: what encoding as JPEG once more costs. */
const TOLERANCE = 4;

const size = { width: WIDTH, height: HEIGHT };
const greyOf = (index: number): Colour => [GREYS[index] ?? 0, GREYS[index] ?? 0, GREYS[index] ?? 0];
const colourOf = (index: number): Colour => COLOURS[index] ?? [0, 0, 0];
const greyJpeg = (layout: Partial<JpegLayout> = {}) => blockJpeg({ ...size, jfif: true, samples: (x, y) => [greyAt(x, y)], ...layout });

async function sent(file: Uint8Array, options: PrepareOptions = { maxDimension: 0 }): Promise<Uint8Array> {
  const source = memorySource(file);
  return readWhole(bodySource((await prepare(source, options)).body, source));
}

/** The words of a refusal. */
async function refusal(file: Uint8Array): Promise<string> {
  return sent(file).then(
    () => 'sent',
    (error: unknown) => (error instanceof InspectorError ? `${error.reason}: ${error.message} ${error.detail}` : String(error)),
  );
}

/** Decoded without a single complaint, however small. */
async function assertSound(file: Uint8Array, name: string): Promise<void> {
  const sharp = await wasmSharp();
  await assert.doesNotReject(sharp(file, { failOn: 'warning' }).raw().toBuffer(), name);
  assert.deepEqual([...file.subarray(-2)], [0xff, 0xd9], name);
}

/** The file with bytes put in before the first segment of a kind. */
function withBytes(file: Uint8Array, marker: number, bytes: ArrayLike<number>): Uint8Array {
  const at = Buffer.from(file).indexOf(Buffer.from([0xff, marker]));
  return new Uint8Array(Buffer.concat([file.subarray(0, at), Uint8Array.from(Array.from(bytes)), file.subarray(at)]));
}

suite('a JPEG that breaks rules which decoders forgive is sent as the picture that they show, mended', () => {
  const clean = greyJpeg();
  const comment = [...segment(0xfe, Buffer.from('Secret Words'))];
  const cases: Record<string, Uint8Array> = {
    'stray bytes between two segments': withBytes(clean, 0xdb, [1, 2, 3, 4, 5]),
    'stray bytes before the scan': withBytes(clean, 0xda, [0xff, 0, 7]),
    'more stray bytes than are read at a time': withBytes(clean, 0xc0, new Uint8Array(10_000)),
    'a segment one byte longer than it says': withBytes(clean, 0xdb, [...comment, 0x21]),
    'a comment whose length is none': withBytes(clean, 0xdb, [0xff, 0xfe, 0, 0]),
    'a restart between two segments': withBytes(clean, 0xc4, [0xff, 0xd3]),
    'no end': clean.subarray(0, -2),
    'half of the end': clean.subarray(0, -1),
    'no end, and progressive': greyJpeg({ frame: 0xc2 }).subarray(0, -2),
    'no end, and zeros in its place': new Uint8Array([...clean.subarray(0, -2), ...new Uint8Array(500)]),
    'stray bytes and no end': withBytes(clean, 0xdb, [1, 2, 3]).subarray(0, -2),
  };
  for (const [name, file] of Object.entries(cases))
    test(name, async () => {
      const body = await sent(file);
      await assertSound(body, name);
      assert.ok((await farthest(body, greyOf)) === 0, 'its very pixels');
      assert.ok(!Buffer.from(body).includes('Secret'));
      assert.deepEqual(await view(memorySource(file)), {});
      const small = await sent(file, { maxDimension: 24 });
      assert.ok((await farthest(small, greyOf)) <= TOLERANCE, 'made smaller');
    });

  test('and upright, where that is not how it is stored', async () => {
    const exif = Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0', 'latin1');
    const turned = greyJpeg({ segments: [segment(0xe1, exif)], samples: (x, y) => [greyAt(WIDTH - 1 - x, HEIGHT - 1 - y)] });
    for (const file of [turned, withBytes(turned, 0xdb, [9, 9]), turned.subarray(0, -2)])
      assert.ok((await farthest(await sent(file), greyOf)) <= TOLERANCE);
  });

  test('fill bytes before a marker break no rule', async () => {
    assert.deepEqual(await sent(withBytes(clean, 0xdb, [0xff, 0xff, 0xff])), clean);
  });

  test('but not one of which pixels are missing', async () => {
    const progressive = greyJpeg({ frame: 0xc2 });
    const tall = greyJpeg({ width: 400, height: 800, samples: (x, y) => [(x * 7 + y * 5) % 256] });
    const lastScan = Buffer.from(progressive).lastIndexOf(Buffer.from([0xff, 0xda]));
    for (const [name, file] of Object.entries({
      'cut in the scan': clean.subarray(0, -6),
      'cut shortly before its end': tall.subarray(0, -40),
      'cut shortly before its end, and an end behind it': withBytes(
        new Uint8Array([...tall.subarray(0, -40), 0xff, 0xd9]),
        0xdb,
        [1],
      ).subarray(0, -2),
      'cut in the scan, with stray bytes': withBytes(clean, 0xdb, [1, 2]).subarray(0, -6),
      'cut before the last pass': progressive.subarray(0, lastScan),
      'cut in a segment': clean.subarray(0, Buffer.from(clean).indexOf(Buffer.from([0xff, 0xc4])) + 8),
    })) {
      assert.match(await refusal(file), /^unreadableImage: .*incomplete/, name);
      assert.deepEqual(await view(memorySource(file)), { problem: 'truncated' }, name);
    }
    const twice = withBytes(clean, 0xdb, [0xff, 0xd8]);
    assert.match(await refusal(twice), /^unreadableImage: /);
  });
});

suite('a JPEG of a kind of its own', () => {
  for (const [name, layout, words] of [
    ['without loss', { frame: 0xc3 }, /lossless JPEG/],
    ['hierarchical', { frame: 0xc5 }, /hierarchical JPEG/],
    ['in arithmetic codes', { frame: 0xc9 }, /arithmetic JPEG/],
    ['in arithmetic codes, progressive', { frame: 0xca }, /arithmetic JPEG/],
    ['of 12 bits', { frame: 0xc1, precision: 12 }, /12 bits a sample/],
    ['of two colours', { samples: () => [1, 2] }, /2 samples a pixel/],
  ] as const)
    test(`${name} is refused by name`, async () => {
      assert.match(await refusal(greyJpeg(layout)), new RegExp(`^unsupportedImage: .*${words.source}`));
    });

  test('in colours that are stored as they are comes out right, and in the usual way', async () => {
    for (const layout of [{ adobe: 0 }, { names: [...Buffer.from('RGB')] }]) {
      const body = await sent(blockJpeg({ ...size, samples: colourAt, ...layout }));
      assert.ok((await farthest(body, colourOf)) <= TOLERANCE, JSON.stringify(layout));
      assert.ok(!Buffer.from(body).includes('Adobe'));
    }
  });

  test('of four inks comes out right, as three colours', async () => {
    // Light in place of ink: the other way round, as Adobe stores them.
    const light = (x: number, y: number): number[] => {
      const most = Math.max(...colourAt(x, y));
      return [...colourAt(x, y).map((value) => Math.round((value / most) * 255)), most];
    };
    const asYcck = (x: number, y: number): number[] => {
      // What its three colours are made from is the other way round once more.
      const [red = 0, green = 0, blue = 0, rest = 0] = light(x, y).map((value, index) => (index < 3 ? 255 - value : value));
      const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
      return [luma, 128 + (blue - luma) / 1.772, 128 + (red - luma) / 1.402, rest].map((value) =>
        Math.min(255, Math.max(0, Math.round(value))),
      );
    };
    for (const layout of [{ samples: light, adobe: 0 }, { samples: light }, { samples: asYcck, adobe: 2 }]) {
      const body = await sent(blockJpeg({ ...size, ...layout }));
      assert.ok((await farthest(body, colourOf)) <= TOLERANCE, JSON.stringify(layout));
      const sharp = await wasmSharp();
      assert.equal((await sharp(body).metadata()).channels, 3);
    }
  });

  test('in high dynamic range is refused by name', async () => {
    const profile = Buffer.alloc(156);
    profile.writeUInt32BE(1, 128);
    for (const [at, value] of [0x63696370, 144, 12, 0x63696370].entries()) profile.writeUInt32BE(value, 132 + at * 4);
    profile.set([9, 16, 0, 1], 152);
    const part = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile]);
    assert.match(await refusal(greyJpeg({ segments: [segment(0xe2, part)] })), /^unsupportedImage: .*high dynamic range/);
  });

  test('that would keep decoders busy with passes over it is refused at once', async () => {
    const file = blockJpeg({ width: 8000, height: 8000, frame: 0xc2, levels: 1, samples: () => [128] });
    assert.ok(file.length < 600_000);
    assert.match(await refusal(file), /^unsupportedImage: .*passes/);
    const small = blockJpeg({ ...size, frame: 0xc2, levels: 3, samples: (x, y) => [greyAt(x, y)] });
    assert.equal(await farthest(await sent(small), greyOf), 0, 'as many of a small one are no harm');
  });
});

test('of a JPEG nothing is sent that no decoder needs', async () => {
  const clean = blockJpeg({ ...size, adobe: 1, samples: (x, y) => [greyAt(x, y), 128, 128] });
  const secret = Buffer.from('Secret Words');
  const talkative = [0xe0, 0xe2, 0xe5, 0xed, 0xef, 0xf0, 0xf7, 0xfd, 0xfe].map((marker) => segment(marker, secret));
  const adobe = Buffer.concat([Buffer.from('Adobe', 'latin1'), Buffer.from([0, 100, 0, 0, 0, 0, 1]), secret]);
  const file = new Uint8Array(Buffer.concat([clean.subarray(0, 2), ...talkative, segment(0xee, adobe), clean.subarray(18), secret]));
  assert.deepEqual(await sent(file), clean);
});
