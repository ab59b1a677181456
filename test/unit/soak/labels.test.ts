import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDamagedLabels } from '../../soak/labelRun.ts';

test('1,100 damaged label files are read or refused, the same in pieces of any length', { timeout: 60_000 }, () => {
  for (let seed = 130; seed < 140; seed++) {
    const { files, whole, inPart, refused, objects } = readDamagedLabels(seed, 110);
    assert.equal(whole + inPart + refused, files);
    assert.ok(objects > 0);
  }
});
