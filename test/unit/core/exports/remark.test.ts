import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originOf, remarkOf } from '../../../../src/core/exports/exportImage.ts';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';

const origin = (more: Partial<Inspection>) => originOf({ model: '', ...more } as Inspection);

test('what goes with an export says where its results come from, and whether a person has seen them', () => {
  const gemini = origin({ model: 'asked', modelVersion: 'gemini-3.8-flash' });
  assert.equal(remarkOf(new Set([gemini])), 'Found by gemini-3.8-flash, not checked by a person: review before use.');
  assert.equal(remarkOf(new Set([origin({ source: 'pasted' })])), 'From a pasted reply, not checked by a person: review before use.');
  assert.equal(remarkOf(new Set([origin({ source: 'person' })])), 'From a person.');
  for (const [model, words] of [
    ['', 'a model'],
    ['gemini-3.8-flash', 'gemini-3.8-flash'],
  ] as const) {
    const consensus = origin({ model, basedOn: ['1', '2'], ...(model === '' ? { source: 'person' } : {}) });
    assert.equal(remarkOf(new Set([consensus])), `Found by ${words}, not checked by a person: review before use.`);
  }
  assert.equal(remarkOf(new Set([origin({ source: 'file' })])), 'From a label file.');
  assert.equal(
    remarkOf(new Set([origin({ source: 'person' }), gemini])),
    'From a person, gemini-3.8-flash, not checked by a person: review before use.',
  );
});
