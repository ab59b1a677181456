import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { ImageFiles } from '../../../../src/engine/files/imageFiles.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { fileSource } from '../../../../src/imaging/reading/byteSource.ts';
import { taskRules } from '../../../fakes/plainNode.ts';
import { noisePng } from '../../../fixtures/images.ts';

suite('a file that was sent before', () => {
  let folder: string;
  let path: string;
  /** What a file system tells of the file, where it does not tell of a change. */
  let stamp: string | undefined;
  let made: number;
  let preparer: ImagePreparer;
  const first = Buffer.from(noisePng(60, 40));
  /** Of the same length: a checksum in the middle of its pixels is another. */
  const other = Buffer.from(first);
  other[first.length - 30] = (other[first.length - 30] ?? 0) ^ 1;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'known-'));
    path = join(folder, 'a.png');
    await writeFile(path, first);
    stamp = undefined;
    made = 0;
    const files: ImageFiles = {
      ...LOCAL_FILES,
      open: async () => {
        const source = await fileSource(path);
        return stamp === undefined ? source : { ...source, stamp };
      },
    };
    const worker = {
      prepare: (...args: Parameters<typeof prepare>) => {
        made += 1;
        return prepare(...args);
      },
    };
    preparer = new ImagePreparer(files, worker, taskRules({ maxDimension: 0 }));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const prepared = (options: Parameters<ImagePreparer['prepare']>[1] = {}) =>
    preparer.prepare(pathToFileURL(path).href, options, new Job());
  const sent = async (image: Awaited<ReturnType<typeof prepared>>) => Buffer.from(await image.body.read(0, image.body.size));

  test('is not looked through again, and goes out as it is', async () => {
    const before = await prepared();
    const again = await prepared();
    assert.equal(made, 1);
    assert.deepEqual(again.image, before.image);
    assert.deepEqual(await sent(again), first);
    await prepared({ maxDimension: 30 });
    assert.equal(made, 2);
    await prepared({ maxDimension: 30 });
    assert.equal(made, 3, 'pixels of our own are not kept');
  });

  test('is looked through again when it was touched', async () => {
    await prepared();
    const { atime, mtimeMs } = await stat(path);
    await utimes(path, atime, new Date(mtimeMs + 5000));
    await prepared();
    assert.equal(made, 2);
  });

  test('that has changed unnoticed is refused while it goes out, and then looked through again', async () => {
    stamp = 'as ever';
    await prepared();
    const image = await prepared();
    await writeFile(path, other);
    await assert.rejects(sent(image), (error) => error instanceof InspectorError && error.reason === 'unreadableImage');
    assert.equal(made, 1);
    // It is damaged, which only those see who look.
    await assert.rejects(prepared(), (error) => error instanceof InspectorError && error.reason === 'unreadableImage');
    assert.equal(made, 2);
  });
});
