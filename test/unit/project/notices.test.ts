import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { build } from 'esbuild';
import { packageFolders, writeNotices } from '../../../notices.mjs';
import { copyVendored, VENDORED } from '../../../vendor.mjs';
import { PROJECT } from '../../tools/project.ts';

suite('the notices of what ships', () => {
  test('name each package and hold its licence', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'notices-'));
    t.after(() => rm(folder, { recursive: true }));
    const { metafile } = await build({
      absWorkingDir: PROJECT,
      entryPoints: ['src/webview/page/main.ts', 'src/imaging/worker/worker.ts'],
      bundle: true,
      metafile: true,
      write: false,
      outdir: folder,
      platform: 'node',
      format: 'esm',
      external: VENDORED.map((name) => `${name}*`),
    });
    const vendored = await copyVendored(PROJECT, folder);
    const target = join(folder, 'notices.txt');
    await writeNotices(PROJECT, [...packageFolders(Object.keys(metafile.inputs)), ...vendored], target);
    const notices = await readFile(target, 'utf8');
    const copied = await Promise.all(
      (await readdir(join(folder, 'node_modules'))).map(async (name) =>
        name.startsWith('@') ? (await readdir(join(folder, 'node_modules', name))).map((part) => `${name}/${part}`) : [name],
      ),
    );
    for (const name of ['lit', 'fflate', 'image-meta', ...copied.flat()])
      assert.match(notices, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+: `, 'm'), name);
    const texts = [
      'GNU LESSER GENERAL PUBLIC LICENSE',
      'GNU GENERAL PUBLIC LICENSE',
      'Mozilla Public License',
      'libvips',
      'Independent JPEG Group',
    ];
    for (const text of texts) assert.ok(notices.includes(text), text);
  });

  test('know packages within packages', () => {
    const paths = ['src/extension.ts', 'node_modules/a/lib/x.js', 'node_modules/a/y.js', 'node_modules/a/node_modules/@b/c/d.js'];
    assert.deepEqual(packageFolders(paths), ['node_modules/a', 'node_modules/a/node_modules/@b/c']);
  });

  test('are missing for a package without a licence, and that is an error', async () => {
    await assert.rejects(writeNotices(PROJECT, ['test/fixtures/samples'], join(tmpdir(), 'none.txt')));
  });
});
