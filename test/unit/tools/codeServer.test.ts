import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { installCodeServer } from '../../tools/codeServerInstall.ts';
import type { Run } from '../../tools/runProgram.ts';

suite('fetching VS Code', () => {
  let parent: string;
  const silent = (): void => {};
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), 'install-'));
  });
  after(() => rm(parent, { recursive: true, force: true }));

  /** Stands for npm: makes the folders that code-server brings. */
  const npm: Run = async (_command, _args, folder) => {
    await mkdir(join(folder, 'node_modules/code-server/lib/vscode/extensions'), { recursive: true });
  };

  test('an installation that breaks off leaves nothing behind', async () => {
    const folder = join(parent, 'broken');
    const failing: Run = async (...call) => {
      if (call[2].endsWith('extensions')) throw new Error('no network');
      await npm(...call);
    };
    await assert.rejects(installCodeServer({ folder, run: failing, say: silent }), /no network/);
    assert.deepEqual(await readdir(parent), []);
  });

  test('two at once both end with the one installation', async () => {
    const folder = join(parent, 'twice');
    let fetched = 0;
    const first = await installCodeServer({
      folder,
      say: silent,
      run: async (...call) => {
        await npm(...call);
        fetched += 1;
        // while this one is at its last step, another gets ready first
        if (fetched === 3) await mkdir(join(folder, 'node_modules'), { recursive: true });
      },
    });
    assert.equal(first, folder);
    assert.deepEqual(await readdir(parent), ['twice']);
  });

  test('what is there is not fetched again', async () => {
    const folder = join(parent, 'twice');
    assert.equal(await installCodeServer({ folder, run: () => assert.fail('fetched again') }), folder);
  });

  test('what a killed installation has left is removed, that of a living one is not', async () => {
    const folder = join(parent, 'later');
    // no process has this id: Linux gives out at most 2^22
    for (const pid of [2 ** 30, process.ppid]) {
      await mkdir(`${folder}.unfinished-${pid}`);
      await writeFile(join(`${folder}.unfinished-${pid}`, 'file'), '');
    }
    await installCodeServer({ folder, run: npm, say: silent });
    assert.equal(existsSync(`${folder}.unfinished-${2 ** 30}`), false);
    assert.equal(existsSync(`${folder}.unfinished-${process.ppid}`), true);
  });
});
