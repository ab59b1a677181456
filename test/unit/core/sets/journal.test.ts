import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ItemState } from '../../../../src/core/sets/inspectionSet.ts';
import { foldJournal, type JournalRecord, mayMove, writeRecord } from '../../../../src/core/sets/journal.ts';

const head: JournalRecord = {
  kind: 'set',
  version: 1,
  id: 'a',
  createdAt: '2026-11-28T00:00:00.000Z',
  folder: 'file:///a/',
  task: { task: 'detect', query: '', model: 'gemini-3.8-flash', mediaResolution: 'default', maxDimension: 0, speed: 'flex' },
  words: 40,
};
const image = (number: number): JournalRecord => ({
  kind: 'image',
  image: number,
  key: `${number}.png`,
  uri: `file:///a/${number}.png`,
  bytes: 9,
  tokens: 1100,
});
const state = (number: number, to: ItemState, more: object = {}): JournalRecord => ({ kind: 'state', image: number, state: to, ...more });
const text = (...records: JournalRecord[]) => records.map(writeRecord).join('');

suite('the journal of a set', () => {
  test('tells one state of each image: the last that it can have come to', () => {
    const told = foldJournal(
      text(
        head,
        image(0),
        image(1),
        state(0, 'prepared', { sha256: 'ab' }),
        state(0, 'sent'),
        state(0, 'done', { at: 0, length: 5, costUsd: 0.1 }),
        state(1, 'done'),
      ),
    );
    assert.equal(told.speed, 'flex');
    assert.deepEqual(
      told.images.map(({ state: one, sha256, at, costUsd }) => [one, sha256, at, costUsd]),
      [
        ['done', 'ab', 0, 0.1],
        ['done', undefined, undefined, undefined],
      ],
    );
    assert.equal(told.illegal, 0);
  });

  test('passes over what cannot be, and counts it', () => {
    const told = foldJournal(text(head, image(0), state(0, 'sent'), state(7, 'done'), image(5), head, state(0, 'prepared')));
    assert.equal(told.illegal, 4);
    assert.equal(told.images[0]?.state, 'prepared');
  });

  test('leaves a torn last line out, and counts a broken one in the middle', () => {
    const whole = text(head, image(0), state(0, 'prepared'));
    assert.equal(foldJournal(whole.slice(0, -2)).images[0]?.state, 'waiting');
    assert.equal(foldJournal(whole.slice(0, -2)).broken, 0);
    const broken = foldJournal(whole.replace('"kind":"image"', '"kind":"imgae"'));
    assert.deepEqual([broken.broken, broken.illegal, broken.images.length], [1, 1, 0]);
  });

  test('forgets why an image failed once it waits again', () => {
    const told = foldJournal(
      text(head, image(0), state(0, 'failed', { reason: 'timeout', message: 'late', mayBeBilled: true }), state(0, 'waiting')),
    );
    assert.deepEqual(told.images[0], { image: 0, key: '0.png', uri: 'file:///a/0.png', bytes: 9, tokens: 1100, state: 'waiting' });
  });

  test('keeps what was billed for an answer that could not be used, when its image is asked about again', () => {
    const told = foldJournal(
      text(
        head,
        image(0),
        image(1),
        state(0, 'failed', { costUsd: 0.25, billed: 1000 }),
        state(0, 'waiting'),
        state(0, 'done', { costUsd: 0.5, billed: 2000 }),
        // It cannot come to that, so it has cost nothing either.
        state(0, 'failed', { costUsd: 8, billed: 8 }),
        state(1, 'done'),
      ),
    );
    assert.deepEqual([told.costUsd, told.billed], [0.75, 3000]);
    assert.equal(foldJournal(text(head, image(0))).costUsd, undefined);
  });

  test('lets nothing that is done be asked again', () => {
    for (const to of ['waiting', 'prepared', 'sent', 'failed', 'cancelled'] as const) assert.equal(mayMove('done', to), false);
  });
});
