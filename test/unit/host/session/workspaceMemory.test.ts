import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type * as vscode from 'vscode';
import { WorkspaceMemory } from '../../../../src/host/session/workspaceMemory.ts';

/** What VS Code keeps over a reload. */
function memento(kept = new Map<string, unknown>()): vscode.Memento {
  return {
    keys: () => [...kept.keys()],
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => void kept.set(key, structuredClone(value)),
  } as vscode.Memento;
}

suite('comparisons that are open', () => {
  test('are known after a reload, each by its older image, until they are given up', async () => {
    const kept = memento();
    const before = new WorkspaceMemory(kept);
    await Promise.all([before.rememberPair('git:/a.png?HEAD', 'file:///a.png'), before.rememberPair('file:///b.png', 'file:///c.png')]);
    const after = new WorkspaceMemory(kept);
    assert.deepEqual([after.newerOf('git:/a.png?HEAD'), after.newerOf('file:///b.png')], ['file:///a.png', 'file:///c.png']);
    await after.rememberPair('file:///b.png', undefined);
    assert.deepEqual([after.newerOf('git:/a.png?HEAD'), after.newerOf('file:///b.png')], ['file:///a.png', undefined]);
  });

  test('are none where something else was kept under that name', () => {
    for (const pairs of ['file:///a.png', 7, { 'file:///a.png': 3 }])
      assert.equal(new WorkspaceMemory(memento(new Map([['pairs', pairs]]))).newerOf('file:///a.png'), undefined);
  });
});
