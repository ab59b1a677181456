import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onCancelled } from '../../../../src/host/base/onCancelled.ts';
import { EventEmitter } from '../../../fakes/vscode.ts';

test('a call from code is cancelled by its token, at once where that was cancelled before', () => {
  let cancelled = 0;
  const cancel = () => {
    cancelled += 1;
  };
  const later = new EventEmitter<void>();
  const subscription = onCancelled({ isCancellationRequested: false, onCancellationRequested: later.event }, cancel);
  assert.equal(cancelled, 0);
  later.fire();
  assert.equal(cancelled, 1);
  subscription?.dispose();
  later.fire();
  assert.equal(cancelled, 1);
  onCancelled({ isCancellationRequested: true }, cancel);
  assert.equal(cancelled, 2);
  assert.equal(onCancelled(undefined, cancel), undefined);
});
