import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { priceAt } from '../../../../src/core/models/models.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { readOwnPrices } from '../../../../src/core/models/ownPrices.ts';
import { budgetVerdict, expectedOutput } from '../../../../src/core/usage/budget.ts';
import { cautiousCostUsd, costUsd } from '../../../../src/core/usage/cost.ts';
import { addUp, byModel, type Spending, spendingCsv, total } from '../../../../src/core/usage/ledger.ts';
import { readLedger, spentBy, writeLine } from '../../../../src/core/usage/ledgerLines.ts';

const TODAY = new Date(TABLE_DATE);

const spending = (changes: Partial<Spending> = {}): Spending => ({
  day: '2026-11-21',
  workspace: 'w1',
  model: 'gemini-3.8-flash',
  calls: 1,
  image: 1089,
  prompt: 1150,
  output: 100,
  thoughts: 10,
  usd: 0.5,
  unpriced: 0,
  guessed: 0,
  cached: 0,
  toolUse: 0,
  ...changes,
});

suite('the ledger', () => {
  test('adds up by day, workspace and model', () => {
    const sums = addUp([
      spending(),
      spending(),
      spending({ day: '2026-11-22' }),
      spending({ workspace: 'w2' }),
      spending({ model: 'other' }),
    ]);
    assert.deepEqual(
      sums.map(({ day, workspace, model, calls, image, usd }) => [day, workspace, model, calls, image, usd]),
      [
        ['2026-11-21', 'w1', 'gemini-3.8-flash', 2, 2178, 1],
        ['2026-11-22', 'w1', 'gemini-3.8-flash', 1, 1089, 0.5],
        ['2026-11-21', 'w2', 'gemini-3.8-flash', 1, 1089, 0.5],
        ['2026-11-21', 'w1', 'other', 1, 1089, 0.5],
      ],
    );
    assert.equal(total(sums)?.calls, 5);
    assert.equal(total([]), undefined);
  });

  test('by model the dearest comes first', () => {
    assert.deepEqual(
      byModel([spending(), spending({ model: 'dear', usd: 3 })]).map(({ model }) => model),
      ['dear', 'gemini-3.8-flash'],
    );
  });

  test('a line survives, and one that was cut or is none is passed over', () => {
    const line = JSON.stringify(spending());
    assert.deepEqual(readLedger(line), [{ kind: 'spent', spending: spending() }]);
    for (const broken of [
      '',
      line.slice(0, 40),
      'null',
      '[]',
      '{}',
      JSON.stringify({ ...spending(), usd: -1 }),
      JSON.stringify({ ...spending(), calls: '1' }),
    ])
      assert.deepEqual(readLedger(broken), [], broken);
  });

  test('a sending counts as expected until it has ended, and once however often it is written down', () => {
    const opened = writeLine({ kind: 'opened', sending: 'a', spending: spending({ usd: 1 }) });
    const spent = writeLine({ kind: 'spent', sending: 'a', spending: spending({ usd: 0.25 }) });
    const free = writeLine({ kind: 'free', sending: 'a' });
    const usdOf = (text: string) => spentBy(readLedger(text)).map(({ spending: { usd } }) => usd);
    assert.deepEqual(usdOf(opened), [1]);
    assert.deepEqual(usdOf(opened + spent), [0.25]);
    assert.deepEqual(usdOf(opened + spent + spent), [0.25]);
    assert.deepEqual(usdOf(opened + free), []);
    assert.deepEqual(usdOf(opened + spent.slice(0, 30)), [1]);
  });

  test('0.1.0 finds a spending in what has ended and in nothing else; what it wrote is read', () => {
    const isSpending = (line: string) => {
      const value = JSON.parse(line);
      return typeof value.day === 'string' && Number.isFinite(value.usd);
    };
    const kinds = [
      writeLine({ kind: 'opened', sending: 'a', spending: spending() }),
      writeLine({ kind: 'spent', sending: 'a', spending: spending() }),
      writeLine({ kind: 'free', sending: 'a' }),
      writeLine({ kind: 'replaces', files: ['a.folding'] }),
    ];
    assert.deepEqual(kinds.map(isSpending), [false, true, false, false]);
    const old =
      '{"day":"2026-11-21","workspace":"","model":"m","calls":1,"image":1,"prompt":2,"output":3,"thoughts":4,"usd":0.5,"unpriced":0,"guessed":0}\n';
    assert.deepEqual(
      spentBy(readLedger(old + old)).map(({ spending: { usd, cached, toolUse } }) => [usd, cached, toolUse]),
      [
        [0.5, 0, 0],
        [0.5, 0, 0],
      ],
    );
  });

  test('as CSV, in which no model name is a formula', () => {
    const csv = spendingCsv([spending({ cached: 900, toolUse: 40 }), spending({ model: '=HYPERLINK("x")', workspace: 'w2' })], 'w1');
    assert.equal(
      csv,
      'day,this_workspace,model,calls,image_tokens,input_tokens,output_tokens,thought_tokens,usd,calls_without_price,estimated_calls,cached_input_tokens,tool_input_tokens\r\n' +
        `2026-11-21,no,"'=HYPERLINK(""x"")",1,1089,1150,100,10,0.500000,0,0,0,0\r\n` +
        '2026-11-21,yes,gemini-3.8-flash,1,1089,1150,100,10,0.500000,0,0,900,40\r\n',
    );
  });
});

