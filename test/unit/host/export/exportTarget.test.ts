import assert from 'node:assert/strict';
import files, { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { Uri as RealUri } from 'vscode';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { Conflict } from '../../../../src/host/export/exportTarget.ts';
import { Uri, useVscodeStub } from '../../../fakes/vscode.ts';
import { type PlannedFile, plannedExport } from '../../../fixtures/plannedExport.ts';

useVscodeStub();
const { writeFiles } = await import('../../../../src/host/export/exportTarget.ts');

const uri = (path: string) => Uri.file(path) as unknown as RealUri;
const bytes = (text: string) => new TextEncoder().encode(text);
const planned = (path: string, text = path): PlannedFile => ({ path, make: async () => bytes(text) });

suite('an export on disk', () => {
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'export-'));
    folder = join(parent, 'repository');
    await mkdir(folder);
  });
  afterEach(() => rm(parent, { recursive: true }));

  const write = (plan: readonly PlannedFile[], conflict: Conflict = 'overwrite') =>
    writeFiles({
      folder: uri(folder),
      name: 'masks',
      ...plannedExport(plan),
      onConflict: async () => conflict,
    });
  const failureOf = (promise: Promise<unknown>) =>
    promise.then(
      () => assert.fail('nothing failed'),
      (error: unknown) => error,
    );
  const there = async (path = folder) => (await readdir(path, { recursive: true })).sort();

  test('is there whole, in folders that it makes', async () => {
    const written = await write([planned('labels/a.txt'), planned('data.yaml'), { path: 'none', make: async () => undefined }]);
    assert.deepEqual(
      written.map(({ path }) => path),
      [join(folder, 'labels/a.txt'), join(folder, 'data.yaml')],
    );
    assert.deepEqual(await there(), ['data.yaml', 'labels', 'labels/a.txt']);
    assert.equal(await readFile(join(folder, 'labels/a.txt'), 'utf8'), 'labels/a.txt');
  });

  test('that fails on the way leaves every file as it was, and no half of one', async (context) => {
    await writeFile(join(folder, 'a.txt'), 'old');
    const { writeFile: whole } = files;
    context.mock.method(files, 'writeFile', async (path: string, content: Uint8Array, options?: object) => {
      if (content.length < 10) return whole(path, content, options);
      await whole(path, content.subarray(0, 5), options);
      throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
    });
    syncBuiltinESMExports();
    try {
      const failure = await failureOf(write([planned('a.txt', 'new'), planned('b.txt', 'x'), planned('c.txt', 'too much of it')]));
      assert.ok(failure instanceof InspectorError);
      assert.deepEqual([failure.reason, failure.detail], ['permissionDenied', 'There is no space left on the disk.']);
    } finally {
      context.mock.restoreAll();
      syncBuiltinESMExports();
    }
    assert.deepEqual(await there(), ['a.txt']);
    assert.equal(await readFile(join(folder, 'a.txt'), 'utf8'), 'old');
  });

  test('whose making fails leaves every file as it was', async () => {
    await writeFile(join(folder, 'a.txt'), 'old');
    const broken: PlannedFile = {
      path: 'b.txt',
      make: async () => {
        throw new InspectorError('unreadableImage', 'broken');
      },
    };
    const failure = await failureOf(write([planned('a.txt', 'new'), broken]));
    assert.equal((failure as InspectorError).reason, 'unreadableImage');
    assert.equal(await readFile(join(folder, 'a.txt'), 'utf8'), 'old');
    assert.deepEqual(await there(), ['a.txt']);
  });

  test('does not follow a folder link out of the folder, and names it', async () => {
    const outside = join(parent, 'outside');
    await mkdir(outside);
    await symlink(outside, join(folder, 'labels'));
    await symlink(join(parent, 'nowhere'), join(folder, 'dangling'));
    for (const name of ['labels', 'dangling']) {
      const failure = await failureOf(write([planned('data.yaml'), planned(`${name}/train/a.txt`)]));
      assert.ok(failure instanceof InspectorError);
      assert.deepEqual([failure.reason, failure.detail], ['permissionDenied', `"${name}" is a link that leads out of the folder.`]);
    }
    assert.deepEqual(await there(outside), []);
    assert.deepEqual(await there(parent), ['outside', 'repository', 'repository/dangling', 'repository/labels']);
  });

  test('follows one that stays inside; the folder that was chosen may itself be a link', async () => {
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'labels'));
    await write([planned('labels/a.txt')]);
    assert.equal(await readFile(join(folder, 'real/a.txt'), 'utf8'), 'labels/a.txt');
    const chosen = join(parent, 'chosen');
    await symlink(folder, chosen);
    folder = chosen;
    await write([planned('labels/b.txt')]);
    assert.equal(await readFile(join(folder, 'real/b.txt'), 'utf8'), 'labels/b.txt');
  });

  test('replaces a link in place of a file, and leaves alone what it leads to', async () => {
    const mine = join(parent, 'mine');
    await writeFile(mine, 'mine');
    await symlink(mine, join(folder, 'a.json'));
    await symlink(join(parent, 'missing'), join(folder, 'b.json'));
    let asked = 0;
    const onConflict = async (existing: number): Promise<Conflict> => {
      asked = existing;
      return 'overwrite';
    };
    await writeFiles({ folder: uri(folder), name: 'json', ...plannedExport([planned('a.json'), planned('b.json')]), onConflict });
    assert.equal(asked, 2);
    assert.equal(await readFile(mine, 'utf8'), 'mine');
    assert.equal(await readFile(join(folder, 'a.json'), 'utf8'), 'a.json');
    assert.deepEqual(await there(dirname(mine)), ['mine', 'repository', 'repository/a.json', 'repository/b.json']);
  });
});
