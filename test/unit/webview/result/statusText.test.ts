import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detection, Inspection, MaskEngineUse } from '../../../../src/core/inspection/inspection.ts';
import { outcome } from '../../../../src/webview/result/statusText.ts';

const box = { x: 0, y: 0, width: 1, height: 1 };
const mask: NonNullable<Detection['mask']> = { kind: 'polygon', points: [[0, 0]] };

function run(without: MaskEngineUse['without']): Inspection {
  const detections = ['1', '2', '3'].map((id) => ({ id, label: 'cup', imageIndex: 0, box, pixelBox: box, mask }));
  return {
    version: 1,
    id: 'a',
    task: 'segment',
    createdAt: '2026-11-28T00:00:00Z',
    prompt: '',
    model: 'gemini-3.8-flash',
    images: [],
    detections,
    dropped: [],
    tokens: { estimated: 0 },
    complete: true,
    raw: '',
    maskEngine: { model: 'image-segmentation-001', calls: 3 - without.length, without },
  };
}

const told = (inspection: Inspection) => outcome({ run: inspection } as Parameters<typeof outcome>[0]);

test('objects without a mask of the engine are counted, each reason is told once', () => {
  const reason = 'The mask could not be read.';
  const result = told(
    run([
      { id: '1', reason },
      { id: '2', reason },
      { id: '3', reason: 'Cancelled.' },
    ]),
  );
  assert.equal(result?.kind, 'problem');
  assert.equal(result?.kind === 'problem' && result.detail, `3 objects have no mask of the mask engine. ${reason} Cancelled.`);
});

test('where all have one, there is nothing to tell', () => {
  assert.equal(told(run([]))?.kind, 'fine');
});
