import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { SetLine } from '../../../../src/core/sets/inspectionSet.ts';
import { DiskTarget } from '../../../../src/engine/export/diskTarget.ts';
import { writeSummary } from '../../../../src/engine/sets/setSummary.ts';

const line = (key: string, changes: Partial<SetLine> = {}): SetLine => ({
  key,
  uri: `file:///a/${key}`,
  sha256: 'ab',
  state: 'done',
  ...changes,
});

suite('the summary of a set', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'summary-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is in its folder, with a row for each image', async () => {
    async function* lines() {
      yield line('cat.png', { review: 'accepted' });
      yield line('=dog, "the".png', { state: 'failed', reason: 'timeout', message: 'Too late.' });
    }
    const told: number[] = [];
    assert.deepEqual(await writeSummary(lines(), new DiskTarget(folder), (rows) => told.push(rows)), ['summary.csv']);
    assert.deepEqual(await readdir(folder), ['summary.csv']);
    const [head, ...rows] = (await readFile(join(folder, 'summary.csv'), 'utf8')).split('\r\n');
    assert.match(head ?? '', /^image,state,reason,message,review,/);
    assert.match(rows[0] ?? '', /^cat\.png,done,,,accepted,/);
    assert.match(rows[1] ?? '', /^"'=dog, ""the""\.png",failed,timeout,Too late\.,/);
    assert.deepEqual([rows.length, told], [3, [1, 2]]);
  });

  test('that breaks off leaves nothing behind', async () => {
    async function* lines() {
      yield line('cat.png');
      throw new Error('cancelled');
    }
    await assert.rejects(
      writeSummary(lines(), new DiskTarget(folder), () => undefined),
      /cancelled/,
    );
    assert.deepEqual(await readdir(folder), []);
  });
});
