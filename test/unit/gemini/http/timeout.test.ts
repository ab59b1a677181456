import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { Timeout } from '../../../../src/gemini/http/timeout.ts';

const failure = new InspectorError('timeout', 'nothing came');
const other = new InspectorError('timeout', 'nothing more came');
const followed = new AbortController().signal;

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

test('silence aborts with the failure, and every sign of life puts it off', () => {
  using timeout = new Timeout(followed, 100, () => failure);
  mock.timers.tick(99);
  timeout.restart();
  mock.timers.tick(99);
  assert.equal(timeout.signal.aborted, false);
  mock.timers.tick(1);
  assert.equal(timeout.signal.reason, failure);
  assert.throws(() => timeout.rethrow(new Error('broken off')), failure);
});

test('what is waited for next may take its own time and has its own failure', () => {
  using timeout = new Timeout(followed, 100, () => failure);
  timeout.restart(200, () => other);
  mock.timers.tick(199);
  assert.equal(timeout.signal.aborted, false);
  mock.timers.tick(1);
  assert.equal(timeout.signal.reason, other);
});

test('it follows another signal, and then an error is not its own', () => {
  const cancelled = new AbortController();
  using timeout = new Timeout(cancelled.signal, 100, () => failure);
  cancelled.abort(other);
  mock.timers.tick(100);
  assert.equal(timeout.signal.reason, other);
  const error = new Error('broken off');
  assert.throws(() => timeout.rethrow(error), error);
});

test('a clock that rests, or that is over, aborts nothing', () => {
  const timeout = new Timeout(followed, 100, () => failure);
  timeout.stop();
  mock.timers.tick(100);
  timeout[Symbol.dispose]();
  timeout.restart();
  mock.timers.tick(100);
  assert.equal(timeout.signal.aborted, false);
});
