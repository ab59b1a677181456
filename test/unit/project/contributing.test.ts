import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { PROJECT } from '../../tools/project.ts';

const PAGE = readFileSync(join(PROJECT, 'CONTRIBUTING.md'), 'utf8');

suite('the page for newcomers', () => {
  test('every file that it names is there', () => {
    const named = filesNamedIn(PAGE);
    assert.ok(named.length > 40, `only ${named.length} files are named`);
    assert.deepEqual(
      named.filter((path) => !existsSync(join(PROJECT, path))),
      [],
    );
  });

  test('its map has every room of src, and no other', () => {
    const rooms = readdirSync(join(PROJECT, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(PROJECT.length + 1)
          .replaceAll('\\', '/'),
      );
    const drawn = foldersOf(PAGE.split('```')[1] ?? '').filter((folder) => folder.startsWith('src/'));
    assert.deepEqual([...drawn].sort(), rooms.sort());
  });

  test('functions that its walks name are in the files beside them', () => {
    const steps = [...PAGE.matchAll(/^\d+\. `([^`]+)`: `(?:(\w+)\.)?(\w+)`/gm)];
    assert.ok(steps.length >= 4);
    for (const [, path = '', className = '', name = ''] of steps) {
      const text = readFileSync(join(PROJECT, path), 'utf8');
      assert.ok(text.includes(`class ${className}`) || className === '', `${path} has no ${className}`);
      assert.match(text, new RegExp(`\\b${name}(\\(| = )`), `${path} has no ${name}`);
    }
  });
});

/** What stands in backticks outside of the map and is a path from the root to a file of the repository. */
function filesNamedIn(text: string): string[] {
  const prose = text
    .split('```')
    .filter((_, index) => index % 2 === 0)
    .join('');
  return [...prose.matchAll(/`((?:src|test|docs)\/[\w./-]+\.\w+)`/g)].map((match) => match[1] as string);
}

/** The folders of a tree that is drawn with two spaces a level. */
function foldersOf(tree: string): string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', name = ''] = /^( *)([\w-]+)\/(?= |$)/.exec(line) ?? [];
    if (name === '') return [];
    above.length = indent.length / 2;
    above.push(name);
    return [above.join('/')];
  });
}
