import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { MOST_PAST, pastOf, threadTo } from '../../../../src/core/inspection/thread.ts';

const run = (id: string, more: Partial<Inspection> = {}): Inspection => ({
  version: 1,
  id,
  task: 'ask',
  createdAt: '2026-11-21T12:00:00.000Z',
  prompt: `${id}?`,
  model: 'm',
  images: [],
  text: id,
  dropped: [],
  tokens: { estimated: 0 },
  complete: true,
  raw: id,
  ...more,
});
const ids = (runs: readonly Inspection[]) => runs.map(({ id }) => id).join(' ');

test('a conversation is a run and all that it follows, oldest first', () => {
  const runs = [run('a'), run('b', { follows: 'a' }), run('other'), run('c', { follows: 'b' }), run('fork', { follows: 'a' })];
  assert.equal(ids(threadTo(runs, 'c')), 'a b c');
  assert.equal(ids(threadTo(runs, 'fork')), 'a fork');
  assert.equal(ids(threadTo(runs, 'none')), '');
  assert.equal(ids(threadTo(runs, undefined)), '');
});

test('a conversation whose beginning was deleted begins where it still is; one that bites its tail ends', () => {
  assert.equal(ids(threadTo([run('b', { follows: 'a' }), run('c', { follows: 'b' })], 'c')), 'b c');
  assert.equal(ids(threadTo([run('a', { follows: 'b' }), run('b', { follows: 'a' })], 'b')), 'a b');
});

test('what has no words is no part of a conversation', () => {
  const { text: _, ...boxes } = run('boxes', { task: 'detect' });
  assert.equal(ids(threadTo([boxes, run('b', { follows: 'boxes' })], 'b')), 'b');
});

test('of a long conversation the last answers are sent along, and none that is blank', () => {
  const long = Array.from({ length: MOST_PAST + 5 }, (_, index) => run(String(index)));
  assert.equal(pastOf(long).length, MOST_PAST);
  assert.equal(pastOf(long)[0]?.id, '5');
  assert.equal(ids(pastOf([run('a'), run('b', { raw: ' \n' })])), 'a');
});
