import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { estimateImage } from '../../../../src/core/request/estimateImage.ts';

const BASIS = { calibration: {}, date: new Date(TABLE_DATE) };
const JPEG = { mimeType: 'image/jpeg', upright: { width: 1400, height: 2006 } };
const FLASH = { model: 'gemini-2.0-flash', mediaResolution: 'default' } as const;

test('a file is estimated as it is sent: whole, smaller, in part', () => {
  const { size, estimate } = estimateImage(JPEG, FLASH, BASIS);
  assert.deepEqual([size, estimate.tokens], [JPEG.upright, 2 * 3 * 258]);
  const smaller = estimateImage(JPEG, { ...FLASH, maxDimension: 384 }, BASIS);
  assert.deepEqual([smaller.size, smaller.estimate.tokens], [{ width: 268, height: 384 }, 258]);
  const region = { x: 0, y: 0, width: 0.5, height: 0.1 };
  assert.deepEqual(estimateImage(JPEG, { ...FLASH, region }, BASIS).size, { width: 700, height: 201 });
});

test('a picture that is ready is neither cut nor scaled again', () => {
  const ready = { width: 1400, height: 2006 };
  const { size, estimate } = estimateImage(ready, { ...FLASH, maxDimension: 10, region: { x: 0, y: 0, width: 0.1, height: 0.1 } }, BASIS);
  assert.deepEqual([size, estimate.tokens], [ready, 2 * 3 * 258]);
});

test('the rule of the backend holds', () => {
  const of = (backend: 'geminiApi' | 'vertexAi') =>
    estimateImage(JPEG, { ...FLASH, model: 'gemini-2.5-flash', maxDimension: 1003 }, { ...BASIS, backend });
  assert.deepEqual([of('vertexAi').size, of('vertexAi').estimate.tokens], [{ width: 700, height: 1003 }, 1806]);
  assert.deepEqual([of('geminiApi').estimate.documented, of('geminiApi').estimate.observed], [1548, 258]);
});

test('what is no image and no region has no tokens', () => {
  assert.throws(() => estimateImage({ width: 0, height: 5 }, FLASH, BASIS), RangeError);
  assert.throws(() => estimateImage(JPEG, { ...FLASH, region: { x: 2, y: 0, width: 1, height: 1 } }, BASIS), InspectorError);
});
