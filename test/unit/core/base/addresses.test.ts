import assert from 'node:assert/strict';
import { test } from 'node:test';
import { titleOfAddress } from '../../../../src/core/base/addresses.ts';

const STORAGE = 'file:///home/ada/.config/Code/User/globalStorage/image-inspector.gemini-image-inspector/fetched/649703f9ec01a74a';

test('a fetched image is called by where it is from, any other file by its name', () => {
  assert.equal(titleOfAddress(`${STORAGE}/example.com/red%20cat.png`), 'from example.com/red cat.png');
  assert.equal(titleOfAddress(`${STORAGE}/Pasted%20image%202026-11-28%2009.41.07.png`), 'Pasted image 2026-11-28 09.41.07.png');
  assert.equal(titleOfAddress('file:///photos/fetched/a/example.com/cat.png'), 'cat.png');
});

test('a version of a file is called by its name and the commit or branch, of which a hash is cut', () => {
  const address = (ref: unknown) => `git:/pictures/a%20cat.png?${encodeURIComponent(JSON.stringify({ path: '/pictures/a cat.png', ref }))}`;
  assert.equal(titleOfAddress(address('HEAD')), 'a cat.png (HEAD)');
  assert.equal(titleOfAddress(address('0123456789'.repeat(4))), 'a cat.png (01234567)');
  for (const other of ['~', '', 7]) assert.equal(titleOfAddress(address(other)), 'a cat.png');
  assert.equal(titleOfAddress('git:/pictures/a%20cat.png?nothing'), 'a cat.png');
});
