import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ImageDifference } from '../../src/core/inspection/imageDifference.ts';
import { noisePng } from '../fixtures/images.ts';

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12345\n`;

/** Why there is no Git here, if so. */
function whyNoGit(): string | undefined {
  if (vscode.extensions.getExtension('vscode.git') === undefined) return 'this VS Code has no Git extension';
  try {
    execFileSync('git', ['--version']);
    return undefined;
  } catch {
    return 'git is not installed';
  }
}

suite('Compare Image with HEAD', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'image-inspector-git-')));
  const at = (name: string) => vscode.Uri.file(join(root, name));
  const write = (name: string, content: Uint8Array | string) => writeFileSync(at(name).fsPath, content);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A Tester', '-c', 'user.email=tester@example.com', ...args], {
      cwd: root,
      encoding: 'utf8',
    }).trim();
  const enable = (value: unknown) => vscode.workspace.getConfiguration('git').update('enabled', value, vscode.ConfigurationTarget.Global);
  const run = <T = ImageDifference>(command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand<T>(`imageInspector.${command}`, ...args);
  const failureOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => assert.fail('it did not fail'),
      ({ reason, message }: { reason?: string; message: string }) => `${reason}: ${message}`,
    );
  let first = '';

  suiteSetup(async function () {
    const reason = whyNoGit();
    if (reason !== undefined) {
      console.log(`skipped: ${reason}`);
      this.skip();
    }
    await vscode.extensions.getExtension('image-inspector.gemini-image-inspector')?.activate();
    git('init', '--quiet', '--initial-branch=main');
    mkdirSync(join(root, 'pictures'));
    write('same.png', noisePng(40, 30, 1));
    write('edited.png', noisePng(40, 30, 2));
    write('old name.png', noisePng(40, 30, 3));
    write('gone.png', noisePng(20, 10, 4));
    write('pointer.png', POINTER);
    write('broken.png', 'no picture at all');
    const kept = noisePng(16, 16, 10);
    const oid = createHash('sha256').update(kept).digest('hex');
    write('kept.png', POINTER.replace('ab'.repeat(32), oid).replace('12345', String(kept.length)));
    write('notes.md', 'words');
    symlinkSync('same.png', join(root, 'link.png'));
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Pictures');
    first = git('rev-parse', 'HEAD');
    write('edited.png', noisePng(40, 30, 5));
    git('commit', '--quiet', '--all', '--message', 'Another picture');
    git('branch', 'side', first);
    write('edited.png', noisePng(50, 30, 6));
    git('mv', 'old name.png', 'pictures/new name.png');
    rmSync(join(root, 'gone.png'));
    write('added.png', noisePng(12, 8, 7));
    for (const name of ['pointer.png', 'broken.png']) write(name, noisePng(8, 8, 8));
    write('kept.png', kept);
    const store = join('.git/lfs/objects', oid.slice(0, 2), oid.slice(2, 4));
    mkdirSync(join(root, store), { recursive: true });
    write(join(store, oid), kept);
    rmSync(join(root, 'link.png'));
    write('link.png', noisePng(8, 8, 9));
    await enable(true);
    const extension = await vscode.extensions.getExtension('vscode.git')?.activate();
    const deadline = Date.now() + 20_000;
    while (!extension.enabled && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await enable(undefined);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });

  test('says what changed since HEAD, a branch, or a commit', async () => {
    assert.deepEqual(await run('compareWithHead', { uri: at('same.png') }), {
      changed: false,
      sizes: [
        { width: 40, height: 30 },
        { width: 40, height: 30 },
      ],
      share: 0,
      regions: [],
    });
    const edited = await run('compareWithHead', { uri: at('edited.png') });
    assert.equal(edited.changed, true);
    assert.deepEqual(edited.sizes, [
      { width: 40, height: 30 },
      { width: 50, height: 30 },
    ]);
    // Ten columns are new, a fifth of all, and the picture is another.
    assert.ok(edited.share > 0.4 && edited.share <= 1 && edited.regions.length > 0, String(edited.share));
    for (const ref of ['side', first]) assert.equal((await run('compareWithHead', { uri: at('edited.png'), ref })).changed, true);
  });

  test('a file that was renamed is found under its old name', async () => {
    const { changed, sizes } = await run('compareWithHead', { uri: at('pictures/new name.png') });
    assert.deepEqual([changed, sizes[0]], [false, { width: 40, height: 30 }]);
  });

  test('one that was added or deleted has one size only, and all of it has changed', async () => {
    assert.deepEqual(await run('compareWithHead', { uri: at('added.png') }), {
      changed: true,
      sizes: [null, { width: 12, height: 8 }],
      share: 1,
      regions: [{ x: 0, y: 0, width: 12, height: 8 }],
    });
    assert.deepEqual((await run('compareWithHead', { uri: at('gone.png') })).sizes, [{ width: 20, height: 10 }, null]);
  });

  test('what cannot be compared is refused by reason, in words', async () => {
    const refused: [string, string, RegExp][] = [
      ['pointer.png', 'HEAD', /^unreadableImage: "pointer.png" is a Git LFS pointer in HEAD/],
      ['broken.png', 'HEAD', /^unreadableImage: The version in HEAD cannot be read\./],
      ['link.png', 'HEAD', /^unsupported: The type of "link.png" has changed: in HEAD it is a symbolic link/],
      ['same.png', 'no-such-branch', /^notFound: This repository has no commit, branch or tag "no-such-branch"/],
      ['same.png', '--output=x', /^notFound: /],
      ['never.png', 'HEAD', /^notFound: "never.png" is not there, and not in HEAD either/],
      ['notes.md', 'HEAD', /^unreadableImage: "notes.md" is not an image/],
    ];
    for (const [name, ref, message] of refused) assert.match(await failureOf(run('compareWithHead', { uri: at(name), ref })), message);
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'image-inspector-plain-')));
    writeFileSync(join(outside, 'a.png'), noisePng(8, 8, 1));
    assert.match(
      await failureOf(run('compareWithHead', { uri: vscode.Uri.file(join(outside, 'a.png')) })),
      /^notFound: .*not in a Git repository/,
    );
    rmSync(outside, { recursive: true });
  });

  test('a committed pointer of Git LFS is read from where the repository keeps its picture', async () => {
    const { changed, sizes } = await run('compareWithHead', { uri: at('kept.png') });
    assert.deepEqual([changed, sizes[0]], [false, { width: 16, height: 16 }]);
  });

  test('two images are compared without Git; the first is the older one', async () => {
    const { sizes } = await run('compareTwo', { uris: [at('added.png'), at('edited.png')] });
    assert.deepEqual(sizes, [
      { width: 12, height: 8 },
      { width: 50, height: 30 },
    ]);
    assert.match(await failureOf(run('compareTwo', { uris: [at('added.png')] })), /^noImage: /);
  });

  test('from the menu of Source Control the committed version opens, with the file beside it', async () => {
    assert.equal(await run('compareWithHead', { resourceUri: at('edited.png') }), undefined);
    const open = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .map(({ input }) => (input instanceof vscode.TabInputCustom ? input.uri : undefined));
    const [older] = open.filter((uri) => uri?.scheme === 'git');
    assert.equal(older?.path, at('edited.png').path);
    assert.equal(JSON.parse(older?.query ?? '{}').ref, 'HEAD');
  });

  test('without Git it says so', async () => {
    await enable(false);
    assert.match(await failureOf(run('compareWithHead', { uri: at('edited.png') })), /^unsupported: .*"git.enabled"/);
    await enable(true);
  });
});
