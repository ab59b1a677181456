import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeUpload, mergeUploads, totalSize, type UploadedFile } from '../../../../src/core/request/uploadList.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const HOUR = 3600e3;

const listed = (name: string, changes: Partial<UploadedFile> = {}) => ({
  name: `files/${name}`,
  displayName: `${name}.png`,
  mimeType: 'image/png',
  bytes: 4_200_000,
  state: 'ACTIVE',
  createdAt: NOW - 3 * HOUR,
  expiresAt: NOW + 45 * HOUR,
  ...changes,
});

test('the list is the API’s, newest first; what was uploaded from here is told apart', () => {
  const files = mergeUploads(
    [listed('old', { createdAt: NOW - 9 * HOUR }), listed('new', { createdAt: NOW })],
    [
      { name: 'files/old', displayName: 'mine.png', uploadedAt: NOW - 9 * HOUR, expiresAt: NOW + HOUR },
      { name: 'files/gone', displayName: 'gone.png', uploadedAt: NOW, expiresAt: NOW },
    ],
  );
  assert.deepEqual(
    files.map(({ name, displayName, fromHere }) => [name, displayName, fromHere]),
    [
      ['files/new', 'new.png', false],
      ['files/old', 'old.png', true],
    ],
  );
});

test('what the API does not tell is taken from memory', () => {
  const bare = { name: 'files/bare', displayName: '', mimeType: 'image/png', bytes: 1, state: 'ACTIVE' };
  const [file] = mergeUploads([bare], [{ name: 'files/bare', displayName: 'cat.png', uploadedAt: NOW, expiresAt: NOW + HOUR }]);
  assert.deepEqual(file, { ...bare, displayName: 'cat.png', createdAt: NOW, expiresAt: NOW + HOUR, fromHere: true });
  assert.deepEqual(mergeUploads([bare], []), [{ ...bare, fromHere: false }]);
});

for (const [changes, text] of [
  [{}, '4.2 MB · 3 h old · 45 h left'],
  [{ createdAt: NOW - 119 * 60e3, expiresAt: NOW + 30e3 }, '4.2 MB · 119 min old · 0 min left'],
  [{ createdAt: NOW + 5000, expiresAt: NOW - 5000 }, '4.2 MB · 0 min old · 0 min left'],
  [{ bytes: 1300, state: 'PROCESSING' }, '1.3 KB · 3 h old · 45 h left · not ready yet'],
  [{ bytes: 530_000, state: 'FAILED' }, '530 KB · 3 h old · 45 h left · not usable'],
] as const) {
  test(`a file is described as ${text}`, () => {
    assert.equal(describeUpload({ ...listed('cat', changes), fromHere: true }, NOW), text);
  });
}

test('all files together', () => {
  const files = mergeUploads([listed('a'), listed('b', { bytes: 300e6 })], []);
  assert.equal(totalSize(files), '304.2 MB');
});
