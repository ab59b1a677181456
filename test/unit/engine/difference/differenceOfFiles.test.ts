import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type InspectorError, unreadable } from '../../../../src/core/base/failure.ts';
import { differenceOfFiles } from '../../../../src/engine/difference/differenceOfFiles.ts';
import { difference } from '../../../../src/imaging/difference/difference.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';

const file = await encoded(portrait(30, 20), { format: 'png' });
const opened: string[] = [];
const tools = {
  files: {
    open: async (address: string) => {
      opened.push(address);
      if (!address.endsWith('.png')) throw unreadable('It is gone.');
      return memorySource(file);
    },
  },
  worker: { difference },
};
const whole = { x: 0, y: 0, width: 30, height: 20 };

suite('the difference of two addresses', () => {
  test('is that of their pictures', async () => {
    const { difference: found } = await differenceOfFiles(tools, ['a.png', 'b.png'], 'corner');
    assert.deepEqual([found.changed, opened], [false, ['a.png', 'b.png']]);
  });

  test('of an added and of a deleted picture all has changed', async () => {
    const added = await differenceOfFiles(tools, [null, 'b.png'], 'corner');
    const deleted = await differenceOfFiles(tools, ['a.png', null], 'corner');
    const size = { width: 30, height: 20 };
    assert.deepEqual(added, { difference: { changed: true, sizes: [null, size], share: 1, regions: [whole] } });
    assert.deepEqual(deleted, { difference: { changed: true, sizes: [size, null], share: 1, regions: [whole] } });
  });

  test('says what is wrong with a file', async () => {
    await assert.rejects(differenceOfFiles(tools, ['a.png', 'gone'], 'corner'), (error: InspectorError) => error.detail === 'It is gone.');
    await assert.rejects(
      differenceOfFiles(tools, [null, 'b.png'], 'corner', AbortSignal.abort(new Error('no longer wanted'))),
      /no longer wanted/,
    );
  });
});
