import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import type { Spending } from '../../../../src/core/usage/ledger.ts';
import type { TokenEstimate } from '../../../../src/core/usage/tokens.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { OutgoingRequest } from '../../../../src/engine/sending/outgoing.ts';
import { Budget, type BudgetOptions } from '../../../../src/host/status/budget.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';

/** A million tokens of input: 0.75 dollars with gemini-3.8-flash, and 0.00375 for the 1,000 of output that are expected. */
const sending = (changes: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  job: new Job(),
  request: { task: 'caption', model: 'gemini-3.8-flash', turns: [], config: {} },
  uploads: [],
  images: [],
  inputTokens: 1_000_000,
  destination: 'https://example.com',
  ...changes,
});

const spent = (usd: number, changes: Partial<Spending> = {}): Spending => ({
  day: TABLE_DATE,
  workspace: '',
  model: 'other',
  calls: 1,
  image: 0,
  prompt: 0,
  output: 0,
  thoughts: 0,
  usd,
  unpriced: 0,
  guessed: 0,
  cached: 0,
  toolUse: 0,
  ...changes,
});

function budgetWith(changes: Partial<BudgetOptions> & { warnAt?: number; stopAt?: number; spent?: Spending[] }) {
  const { warnAt = 0, stopAt = 0, spent: today = [], ...world } = changes;
  const asked: number[] = [];
  const budget = new Budget({
    limits: () => ({ warnAt, stopAt }),
    prices: () => ({}),
    today: async () => today,
    now: () => new Date(TABLE_DATE),
    ask: async (_, __, limit) => {
      asked.push(limit);
      return true;
    },
    ...world,
  });
  return { budget, asked };
}

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'allowed',
    (error) => (error instanceof InspectorError ? error.reason : String(error)),
  );

