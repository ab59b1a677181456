import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { readInspection } from '../../../../src/core/inspection/storedInspection.ts';
import { inspection } from '../../../webview/support/sessions.ts';

const SAMPLE = new URL('../../../../media/sample/inspections.json', import.meta.url);

suite('a stored inspection', () => {
  test('is read, with all that 0.1.0 wrote', () => {
    const written = JSON.parse(readFileSync(SAMPLE, 'utf8')) as Inspection[];
    const answers = written.map((run) => ({ ...run, images: run.images.map((image) => ({ ...image, uri: 'file:///street.png' })) }));
    const tasks = (['caption', 'detect', 'segment', 'compare'] as const).map((task) => inspection(task));
    for (const run of [...answers, ...tasks]) assert.deepEqual(readInspection(JSON.stringify(run)), JSON.parse(JSON.stringify(run)));
  });

  test('of a later version is left alone', () => {
    assert.equal(readInspection(JSON.stringify({ version: 2 })), 'foreign');
    assert.equal(readInspection(JSON.stringify({ ...inspection('detect'), task: 'sing' })), 'foreign');
  });

  test('of which a part is missing or of another kind is broken', () => {
    const whole = JSON.stringify(inspection('detect'));
    for (const text of ['', 'null', '[]', '{}', '"x"', whole.slice(0, -1), whole.slice(0, 100)])
      assert.equal(readInspection(text), 'broken', text);
    const needed = ['id', 'task', 'createdAt', 'prompt', 'model', 'images', 'dropped', 'tokens', 'complete', 'raw', 'version'] as const;
    for (const name of needed) {
      const value = JSON.parse(whole);
      delete value[name];
      assert.equal(readInspection(JSON.stringify(value)), 'broken', name);
    }
    for (const changes of [
      { images: [] },
      { images: [null] },
      { detections: [null] },
      { detections: [{ id: '1' }] },
      { raw: 1 },
      { dropped: {} },
    ]) {
      assert.equal(readInspection(JSON.stringify({ ...inspection('detect'), ...changes })), 'broken', JSON.stringify(changes));
    }
  });
});
