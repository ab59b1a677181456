import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { standIn } from '../../../../src/host/base/lazy.ts';

class Counter {
  #count = 0;

  async add(by: number): Promise<number> {
    if (by < 0) throw new RangeError('less than nothing');
    this.#count += by;
    return this.#count;
  }
}

describe('what stands for something that is made later', () => {
  test('has it made by the first call, and once', async () => {
    let made = 0;
    const counter = standIn(async () => {
      made++;
      return new Counter();
    });
    assert.equal(made, 0);
    assert.deepEqual(await Promise.all([counter.add(1), counter.add(2)]), [1, 3]);
    assert.equal(await counter.add(4), 7);
    assert.equal(made, 1);
  });

  test('can be awaited itself, which makes nothing', async () => {
    const counter = standIn<Counter>(async () => assert.fail('it was made'));
    assert.equal(await (async () => counter)(), counter);
  });

  test('rejects as what it stands for, and where that cannot be made', async () => {
    await assert.rejects(standIn(async () => new Counter()).add(-1), RangeError);
    await assert.rejects(standIn<Counter>(async () => Promise.reject(new Error('no file'))).add(1), /no file/);
  });
});
