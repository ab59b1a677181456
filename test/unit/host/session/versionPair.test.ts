import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { VersionPair } from '../../../../src/host/session/versionPair.ts';

const run = (id: string, prompt = '') =>
  ({ id, task: 'detect', prompt, createdAt: id, images: [{}], detections: [] }) as unknown as Inspection;

function pairOf(own: Inspection[], others: Record<string, Inspection[]>) {
  let changes = 0;
  const pair = new VersionPair({
    own: 'older',
    runs: () => own,
    runsOf: async (address) => others[address] ?? [],
    changed: () => void changes++,
  });
  return { pair, changes: () => changes };
}

suite('two images beside each other', () => {
  test('have the objects of both once both are known', async () => {
    const others: Record<string, Inspection[]> = {};
    const { pair, changes } = pairOf([run('1')], others);
    pair.open('newer');
    await pair.read();
    assert.deepEqual([pair.state, changes()], [{ id: 1, newer: 'newer' }, 1]);
    assert.deepEqual(await pair.missing(), { task: 'detect', query: '', images: ['newer'] });
    others.newer = [run('2')];
    await pair.read();
    assert.deepEqual([pair.state?.objects?.newer.id, changes()], ['2', 2]);
    await pair.read();
    assert.equal(changes(), 2);
    assert.deepEqual((await pair.missing())?.images, []);
    pair.open('other');
    assert.deepEqual(pair.state, { id: 2, newer: 'other' });
  });

  test('that have been closed take nothing in', async () => {
    const { pair } = pairOf([run('1')], { newer: [run('2')] });
    pair.open('newer');
    const reading = pair.read();
    pair.close();
    await reading;
    assert.deepEqual([pair.state, await pair.missing()], [undefined, undefined]);
  });

  test('are kept while results come in, also where that fails', async () => {
    const { pair } = pairOf([], {});
    await assert.rejects(
      pair.keepDuring(async () => assert.fail(String(pair.isKept))),
      /true/,
    );
    assert.equal(pair.isKept, false);
  });
});
