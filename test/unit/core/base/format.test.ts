import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatUsd } from '../../../../src/core/base/format.ts';

test('dollars have four decimals under a cent, else two', () => {
  assert.deepEqual([0, 0.00001, 0.00223, 0.0129, 3].map(formatUsd), ['$0.0000', '< $0.0001', '$0.0022', '$0.01', '$3.00']);
});

test('sizes count 1,000 bytes to a KB, with one decimal where it says something', () => {
  const sizes = { 0: '0 B', 999: '999 B', 1000: '1 KB', 8100: '8.1 KB', 679000: '679 KB', 999949: '999.9 KB', 999950: '1 MB' };
  for (const [bytes, text] of Object.entries(sizes)) assert.equal(formatBytes(Number(bytes)), text);
  assert.deepEqual([5_000_000, 31_350_000, 2e9].map(formatBytes), ['5 MB', '31.4 MB', '2,000 MB']);
});
