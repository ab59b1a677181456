import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { type ByteSource, fileSource } from '../../../../src/imaging/reading/byteSource.ts';
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
