import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { readSavedPrompts } from '../../../../src/core/request/savedPrompts.ts';
import { readCalibration } from '../../../../src/core/usage/storedCalibration.ts';
import { type Memory, UploadCache } from '../../../../src/engine/sending/uploadCache.ts';
import { readAppearance } from '../../../../src/host/session/storedAppearance.ts';
import { WorkspaceMemory } from '../../../../src/host/session/workspaceMemory.ts';

/** What a damaged memory of VS Code may hold. */
const DAMAGED: readonly unknown[] = [
  null,
  undefined,
  0,
  'x',
  true,
  {},
  [],
  [null],
  [undefined],
  [0],
  [{}],
  [[]],
  { a: null },
  { a: [null] },
  [{ expiresAt: Number.MAX_VALUE }],
];

function memoryWith(values: Record<string, unknown>): Memory & { values: Record<string, unknown>; keys: () => string[] } {
  return {
    values,
    keys: () => Object.keys(values),
    get: <T>(key: string) => values[key] as T | undefined,
    update: async (key, value) => {
      values[key] = value;
    },
  };
}

const WAY = { destination: 'https://example.com', key: 'a key' };
const FILE = { name: 'files/a', uri: 'https://example.com/a', displayName: 'a', mimeType: 'image/png', bytes: 3, state: 'ACTIVE' as const };

test('labels and looks that 0.1.0 kept are read', () => {
  const stored = JSON.parse(readFileSync(new URL('../../../fixtures/stored010/memory.json', import.meta.url), 'utf8'));
  const memory = new WorkspaceMemory(memoryWith(stored) as never);
  assert.deepEqual(memory.labelLists, ['cat, dog']);
  assert.deepEqual(memory.appearance, stored.appearance);
  assert.equal(memory.appearance?.threshold, 127);
});

suite('a damaged memory stops nothing', () => {
  test('of uploads: what can be read is used, the rest is passed over', async () => {
    for (const uploads of DAMAGED) {
      const memory = memoryWith({ uploads, 'uploads.salt': uploads });
      const files = new UploadCache(memory, () => 1000);
      assert.equal(await files.find(WAY, { sha256: 'x', mimeType: 'image/png' }), undefined);
      await files.remember(WAY, 'x', FILE);
      memory.values.uploads = [null, ...(memory.values.uploads as unknown[]), 'x', { ...FILE, expiresAt: 1e12 }];
      assert.equal((await files.find(WAY, { sha256: 'x', mimeType: 'image/png' }))?.name, 'files/a');
      await files.forget(['files/a']);
      assert.deepEqual(await files.of(WAY), []);
    }
  });

  test('of labels', async () => {
    for (const labelLists of [...DAMAGED, ['cat, dog', null, 3]]) {
      const labels = new WorkspaceMemory(memoryWith({ labelLists }) as never);
      await labels.rememberLabels({ task: 'classify', prompt: 'bird' });
      assert.equal(labels.labelLists[0], 'bird');
      assert.ok(labels.labelLists.every((list) => typeof list === 'string'));
    }
    assert.deepEqual(new WorkspaceMemory(memoryWith({ labelLists: ['cat, dog', null, 3] }) as never).labelLists, ['cat, dog']);
  });

  test('of labels given by hand, and of corrections that are not saved', async () => {
    const draft = { run: 'a', history: { done: [{ kind: 'delete', id: '1' }], undone: [] } };
    for (const damaged of [...DAMAGED, [['file:///a.png', [{ run: 'a' }]]], [['file:///a.png', [{ run: 'a', history: { done: [1] } }]]]]) {
      const memory = new WorkspaceMemory(memoryWith({ givenLabels: damaged, corrections: damaged }) as never);
      assert.deepEqual(memory.draftsOf('file:///a.png'), [], JSON.stringify(damaged));
      await memory.rememberGiven(['bird']);
      assert.equal(memory.givenLabels[0], 'bird');
      await memory.keepDrafts('file:///a.png', [draft as never]);
      assert.deepEqual(memory.draftsOf('file:///a.png'), [draft]);
    }
  });

  test('of how things looked', () => {
    const whole = { fill: 0.5, outline: 1, labels: 0, colourBy: 'label', background: 'theme', readout: false };
    for (const stored of [...DAMAGED, { ...whole, fill: 2 }, { ...whole, background: 'pink' }, { ...whole, threshold: 300 }])
      assert.deepEqual(readAppearance(stored), {}, JSON.stringify(stored));
    for (const stored of [whole, { ...whole, threshold: 127 }]) assert.deepEqual(readAppearance(stored), { appearance: stored });
  });

  test('of calibration and of saved prompts', () => {
    for (const stored of DAMAGED) {
      assert.deepEqual(readCalibration(stored), {});
      assert.deepEqual(readSavedPrompts([{ value: stored, from: 'user' }]), []);
    }
  });
});
