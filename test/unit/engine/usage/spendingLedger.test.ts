import assert from 'node:assert/strict';
import files, { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { localDay } from '../../../../src/core/base/dates.ts';
import { type Spending, total } from '../../../../src/core/usage/ledger.ts';
import { writeLine } from '../../../../src/core/usage/ledgerLines.ts';
import { spendingOf } from '../../../../src/core/usage/spendingOf.ts';
import { SpendingLedger } from '../../../../src/engine/usage/spendingLedger.ts';

const NOW = new Date(2026, 10, 21, 12);

const spending = (changes: Partial<Spending> = {}): Spending => ({
  day: localDay(NOW),
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
  cached: 0,
  toolUse: 0,
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
      await writeFile(
        file,
        `${JSON.stringify(spending({ day: localDay(yesterday) }))}\n${JSON.stringify(spending({ day: '2020-01-01' }))}\n`,
      );
      await utimes(file, yesterday, yesterday);
    }
    await writeFile(join(place, 'today.jsonl'), `${JSON.stringify(spending())}\n`);
    await ledger.record(spending());
    const names = await readdir(place);
    assert.equal(names.length, 3, names.join(', '));
    assert.ok(names.includes('today.jsonl'));
    const all = await ledger.all();
    assert.equal(total(all.filter(({ day }) => day === localDay(yesterday)))?.calls, 30);
    assert.equal(total(all.filter(({ day }) => day === localDay(NOW)))?.calls, 3);
    assert.ok(!all.some(({ day }) => day === '2020-01-01'), 'what is older than 400 days is forgotten');
  });

  test('it holds no address of a file, nothing but what is listed', async () => {
    const place = folder();
    await new SpendingLedger(place, () => NOW).record(spending());
    const [name = ''] = await readdir(place);
    const line = JSON.parse(await readFile(join(place, name), 'utf8'));
    assert.deepEqual(Object.keys(line).sort(), [...Object.keys(spending()), 'sending'].sort());
    assert.match(line.sending, /^[\da-f-]{36}$/, 'a number drawn by lot');
  });

  test('a call that was under way when its window was killed counts as expected; in a living window the budget holds its place', async () => {
    const place = folder();
    const killed = new SpendingLedger(place, () => NOW);
    await killed.begin('a', spending({ usd: 2 }));
    assert.deepEqual(await killed.today(), []);
    const next = new SpendingLedger(place, () => NOW);
    assert.equal(total(await next.today())?.usd, 2);
    await killed.record(spending({ usd: 0.5 }), 'a');
    for (const window of [killed, next]) assert.equal(total(await window.today())?.usd, 0.5);
    await killed.begin('b', spending({ usd: 2 }));
    await killed.drop('b');
    await killed.begin('c', spending({ usd: 2 }));
    await next.drop('c');
    for (const window of [killed, next]) assert.equal(total(await window.today())?.usd, 0.5);
  });

  test('what cannot be written counts all the same, is told once, and is written when that can be done again', async () => {
    const place = folder();
    // Where the folder should be there is a file: nothing can be written there, whoever one is.
    await writeFile(place, '');
    const told: unknown[] = [];
    const ledger = new SpendingLedger(
      place,
      () => NOW,
      (error) => told.push(error),
    );
    await ledger.begin('a', spending({ usd: 2 }));
    await ledger.record(spending({ usd: 0.5 }), 'a');
    await ledger.record(spending({ usd: 0.25 }));
    assert.equal(total(await ledger.today())?.usd, 0.75);
    assert.equal(told.length, 1);
    await rm(place);
    await ledger.record(spending({ usd: 1 }));
    for (const window of [ledger, new SpendingLedger(place, () => NOW)]) assert.equal(total(await window.today())?.usd, 1.75);
  });

  test('a line that was written in part spoils neither the next nor the sum', async (context) => {
    const place = folder();
    const ledger = new SpendingLedger(place, () => NOW);
    const { appendFile } = files;
    const fails = context.mock.method(files, 'appendFile', async (path: string, text: string) => {
      await appendFile(path, text.slice(0, text.length / 2));
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    });
    syncBuiltinESMExports();
    await ledger.record(spending({ usd: 1 }));
    fails.mock.restore();
    syncBuiltinESMExports();
    await ledger.record(spending({ usd: 2 }));
    for (const window of [ledger, new SpendingLedger(place, () => NOW)]) assert.equal(total(await window.today())?.usd, 3);
  });

  test('a crash while folding counts nothing twice, then or later', async (context) => {
    const place = folder();
    const yesterday = new Date(NOW.getTime() - 86_400_000);
    await mkdir(place);
    const old = async (name: string, text: string) => {
      await writeFile(join(place, name), text);
      await utimes(join(place, name), yesterday, yesterday);
    };
    for (let i = 0; i < 30; i++) await old(`${i}.jsonl`, `${JSON.stringify(spending({ day: localDay(yesterday) }))}\n`);
    const dies = context.mock.method(files, 'rm', async () => {
      throw new Error('killed');
    });
    syncBuiltinESMExports();
    await new SpendingLedger(place, () => NOW).record(spending()).catch(() => undefined);
    dies.mock.restore();
    syncBuiltinESMExports();
    const calls = async () =>
      total((await new SpendingLedger(place, () => NOW).all()).filter(({ day }) => day === localDay(yesterday)))?.calls;
    assert.equal((await readdir(place)).length, 32, 'nothing could be taken away');
    assert.equal(await calls(), 30);
    // On another day all of it is old, and is folded once more.
    for (const name of await readdir(place)) await utimes(join(place, name), yesterday, yesterday);
    await new SpendingLedger(place, () => NOW).record(spending());
    assert.equal(await calls(), 30);
    assert.equal((await readdir(place)).length, 2);
  });

  test('folding keeps what may still be under way, and closes what never ended', async () => {
    const place = folder();
    const yesterday = new Date(NOW.getTime() - 86_400_000);
    const day = localDay(yesterday);
    await mkdir(place);
    for (let i = 0; i < 30; i++) {
      const opened = (sending: string, on: string) => writeLine({ kind: 'opened', sending, spending: spending({ day: on, usd: 1 }) });
      const closed = writeLine({ kind: 'spent', sending: `${i} closed`, spending: spending({ day, usd: 0.5 }) });
      await writeFile(
        join(place, `${i}.jsonl`),
        opened(`${i} open`, day) + opened(`${i} closed`, day) + closed + opened(`${i} old`, '2026-11-01'),
      );
      await utimes(join(place, `${i}.jsonl`), yesterday, yesterday);
    }
    const ledger = new SpendingLedger(place, () => NOW);
    await ledger.record(spending({ usd: 0.25 }), '7 open');
    assert.equal((await readdir(place)).length, 2);
    const usdOn = async (on: string) => total((await ledger.all()).filter((one) => one.day === on))?.usd;
    assert.deepEqual([await usdOn(day), await usdOn('2026-11-01'), await usdOn(localDay(NOW))], [29 + 15, 30, 0.25]);
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

  test('before it goes out, with the output that is expected', () => {
    const { image, prompt, output, usd, guessed } = spendingOf({ ...call, ending: { output: 1000 } }, {});
    assert.deepEqual(
      { image, prompt, output, usd, guessed },
      { image: 1089, prompt: 1150, output: 1000, usd: (1150 * 0.75 + 1000 * 3.75) / 1e6, guessed: 1 },
    );
  });

  test('without a price it is said that there is none', () => {
    const { usd, unpriced } = spendingOf({ ...call, model: 'gemini-9-xenon', ending: { text: '' } }, {});
    assert.deepEqual({ usd, unpriced }, { usd: 0, unpriced: 1 });
  });
});
