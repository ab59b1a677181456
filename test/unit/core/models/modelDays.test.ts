/** Every model of the table on the days on which much changes; the table is printed. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ModelInfo } from '../../../../src/core/models/modelInfo.ts';
import { modelInfo, priceAt, retiredSince } from '../../../../src/core/models/models.ts';
import { MODEL_TABLE } from '../../../../src/core/models/modelTable.ts';
import { buildRequest, requestBody } from '../../../../src/core/request/buildRequest.ts';
import { describeEnd } from '../../../../src/core/usage/modelDescription.ts';
import { estimateImageTokens } from '../../../../src/core/usage/tokens.ts';
import { printTable } from '../../../bench/report.ts';

const DAYS = ['2026-11-30', '2026-12-01', '2027-01-01'] as const;
const SIZE = { width: 700, height: 1003 };

/** What a day says of a model, in the words of the table. */
function rowOf(id: string, day: string): string[] {
  const date = new Date(day);
  const info = modelInfo(id, date);
  const price = priceAt(id, date);
  const rate = (value: number) => String(Number(value.toFixed(4)));
  return [
    id,
    day,
    info.released ?? '',
    info.finds.join(' '),
    info.masks,
    describeEnd(id, date).join(', '),
    price === undefined ? '' : `${rate(price.input)} ${rate(price.input * price.cachedShare)} ${rate(price.output)}`,
    thinkingWords(info),
    info.tokenRule,
    String(estimateImageTokens(SIZE, info, 'default').tokens),
    String(estimateImageTokens(SIZE, info, 'default', 'vertexAi').tokens),
  ];
}

function thinkingWords({ thinking }: ModelInfo): string {
  if (thinking.kind === 'level') return thinking.levels.join(' ').toLowerCase();
  return thinking.kind === 'budget' ? `budget ${thinking.canBeOff ? 0 : thinking.least}` : '';
}

suite('models by day', () => {
  test('the table', () => {
    const heads = [
      'model',
      'on',
      'released',
      'finds',
      'masks',
      'its end',
      '$ in, cached, out',
      'thinking',
      'token rule',
      '700x1003',
      'on Vertex AI',
    ];
    const rows = MODEL_TABLE.flatMap(({ id }) => DAYS.map((day) => rowOf(id, day)));
    // A day that changes nothing is no row of its own.
    const told = rows.filter((row, index) => {
      const before = rows[index - 1];
      return row[0] !== before?.[0] || row.slice(2).join() !== before?.slice(2).join();
    });
    printTable([heads, ...told]);
    assert.equal(new Set(told.map(([id]) => id)).size, MODEL_TABLE.length, 'every model stands in it');
  });

  for (const [id, masks] of [
    ['gemini-3.8-flash', ['seen', 'seen', 'seen']],
    ['gemini-3.1-pro-preview', ['refused', 'refused', 'refused']],
    ['gemini-4-hydrogen', ['seen', 'seen', 'seen']],
    ['gemini-robotics-er-2-preview', ['unknown', 'unknown', 'unknown']],
    ['gemini-2.5-flash-lite', ['documented', 'documented', 'documented']],
    ['gemini-2.5-flash', ['documented', 'seen', 'seen']],
    ['gemini-2.5-pro', ['documented', 'seen', 'seen']],
  ] as const) {
    test(`masks of ${id}: ${masks.join(', ')}`, () => {
      assert.deepEqual(
        DAYS.map((day) => modelInfo(id, new Date(day)).masks),
        masks,
      );
    });
  }

  test('the new models of generation 4, with price, release and levels', () => {
    const date = new Date('2026-12-01');
    const rates = (id: string) => {
      const { input = 0, output = 0, cachedShare = 0 } = priceAt(id, date) ?? {};
      return [input, output, cachedShare];
    };
    assert.deepEqual(rates('gemini-4-hydrogen'), [1.5, 7.5, 0.1]);
    assert.deepEqual(rates('gemini-4-neon'), [3, 15, 0.1]);
    assert.deepEqual(rates('gemini-4-carbon'), [4, 20, 0.1]);
    assert.deepEqual(modelInfo('gemini-4-hydrogen', date).thinking, {
      kind: 'level',
      levels: ['LOW', 'MEDIUM', 'HIGH', 'XHIGH'],
      default: 'HIGH',
    });
    assert.equal(modelInfo('gemini-4-neon', date).released, '2026-11-18');
    assert.equal(modelInfo('gemini-4-carbon', date).released, '2026-11-10');
    assert.equal(retiredSince(modelInfo('gemini-3.1-flash-lite', date), new Date('2027-05-07')), '2027-05-07');
  });

  test('no model is told a temperature, topP or topK', () => {
    for (const { id } of MODEL_TABLE) {
      for (const task of ['caption', 'classify', 'detect', 'segment', 'ask'] as const) {
        const request = buildRequest({
          task,
          query: 'cups',
          model: id,
          date: new Date('2026-12-01'),
          mediaResolution: 'default',
          outputLanguage: '',
          systemInstruction: '',
          safetySettings: [],
          images: [{ mimeType: 'image/png', bytes: 7 }],
        });
        assert.doesNotMatch(JSON.stringify(requestBody(request, () => '')), /"(temperature|topP|topK)"/, `${id}, ${task}`);
      }
    }
  });
});
