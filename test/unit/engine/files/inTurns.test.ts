import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inTurns } from '../../../../src/engine/files/inTurns.ts';

suite('work in steps', () => {
  test('lets others have their turn by time, and gives what it came to', async () => {
    let turns = 0;
    const count = () => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    const value = await inTurns(
      (function* () {
        for (let step = 0; step < 4; step++) {
          const end = performance.now() + 15;
          while (performance.now() < end);
          yield;
        }
        return 'done';
      })(),
    );
    clearImmediate(next);
    assert.equal(value, 'done');
    assert.ok(turns >= 4, `${turns} turns`);
  });

  test('stops with the reason of the signal', async () => {
    const stop = new AbortController();
    const endless = (function* (): Generator<undefined, never> {
      for (;;) yield;
    })();
    setTimeout(() => stop.abort(new Error('enough')), 20);
    await assert.rejects(inTurns(endless, stop.signal), /enough/);
  });
});
