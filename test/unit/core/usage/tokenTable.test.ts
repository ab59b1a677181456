/** Every published and every recorded number of image tokens against our estimate; the table is printed. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { modelInfo } from '../../../../src/core/models/models.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import type { Backend } from '../../../../src/core/models/vertex.ts';
import { estimateImageTokens, type MediaResolution } from '../../../../src/core/usage/tokens.ts';
import { printTable } from '../../../bench/report.ts';

const TODAY = new Date(TABLE_DATE);

interface Row {
  /** Where the number is from: written in the documentation, or billed in a recorded reply. */
  source: 'documentation' | 'recorded';
  model: string;
  resolution: MediaResolution;
  sizes: readonly (readonly [width: number, height: number])[];
  number: number;
  /** The Gemini API if unset. */
  backend?: Backend;
}

const row = (
  source: Row['source'],
  model: string,
  width: number,
  height: number,
  number: number,
  resolution: MediaResolution = 'default',
): Row => ({ source, model, resolution, sizes: [[width, height]], number });

const PUBLISHED: readonly Row[] = [
  row('documentation', 'gemini-1.5-pro', 384, 384, 258),
  row('documentation', 'gemini-1.5-pro', 960, 540, 1548),
  row('documentation', 'gemini-2.0-flash', 384, 384, 258),
  row('documentation', 'gemini-2.0-flash', 960, 540, 1548),
  row('documentation', 'gemini-2.5-flash', 384, 384, 258),
  row('documentation', 'gemini-2.5-flash', 960, 540, 1548),
  row('documentation', 'gemini-2.5-flash', 960, 540, 64, 'low'),
  row('documentation', 'gemini-2.5-flash', 960, 540, 256, 'medium'),
  row('documentation', 'gemini-3.8-flash', 960, 540, 280, 'low'),
  row('documentation', 'gemini-3.8-flash', 960, 540, 560, 'medium'),
  row('documentation', 'gemini-3.8-flash', 960, 540, 1120, 'high'),
  row('documentation', 'gemini-3.8-flash', 960, 540, 1120),
  row('documentation', 'gemini-3.8-flash', 960, 540, 2240, 'ultraHigh'),
  // One table of budgets for 3 and 4.
  row('documentation', 'gemini-4-hydrogen', 960, 540, 280, 'low'),
  row('documentation', 'gemini-4-hydrogen', 960, 540, 560, 'medium'),
  row('documentation', 'gemini-4-hydrogen', 960, 540, 1120, 'high'),
  row('documentation', 'gemini-4-hydrogen', 960, 540, 2240, 'ultraHigh'),
];

const BILLED: readonly Row[] = [
  row('recorded', 'gemini-2.0-flash', 3008, 2000, 3354),
  row('recorded', 'gemini-2.0-flash', 540, 360, 1806),
  row('recorded', 'gemini-2.5-flash', 3840, 2160, 258),
  row('recorded', 'gemini-2.5-flash', 597, 566, 258),
  // One picture, by both backends.
  row('recorded', 'gemini-2.5-flash', 700, 1003, 258),
  { ...row('recorded', 'gemini-2.5-flash', 700, 1003, 1806), backend: 'vertexAi' },
  row('recorded', 'gemini-3-flash-preview', 597, 566, 1088),
  row('recorded', 'gemini-3-flash-preview', 400, 301, 1102),
  row('recorded', 'gemini-3-flash-preview', 128, 128, 1089),
];

/** The rows of recorded requests and replies. */
function corpusRows(corpus: string): Row[] {
  const folder = join(corpus, 'http');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.request.json'))
    .flatMap((name): Row[] => {
      const request = readFileSync(join(folder, name), 'utf8');
      const reply = JSON.parse(readFileSync(join(folder, name.replace('.request.', '.response.')), 'utf8'));
      const details: { modality: string; tokenCount: number }[] = reply.usageMetadata?.promptTokensDetails ?? [];
      const number = details.find(({ modality }) => modality === 'IMAGE')?.tokenCount;
      const sizes = [...request.matchAll(/"\$size": \[\s*(\d+),\s*(\d+)\s*\]/g)].map(
        ([, width, height]) => [Number(width), Number(height)] as const,
      );
      const model = /models\/([^:]+):/.exec(request)?.[1] ?? '';
      return number === undefined || sizes.length === 0 ? [] : [{ source: 'recorded', model, resolution: 'default', sizes, number }];
    });
}

function estimates({ model, resolution, sizes, backend }: Row) {
  const all = sizes.map(([width, height]) => estimateImageTokens({ width, height }, modelInfo(model, TODAY), resolution, backend));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    tokens: sum(all.map(({ tokens }) => tokens)),
    documented: sum(all.map(({ documented }) => documented)),
    observed: sum(all.map(({ observed = Number.NaN }) => observed)),
  };
}

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;
const recorded = corpus === undefined ? [] : corpusRows(corpus);
const rows = [...PUBLISHED, ...BILLED, ...recorded];

suite('estimated and billed', () => {
  test('the table', () => {
    printTable([
      [
        'model',
        'backend',
        'resolution',
        'size',
        'from',
        'estimate',
        'documented',
        'seen',
        'billed or published',
        'estimate - billed',
        'seen - billed',
      ],
      ...rows.map((one) => {
        const { tokens, documented, observed } = estimates(one);
        const size = one.sizes.map(([width, height]) => `${width}x${height}`).join(' + ');
        const seen = Number.isNaN(observed) ? ['', ''] : [observed, observed - one.number];
        return [
          one.model,
          one.backend ?? 'geminiApi',
          one.resolution,
          size,
          one.source,
          tokens,
          documented,
          seen[0] ?? '',
          one.number,
          tokens - one.number,
          seen[1] ?? '',
        ];
      }),
    ]);
    assert.ok(rows.length >= 20);
  });

  for (const one of rows) {
    const { model, resolution, sizes, number, source, backend = 'geminiApi' } = one;
    test(`${model} of ${backend}, ${resolution}, ${sizes.map((size) => size.join('x')).join(' + ')}: ${number}, ${source}`, () => {
      const { tokens, documented, observed } = estimates(one);
      if (source === 'documentation') assert.equal(documented, number, 'the documented rule says what the documentation does');
      else assert.equal(observed, number, 'the rule seen in replies says what was billed');
      const follows = backend === 'vertexAi' || modelInfo(model, TODAY).generation >= 3 ? observed : documented;
      assert.equal(tokens, follows, 'up to 2.5 the documentation is followed, from 3 on and for 2.5 on Vertex AI the replies');
    });
  }

  test('recorded requests were among them', { skip: corpus === undefined && 'IMAGE_INSPECTOR_CORPUS is not set' }, () => {
    assert.ok(recorded.length >= 4, `${recorded.length} of them`);
  });
});

suite('where the documentation contradicts itself', () => {
  test('one edition says that images under 384 are small, the other that 384 itself is: it is', () => {
    for (const model of ['gemini-1.5-pro', 'gemini-2.0-flash', 'gemini-2.5-flash']) {
      assert.equal(estimateImageTokens({ width: 384, height: 384 }, modelInfo(model, TODAY), 'default').documented, 258);
      assert.ok(estimateImageTokens({ width: 385, height: 384 }, modelInfo(model, TODAY), 'default').documented > 258);
    }
  });
});