suite('the budget', () => {
  for (const [spent, next, warnAt, stopAt, verdict] of [
    [100, 100, 0, 0, 'fine'],
    [0.9, 0.1, 1, 0, 'fine'],
    [0.9, 0.11, 1, 0, 'warn'],
    [0.9, 0.11, 1, 2, 'warn'],
    [1.9, 0.11, 1, 2, 'stop'],
    [0, 3, 0, 2, 'stop'],
    // Ten times a dime is a dollar.
    [Array.from({ length: 9 }, () => 0.1).reduce((sum, dime) => sum + dime, 0), 0.1, 0, 1, 'fine'],
  ] as const) {
    test(`${spent.toFixed(2)} spent, ${next} to come, limits ${warnAt} and ${stopAt}: ${verdict}`, () =>
      assert.equal(budgetVerdict(spent, next, { warnAt, stopAt }), verdict));
  }

  test('the output to expect is what there was on average', () => {
    assert.equal(expectedOutput(undefined), 1000);
    assert.equal(expectedOutput({ calls: 2, output: 300, thoughts: 100 }), 200);
  });

  test('a model without a price counts as the dearest one', () => {
    assert.equal(costUsd('gemini-9-xenon', TODAY, { prompt: 1e6 }), undefined);
    assert.equal(cautiousCostUsd('gemini-9-xenon', TODAY, { prompt: 1e6, output: 1e6 }), 22);
    assert.equal(cautiousCostUsd('gemini-3.8-flash', TODAY, { prompt: 1e6 }), 0.75);
  });
});

suite('prices of one’s own', () => {
  test('count before the table, also for a model that is rerouted', () => {
    const { prices, problems } = readOwnPrices({
      'models/gemini-3.8-flash': { input: 1, output: 2 },
      'gemini-2.5-flash': { input: 3, output: 4 },
      mine: { input: 0, output: 0 },
    });
    assert.deepEqual(problems, []);
    assert.equal(costUsd('gemini-3.8-flash', TODAY, { prompt: 1e6, output: 1e6 }, prices), 3);
    assert.equal(costUsd('gemini-2.5-flash', new Date('2027-01-01'), { prompt: 1e6 }, prices), 3);
    assert.equal(costUsd('mine', TODAY, { prompt: 1e6 }, prices), 0);
    assert.equal(priceAt('mine', TODAY, prices)?.source, 'user');
  });

  test('that are no prices are left out, and said', () => {
    const bad = {
      a: { input: -1, output: 1 },
      b: { input: '1', output: 1 },
      c: 5,
      d: null,
      e: { input: 1 },
      f: { input: Number.NaN, output: 1 },
      g: { input: 1e9, output: 1 },
    };
    const { prices, problems } = readOwnPrices(bad);
    assert.deepEqual(prices, {});
    assert.equal(problems.length, 7);
    assert.match(problems[0] ?? '', /"a"/);
    for (const setting of [undefined, null, [], 'x', 1]) assert.deepEqual(readOwnPrices(setting), { prices: {}, problems: [] });
  });

  test('an old price of the table is used, and marked', () => {
    assert.deepEqual(priceAt('gemini-3.7-flash', new Date('2027-05-27'))?.old, false);
    assert.deepEqual(priceAt('gemini-3.7-flash', new Date('2027-05-28'))?.old, true);
    assert.deepEqual(priceAt('gemini-4-argon', new Date('2026-11-30'))?.old, false);
  });
});
