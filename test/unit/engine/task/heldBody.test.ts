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
import { ImagePreparer, type PreparedImage } from '../../../../src/engine/task/imagePreparer.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { fileSource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { taskRules } from '../../../fakes/plainNode.ts';
import { noisePng } from '../../../fixtures/images.ts';

suite('a file that was read to be made ready', () => {
  let folder: string;
  let path: string;
  /** Bytes read of files. */
  let read: number;
  let preparer: ImagePreparer;
  const file = Buffer.from(noisePng(100, 100));
  const other = Buffer.from(file).fill('B', 500, 520);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'held-'));
    path = join(folder, 'a.png');
    await writeFile(path, file);
    read = 0;
    const files: ImageFiles = {
      ...LOCAL_FILES,
      open: async () => {
        const source = await fileSource(path);
        return {
          ...source,
          async read(offset, length) {
            const bytes = await source.read(offset, length);
            read += bytes.length;
            return bytes;
          },
          async readInto(target, offset) {
            const count = (await source.readInto?.(target, offset)) ?? 0;
            read += count;
            return count;
          },
        };
      },
    };
    preparer = new ImagePreparer(files, { prepare }, taskRules({ maxDimension: 0 }));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const prepared = async (job = new Job()): Promise<PreparedImage> => {
    const image = await preparer.prepare(pathToFileURL(path).href, {}, job);
    read = 0;
    return image;
  };
  const isChanged = (error: unknown) => error instanceof InspectorError && /changed while it was being sent/.test(error.detail);
  /** Until the file system tells of it: its clock may be a coarse one. */
  const overwrite = async (bytes: Uint8Array) => {
    const { stamp } = await fileSource(path);
    do await writeFile(path, bytes);
    while ((await fileSource(path)).stamp === stamp);
  };

  test('goes out without being read again, whole or in pieces', async () => {
    const { body, image } = await prepared();
    assert.deepEqual(Buffer.from(await readWhole(body)), file);
    assert.deepEqual(Buffer.from(await body.read(file.length - 9, 100)), file.subarray(-9));
    assert.equal(read, 0);
    assert.equal(body.size, file.length);
    assert.equal(body.checkedSha256, image.bodySha256);
    assert.equal('held' in image, false);
  });

  test('is read again when it was touched, and goes out if it is the same', async () => {
    const { body } = await prepared();
    const { atime, mtimeMs } = await stat(path);
    await utimes(path, atime, new Date(mtimeMs + 5000));
    assert.deepEqual(Buffer.from(await readWhole(body)), file);
    assert.equal(read, file.length);
  });

  test('is refused when it has changed, and when it is gone', async () => {
    const { body } = await prepared();
    await overwrite(other);
    await assert.rejects(readWhole(body), isChanged);
    await overwrite(file);
    assert.deepEqual(Buffer.from(await readWhole(body)), file);
    await rm(path);
    await assert.rejects(readWhole(body), { code: 'ENOENT' });
    await writeFile(path, '');
  });

  test('that changes once it is going out stays what the user agreed to, to its end; the next attempt is refused', async () => {
    const { body } = await prepared();
    const pieces = [await body.read(0, 1000)];
    await overwrite(other);
    pieces.push(await body.read(1000, file.length));
    assert.deepEqual(Buffer.concat(pieces), file);
    await assert.rejects(body.read(0, 1000), isChanged);
    await assert.rejects(body.read(1000, 1000), isChanged);
  });

  test('is read again where a job would hold too much', async () => {
    const large = { ...(await prepare(await fileSource(path), { maxDimension: 0 })), held: new Uint8Array(25e6) };
    preparer = new ImagePreparer(LOCAL_FILES, { prepare: async () => large }, taskRules({ maxDimension: 0 }));
    const job = new Job();
    const isHeld = async (options: Parameters<ImagePreparer['prepare']>[1], of: Job) => {
      const { body } = await preparer.prepare(pathToFileURL(path).href, options, of);
      // What is held is nothing but zeros here.
      return (await body.read(0, 8)).every((byte) => byte === 0);
    };
    assert.equal(await isHeld({ maxDimension: 5000 }, job), true);
    assert.equal(await isHeld({ maxDimension: 6000 }, job), false);
    assert.equal(await isHeld({ maxDimension: 7000 }, new Job()), true);
  });
});
