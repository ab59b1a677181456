import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import type { Metadata, Sharp } from 'sharp';
import { memorySource } from '../../src/imaging/byteSource.ts';
import { probe } from '../../src/imaging/probe.ts';
import { wasmSharp } from '../../src/imaging/sharpWasm.ts';
import type { Traits } from '../../src/imaging/traits.ts';
import { portrait } from '../fixtures/pictures.ts';

const sharp = await wasmSharp();
const traitsOf = async (file: Uint8Array) => (await probe(memorySource(file))).traits;

suite('the traits of an image', () => {
  const { width, height, rgb } = portrait();
  const opaque = () => sharp(rgb, { raw: { width, height, channels: 3 } });
  const clear = () => opaque().ensureAlpha(0.5);
  const made: Record<string, [image: Sharp, traits: Traits]> = {
    'a PNG': [opaque().png(), { hasAlpha: false, frames: 1, bitDepth: 8, colours: 'rgb' }],
    'a transparent PNG of 16 bits': [clear().toColourspace('rgb16').png(), { hasAlpha: true, frames: 1, bitDepth: 16, colours: 'rgb' }],
    'a grey PNG': [opaque().toColourspace('b-w').png(), { hasAlpha: false, frames: 1, bitDepth: 8, colours: 'grey' }],
    'a transparent PNG with a palette': [clear().png({ palette: true }), { hasAlpha: true, frames: 1, bitDepth: 8, colours: 'palette' }],
    'a JPEG': [opaque().jpeg(), { hasAlpha: false, frames: 1, bitDepth: 8, colours: 'rgb' }],
    'a grey JPEG': [opaque().toColourspace('b-w').jpeg(), { hasAlpha: false, frames: 1, bitDepth: 8, colours: 'grey' }],
    'a JPEG in CMYK': [opaque().toColourspace('cmyk').jpeg(), { hasAlpha: false, frames: 1, bitDepth: 8, colours: 'cmyk' }],
    'a WEBP': [opaque().webp(), { hasAlpha: false, frames: 1, bitDepth: 8, colours: 'rgb' }],
    'a transparent WEBP': [clear().webp(), { hasAlpha: true, frames: 1, bitDepth: 8, colours: 'rgb' }],
    'a transparent WEBP without loss': [clear().webp({ lossless: true }), { hasAlpha: true, frames: 1, bitDepth: 8, colours: 'rgb' }],
    'an AVIF': [opaque().avif(), { hasAlpha: false, bitDepth: 8, colours: 'rgb' }],
    'a transparent AVIF': [clear().avif(), { hasAlpha: true, bitDepth: 8, colours: 'rgb' }],
    'a GIF': [opaque().gif(), { bitDepth: 8, colours: 'palette' }],
    'a TIFF': [opaque().tiff(), { hasAlpha: false, bitDepth: 8, colours: 'rgb' }],
    'a transparent TIFF of 16 bits': [
      clear().toColourspace('rgb16').tiff({ compression: 'lzw' }),
      { hasAlpha: true, bitDepth: 16, colours: 'rgb' },
    ],
  };
  for (const [name, [image, traits]] of Object.entries(made))
    test(name, async () => assert.deepEqual(await traitsOf(new Uint8Array(await image.toBuffer())), traits));

  test('an animated WEBP does not say how many pictures there are', async () => {
    const frames = sharp(Buffer.concat([rgb, rgb.map((value) => 255 - value)]), {
      raw: { width, height: 2 * height, channels: 3, pageHeight: height },
    });
    assert.equal((await traitsOf(new Uint8Array(await frames.webp().toBuffer()))).frames, undefined);
  });
});

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;

test('of recorded images are those that a decoder finds', {
  skip: corpus === undefined && 'IMAGE_INSPECTOR_CORPUS is not set',
}, async () => {
  const depths: Partial<Record<NonNullable<Metadata['depth']>, number>> = { uchar: 8, ushort: 16 };
  for (const path of globSync(`${corpus}/images/{,formats/,exif-orientation/}*.{png,jpg,webp,tiff,gif,heic,heif}`)) {
    const file = new Uint8Array(await readFile(path));
    const { hasAlpha, bitDepth, colours } = await traitsOf(file);
    const metadata = await sharp(file).metadata();
    if (hasAlpha !== undefined) assert.equal(hasAlpha, metadata.hasAlpha, path);
    if (bitDepth !== undefined && colours !== 'palette' && bitDepth !== 10) assert.equal(bitDepth, depths[metadata.depth ?? 'uchar'], path);
    if (colours === 'cmyk') assert.equal(metadata.space, 'cmyk', path);
  }
});
