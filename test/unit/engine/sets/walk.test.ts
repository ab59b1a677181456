import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LOCAL_FOLDERS } from '../../../../src/engine/sets/folderAccess.ts';
import { SetLock } from '../../../../src/engine/sets/setLock.ts';
import { walkImages } from '../../../../src/engine/sets/walk.ts';

let root: string;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'walk-'));
  for (const folder of ['in/sub #1', 'in/node_modules/x', 'in/.git', 'out']) await mkdir(join(root, folder), { recursive: true });
  const files = ['in/b.png', 'in/a ü.JPG', 'in/sub #1/c.webp', 'in/notes.txt', 'in/node_modules/x/d.png', 'in/.git/e.png', 'out/f.png'];
  for (const file of files) await writeFile(join(root, file), '');
});

after(() => rm(root, { recursive: true }));

const keysOf = async (...options: [object?]) =>
  (await walkImages([pathToFileURL(join(root, 'in')).href], LOCAL_FOLDERS, ...options)).images.map(({ key }) => key);

suite('the walk of a folder', () => {
  test('finds images by their names, sorted, and leaves out what is not the user’s', async () => {
    assert.deepEqual(await keysOf(), ['a ü.JPG', 'b.png', 'sub #1/c.webp']);
    assert.deepEqual(await keysOf({ include: '*.{png,webp}' }), ['b.png', 'sub #1/c.webp']);
    assert.deepEqual(await keysOf({ isHidden: (address: string) => address.endsWith('/b.png') }), ['a ü.JPG', 'sub #1/c.webp']);
    await assert.rejects(keysOf({ include: 'a'.repeat(9000) }), { reason: 'noImage' });
    await assert.rejects(keysOf({ signal: AbortSignal.abort(new Error('enough')) }), /enough/);
  });

  test('follows no link that leads out, and none in a circle', async (context) => {
    try {
      await symlink(join(root, 'out'), join(root, 'in/out'));
      await symlink(join(root, 'in'), join(root, 'in/round'));
      await symlink(join(root, 'out/f.png'), join(root, 'in/f.png'));
    } catch {
      return context.skip('this system makes no links here');
    }
    assert.deepEqual(await keysOf(), ['a ü.JPG', 'b.png', 'sub #1/c.webp']);
    for (const link of ['out', 'round', 'f.png']) await rm(join(root, 'in', link));
  });
});

suite('the lock of a set', () => {
  test('has one owner at a time, whoever asks at once', async () => {
    const folder = join(root, 'lock');
    await mkdir(folder);
    const all = await Promise.all(Array.from({ length: 8 }, () => SetLock.take(folder)));
    const [owner, ...others] = all.filter((lock) => lock !== undefined);
    assert.equal(others.length, 0);
    assert.equal(await SetLock.isTaken(folder), true);
    await owner?.release();
    assert.equal(await SetLock.isTaken(folder), false);
    const next = await SetLock.take(folder);
    assert.ok(next);
    assert.equal((await readdir(folder)).length, 1);
    await next.release();
  });

  test('is taken over from a process that is gone, and from a computer that is silent', async () => {
    const folder = join(root, 'dead');
    await mkdir(folder);
    await writeFile(join(folder, 'lock.1'), JSON.stringify({ pid: 2 ** 30, host: hostname(), token: 'a' }));
    const first = await SetLock.take(folder);
    assert.ok(first);
    await first.release();
    const path = join(folder, 'lock.3');
    await writeFile(path, JSON.stringify({ pid: process.pid, host: 'elsewhere', token: 'b' }));
    assert.equal(await SetLock.take(folder), undefined);
    const then = new Date(Date.now() - 3600e3);
    await utimes(path, then, then);
    const second = await SetLock.take(folder);
    assert.ok(second);
    await second.release();
  });
});
