import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localDay, utcDay } from '../../../../src/core/base/dates.ts';

test('a day in UTC is the same on every computer', () => {
  assert.equal(utcDay(new Date('2026-11-21T23:59:59Z')), '2026-11-21');
  assert.equal(utcDay(new Date('2026-11-21T23:59:59-02:00')), '2026-11-22');
});

test('a local day is one of the calendar here', () => {
  assert.equal(localDay(new Date(2026, 0, 5, 0, 1)), '2026-01-05');
  assert.equal(localDay(new Date(2026, 10, 21, 23, 59)), '2026-11-21');
});
