import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSources } from '../../tools/house.ts';
import { PROJECT } from '../../tools/project.ts';

const EXPORT = /^export (?:abstract |async )?(?:interface|type|const|function\*?|class) (\w+)/gm;

test('no name is exported twice with two meanings', () => {
  const files = new Map<string, string[]>();
  for (const [file, text] of readSources(join(PROJECT, 'src'))) {
    for (const [, name = ''] of text.matchAll(EXPORT)) files.set(name, [...(files.get(name) ?? []), file]);
  }
  assert.ok(files.size > 500, 'the sources were read');
  const twice = [...files].filter(([, places]) => new Set(places).size > 1);
  assert.deepEqual(twice, []);
});
