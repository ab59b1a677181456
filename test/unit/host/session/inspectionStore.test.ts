import assert from 'node:assert/strict';
import files, { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { Uri as RealUri } from 'vscode';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { Uri, useVscodeStub } from '../../../fakes/vscode.ts';
import { inspection } from '../../../webview/support/sessions.ts';

useVscodeStub();
const { InspectionStore } = await import('../../../../src/host/session/inspectionStore.ts');

const IMAGE = inspection('detect').images[0] as Inspection['images'][number];
const run = (id: string, second = 0, changes: Partial<Inspection> = {}) =>
  inspection('detect', {
    id,
    createdAt: new Date(Date.UTC(2026, 10, 21, 0, 0, second)).toISOString(),
    images: [{ ...IMAGE, sha256: 'cat' }],
    ...changes,
  });
const idsOf = (runs: readonly Inspection[]) => runs.map(({ id }) => id);

suite('stored inspections', () => {
  let parent: string;
  let aside: string[];
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'store-'));
    aside = [];
  });
  afterEach(() => rm(parent, { recursive: true }));

  const opened = (mostBytes = 1e6) =>
    new InspectionStore(Uri.file(parent) as unknown as RealUri, { mostBytes, setAside: (path) => void aside.push(basename(path)) });
  const place = (name: string) => join(parent, 'inspections/cat', name);
  const names = async () => (await readdir(join(parent, 'inspections/cat'))).sort();

  test('are found by image and by id, oldest first, in any window', async () => {
    const store = opened();
    const told: string[] = [];
    store.onDidAdd(({ id }) => void told.push(id));
    await store.add(run('b', 2));
    await store.add(run('a', 1));
    assert.deepEqual(told, ['b', 'a']);
    assert.deepEqual(idsOf(await opened().of('cat')), ['a', 'b']);
    assert.deepEqual(await opened().of('dog'), []);
    assert.equal((await opened().find('a'))?.id, 'a');
    assert.equal(await opened().find('../cat/a'), undefined);
    assert.deepEqual(await names(), ['a.json', 'b.json'], 'no part of a file is left');
  });

  test('that are broken hide no others; they are set aside, kept, and told of once', async () => {
    const store = opened();
    await store.add(run('a'));
    await store.add(run('b'));
    const { createdAt: _, ...undated } = run('c');
    await writeFile(place('c.json'), JSON.stringify(undated));
    await writeFile(place('d.json'), JSON.stringify({ ...undated, id: 'd' }));
    await writeFile(place('e.json'), 'null');
    await writeFile(place('later.json'), JSON.stringify({ version: 2 }));
    await mkdir(place('folder.json'));
    assert.deepEqual(idsOf(await store.of('cat')), ['a', 'b']);
    assert.deepEqual(aside.sort(), ['c.json.broken', 'd.json.broken', 'e.json.broken']);
    assert.deepEqual(idsOf(await store.of('cat')), ['a', 'b']);
    assert.equal(aside.length, 3);
    assert.equal(await readFile(place('e.json.broken'), 'utf8'), 'null');
    assert.ok((await names()).includes('later.json'), 'a later version will read it');
    await writeFile(place('f.json'), '{');
    assert.equal(await store.find('f'), undefined);
    assert.equal(aside.at(-1), 'f.json.broken');
  });

  test('two windows that make room at the same time reject nothing that was written', async () => {
    const most = JSON.stringify(run('a0')).length * 5;
    const windows = Array.from({ length: 4 }, () => opened(most));
    await Promise.all(windows.flatMap((store, window) => Array.from({ length: 25 }, (_, i) => store.add(run(`w${window}-${i}`)))));
    await windows[0]?.add(run('last', 5));
    assert.ok((await windows[0]?.of('cat'))?.length);
  });

  test('where there is too much, what a person has made stays, and the oldest of the rest goes', async () => {
    const most = JSON.stringify(run('a')).length * 3 + 200;
    const store = opened(most);
    await store.add(run('mine', 0, { source: 'person' }));
    await utimes(place('mine.json'), 1, 1);
    for (const id of ['b', 'c', 'd']) {
      await store.add(run(id));
      // Files of one moment have no order.
      if (id !== 'd') await utimes(place(`${id}.json`), 2, 2 + id.charCodeAt(0));
    }
    assert.deepEqual(await names(), ['c.json', 'd.json', 'mine.json']);
  });

  test('what another window has taken away, or nobody can, does not keep a result from being stored', async (context) => {
    const store = opened(10);
    await store.add(run('a'));
    await store.add(run('b'));
    await utimes(place('b.json'), 1, 1).catch(() => undefined);
    for (const code of ['ENOENT', 'EBUSY']) {
      context.mock.method(files, 'rm', async () => {
        throw Object.assign(new Error(code), { code });
      });
      syncBuiltinESMExports();
      await store.add(run(`new-${code}`));
      context.mock.restoreAll();
      syncBuiltinESMExports();
      assert.equal((await store.find(`new-${code}`))?.id, `new-${code}`);
    }
  });

  test('a result that is already gone is deleted too; after everything was cleared there is room for new ones', async () => {
    const store = opened();
    await store.add(run('a'));
    await opened().delete(run('a'));
    await store.delete(run('a'));
    await store.clear();
    await store.clear();
    await store.add(run('b'));
    assert.deepEqual(idsOf(await store.of('cat')), ['b']);
  });
});
