import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listFiles, PackageManager } from '@vscode/vsce';
import { PROJECT } from '../../tools/project.ts';

const text = (path: string) => readFileSync(join(PROJECT, path), 'utf8');
const packaged = new Set(await listFiles({ cwd: PROJECT, packageManager: PackageManager.None }));

test('every picture and file that README and CHANGELOG name is in the package', () => {
  const named = ['README.md', 'CHANGELOG.md']
    .flatMap((path) => [...text(path).matchAll(/\]\(([^)#\s]+)/g), ...text(path).matchAll(/src="([^"]+)"/g)])
    .map((match) => match[1] ?? '')
    .filter((link) => !/^[a-z]+:/.test(link));
  assert.ok(named.some((link) => link.endsWith('.png')));
  assert.deepEqual(
    named.filter((link) => !packaged.has(link) || !existsSync(join(PROJECT, link))),
    [],
  );
});

test('so is every picture of the manifest', () => {
  const named = [...text('package.json').matchAll(/"(media\/[^"]+)"/g)].map((match) => match[1] ?? '');
  assert.ok(named.length > 2);
  assert.deepEqual(
    named.filter((path) => !packaged.has(path)),
    [],
  );
});

test('nothing of the tests and sources is', () => {
  assert.deepEqual(
    [...packaged].filter((path) => /^(src|test|out|node_modules)\//.test(path)),
    [],
  );
});
