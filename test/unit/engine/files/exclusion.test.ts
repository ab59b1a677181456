import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Uri } from 'vscode';
import { isExcluded, readExclusions } from '../../../../src/core/base/exclusions.ts';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { Address } from '../../../../src/engine/files/aliases.ts';
import { isExcludedFile } from '../../../../src/engine/files/exclusion.ts';
import { useVscodeStub } from '../../../fakes/vscode.ts';

useVscodeStub();
const { SendOptionsStore } = await import('../../../../src/host/session/sendOptions.ts');

const address = (scheme: string, path: string, query: unknown = ''): Address => ({
  scheme,
  authority: '',
  path,
  query: typeof query === 'string' ? query : JSON.stringify(query),
  toString: () => `${scheme}:${path}?${JSON.stringify(query)}`,
});

let outside: string;
let workspace: string;
before(async () => {
  outside = await realpath(await mkdtemp(join(tmpdir(), 'excluded-')));
  workspace = join(outside, 'workspace');
  for (const folder of ['workspace/secret', 'workspace/open', 'second/private']) await mkdir(join(outside, folder), { recursive: true });
  for (const file of ['workspace/secret/b.png', 'workspace/open/a.png', 'second/private/c.png']) await writeFile(join(outside, file), file);
  await symlink('secret/b.png', join(workspace, 'innocent.png'));
  await symlink('innocent.png', join(workspace, 'twice.png'));
  await symlink('secret', join(workspace, 'public'));
  await symlink(join(outside, 'second/private/c.png'), join(workspace, 'elsewhere.png'));
  await symlink(workspace, join(outside, 'link to workspace'));
});
after(() => rm(outside, { recursive: true }));

/** Whether a file is kept back where the workspace has one folder that excludes `secret`. */
const excluded = (uri: Address, { folder = workspace, patterns = ['secret/**'] as unknown } = {}) =>
  isExcludedFile(uri, { folders: [address('file', folder)], levels: () => [[], undefined, patterns] });
const file = (path: string) => address('file', join(workspace, path));

suite('a file that is excluded is so under every name', () => {
  test('its own, and those of links to it and to its folders', async () => {
    for (const path of ['secret/b.png', 'innocent.png', 'twice.png', 'public/b.png', 'secret/../open/../secret/b.png'])
      assert.ok(await excluded(file(path)), path);
    assert.ok(await excluded(address('file', `${workspace}/open/../secret/b.png`)));
    for (const path of ['open/a.png', 'none.png', 'elsewhere.png']) assert.ok(!(await excluded(file(path))), path);
  });

  test('also where the folder itself is a link, from either side', async () => {
    const folder = join(outside, 'link to workspace');
    assert.ok(await excluded(address('file', `${folder}/innocent.png`), { folder }));
    assert.ok(await excluded(file('innocent.png'), { folder }));
    assert.ok(await excluded(file('secret/b.png'), { folder }));
  });

  test('where a link leads into another folder, by the setting of that one', async () => {
    const second = join(outside, 'second');
    const world = {
      folders: [address('file', workspace), address('file', second)],
      levels: ({ path }: Address) => [path === second ? ['private/*'] : []],
    };
    assert.ok(await isExcludedFile(file('elsewhere.png'), world));
    assert.ok(!(await isExcludedFile(file('open/a.png'), world)));
  });

  test('whatever scheme shows it', async () => {
    const path = join(workspace, 'secret/b.png');
    for (const uri of [
      address('git', path, { path, ref: 'HEAD' }),
      address('git', `${path}.git`, { path, ref: '~' }),
      address('git', join(workspace, 'innocent.png'), { path: join(workspace, 'innocent.png'), ref: '' }),
      address('vscode-local-history', '/x.png', { location: 'file:///history/x.png', associatedResource: pathToFileURL(path).href }),
      address('review', '/b.png', { fileName: 'secret/b.png', commit: 'abc' }),
      address('gitlens', '/secret/b.png'),
      address('vscode-vfs', '/owner/repository/secret/b.png'),
      address('other', '/x.png', `file=${encodeURIComponent(path)}`),
    ])
      assert.ok(await excluded(uri), uri.toString());
    const open = join(workspace, 'open/a.png');
    assert.ok(!(await excluded(address('git', open, { path: open, ref: 'HEAD' }))));
    assert.ok(!(await excluded(address('git', open, '{"path":'))));
  });

  test('in whatever case and form of accents it is written', async () => {
    assert.ok(await excluded(file('SECRET/B.PNG')));
    assert.ok(await excluded(address('file', `${workspace.toUpperCase()}/secret/b.png`)));
    assert.ok(isExcluded('caf\u0065\u0301/x.png', ['caf\u00e9/**']));
    assert.ok(isExcluded('caf\u00e9/x.png', ['caf\u0065\u0301/**']));
  });

  test('a file outside of the workspace, by its whole path', async () => {
    const path = join(outside, 'second/private/c.png');
    assert.ok(await excluded(address('file', path), { patterns: ['**/private/**'] }));
    assert.ok(await excluded(address('file', path), { patterns: [path] }));
    assert.ok(!(await excluded(address('file', path), { patterns: ['private/**'] })));
  });
});

