import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelKey } from '../../../../src/core/base/labelKey.ts';

test('a label is the same in any case and width, and however its words are joined', () => {
  for (const label of ['Traffic Light', ' traffic  light ', 'traffic_light', 'traffic-light', 'ｔｒａｆｆｉｃ light'])
    assert.equal(labelKey(label), 'traffic light', label);
  assert.notEqual(labelKey('traffic lights'), labelKey('traffic light'));
});
