import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { type ByteSource, fileSource, heldSource } from '../../../../src/imaging/reading/byteSource.ts';
import { fileHash } from '../../../../src/imaging/reading/fileHash.ts';

const isPosix = process.platform !== 'win32';
const hasMkfifo = isPosix && spawnSync('mkfifo', ['--version']).status === 0;

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sources-'));
});
after(() => rm(folder, { recursive: true }));

/** A file of nothing but zeros, of which it is noted how much is read. */
function zeros(size: number): ByteSource & { bytesRead: number } {
  return {
    size,
    bytesRead: 0,
    async read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      this.bytesRead += bytes.length;
      return bytes;
    },
  };
}

suite('what is no file is not opened', () => {
  test('a folder', () => assert.rejects(fileSource(folder), { reason: 'unreadableImage', detail: 'It is a folder.' }));

  test('a pipe', { skip: !hasMkfifo && 'mkfifo is not installed' }, async () => {
    const pipe = join(folder, 'pipe.png');
    execFileSync('mkfifo', [pipe]);
    await assert.rejects(fileSource(pipe), { reason: 'unreadableImage', detail: 'It is a pipe, a socket or a device.' });
  });

  test('a socket', { skip: !isPosix && 'sockets are no files here' }, async () => {
    const path = join(folder, 's.png');
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once('listening', resolve));
    await assert.rejects(fileSource(path), { reason: 'unreadableImage' });
    server.close();
  });

  test('a device', { skip: !isPosix && 'there are no devices' }, () =>
    assert.rejects(fileSource('/dev/zero'), { reason: 'unreadableImage' }),
  );
});

test('a file of more than 2 GB is refused before it is read', async () => {
  for (const size of [2_000_000_001, 8e12]) {
    const file = zeros(size);
    await assert.rejects(prepare(file, { maxDimension: 0 }), { reason: 'tooLarge' });
    await assert.rejects(fileHash(file), { reason: 'tooLarge' });
    assert.equal(file.bytesRead, 0);
  }
});

test('hashing ends when it is cancelled', async () => {
  const file = zeros(1.9e9);
  const cancelled = new AbortController();
  const read = file.read.bind(file);
  file.read = (offset, length) => {
    if (offset > 0) cancelled.abort(new Error('enough'));
    return read(offset, length);
  };
  await assert.rejects(fileHash(file, cancelled.signal), /enough/);
  assert.ok(file.bytesRead < 10e6);
});

suite('a source that is held', () => {
  const STEP = 1024 * 1024;
  const bytes = Uint8Array.from({ length: 3 * STEP + 7 }, (_, index) => index >> 12);
  /** Notes where it is read. */
  function noted(): ByteSource & { reads: number[] } {
    const reads: number[] = [];
    return {
      size: bytes.length,
      reads,
      async read(offset, length) {
        reads.push(offset);
        return bytes.slice(offset, offset + length);
      },
    };
  }

  test('is read once, a step ahead and no further, and tells its bytes in their order', async () => {
    const source = noted();
    const told: Uint8Array[] = [];
    const held = heldSource(source, (came) => told.push(came));
    assert.deepEqual(await held.read(10, 5), bytes.slice(10, 15));
    assert.deepEqual(source.reads, [0, STEP]);
    assert.deepEqual(await held.read(2 * STEP - 5, 10), bytes.slice(2 * STEP - 5, 2 * STEP + 5));
    assert.deepEqual(await held.read(0, 20), bytes.slice(0, 20));
    assert.deepEqual(source.reads, [0, STEP, 2 * STEP, 3 * STEP]);
    assert.deepEqual(await held.read(0, bytes.length), bytes);
    assert.deepEqual(await held.read(bytes.length, 10), new Uint8Array());
    assert.deepEqual(source.reads, [0, STEP, 2 * STEP, 3 * STEP]);
    assert.deepEqual(Buffer.concat(told), Buffer.from(bytes));
  });

  test('that goes away meanwhile rejects when that is asked for', async () => {
    const source = noted();
    const { read } = source;
    const gone = {
      ...source,
      read: (offset: number, length: number) => (offset > 0 ? Promise.reject(new Error('gone')) : read(offset, length)),
    };
    const held = heldSource(gone);
    assert.equal((await held.read(0, 10)).length, 10);
    assert.equal((await held.read(0, STEP)).length, STEP);
    await assert.rejects(held.read(STEP, 1), /gone/);
  });

  test('that becomes shorter gives what was there', async () => {
    const source = noted();
    const shorter = { ...source, read: async (offset: number, length: number) => bytes.slice(offset, Math.min(offset + length, STEP + 3)) };
    assert.equal((await heldSource(shorter).read(0, bytes.length)).length, STEP + 3);
  });
});
