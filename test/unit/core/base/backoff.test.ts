import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff } from '../../../../src/core/base/backoff.ts';

test('each failure doubles the wait, and chance adds up to half of it', () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((failures) => backoff(1000, failures, 0)),
    [1000, 2000, 4000, 8000],
  );
  assert.deepEqual([backoff(1, 1, 1), backoff(1, 3, 0.5)], [1.5, 5]);
});
