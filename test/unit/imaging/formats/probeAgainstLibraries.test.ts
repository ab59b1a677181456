import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { imageMeta } from 'image-meta';
import { probe } from '../../../../src/imaging/formats/probe.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { judgeProbe } from '../../../bench/judgeProbe.ts';

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;

/** Where a library gives another size than the one in which people see the picture, and why. */
const EXPLAINED: readonly [library: string, file: RegExp, why: string][] = [
  ['image-meta', /Landscape_[5-8]\.jpg$|flipped-(big|little)-endian\.jpg$/, 'gives the size as stored and the EXIF orientation beside it'],
  ['image-meta', /zPug_3\.heic$/, 'takes the first size in the file, which is not that of the primary picture'],
  ['sharp', /\.bmp$/, 'does not read bitmaps'],
];

test('the upright size of every recorded image is right, and where libraries say otherwise it is known why', {
  skip: corpus === undefined && 'IMAGE_INSPECTOR_CORPUS is not set',
}, async () => {
  const sharp = await wasmSharp();
  const rows: object[] = [];
  const open = new Set(EXPLAINED);
  for (const path of globSync(`${corpus}/images/{,formats/,exif-orientation/}*.*`).sort()) {
    const name = path.slice(`${corpus}/images/`.length);
    const bytes = new Uint8Array(await readFile(path));
    const { upright } = await probe(memorySource(bytes));
    const ours = `${upright.width} x ${upright.height}`;
    assert.equal((await judgeProbe(bytes)).wrong, undefined, name);
    const libraries: Record<string, () => Promise<{ width?: number | undefined; height?: number | undefined }>> = {
      sharp: async () => (await sharp(bytes).metadata()).autoOrient,
      'image-meta': async () => imageMeta(bytes),
    };
    for (const [library, read] of Object.entries(libraries)) {
      const theirs = await read().then(
        ({ width, height }) => `${width} x ${height}`,
        () => 'an error',
      );
      if (theirs === ours) continue;
      const explained = EXPLAINED.find(([of, file]) => of === library && file.test(name));
      rows.push({ name, library, ours, theirs, why: explained?.[2] });
      if (explained) open.delete(explained);
      assert.ok(explained, `${library} says ${theirs} of ${name}, not ${ours}`);
    }
  }
  console.table(rows);
  assert.deepEqual([...open], [], 'explanations of what no longer is');
});
