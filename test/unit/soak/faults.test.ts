import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFaults } from '../../soak/faultRun.ts';

// `npm run soak -- faults` takes a thousand.
for (const seed of [1, 2]) {
  test(`whatever breaks on the line, every task ends right or is told, and no key is seen (seed ${seed})`, async () => {
    const { injected, right, reasons, violations } = await runFaults({ seed, faults: 60 });
    assert.deepEqual(violations, []);
    for (const [kind, count] of Object.entries(injected)) assert.ok(count > 0, kind);
    // Faults were met, tried again and told: otherwise nothing was tested.
    assert.ok(right > 0);
    assert.ok((reasons.timeout ?? 0) > 0);
  });
}
