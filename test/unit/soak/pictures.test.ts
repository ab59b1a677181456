import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runPictures } from '../../soak/pictureRun.ts';

// `npm run soak -- pictures` takes twenty thousand.
test('mutated pictures are refused by name or decode, and never keep or break the host', async () => {
  const { pictures, accepted, damagedInside, refused, violations } = await runPictures({ seed: 20_261_128, count: 150 });
  assert.deepEqual(violations, []);
  assert.equal(pictures, 150);
  // That the mutations leave something to accept and something to refuse.
  assert.ok(accepted - damagedInside > 10 && damagedInside < accepted / 4 && (refused.unreadableImage ?? 0) > 10, `${accepted} accepted`);
});
