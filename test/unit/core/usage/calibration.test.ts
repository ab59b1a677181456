import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { modelInfo } from '../../../../src/core/models/models.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { calibrated, calibrationKey, withSample } from '../../../../src/core/usage/calibration.ts';
import { type Calibration, type CalibrationSample, readCalibration } from '../../../../src/core/usage/storedCalibration.ts';
import { estimateImageTokens } from '../../../../src/core/usage/tokens.ts';

const TODAY = new Date(TABLE_DATE);

const estimate = (model: string, width: number, height: number) =>
  estimateImageTokens({ width, height }, modelInfo(model, TODAY), 'default');

/** A call with an image of that size which was billed so. */
function call(model: string, [width, height]: readonly [number, number], billed: number): CalibrationSample {
  const { documented, observed } = estimate(model, width, height);
  return { images: 1, documented, ...(observed === undefined ? {} : { observed }), billed };
}

const SIZES = [
  [960, 540],
  [3008, 2000],
  [540, 360],
  [384, 100],
  [3840, 2160],
  [800, 800],
] as const;

suite('calibration', () => {
  test('fewer than five calls change nothing', () => {
    const samples = SIZES.slice(0, 4).map((size) => call('gemini-2.5-flash', size, 258));
    const rule = estimate('gemini-2.5-flash', 960, 540);
    assert.deepEqual(calibrated(rule, samples), rule);
    assert.deepEqual(calibrated(rule, undefined), rule);
  });

  test('calls that agree with the rule change nothing', () => {
    const samples = SIZES.map((size) => call('gemini-3.8-flash', size, estimate('gemini-3.8-flash', size[0], size[1]).tokens));
    const rule = estimate('gemini-3.8-flash', 597, 566);
    assert.deepEqual(calibrated(rule, samples), rule);
  });

  test('2.5 that bills a flat number is followed, and both rules stay visible', () => {
    const samples = SIZES.map((size) => call('gemini-2.5-flash', size, 258));
    const { tokens, rule, documented, observed, calls } = calibrated(estimate('gemini-2.5-flash', 960, 540), samples);
    assert.deepEqual(
      { tokens, rule, documented, observed, calls },
      { tokens: 258, rule: 'calibrated', documented: 1548, observed: 258, calls: 6 },
    );
  });

  test('so it is when all calls were about images of one size, of which many rules could be made', () => {
    const samples = Array.from({ length: 12 }, () => call('gemini-2.5-flash', [960, 540], 258));
    assert.equal(calibrated(estimate('gemini-2.5-flash', 3008, 2000), samples).tokens, 258);
  });

  test('a rule that is off by a factor is corrected by it', () => {
    const samples = SIZES.map((size) => call('gemini-3.8-flash', size, estimate('gemini-3.8-flash', size[0], size[1]).tokens * 2));
    assert.equal(calibrated(estimate('gemini-3.8-flash', 597, 566), samples).tokens, 2176);
  });

  test('a fixed number that no rule foresees is found', () => {
    const samples = SIZES.map((size) => call('gemini-2.0-flash', size, 1000));
    assert.equal(calibrated(estimate('gemini-2.0-flash', 1920, 1080), samples).tokens, 1000);
  });

  test('two odd calls of five do not count', () => {
    const usual = SIZES.slice(0, 3).map((size) =>
      call('gemini-3.8-flash', size, estimate('gemini-3.8-flash', size[0], size[1]).tokens * 2),
    );
    const odd = [call('gemini-3.8-flash', [100, 100], 1), call('gemini-3.8-flash', [100, 100], 1_000_000)];
    assert.equal(calibrated(estimate('gemini-3.8-flash', 597, 566), [...odd, ...usual]).tokens, 2176);
  });

  test('numbers that follow no rule are not followed', () => {
    const samples = [1, 40, 900, 20_000, 7, 300_000].map((billed, index) => call('gemini-2.0-flash', SIZES[index] ?? [9, 9], billed));
    assert.equal(calibrated(estimate('gemini-2.0-flash', 960, 540), samples).rule, 'documented');
  });

  test('the samples of a request with several images count for their sum', () => {
    const { documented, observed = 0 } = estimate('gemini-2.5-flash', 960, 540);
    const samples = Array.from({ length: 5 }, () => ({ images: 3, documented: 3 * documented, observed: 3 * observed, billed: 3 * 258 }));
    assert.equal(calibrated(estimate('gemini-2.5-flash', 960, 540), samples).tokens, 258);
  });
});

suite('what is kept of it', () => {
  const KEY = calibrationKey(modelInfo('gemini-3.8-flash', TODAY), 'high');
  const sample = (billed: number): CalibrationSample => ({ images: 1, documented: 1120, observed: 1088, billed });

  test('backend, model, resolution and rule are apart', () => {
    const keys = new Set([
      KEY,
      calibrationKey(modelInfo('gemini-3.8-flash', TODAY), 'low'),
      calibrationKey(modelInfo('gemini-3.7-flash', TODAY), 'high'),
      calibrationKey({ id: 'gemini-3.8-flash', tokenRule: 'tiles' }, 'high'),
      calibrationKey(modelInfo('gemini-3.8-flash', TODAY), 'high', 'vertexAi'),
    ]);
    assert.equal(keys.size, 5);
    assert.equal(
      calibrationKey(modelInfo('gemini-3.8-flash', TODAY), 'high', 'geminiApi'),
      'gemini-3.8-flash high budget',
      'as 0.1.0 has it',
    );
  });

  test('the latest twelve calls of a kind, and the latest sixty kinds', () => {
    let calibration: Calibration = {};
    for (let i = 1; i <= 30; i++) calibration = withSample(calibration, KEY, sample(i));
    assert.deepEqual(
      calibration[KEY]?.map(({ billed }) => billed),
      [19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30],
    );
    for (let i = 1; i <= 100; i++) calibration = withSample(calibration, `kind ${i}`, sample(1));
    assert.equal(Object.keys(calibration).length, 60);
    assert.ok(`kind 100` in calibration && !(KEY in calibration));
  });

  test('a call in which no image was billed teaches nothing', () => {
    assert.deepEqual(withSample({}, KEY, sample(0)), {});
  });

  test('it survives storage, and what was damaged there is left out', () => {
    const calibration = withSample({}, KEY, sample(1088));
    assert.deepEqual(readCalibration(JSON.parse(JSON.stringify(calibration))), calibration);
    for (const stored of [undefined, null, 5, 'x', [], { a: 1 }, { a: [null, { images: 1 }, { ...sample(1), billed: '5' }] }])
      assert.deepEqual(readCalibration(stored), {});
  });
});
