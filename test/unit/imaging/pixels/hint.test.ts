import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { hintOf, hintOfGrey } from '../../../../src/imaging/pixels/hint.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { fileSource, memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';
import { PROJECT } from '../../../tools/project.ts';

const samples = globSync('{test/fixtures/samples,media/sample}/*.png', { cwd: PROJECT }).map((path) => join(PROJECT, path));

/** The picture with each point spread over `radius` pixels of a copy of 512 pixels. */
async function blurred(path: string, radius: number): Promise<Uint8Array> {
  const sharp = await wasmSharp();
  const small = await sharp(await readFile(path))
    .resize(512)
    .png()
    .toBuffer();
  return new Uint8Array(await sharp(small).blur(radius).png().toBuffer());
}

suite('a hint', () => {
  test('is not given for pictures that are sharp', async () => {
    assert.ok(samples.length >= 3);
    for (const path of samples) assert.equal(await hintOf(await fileSource(path)), undefined, path);
    assert.equal(await hintOf(memorySource(await encoded(portrait(), { format: 'jpeg' }))), undefined);
  });

  test('is given for the same pictures out of focus', async () => {
    for (const path of samples)
      for (const radius of [3, 8]) assert.equal(await hintOf(memorySource(await blurred(path, radius))), 'blurred', path);
  });

  test('is given for a picture of nothing, not for a page with one line of text', () => {
    const size = { width: 512, height: 400 };
    const page = new Uint8Array(size.width * size.height).fill(250);
    assert.equal(hintOfGrey(page, size), 'blank');
    for (let x = 50; x < 300; x += 3) page.fill(20, 512 * 30 + x, 512 * 30 + x + 2);
    for (let x = 51; x < 300; x += 5) page.fill(20, 512 * 33 + x, 512 * 33 + x + 2);
    assert.equal(hintOfGrey(page, size), undefined);
  });

  test('is not given for what is too small to tell', async () => {
    assert.equal(hintOfGrey(new Uint8Array(63 * 400), { width: 63, height: 400 }), undefined);
  });
});

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;

test('recorded photos are sharp', { skip: corpus === undefined && 'IMAGE_INSPECTOR_CORPUS is not set' }, async () => {
  for (const path of globSync(`${corpus}/images/{,exif-orientation/}*.{jpg,png}`))
    assert.equal(await hintOf(await fileSource(path)), undefined, path);
});
