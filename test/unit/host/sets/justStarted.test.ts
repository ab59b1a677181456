import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { justStarted } from '../../../../src/host/sets/justStarted.ts';

const NOW = Date.parse('2026-11-28T12:00:00.000Z');
const OLD = { id: 'old', createdAt: '2026-11-27T12:00:00.000Z' };
const NEW = { id: 'new', createdAt: '2026-11-28T11:59:50.000Z' };

const found = (sets: (typeof OLD)[], shown?: string) => justStarted(sets, (id) => id === shown, NOW);

suite('the set of a page that has not kept which one it shows', () => {
  test('is the one that was started a moment before', () => assert.equal(found([NEW, OLD]), 'new'));

  test('is none where there was only a plan: none that another page shows, and none from before', () => {
    assert.equal(found([NEW, OLD], 'new'), undefined);
    assert.equal(found([OLD]), undefined);
  });
});
