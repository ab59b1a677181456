import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { expectedOutputRange, forecast, narrowedOutput } from '../../../../src/core/sets/forecast.ts';
import { commonFolder, keyOf } from '../../../../src/core/sets/keys.ts';
import { csvHead, csvRow } from '../../../../src/core/sets/setCsv.ts';
import { rowResult } from '../../../../src/core/sets/setRows.ts';
import { pseudoRandom } from '../../../tools/pseudoRandom.ts';

const DATE = new Date('2026-11-28');
const BASIS = { calibration: {}, prices: {}, date: DATE };
const MODEL = 'gemini-3.8-flash';

suite('the forecast of a set', () => {
  const output = expectedOutputRange({ task: 'detect', model: MODEL }, DATE);
  const facts = { images: 1000, inputTokens: 1_100_000, concurrency: 4, output };

  test('holds a bill whose outputs lie anywhere in the range, at each speed; flex and batch cost half', () => {
    const [standard, flex, batch] = forecast({ model: MODEL }, facts, BASIS);
    const random = pseudoRandom(3);
    let tokens = 0;
    for (let image = 0; image < 1000; image++) tokens += output[0] + random() * (output[1] - output[0]);
    const bill = (1.1 * 0.75 + (tokens / 1e6) * 3.75) as number;
    assert.ok(standard?.costUsd && standard.costUsd[0] < bill && bill < standard.costUsd[1]);
    for (const half of [flex, batch])
      assert.deepEqual(
        half?.costUsd?.map((usd) => usd * 2),
        standard.costUsd,
      );
  });

  test('leaves out speeds that Vertex AI lacks, and sums of a model without a price', () => {
    assert.deepEqual(
      forecast({ model: MODEL }, facts, { ...BASIS, backend: 'vertexAi' }).map(({ speed }) => speed),
      ['standard'],
    );
    assert.equal(forecast({ model: 'gemini-9-unheard-of' }, facts, BASIS)[0]?.costUsd, undefined);
  });

  test('is narrowed by bills, and still holds them', () => {
    const [least, most] = narrowedOutput([10, 2000], [100, 140, 160]);
    assert.ok(least >= 10 && least <= 100 && most >= 160 && most < 2000, `${least} to ${most}`);
    assert.deepEqual(narrowedOutput([10, 2000], []), [10, 2000]);
  });
});

suite('keys of a set', () => {
  test('are paths below the deepest common folder, decoded', () => {
    const folder = commonFolder(['file:///a/b%20c/d/1.png', 'file:///a/b%20c/e/2.png']);
    assert.equal(folder, 'file:///a/b%20c/');
    assert.equal(keyOf('file:///a/b%20c/d/%C3%A4%231.png', folder), 'd/ä#1.png');
  });
});

suite('rows of a set', () => {
  const detection = (label: string, confidence?: number) => ({ label, ...(confidence === undefined ? {} : { confidence }) }) as never;

  test('count objects by label and keep the lowest confidence', () => {
    const row = rowResult({ detections: [detection('cat', 0.9), detection('cat', 0.4), detection('dog')] });
    assert.deepEqual(row, { labels: { cat: 2, dog: 1 }, count: 3, confidence: 0.4 });
  });

  test('are a row of a table each, in which no name is a formula', () => {
    const row = csvRow({ key: '=1+1.png', uri: '', sha256: 'ab', state: 'failed', reason: 'timeout', message: 'late, again' });
    assert.equal(row, `'=1+1.png,failed,timeout,"late, again",,,,,,,,,,,ab\r\n`);
    assert.equal(row.split(',').length - 1, csvHead().split(',').length);
  });
});
