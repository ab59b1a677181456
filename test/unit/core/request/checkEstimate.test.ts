import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detection, InspectedImage } from '../../../../src/core/inspection/inspection.ts';
import { estimateCheck } from '../../../../src/core/request/checkEstimate.ts';

const image = (region?: { x: number; y: number; width: number; height: number }): InspectedImage => ({
  ...{ uri: 'file:///a.png', sha256: '', mimeType: 'image/png', width: 600, height: 600 },
  sent: { mimeType: 'image/png', width: 600, height: 600, bytes: 1, via: 'inline', ...(region && { region }) },
});
const object = (id: string, side: number, more: Partial<Detection> = {}): Detection => {
  const box = { x: 0, y: 0, width: side, height: side };
  return { id, label: 'mug', imageIndex: 0, box, pixelBox: box, ...more };
};
const tokens = (detections: Detection[], images = [image()]) => estimateCheck({ images, detections });

test('a check costs a picture, another for each small object up to eight, and its questions', () => {
  const one = tokens([object('1', 0.5)]);
  assert.ok(one > 1089 && one < 1250, String(one));
  const withSmall = tokens([object('1', 0.5), object('2', 0.02)]);
  assert.ok(withSmall - one > 1089 && withSmall - one < 1250, String(withSmall));
  const many = tokens(Array.from({ length: 20 }, (_, index) => object(String(index), 0.02)));
  assert.ok(many > 9 * 1089 && many < 10.5 * 1089, String(many));
});

test('points are not asked about, images without objects not sent, and a part is all that counts', () => {
  assert.equal(tokens([object('1', 0.5), object('2', 0, { point: { x: 0, y: 0 } })]), tokens([object('1', 0.5)]));
  assert.equal(tokens([object('1', 0.5)], [image(), image()]), tokens([object('1', 0.5)]));
  const part = [image({ x: 0, y: 0, width: 0.2, height: 0.2 })];
  assert.ok(tokens([object('1', 0.05)], part) < 1250, 'no small object in the part that was sent');
  assert.ok(tokens([object('1', 0.05)]) > 2178);
});
