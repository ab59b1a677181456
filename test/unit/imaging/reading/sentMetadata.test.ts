import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';

/** A reader of metadata that nothing here is made with. */
const hasExiftool = spawnSync('exiftool', ['-ver']).status === 0;
/** Groups of tags that tell about people, places, times and devices. */
const TELLING = [
  '-EXIF:all',
  '-XMP:all',
  '-IPTC:all',
  '-GPS:all',
  '-MakerNotes:all',
  '-Photoshop:all',
  '-Comment',
  '-ThumbnailImage',
  '-PNG:Textual:all',
];

const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
after(() => worker.dispose());

/** What the reader finds in the files, by their names; nothing for files that tell nothing. */
function tagsIn(folder: string): Record<string, string[]> {
  const output = execFileSync('exiftool', ['-json', '-G', ...TELLING, folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const found: Record<string, unknown>[] = output === '' ? [] : JSON.parse(output);
  return Object.fromEntries(
    found.flatMap((tags) => {
      const names = Object.keys(tags).filter((name) => name !== 'SourceFile');
      return names.length === 0 ? [] : [[basename(String(tags.SourceFile)), names]];
    }),
  );
}

suite('another program finds no metadata in what is sent', { skip: !hasExiftool && 'exiftool is not installed' }, () => {
  const check = async (files: Record<string, Uint8Array>) => {
    const folder = await mkdtemp(join(tmpdir(), 'sent-'));
    try {
      for (const [name, file] of Object.entries(files)) {
        const source = memorySource(file);
        const { body, mimeType } = await worker.prepare(source, { maxDimension: 0 });
        await writeFile(join(folder, `${name}.${mimeType.slice(6)}`), await readWhole(bodySource(body, source)));
      }
      return tagsIn(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  test('of pictures that are full of it', async () => {
    const formats = ['jpeg', 'png', 'webp', 'webpLossless', 'tiff', 'avif'] as const;
    const files = await Promise.all(formats.map(async (format) => [format, await encoded(portrait(), { format, secrets: true })] as const));
    const folder = await mkdtemp(join(tmpdir(), 'told-'));
    for (const [name, file] of files) await writeFile(join(folder, `${name}.${name.replace('Lossless', '')}`), file);
    const told = tagsIn(folder);
    await rm(folder, { recursive: true });
    assert.equal(Object.keys(told).length, formats.length, 'it finds the metadata of the pictures themselves');
    assert.deepEqual(await check(Object.fromEntries(files)), {});
  });

  const corpus = process.env.IMAGE_INSPECTOR_CORPUS;

  test('of recorded images', { skip: corpus === undefined && 'IMAGE_INSPECTOR_CORPUS is not set' }, async () => {
    const paths = globSync(`${corpus}/images/{,formats/,exif-orientation/}*.*`);
    const files = await Promise.all(paths.map(async (path) => [basename(path), new Uint8Array(await readFile(path))] as const));
    assert.deepEqual(await check(Object.fromEntries(files)), {});
  });
});
