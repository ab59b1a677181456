/** Profiles that mean what an image without one means, and others. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isSrgb } from '../../../../src/imaging/colours/srgbProfile.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';

const sharp = await wasmSharp();
/** All levels of each channel, dark and light ones of the others beside them. */
const SIZE = 256;
const pixels = Buffer.alloc(SIZE * SIZE * 3, 0).map((_, at) => {
  const [x, y] = [Math.floor(at / 3) % SIZE, Math.floor(at / 3 / SIZE)];
  return [x, y, (x * 7 + y * 3) % 256][at % 3] as number;
});
const picture = () => sharp(pixels, { raw: { width: SIZE, height: SIZE, channels: 3 } });

/** Those of the pixel library. */
async function profileOf(name: 'srgb' | 'p3'): Promise<Uint8Array> {
  const { icc } = await sharp(await picture().withIccProfile(name).png().toBuffer()).metadata();
  assert.ok(icc !== undefined);
  return new Uint8Array(icc);
}

const srgb = await profileOf('srgb');

/** The profile with a tag's content changed. */
function withTag(name: string, change: (tag: DataView) => void): Uint8Array {
  const copy = new Uint8Array(srgb);
  const view = new DataView(copy.buffer);
  const at = Buffer.from(copy).indexOf(name, 128, 'latin1');
  assert.ok(at > 0);
  change(new DataView(copy.buffer, view.getUint32(at + 4)));
  return copy;
}

suite('sRGB by its profile', () => {
  test('known by its primaries and curves', () => assert.equal(isSrgb(srgb), true));

  test('other primaries are not', async () => {
    assert.equal(isSrgb(await profileOf('p3')), false);
    assert.equal(isSrgb(withTag('gXYZ', (tag) => tag.setInt32(8, tag.getInt32(8) + 40))), false, 'off by 0.0006');
  });

  test('another curve is not', () => {
    assert.equal(isSrgb(withTag('bTRC', (tag) => tag.setInt32(12, 2.2 * 65536))), false);
    const gamma = withTag('rTRC', (tag) => {
      tag.setUint32(0, 0x63757276); // curv
      tag.setUint32(8, 1);
      tag.setUint16(12, 2.2 * 256);
    });
    assert.equal(isSrgb(gamma), false);
  });

  test('nor is a profile that is cut, damaged, or none', () => {
    for (let length = 0; length < srgb.length - 4; length += 7) assert.equal(isSrgb(srgb.subarray(0, length)), false, `${length} bytes`);
    assert.equal(isSrgb(withTag('rXYZ', (tag) => tag.setInt32(8, 0))), false);
    assert.equal(isSrgb(new Uint8Array(1000).fill(255)), false);
    assert.equal(isSrgb(srgb.with(16, 0x47)), false, 'of another space of colors');
  });
});

test('the colors of a picture are kept to the level where its profile is sRGB, and converted where it is not', async () => {
  const farthest = async (name: 'srgb' | 'p3') => {
    // Turned on its side it has to be made anew.
    const file = await sharp(await picture().png().toBuffer())
      .withMetadata({ orientation: 2, icc: name })
      .png()
      .toBuffer();
    const stored = await sharp(file, { ignoreIcc: true }).flop().raw().toBuffer();
    const { body } = await prepare(memorySource(new Uint8Array(file)), { maxDimension: 0 });
    const sent = await sharp(body.pieces[0] as Uint8Array)
      .raw()
      .toBuffer();
    assert.equal(sent.length, stored.length);
    return sent.reduce((most, value, at) => Math.max(most, Math.abs(value - (stored[at] as number))), 0);
  };
  assert.equal(await farthest('srgb'), 0);
  assert.ok((await farthest('p3')) > 20);
});
