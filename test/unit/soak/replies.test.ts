import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzReplies } from '../../soak/replyRun.ts';

test('thousands of mutated replies: no throw, no silent nothing, no lost object, no box outside, the same in pieces', () => {
  const { replies, detections, dropped, strict } = fuzzReplies({ seed: 20_261_121, count: 6000 });
  assert.equal(replies, 6000);
  // That the mutations leave something to find and something to drop.
  assert.ok(detections > 3000 && dropped > 1000 && strict > 2000, `${detections} detections, ${dropped} dropped, ${strict} strict`);
});