suite('the budget as a permit', () => {
  test('without limits everything may go', async () => {
    const { budget, asked } = budgetWith({ spent: [spent(1000)] });
    assert.equal(await reasonOf(budget.permit(sending())), 'allowed');
    assert.deepEqual(asked, []);
    assert.equal(await budget.stops(1000), false);
  });

  test('what is held by its name counts as spent until that is released, however long ago its request was', async () => {
    const { budget } = budgetWith({ stopAt: 1 });
    const permitted = sending();
    await budget.permit(permitted);
    await budget.hold(permitted, 'set/0/1');
    budget.release(permitted);
    assert.equal(await reasonOf(budget.permit(sending())), 'overBudget');
    budget.release('set/0/1');
    assert.equal(await reasonOf(budget.permit(sending())), 'allowed');
  });

  test('what is asked for at half the price counts as half, and no request as a long one because there are many', async () => {
    const { request } = sending();
    for (const half of [sending({ request: { ...request, config: { serviceTier: 'flex' } } }), sending({ isBatch: true })]) {
      assert.equal(await reasonOf(budgetWith({ stopAt: 0.5 }).budget.permit(half)), 'allowed');
      assert.equal(await reasonOf(budgetWith({ stopAt: 0.3 }).budget.permit(half)), 'overBudget');
    }
    const asked: number[] = [];
    const ask = async (_: number, next: number) => asked.push(next) > 0;
    const job = new Job(10);
    job.imageTokens = Promise.resolve(1_000_000);
    // Ten requests of 200,000 tokens, each with 100,000 of its image: 2 dollars a million, 4 for requests that are longer.
    await budgetWith({ warnAt: 1, ask }).budget.permit(
      sending({ job, request: { ...request, model: 'gemini-3.1-pro-preview' }, inputTokens: 100_000 }),
    );
    assert.ok(asked.length === 1 && (asked[0] ?? 0) > 4 && (asked[0] ?? 0) < 5, String(asked));
  });

  test('the hard limit stops, and says how to go on', async () => {
    const { budget } = budgetWith({ stopAt: 5, spent: [spent(4.5)] });
    const failure = await budget.permit(sending()).catch((error: unknown) => error);
    assert.ok(failure instanceof InspectorError);
    assert.equal(failure.reason, 'overBudget');
    assert.match(failure.detail, /^\$4\.50 of \$5\.00 used, and this would cost about \$0\.75\./);
    assert.deepEqual(failure.actions, ['openBudget', 'openSettings']);
    assert.equal(await budget.stops(0.6), true);
    assert.equal(await budget.stops(0.4), false);
  });

  test('the soft limit asks once for a job, and for the day when agreed', async () => {
    const { budget, asked } = budgetWith({ warnAt: 1, spent: [spent(0.9)] });
    const job = new Job(3);
    await Promise.all([budget.permit(sending({ job })), budget.permit(sending({ job })), budget.permit(sending({ job }))]);
    await budget.permit(sending());
    assert.deepEqual(asked, [1]);
  });

  test('the question names what a whole job costs, of which a single image would pass no limit', async () => {
    const asked: [spent: number, next: number][] = [];
    const ask = async (spent: number, next: number) => {
      asked.push([spent, next]);
      return true;
    };
    const { budget } = budgetWith({ warnAt: 3, ask });
    const job = new Job(6);
    job.imageTokens = Promise.resolve(6_000_000);
    const images = [
      { uri: '', name: '', body: memorySource(new Uint8Array()), sha256: '', estimate: { tokens: 1_000_000 } as TokenEstimate },
    ];
    await Promise.all(Array.from({ length: 6 }, () => budget.permit(sending({ job, images }))));
    assert.deepEqual(
      asked.map(([spent, next]) => [spent, next.toFixed(2)]),
      [[0, '4.52']],
    );
  });

  test('a job that reaches no limit is not asked about in its middle', async () => {
    const { budget, asked } = budgetWith({ warnAt: 6 });
    const job = new Job(6);
    for (let image = 0; image < 6; image++) await budget.permit(sending({ job }));
    assert.deepEqual(asked, []);
  });

  test('it asks again on another day, and for another limit', async () => {
    let now = new Date(TABLE_DATE);
    let warnAt = 1;
    const asked: number[] = [];
    const ask = async (_: number, __: number, limit: number) => {
      asked.push(limit);
      return true;
    };
    const { budget } = budgetWith({ spent: [spent(3)], now: () => now, ask, limits: () => ({ warnAt, stopAt: 0 }) });
    await budget.permit(sending());
    now = new Date(now.getTime() + 2 * 86_400_000);
    await budget.permit(sending());
    warnAt = 2;
    await budget.permit(sending());
    assert.deepEqual(asked, [1, 1, 2]);
  });

  test('a refusal, and a question that cannot be asked, mean that nothing is sent, and are not remembered', async () => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      if (asked === 2) throw new Error('no window');
      return false;
    };
    const { budget } = budgetWith({ warnAt: 1, spent: [spent(0.9)], ask });
    assert.equal(await reasonOf(budget.permit(sending())), 'notConfirmed');
    assert.equal(await reasonOf(budget.permit(sending())), 'notConfirmed');
    assert.equal(asked, 2);
  });

  test('the soft limit neither asks nor stops a program; the hard one stops it', async () => {
    const { budget, asked } = budgetWith({ warnAt: 1, stopAt: 6, spent: [spent(4.5)] });
    const fromCode = () => sending({ job: new Job(1, 1, true) });
    assert.equal(await reasonOf(budget.permit(fromCode())), 'allowed');
    assert.equal(await reasonOf(budget.permit(fromCode())), 'overBudget');
    assert.deepEqual(asked, []);
  });

  test('what is on its way counts as spent until it has ended', async () => {
    const { budget } = budgetWith({ stopAt: 2 });
    const [first, second, third] = [sending(), sending(), sending()];
    await Promise.all([budget.permit(first), budget.permit(second)]);
    assert.equal(await reasonOf(budget.permit(third)), 'overBudget');
    budget.release(first);
    assert.equal(await reasonOf(budget.permit(third)), 'allowed');
  });

  test('a count is free', async () => {
    const { budget } = budgetWith({ stopAt: 1, warnAt: 1, spent: [spent(5)] });
    assert.equal(await reasonOf(budget.permit(sending({ isFree: true }))), 'allowed');
  });

  test('calls of a model without a price count as those of the dearest', async () => {
    const free = spent(0, { model: 'gemini-9-xenon', prompt: 1_000_000, unpriced: 1 });
    const { budget } = budgetWith({ stopAt: 2, spent: [free] });
    assert.equal(await budget.stops(0.01), true);
  });
});
