import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { failureView, InspectorError } from '../../../../src/core/base/failure.ts';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { endedNote } from '../../../../src/host/session/sessionNotes.ts';

const shown: Inspection = {
  version: 1,
  id: 'i',
  task: 'detect',
  createdAt: '2026-11-28T10:22:00',
  prompt: '',
  model: 'm',
  images: [],
  dropped: [],
  tokens: { estimated: 0 },
  complete: true,
  raw: '',
};
const ended = (reason: 'cancelled' | 'notConfirmed' | 'network') => failureView(new InspectorError(reason, 'x'));

suite('what is said of a task that the user ended', () => {
  test('names the time of the earlier result that goes on being shown', () => {
    assert.match(endedNote(ended('cancelled'), shown) ?? '', /^Cancelled\. Showing the result of .*10.22/);
    assert.match(endedNote(ended('notConfirmed'), shown) ?? '', /^Not sent\. Showing the result of/);
  });

  test('is short where nothing is shown, and nothing of a failure', () => {
    assert.equal(endedNote(ended('cancelled')), 'Cancelled.');
    assert.equal(endedNote(ended('network'), shown), undefined);
  });
});
