import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionState } from '../../../../src/protocol.ts';
import { sessionNews } from '../../../../src/webview/result/sessionChanges.ts';
import { running } from '../../../webview/support/sessions.ts';

const QUIET = { first: false, repeated: false, failure: false, draft: undefined, sheet: false, sheetPictures: false };
const FAILURE = { reason: 'offline', message: 'No connection.' };
const DRAFT = { task: 'detect', query: 'cups' };

const session = (more: object = {}) => more as SessionState;

test('of a first session all is new; the same once more is no news', () => {
  const sheet = { id: 's', pictures: [] };
  const all = session({ failure: FAILURE, draft: DRAFT, sheet });
  assert.deepEqual(sessionNews(undefined, all), { ...QUIET, first: true, failure: true, draft: DRAFT, sheet: true, sheetPictures: true });
  assert.deepEqual(sessionNews(all, session({ failure: { ...FAILURE }, draft: { ...DRAFT }, sheet: { ...sheet } })), QUIET);
});

test('a draft in other words is news, one that is gone is not', () => {
  assert.deepEqual(sessionNews(session({ draft: { ...DRAFT, query: 'jars' } }), session({ draft: DRAFT })).draft, DRAFT);
  assert.deepEqual(sessionNews(session({ draft: DRAFT }), session()), QUIET);
});

test('a sheet that goes, another one and pictures that come are news', () => {
  const sheet = session({ sheet: { id: 's', pictures: [] } });
  assert.deepEqual(sessionNews(sheet, session()), { ...QUIET, sheet: true, sheetPictures: true });
  assert.deepEqual(sessionNews(sheet, session({ sheet: { id: 't', pictures: [] } })), { ...QUIET, sheet: true });
  assert.deepEqual(sessionNews(sheet, session({ sheet: { id: 's', pictures: [{}] } })), { ...QUIET, sheetPictures: true });
});

test('the end of a run made several times is news, that of a single one is not', () => {
  const several = session({ running: running('detect', { repeat: { done: 1, of: 3 } }) });
  assert.deepEqual(sessionNews(several, session()), { ...QUIET, repeated: true });
  assert.deepEqual(sessionNews(several, several), QUIET);
  assert.deepEqual(sessionNews(session({ running: running('detect') }), session()), QUIET);
});
