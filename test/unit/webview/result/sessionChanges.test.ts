import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionState } from '../../../../src/protocol.ts';
import { sessionChanges } from '../../../../src/webview/result/sessionChanges.ts';
import { running } from '../../../webview/support/sessions.ts';

const QUIET = {
  first: false,
  repeated: false,
  failure: false,
  draft: undefined,
  pair: false,
  scored: false,
  review: false,
  reviewPictures: false,
};
const FAILURE = { reason: 'offline', message: 'No connection.' };
const DRAFT = { task: 'detect', query: 'cups' };

const session = (more: object = {}) => more as SessionState;

test('of a first session all is new; the same once more is no news', () => {
  const review = { id: 's', pictures: [] };
  const all = session({ failure: FAILURE, draft: DRAFT, review });
  assert.deepEqual(sessionChanges(undefined, all), {
    ...QUIET,
    first: true,
    failure: true,
    draft: DRAFT,
    pair: false,
    scored: false,
    review: true,
    reviewPictures: true,
  });
  assert.deepEqual(
    sessionChanges(all, session({ failure: { ...FAILURE }, draft: { ...DRAFT }, pair: false, review: { ...review } })),
    QUIET,
  );
});

test('a draft in other words is news, one that is gone is not', () => {
  assert.deepEqual(sessionChanges(session({ draft: { ...DRAFT, query: 'jars' } }), session({ draft: DRAFT })).draft, DRAFT);
  assert.deepEqual(sessionChanges(session({ draft: DRAFT }), session()), QUIET);
});

test('a review that goes, another one and pictures that come are news', () => {
  const review = session({ review: { id: 's', pictures: [] } });
  assert.deepEqual(sessionChanges(review, session()), { ...QUIET, review: true, reviewPictures: true });
  assert.deepEqual(sessionChanges(review, session({ review: { id: 't', pictures: [] } })), { ...QUIET, review: true });
  assert.deepEqual(sessionChanges(review, session({ review: { id: 's', pictures: [{}] } })), { ...QUIET, reviewPictures: true });
});

test('the end of a run made several times is news, that of a single one is not', () => {
  const several = session({ running: running('detect', { repeat: { done: 1, of: 3 } }) });
  assert.deepEqual(sessionChanges(several, session()), { ...QUIET, repeated: true });
  assert.deepEqual(sessionChanges(several, several), QUIET);
  assert.deepEqual(sessionChanges(session({ running: running('detect') }), session()), QUIET);
});

test('an image of a set that is to be shown against its labels is news once', () => {
  const scored = session({ inSet: { at: 0, of: 2, scored: { id: 1 } } });
  assert.deepEqual(sessionChanges(session(), scored), { ...QUIET, scored: true });
  assert.deepEqual(sessionChanges(scored, scored), QUIET);
});

test('to be shown against labels is news once', () => {
  const scored = (id: number) => session({ inSet: { at: 0, of: 2, scored: { id, labels: 'a', run: 'b' } } });
  assert.deepEqual(sessionChanges(session(), scored(1)), { ...QUIET, scored: true });
  assert.deepEqual(sessionChanges(scored(1), scored(1)), QUIET);
  assert.deepEqual(sessionChanges(scored(1), scored(2)), { ...QUIET, scored: true });
  assert.deepEqual(sessionChanges(scored(1), session({ inSet: { at: 1, of: 2 } })), QUIET);
});
