import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Roots } from '../../../src/cli/roots.ts';

let base: string;
let root: string;

before(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'roots-')));
  root = join(base, 'project');
  await mkdir(join(root, 'images'), { recursive: true });
  await mkdir(join(root, '.vscode'));
  for (const path of ['images/cat.png', 'images/secret.png', '#1 100%.png']) await writeFile(join(root, path), '');
  await writeFile(join(base, 'outside.png'), '');
  await symlink(join(base, 'outside.png'), join(root, 'link.png'));
  await writeFile(join(root, '.vscode/settings.json'), '{\n // ours\n "imageInspector.exclude": ["**/secret*",],\n}\n');
});
after(() => rm(base, { recursive: true }));

suite('folders whose images may be looked at', () => {
  test('a path leads to its file, relative or absolute, whatever its name', async () => {
    const roots = await Roots.of([root], []);
    assert.equal(await roots.resolve('images/cat.png'), pathToFileURL(join(root, 'images/cat.png')).href);
    assert.equal(await roots.resolve(join(root, '#1 100%.png')), pathToFileURL(join(root, '#1 100%.png')).href);
  });

  for (const path of ['../outside.png', 'link.png', '/etc/hostname', 'images/../../outside.png'])
    test(`${path} leads out, and is refused`, async () => {
      await assert.rejects((await Roots.of([root], [])).resolve(path), { reason: 'excluded' });
    });

  test('what is not there is said not to be', async () => {
    await assert.rejects((await Roots.of([root], [])).resolve('none.png'), {
      reason: 'unreadableImage',
      message: /There is no file "none\.png"/,
    });
    await assert.rejects(Roots.of([join(base, 'none')], []), { reason: 'unreadableFile' });
  });

  test('a client can only narrow them', async () => {
    const roots = await Roots.of([root], []);
    const narrowed = await roots.narrowed([join(root, 'images'), base]);
    assert.deepEqual([...narrowed.folders].sort(), [join(root, 'images'), root].sort());
    const inner = await roots.narrowed([join(root, 'images')]);
    assert.deepEqual(inner.folders, [join(root, 'images')]);
    await assert.rejects(inner.resolve(join(root, '#1 100%.png')), { reason: 'excluded' });
    assert.deepEqual((await roots.narrowed(['/'])).folders, [root]);
    assert.deepEqual((await roots.narrowed([join(base, 'elsewhere')])).folders, []);
  });

  test('the settings of the folder, which may have comments, and the globs of the command line keep files back', async () => {
    const excluded = async (path: string, ...globs: string[]) => {
      const roots = await Roots.of([root], globs);
      return roots.isExcluded(await roots.resolve(path));
    };
    assert.equal(await excluded('images/secret.png'), true);
    assert.equal(await excluded('images/cat.png'), false);
    assert.equal(await excluded('images/cat.png', 'images/**'), true);
  });

  test('exclusions hold however a client narrows the folders, and where only a folder below was given', async () => {
    const secret = pathToFileURL(join(root, 'images/secret.png')).href;
    const roots = await Roots.of([root], []);
    assert.equal(await (await roots.narrowed([join(root, 'images')])).isExcluded(secret), true);
    assert.equal(await (await Roots.of([join(root, 'images')], [])).isExcluded(secret), true);
  });

  test('settings that say something else than globs keep everything back', async () => {
    const other = join(base, 'other');
    await mkdir(join(other, '.vscode'), { recursive: true });
    await writeFile(join(other, 'a.png'), '');
    await writeFile(join(other, '.vscode/settings.json'), '{"imageInspector.exclude": 7}');
    const roots = await Roots.of([other], []);
    await assert.rejects(roots.isExcluded(await roots.resolve('a.png')), { reason: 'excluded' });
  });
});
