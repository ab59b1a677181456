import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOfChecks, outcomeOfTests, summary } from '../tools/stepOutcome.ts';

test('a step that ran no test has failed, and says so', () => {
  for (const counts of [undefined, { passed: 0, failed: 0 }]) {
    const outcome = outcomeOfTests(counts);
    assert.equal(outcome.failed, 1);
    assert.equal(outcome.note, 'No test ran.');
  }
});

test('a check that failed counts as a failure, one that went well as nothing', () => {
  assert.deepEqual([outcomeOfChecks(2).failed, outcomeOfChecks(0).failed, outcomeOfChecks(0).passed], [2, 0, 0]);
});

test('the summary ends with the sum of all steps', () => {
  const lines = summary([
    { name: 'lint', passed: 0, failed: 0, seconds: 1.25 },
    { name: 'unit', passed: 12, failed: 1, seconds: 3 },
    { name: 'e2e', passed: 30, failed: 0, seconds: 61 },
  ]).split('\n');
  assert.deepEqual(lines, [
    '✓ lint        1.3 s',
    '✗ unit        3.0 s  12 passed, 1 failed',
    '✓ e2e        61.0 s  30 passed, 0 failed',
    '',
    '42 passed, 1 failed',
  ]);
});