suite('a setting that cannot be used', () => {
  for (const value of ['secret/**', null, 5, true, {}, { secret: true }, ['a', 5], [['secret/**']], [null]]) {
    test(`${JSON.stringify(value)} keeps everything back, and says so`, async () => {
      await assert.rejects(excluded(file('open/a.png'), { patterns: value }), isUnusable);
    });
  }

  test('a pattern that only others can read, or that is too long, is not taken for something else', () => {
    for (const pattern of [
      '*.@(png|jpg)',
      'a/!(b)/c',
      '+(a|a+)b',
      '[[:alpha:]].png',
      'x{1..9}.png',
      'x'.repeat(30_000),
      '{a,b}'.repeat(30),
    ])
      assert.throws(() => readExclusions([[pattern]]), isUnusable, pattern.slice(0, 50));
    assert.throws(() => readExclusions([Array.from({ length: 3000 }, (_, index) => `folder ${index}/*`)]), isUnusable);
  });
});

suite('patterns', () => {
  for (const [pattern, yes, no] of [
    ['*.png', ['a.png', 'x/y/a.PNG', '.png', '.x.png'], ['a.jpg', 'a.png/b.jpg']],
    ['secret/**', ['secret/a.png', 'secret/x/y.png'], ['x/secret/a.png', 'secrets/a.png']],
    ['./secret/**', ['secret/a.png'], ['open/a.png']],
    ['secret/', ['secret/a.png', 'secret/x/y.png'], ['open/secret.png']],
    ['**/private/**', ['private/a', 'x/private/a', 'x/private/y/a'], ['privates/a']],
    ['a/**/b/*.png', ['a/b/x.png', 'a/1/2/b/x.png', 'a/b/b/x.png'], ['a/b/c/x.png', 'b/x.png']],
    ['**', ['a', 'a/b'], []],
    ['scan?.png', ['scan1.png', 'scan🐈.png'], ['scan.png', 'scan12.png']],
    ['x/[a-c]*.png', ['x/a.png', 'x/Cat.png'], ['x/dog.png']],
    ['x/[!a-c]*.png', ['x/dog.png'], ['x/a.png']],
    ['x/[]]a', ['x/]a'], ['x/a']],
    ['*.{png,jp{e,}g}', ['a.png', 'a.jpg', 'x/a.jpeg'], ['a.gif']],
    ['{a,b/c}/*', ['a/x', 'b/c/x'], ['b/x']],
    ['x/a{b', ['x/a{b'], ['x/ab']],
    ['x/\\*.png', ['x/*.png'], ['x/a.png']],
    ['!public/**', ['secret/a', 'a'], ['public/a', 'public/x/a']],
  ] as const) {
    test(pattern, () => {
      for (const path of yes) assert.ok(isExcluded(path, [pattern]), path);
      for (const path of no) assert.ok(!isExcluded(path, [pattern]), path);
    });
  }

  test('of any kind take no time on any path', () => {
    const path = `${'a'.repeat(250)}/`.repeat(16);
    const hostile = [
      '*a'.repeat(4000),
      '**/'.repeat(3000),
      '**/*a'.repeat(1500),
      `${'*a*/'.repeat(2000)}b`,
      '{a,aa}'.repeat(6),
      `[${'a-'.repeat(4000)}]*b`,
    ];
    for (const pattern of hostile) {
      const started = performance.now();
      isExcluded(path, [`${pattern}b`]);
      assert.ok(performance.now() - started < 3000, pattern.slice(0, 20));
    }
  });
});

test('areas that are covered in a file are so under every address of it', () => {
  const wishes = new SendOptionsStore();
  const of = (uri: Address) => wishes.of(uri as unknown as Uri).redactions.length;
  const path = join(workspace, 'secret/b.png');
  wishes.change(file('secret/b.png') as unknown as Uri, { redactions: [{ x: 0, y: 0, width: 1, height: 1 }] });
  const aliases = [
    file('secret/b.png'),
    file('innocent.png'),
    file('public/b.png'),
    address('git', path, { path, ref: 'HEAD' }),
    address('git', `${path}.git`, { path: join(workspace, 'innocent.png'), ref: '~' }),
    address('vscode-local-history', '/x.png', { location: 'file:///history/x.png', associatedResource: pathToFileURL(path).href }),
  ];
  for (const uri of aliases) assert.equal(of(uri), 1, uri.toString());
  for (const uri of [file('open/a.png'), file('none.png'), address('untitled', 'b.png')]) assert.equal(of(uri), 0, uri.toString());
  wishes.change(file('public/b.png') as unknown as Uri, { redactions: [] });
  for (const uri of aliases) assert.equal(of(uri), 0, uri.toString());
});

function isUnusable(error: unknown): boolean {
  return error instanceof InspectorError && error.reason === 'excluded' && /cannot be used/.test(error.message);
}
