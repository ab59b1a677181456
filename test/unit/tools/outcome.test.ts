import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOfChecks, outcomeOfSkipped, outcomeOfTests, summary } from '../../tools/stepOutcome.ts';

test('a step that ran no test has failed, and says so', () => {
  for (const counts of [undefined, { passed: 0, failed: 0, skipped: 0 }, { passed: 0, failed: 0, skipped: 7 }]) {
    const outcome = outcomeOfTests(counts);
    assert.equal(outcome.failed, 1);
    assert.equal(outcome.note, 'No test ran.');
  }
});

test('a check that failed counts as a failure, one that went well as nothing', () => {
  assert.deepEqual([outcomeOfChecks(2).failed, outcomeOfChecks(0).failed, outcomeOfChecks(0).passed], [2, 0, 0]);
});

test('what was skipped is told with its reasons', () => {
  const outcome = outcomeOfTests({ passed: 1, failed: 0, skipped: 3 }, ['Pillow is not here', 'no corpus', 'no corpus']);
  assert.equal(outcome.note, 'Skipped: 2 (no corpus), 1 (Pillow is not here)');
  assert.equal(outcomeOfTests({ passed: 1, failed: 0, skipped: 0 }).note, undefined);
});

test('a step that the machine lacks something for has not failed, and counts its files as skipped', () => {
  const { passed, failed, skipped, note } = outcomeOfSkipped(17, 'No Chromium found.');
  assert.deepEqual([passed, failed, skipped], [0, 0, 17]);
  assert.equal(note, 'All 17 files of tests were skipped: No Chromium found.');
});

test('the summary ends with the sum of all steps', () => {
  const lines = summary([
    { name: 'lint', passed: 0, failed: 0, skipped: 0, seconds: 1.25 },
    { name: 'unit', passed: 12, failed: 1, skipped: 2, seconds: 3 },
    { name: 'webview', passed: 0, failed: 0, skipped: 17, seconds: 0 },
    { name: 'e2e', passed: 30, failed: 0, skipped: 0, seconds: 61 },
  ]).split('\n');
  assert.deepEqual(lines, [
    '✓ lint        1.3 s',
    '✗ unit        3.0 s  12 passed, 1 failed, 2 skipped',
    '− webview     0.0 s  0 passed, 0 failed, 17 skipped',
    '✓ e2e        61.0 s  30 passed, 0 failed, 0 skipped',
    '',
    '42 passed, 1 failed, 19 skipped',
  ]);
});
