import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FromWebviewMessage, PictureRequest } from '../../../../src/protocol.ts';
import { PictureCopier } from '../../../../src/webview/page/pictureCopier.ts';

const WISH: PictureRequest = { kind: 'crop', run: 'a', detection: '1' };
const PNG = Uint8Array.of(1, 2, 3);

/** A copier with a clipboard that behaves as it is told. */
function withClipboard(write: (png: Promise<Blob>) => Promise<void>) {
  const posted: FromWebviewMessage[] = [];
  const announced: string[] = [];
  const copier = new PictureCopier({ post: (message) => posted.push(message), announce: (text) => announced.push(text), write });
  return { copier, posted, announced };
}

test('the picture that the host makes goes into the clipboard', async () => {
  const written: number[][] = [];
  const { copier, posted, announced } = withClipboard(async (png) => {
    written.push([...new Uint8Array(await (await png).arrayBuffer())]);
  });
  const first = copier.copy(WISH);
  const second = copier.copy({ kind: 'whole' });
  assert.deepEqual(posted, [
    { type: 'makePicture', request: 1, picture: WISH },
    { type: 'makePicture', request: 2, picture: { kind: 'whole' } },
  ]);
  copier.receive({ type: 'picture', request: 2, png: Uint8Array.of(9) });
  copier.receive({ type: 'picture', request: 1, png: PNG });
  await Promise.all([first, second]);
  assert.deepEqual(written.sort(), [[1, 2, 3], [9]]);
  assert.deepEqual(announced, ['Copied.', 'Copied.']);
});

test('where the clipboard takes no pictures, the host saves it', async () => {
  const { copier, posted, announced } = withClipboard(() => Promise.reject(new Error('NotAllowedError')));
  const done = copier.copy(WISH);
  copier.receive({ type: 'picture', request: 1, png: PNG });
  await done;
  assert.deepEqual(posted.at(-1), { type: 'savePicture', picture: WISH });
  assert.deepEqual(announced, []);
});

test('a picture that could not be made is neither copied nor saved: the host has announced why', async () => {
  const { copier, posted, announced } = withClipboard(async (png) => {
    await png;
  });
  const done = copier.copy(WISH);
  copier.receive({ type: 'picture', request: 1 });
  await done;
  assert.equal(posted.length, 1);
  assert.deepEqual(announced, []);
});
