import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { largeImage } from '../../../../src/core/request/largeImage.ts';
import { useVscodeStub } from '../../../fakes/vscode.ts';

useVscodeStub();
const { forCallers } = await import('../../../../src/host/base/failureMessages.ts');

test('code is told of the option that does what a button would', () => {
  assert.match(forCallers(largeImage(40e6)).message, /maxDimension, 0 for full size/);
  assert.equal(forCallers(new InspectorError('server', 'Broken.')).message, 'Broken.');
});
