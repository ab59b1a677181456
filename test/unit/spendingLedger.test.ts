import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { dayOf, type Spending, total } from '../../src/core/ledger.ts';
import { spendingOf } from '../../src/core/spendingOf.ts';
import { SpendingLedger } from '../../src/host/spendingLedger.ts';

const NOW = new Date(2026, 10, 21, 12);

const spending = (changes: Partial<Spending> = {}): Spending => ({
  day: dayOf(NOW),
  workspace: 'w',
  model: 'm',
  calls: 1,
  image: 1,
  prompt: 2,
  output: 3,
  thoughts: 4,
  usd: 0.5,
  unpriced: 0,
  guessed: 0,
  ...changes,
});

suite('the ledger on disk', () => {
  let parent: string;
  let folders = 0;
  const folder = () => join(parent, String(++folders));

  before(async () => {
    parent = await mkdtemp(join(tmpdir(), 'ledger-'));
  });
  after(() => rm(parent, { recursive: true }));

  test('is empty at first, and kept across windows', async () => {
    const place = folder();
    const first = new SpendingLedger(place, () => NOW);
    assert.deepEqual(await first.all(), []);
    await first.record(spending());
    await first.record(spending({ day: '2026-11-20' }));
    const second = new SpendingLedger(place, () => NOW);
    await second.record(spending({ model: 'n' }));
    assert.equal((await first.all()).length, 3);
    assert.deepEqual((await second.today()).map(({ model }) => model).sort(), ['m', 'n']);
    assert.equal(first.session.length, 2);
    assert.equal(second.session.length, 1);
  });

  test('windows that write at the same time undo nothing', async () => {
    const place = folder();
    const windows = Array.from({ length: 5 }, () => new SpendingLedger(place, () => NOW));
    await Promise.all(windows.flatMap((window) => Array.from({ length: 40 }, () => window.record(spending()))));
    assert.equal(total(await new SpendingLedger(place, () => NOW).all())?.calls, 200);
  });

  test('what was cut off while it was written is passed over, the rest is kept', async () => {
    const place = folder();
    const ledger = new SpendingLedger(place, () => NOW);
    await ledger.record(spending());
    await writeFile(join(place, 'broken.jsonl'), `${JSON.stringify(spending())}\n${JSON.stringify(spending()).slice(0, 30)}`);
    assert.equal((await ledger.all()).length, 2);
  });

  test('many files of earlier days become one, with the same sums; those of today are left alone', async () => {
    const place = folder();
    const ledger = new SpendingLedger(place, () => NOW);
    await ledger.record(spending());
    const yesterday = new Date(NOW.getTime() - 86_400_000);
    for (let i = 0; i < 30; i++) {
      const file = join(place, `${i}.jsonl`);
      await writeFile(file, `${JSON.stringify(spending({ day: dayOf(yesterday) }))}\n${JSON.stringify(spending({ day: '2020-01-01' }))}\n`);
      await utimes(file, yesterday, yesterday);
    }
    await writeFile(join(place, 'today.jsonl'), `${JSON.stringify(spending())}\n`);
    await ledger.record(spending());
    const names = await readdir(place);
    assert.equal(names.length, 3, names.join(', '));
    assert.ok(names.includes('today.jsonl'));
    const all = await ledger.all();
    assert.equal(total(all.filter(({ day }) => day === dayOf(yesterday)))?.calls, 30);
    assert.equal(total(all.filter(({ day }) => day === dayOf(NOW)))?.calls, 3);
    assert.ok(!all.some(({ day }) => day === '2020-01-01'), 'what is older than 400 days is forgotten');
  });

  test('it holds no address of a file, nothing but what is listed', async () => {
    const place = folder();
    await new SpendingLedger(place, () => NOW).record(spending());
    const [name = ''] = await readdir(place);
    const line = JSON.parse(await readFile(join(place, name), 'utf8'));
    assert.deepEqual(Object.keys(line).sort(), Object.keys(spending()).sort());
  });
});

suite('what a call cost', () => {
  const call = { model: 'gemini-3.8-flash', workspace: 'w', date: NOW, imageTokens: 1089, inputTokens: 1150 };
  const reply = { text: 'A cat.', blockedCategories: [], cut: false };

  test('by the bill', () => {
    const usage = { prompt: 2000, image: 1088, output: 100, thoughts: 100, total: 2200 };
    assert.deepEqual(
      spendingOf({ ...call, ending: { reply: { ...reply, usage } } }, {}),
      spending({
        model: call.model,
        image: 1088,
        prompt: 2000,
        output: 100,
        thoughts: 100,
        usd: (2000 * 0.75 + 200 * 3.75) / 1e6,
      }),
    );
  });

  test('by estimate, where the bill never came', () => {
    for (const ending of [{ reply }, { text: 'A cat.' }]) {
      const { image, prompt, output, guessed } = spendingOf({ ...call, ending }, {});
      assert.deepEqual({ image, prompt, output, guessed }, { image: 1089, prompt: 1150, output: 2, guessed: 1 });
    }
  });

  test('without a price it is said that there is none', () => {
    const { usd, unpriced } = spendingOf({ ...call, model: 'gemini-9-xenon', ending: { text: '' } }, {});
    assert.deepEqual({ usd, unpriced }, { usd: 0, unpriced: 1 });
  });
});
