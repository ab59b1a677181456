import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { USUAL_RATES } from '../../fakes/faultScript.ts';
import { runWithKills } from '../../soak/setKills.ts';

const sample = { images: 60, kills: 2, seed: 11, concurrency: 4, rates: { ...USUAL_RATES, unavailable: 0 }, within: 250 };

suite('a set whose process is killed', () => {
  for (const speed of ['standard', 'batch'] as const) {
    test(`loses no image and bills none twice at ${speed} speed`, async () => {
      const tally = await runWithKills({ ...sample, speed });
      const { waiting = 0, prepared = 0, sent = 0, done = 0, failed = 0 } = tally.states;
      assert.equal(waiting + prepared + sent, 0);
      assert.equal(done + failed, sample.images);
      assert.ok(tally.kills > 0);
      assert.equal(tally.billedTwice, 0);
      assert.deepEqual([tally.brokenRecords, tally.illegalRecords], [0, 0]);
      assert.equal(tally.end?.isEnded, true, tally.end?.reason);
      assert.deepEqual(tally.violations, []);
    });
  }
});
