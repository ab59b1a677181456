import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Uri as RealUri } from 'vscode';
import type { ImageInfo } from '../../../../src/engine/files/imageInfo.ts';
import { Uri, useVscodeStub } from '../../../fakes/vscode.ts';

useVscodeStub();
const { SessionPicture } = await import('../../../../src/host/pictures/sessionPicture.ts');

/** A picture whose file is looked at as slowly as a test wants. */
function slowPicture() {
  const looks: ((info: ImageInfo) => void)[] = [];
  const forgotten: (string | undefined)[] = [];
  let made = 0;
  const picture = new SessionPicture(Uri.file('/cat.png') as unknown as RealUri, () => new Promise((resolve) => looks.push(resolve)), {
    showsFile: () => true,
    of: async () => ({ pixels: Uri.file(`/made-${++made}.png`) as unknown as RealUri }),
    hintOf: async () => undefined,
    forget: async ({ pixels }) => void forgotten.push(pixels?.path),
  });
  return { picture, looks, forgotten };
}

test('the newest look at a file wins, however slow an older one is', async () => {
  const { picture, looks } = slowPicture();
  const [older, newer] = [picture.load(), picture.load()];
  looks[1]?.({ bytes: 2, sha256: 'new' });
  assert.equal(await newer, true);
  looks[0]?.({ bytes: 1, sha256: 'old' });
  assert.equal(await older, false);
  assert.deepEqual(picture.info, { bytes: 2, sha256: 'new' });
});

test('looks that end in their order all count: a file that keeps changing is followed', async () => {
  const { picture, looks } = slowPicture();
  const [first, second] = [picture.load(), picture.load()];
  looks[0]?.({ bytes: 1, sha256: 'old' });
  assert.equal(await first, true);
  assert.equal(picture.info?.sha256, 'old');
  looks[1]?.({ bytes: 2, sha256: 'new' });
  assert.equal(await second, true);
  assert.equal(picture.info?.sha256, 'new');
});

test('the picture of a file that has changed stays for pages that still load it, until the editor is closed', async () => {
  const { picture, looks, forgotten } = slowPicture();
  for (const sha256 of ['one', 'two']) {
    const load = picture.load();
    looks.at(-1)?.({ bytes: 1, sha256 });
    await load;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(picture.shown.pixels?.path, '/made-2.png');
  assert.deepEqual(forgotten.filter(Boolean), [], 'a page may not know of the new one yet');
  picture.dispose();
  assert.deepEqual(forgotten.filter(Boolean), ['/made-1.png', '/made-2.png']);
});
