import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { PROJECT } from '../../tools/project.ts';
import { lackOf } from '../../tools/tempFolder.ts';

test('a folder for temporary files must be there, be writable and have room', () => {
  assert.equal(lackOf(PROJECT, 1), undefined);
  assert.equal(lackOf(join(PROJECT, 'nowhere'), 1), 'cannot be used (ENOENT)');
  assert.equal(lackOf(PROJECT, Number.MAX_VALUE), 'has too little room');
});
