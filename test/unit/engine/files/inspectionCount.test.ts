import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { InspectionFiles } from '../../../../src/engine/files/inspectionFiles.ts';
import { inspection } from '../../../webview/support/sessions.ts';

test('the results of an image are counted by its content, without reading them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'count-'));
  try {
    const files = new InspectionFiles(folder);
    const run = inspection('detect', {});
    const sha256 = run.images[0]?.sha256 ?? '';
    assert.equal(await files.count(sha256), 0);
    await files.add({ ...run, id: 'one' });
    await files.add({ ...run, id: 'two' });
    assert.equal(await files.count(sha256), 2);
    await files.delete({ ...run, id: 'one' });
    assert.equal(await files.count(sha256), 1);
    assert.equal(await files.count('0'.repeat(64)), 0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
