import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImageDifference } from '../../../../src/core/inspection/imageDifference.ts';
import { changesQuery } from '../../../../src/core/request/changesQuery.ts';

const size = { width: 400, height: 200 };
const difference = (regions: ImageDifference['regions']): ImageDifference => ({ changed: true, sizes: [size, size], share: 0.1, regions });

test('a question about changes names their regions, the largest first, in the order that models are taught', () => {
  const query = changesQuery(
    difference([
      { x: 0, y: 0, width: 4, height: 2 },
      { x: 100, y: 50, width: 200, height: 150 },
    ]),
  );
  assert.match(query, /from 0 to 1000: \[250, 250, 1000, 750\], \[0, 0, 10, 10\]\./);
});

test('of many regions the largest twenty are named', () => {
  const query = changesQuery(difference(Array.from({ length: 100 }, (_, at) => ({ x: at, y: 0, width: 1 + at, height: 1 }))));
  assert.equal(query.match(/\[\d+, \d+, \d+, \d+\]/g)?.length, 20);
  assert.ok(query.includes('[0, 247, 5, 498]'), query);
});
