import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { Spool } from '../../../../src/engine/export/spool.ts';

suite('what is kept until the end of an export', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spool-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const lines = (count: number) => Array.from({ length: count }, (_, place) => `${place} 猫 ${'x'.repeat(place % 90)}\n`);
  const filled = async (texts: readonly string[]) => {
    const spool = new Spool(folder);
    for (const text of texts) await spool.add(text);
    return spool;
  };

  for (const [size, count] of [
    ['nothing', 0],
    ['a little', 100],
    ['more than is held', 100_000],
  ] as const) {
    test(`${size}: it is in its file at the end`, async () => {
      const texts = lines(count);
      const spool = await filled(texts);
      await spool.close();
      assert.equal(await readFile(spool.path, 'utf8'), texts.join(''));
    });

    test(`${size}: all of it and a part of it are copied behind what another has`, async () => {
      const texts = lines(count);
      const bytes = Buffer.from(texts.join(''));
      const start = Buffer.byteLength(texts.slice(0, 7).join(''));
      const length = Buffer.byteLength(texts.slice(7, count - 9).join(''));
      const source = await filled(texts);
      const target = await filled(['before ']);
      // Two are made of one at the same time.
      const other = await filled([]);
      await Promise.all([source.copyTo(target), source.copyTo(other, start, length)]);
      await target.add(' between ');
      await source.copyTo(target, start, length);
      await Promise.all([target.close(), other.close()]);
      const part = bytes.subarray(start, start + length);
      assert.ok((await readFile(other.path)).equals(part));
      assert.ok((await readFile(target.path)).equals(Buffer.concat([Buffer.from('before '), bytes, Buffer.from(' between '), part])));
    });

    test(`${size}: nothing is left of what is taken away`, async () => {
      const spool = await filled(lines(count));
      await spool.remove();
      assert.deepEqual(await readdir(folder), []);
    });
  }

  test('a little is never written before it is wanted', async () => {
    await filled(lines(100));
    assert.deepEqual(await readdir(folder), []);
  });
});
