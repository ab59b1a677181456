import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detection } from '../../../../src/core/inspection/inspection.ts';
import type { PictureRequest } from '../../../../src/protocol.ts';
import { useVscodeStub } from '../../../fakes/vscode.ts';

useVscodeStub();
// The same instance that the host gets.
const { statusBarMessages } = (await import('vscode')) as unknown as { statusBarMessages: string[] };
const { confirmCopiedPicture, confirmCopiedText } = await import('../../../../src/host/base/copied.ts');

test('a copied text is named by its beginning, behind a check mark', () => {
  confirmCopiedText('\n$(trash) Two\nlines');
  assert.equal(statusBarMessages.at(-1), '$(check) Copied: $\u200b(trash) Two lines');
  confirmCopiedText('');
  assert.equal(statusBarMessages.at(-1), '$(check) Copied');
});

test('so is a copied picture, by what it shows', () => {
  const detections = [{ id: '1', label: 'red $(car)' } as Detection, { id: '2', label: ' ' } as Detection];
  const said = (picture: PictureRequest) => {
    confirmCopiedPicture(picture, (id) => (id === 'run' ? { detections } : undefined));
    return statusBarMessages.at(-1);
  };
  assert.equal(said({ kind: 'whole' }), '$(check) Image copied');
  assert.equal(said({ kind: 'overlay', run: 'run' }), '$(check) Image with overlay copied');
  assert.equal(said({ kind: 'crop', run: 'run', detection: '1' }), '$(check) Crop of "red $\u200b(car)" copied');
  assert.equal(said({ kind: 'cutOut', run: 'run', detection: '2' }), '$(check) Cut-out of "no label" copied');
});
