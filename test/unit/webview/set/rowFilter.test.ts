import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { SetRow } from '../../../../src/core/sets/inspectionSet.ts';
import {
  failureTotals,
  listedRows,
  maybeBilled,
  NO_ROW_FILTER,
  type RowFilter,
  type RowSort,
} from '../../../../src/webview/set/rowFilter.ts';

const row = (key: string, part: Partial<SetRow> = {}): SetRow => ({ key, uri: `file:///${key}`, state: 'done', ...part });

const ROWS = [
  row('b/cat.png', { labels: { cat: 2, Cup: 1 }, count: 3, confidence: 0.4, review: 'accepted' }),
  row('a.png', { state: 'failed', reason: 'timeout', message: 'Too long.', mayBeBilled: true }),
  row('c.png', { labels: { dog: 1 }, count: 1, confidence: 0.9 }),
  row('d.png', { state: 'waiting' }),
  row('e.png', { count: 0, review: 'rejected' }),
  row('f.png', { state: 'failed', reason: 'unreadableImage', message: 'Not an image.' }),
];

const keys = (filter: Partial<RowFilter>, sort: RowSort = 'name') =>
  listedRows(ROWS, { ...NO_ROW_FILTER, ...filter }, sort)
    .map(({ key }) => key[0])
    .join('');

suite('which images of a set are listed', () => {
  test('by a part of the name or of a label, in any case', () => {
    assert.equal(keys({ text: 'CAT' }), 'b');
    assert.equal(keys({ text: 'cup' }), 'b');
    assert.equal(keys({ text: ' ' }), 'bacdef');
  });

  test('by state, label, review, reason', () => {
    assert.equal(keys({ state: 'failed' }), 'af');
    assert.equal(keys({ label: 'dog' }), 'c');
    assert.equal(keys({ label: 'constructor' }), '');
    assert.equal(keys({ review: 'accepted' }), 'b');
    assert.equal(keys({ review: 'none' }), 'acdf');
    assert.equal(keys({ reason: 'timeout', state: 'failed' }), 'a');
  });

  test('by count and confidence; what has none is in no range', () => {
    assert.equal(keys({ atLeast: 1 }), 'bc');
    assert.equal(keys({ atMost: 1 }), 'ce');
    assert.equal(keys({ below: 0.5 }), 'b');
  });

  test('a filter that is taken back leaves everything', () => assert.equal(keys({ state: undefined, below: undefined }), 'bacdef'));

  test('sorted; equal ones stay in the order of the set', () => {
    assert.equal(keys({}, 'state'), 'afdbce');
    assert.equal(keys({}, 'label'), 'bcadef');
    assert.equal(keys({}, 'count'), 'bceadf');
    assert.equal(keys({}, 'confidence'), 'bcadef');
    assert.equal(keys({}, 'review'), 'acdfeb');
    assert.equal(keys({}, 'reason'), 'afbcde');
  });
});

test('failures are added up by their reason', () => {
  assert.deepEqual(failureTotals([...ROWS, row('g.png', { state: 'failed', reason: 'timeout', message: 'Too long.' })]), [
    { reason: 'timeout', message: 'Too long.', images: 2 },
    { reason: 'unreadableImage', message: 'Not an image.', images: 1 },
  ]);
});

test('a request that timed out may have been billed, one that never went has not', () => assert.equal(maybeBilled(ROWS, 'failed'), 1));
