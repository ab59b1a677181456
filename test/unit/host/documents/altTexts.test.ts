import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { useVscodeStub } from '../../../fakes/vscode.ts';

useVscodeStub();
const vscode = await import('../../../fakes/vscode.ts');
const { AltTexts } = await import('../../../../src/host/documents/altTexts.ts');

suite('missing alt text', () => {
  beforeEach(() => {
    vscode.workspace.workspaceFolders = undefined;
    vscode.dialogs.length = 0;
  });

  test('of a file or folder that is not there is a failure', async () => {
    await assert.rejects(new AltTexts({} as never).writeMissing({ uris: ['/nowhere/docs'], options: {}, fromCode: true }), /ENOENT/);
  });

  test('is said not to be found also where no folder is open', async () => {
    assert.equal(await new AltTexts({} as never).writeMissing({ uris: [], options: {}, fromCode: false }), 0);
    assert.deepEqual(
      vscode.dialogs.map(({ message }) => message),
      ['No image without alt text was found.'],
    );
  });
});
