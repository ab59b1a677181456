import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readImage, unsentImage } from '../../../../src/engine/files/imageInfo.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { png } from '../../../fixtures/images.ts';

const FILES = {
  open: async () => memorySource(png(30, 20)),
  originOf: async (file: string) => (file === 'file:///fetched/a.png' ? { address: 'https://example.org/a.png', whole: true } : undefined),
};

test('an image of which nothing was sent is named by where it is from', async () => {
  const { sha256, ...here } = await unsentImage(FILES, 'file:///a.png');
  assert.match(sha256, /^[0-9a-f]{64}$/);
  assert.deepEqual(here, { uri: 'file:///a.png', mimeType: 'image/png', width: 30, height: 20 });
  assert.equal((await unsentImage(FILES, 'file:///fetched/a.png')).uri, 'https://example.org/a.png');
});

test('without an image that can be read it rejects with the reason', async () => {
  const gone = new URL('gone.png', import.meta.url).href;
  await assert.rejects(readImage(LOCAL_FILES, gone), { reason: 'unreadableImage' });
  const text = { ...FILES, open: async () => memorySource(new TextEncoder().encode('no image')) };
  await assert.rejects(unsentImage(text, 'file:///a.png'), { reason: 'unreadableImage', detail: /no known image type/ });
});
