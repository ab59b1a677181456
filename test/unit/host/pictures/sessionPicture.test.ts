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
  const picture = new SessionPicture(Uri.file('/cat.png') as unknown as RealUri, () => new Promise((resolve) => looks.push(resolve)), {
    showsFile: () => true,
    of: async () => ({}),
    hintOf: async () => undefined,
    forget: async () => undefined,
  });
  return { picture, looks };
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
