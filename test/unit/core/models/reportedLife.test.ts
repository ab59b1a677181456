import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offeredModels } from '../../../../src/core/models/modelList.ts';
import { lifeOf, readLives, readModelStatus, withLife } from '../../../../src/core/models/reportedLife.ts';
import { ResponseReader } from '../../../../src/core/reply/responseReader.ts';
import { describeEnd, describeLife } from '../../../../src/core/usage/modelDescription.ts';
import { modelChoices } from '../../../../src/core/usage/tokenChoices.ts';
import { ReportedLifeStore } from '../../../../src/engine/usage/reportedLifeStore.ts';

const TODAY = new Date('2026-11-30');

for (const [status, life] of [
  [
    { modelStage: 'DEPRECATED', retirementTime: '2027-05-07T00:00:00Z' },
    { stage: 'DEPRECATED', retires: '2027-05-07' },
  ],
  [{ modelStage: 'STABLE' }, { stage: 'STABLE' }],
  [{ retirementTime: '2027-05-07' }, { retires: '2027-05-07' }],
  [{ modelStage: 'MODEL_STAGE_UNSPECIFIED', message: 'words' }, undefined],
  [{ modelStage: '[x](command:y)', retirementTime: 'soon' }, undefined],
  [{ modelStage: 7, retirementTime: '2027-99-99T00' }, undefined],
  ['RETIRED', undefined],
  [null, undefined],
] as const) {
  test(`modelStatus ${JSON.stringify(status)} is read as ${JSON.stringify(life)}`, () => {
    assert.deepEqual(readModelStatus(status), life);
  });
}

test('what Gemini says of an end stands in place of the table, in the picker too', () => {
  const id = 'gemini-3.1-flash-lite';
  const lives = withLife({}, `models/${id}`, { stage: 'DEPRECATED', retires: '2027-08-01' });
  assert.deepEqual(describeEnd(id, TODAY), ['retires on 2027-05-07']);
  assert.deepEqual(describeEnd(id, TODAY, lives), ['retires on 2027-08-01, says Gemini']);
  assert.deepEqual(describeEnd(id, new Date('2027-06-01'), lives), ['retires on 2027-08-01, says Gemini']);
  assert.deepEqual(describeEnd(id, new Date('2027-08-01'), lives), ['retired on 2027-08-01, says Gemini']);
  const [choice] = modelChoices(undefined, [id], 'default', { calibration: {}, prices: {}, date: TODAY, lives });
  assert.deepEqual(choice?.remarks, ['retires on 2027-08-01, says Gemini']);
  const listed = [{ id: 'gemini-3.8-flash' }, { id }];
  const offered = (day: string) => offeredModels('gemini-3.8-flash', listed, new Date(day), lives).map((model) => model.id);
  assert.deepEqual(offered('2027-06-01'), ['gemini-3.8-flash', id]);
  assert.deepEqual(offered('2027-08-01'), ['gemini-3.8-flash']);
});

test('a reroute is told beside it; a stage without a day is told, where it is an end', () => {
  const lives = {
    'gemini-2.5-pro': { retires: '2026-12-15' },
    'gemini-3.8-flash': { stage: 'LEGACY' },
    'gemini-3.7-flash': { stage: 'RETIRED' },
  };
  assert.deepEqual(describeEnd('gemini-2.5-pro', TODAY, lives), [
    'from 2026-12-01 answered by gemini-3.8-flash',
    'retires on 2026-12-15, says Gemini',
  ]);
  assert.deepEqual(describeLife('gemini-3.8-flash', TODAY, lives), []);
  assert.deepEqual(describeLife('gemini-3.7-flash', TODAY, lives), ['retired, says Gemini']);
});

test('models that answer no question about an image by this way are not offered', () => {
  const others = [
    'gemini-robotics-er-2-streaming-preview',
    'gemini-3.1-flash-tts-preview',
    'gemini-3.8-flash-live',
    'gemini-live-3.8-flash-preview',
    'gemini-3.1-flash-image',
    'gemini-embedding-2',
    'gemini-decision-1',
    'image-segmentation-001',
    'nano-banana-pro-preview',
  ].map((id) => ({ id }));
  const offered = offeredModels('gemini-3.8-flash', [{ id: 'gemini-3.8-flash' }, { id: 'gemini-4-neon' }, ...others], TODAY);
  assert.deepEqual(
    offered.map(({ id }) => id),
    ['gemini-3.8-flash', 'gemini-4-neon'],
  );
});

test('what is stored is kept under the model that answered, and what is none is passed over', async () => {
  const stored = new Map<string, unknown>();
  let writes = 0;
  const memory = {
    get: <T>(key: string) => stored.get(key) as T | undefined,
    update: async (key: string, value: unknown) => {
      writes++;
      stored.set(key, JSON.parse(JSON.stringify(value)));
    },
  };
  const store = new ReportedLifeStore(memory);
  const reader = new ResponseReader();
  reader.add({ modelVersion: 'gemini-3.8-flash', modelStatus: { modelStage: 'STABLE', retirementTime: '2027-09-02T00:00:00Z' } });
  await store.learn('gemini-2.5-pro', reader.finish(false));
  await store.learn('gemini-2.5-pro', reader.finish(false));
  assert.equal(writes, 1, 'the same once more is no news');
  assert.deepEqual(lifeOf('models/gemini-3.8-flash', store.lives), { stage: 'STABLE', retires: '2027-09-02' });
  assert.equal(lifeOf('gemini-2.5-pro', store.lives), undefined);
  assert.equal(lifeOf('constructor', store.lives), undefined);
  for (const broken of [null, 7, 'x', [], { a: 7, b: { retires: 'never' }, c: { stage: 'x(y)' } }]) assert.deepEqual(readLives(broken), {});
  const many = Array.from({ length: 90 }, (_, index) => `m-${index}`).reduce((lives, id) => withLife(lives, id, { stage: 'STABLE' }), {});
  assert.equal(Object.keys(many).length, 60);
  assert.ok('m-89' in many);
});
