import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { useVscodeStub } from '../../../fakes/vscode.ts';

useVscodeStub();
const { appended } = await import('../../../../src/host/sourceControl/commitMessage.ts');

suite('words in a commit message', () => {
  test('stand alone where there is none yet', () => {
    assert.equal(appended(' \n', 'The button is blue.'), 'The button is blue.');
  });

  test('stand behind what is there, which is never replaced', () => {
    assert.equal(appended('Fix the login page\n', 'The button is blue.'), 'Fix the login page\n\nThe button is blue.');
    assert.equal(appended('Fix the login page', ' \n '), 'Fix the login page');
  });

  test('are plain: no marks, no control characters', () => {
    assert.equal(appended('', '**The button** is `blue`.\n\nIt was \u001b[31mred\u202e.'), 'The button is blue.\n\nIt was red.');
  });
});
