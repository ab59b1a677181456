import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { saveCorrections } from '../../src/host/editing/personResults.ts';
import { InspectionStore } from '../../src/host/session/inspectionStore.ts';
import { WorkspaceMemory } from '../../src/host/session/workspaceMemory.ts';
import { noisePng } from '../fixtures/images.ts';

suite('Correcting objects', () => {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const image = vscode.Uri.joinPath(root, 'corrected', 'shelf.png');
  const correct = (uri: vscode.Uri) => vscode.commands.executeCommand('imageInspector.correct', { uri });

  suiteSetup(async () => {
    await vscode.extensions.getExtension('image-inspector.gemini-image-inspector')?.activate();
    mkdirSync(vscode.Uri.joinPath(root, 'corrected').fsPath, { recursive: true });
    writeFileSync(image.fsPath, noisePng(200, 100, 95));
  });

  suiteTeardown(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  test('an image is opened in the inspector for it; a file that is not there is not', async () => {
    await correct(image);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.uri.toString(), image.toString());
    assert.match(input.viewType, /^imageInspector\./);
    await assert.rejects(Promise.resolve(correct(vscode.Uri.joinPath(root, 'corrected', 'gone.png'))));
  });

  test('what is saved is on disk beside what it corrects, is told to whoever listens, and is forgotten as a draft', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'corrected-'));
    const store = new InspectionStore(vscode.Uri.file(folder));
    try {
      const values = new Map<string, unknown>();
      const memento = { get: (key: string) => values.get(key), update: async (key: string, value: unknown) => void values.set(key, value) };
      const memory = new WorkspaceMemory(memento as unknown as vscode.Memento);
      const size = { width: 200, height: 100 };
      const box = { x: 10, y: 10, width: 20, height: 20 };
      const answer: Inspection = {
        ...{ version: 1, id: 'answer', task: 'detect', createdAt: '2026-11-28T10:00:00.000Z', prompt: '', model: 'm' },
        images: [{ uri: image.toString(), sha256: 'shelf', mimeType: 'image/png', ...size }],
        detections: [{ id: '1', label: 'cat', imageIndex: 0, box: { x: 0.05, y: 0.1, width: 0.1, height: 0.2 }, pixelBox: box }],
        ...{ dropped: [], tokens: { estimated: 1 }, complete: true, raw: '[]' },
      };
      await store.add(answer);
      const told: Inspection[] = [];
      store.onDidAdd((inspection) => told.push(inspection));
      await memory.keepDrafts(image.toString(), [{ run: 'answer', history: { done: [{ kind: 'delete', id: '1' }], undone: [] } }]);
      const session = { uri: image, info: undefined, runOf: () => answer };
      await saveCorrections(store, memory, session, {
        ...{ type: 'saveCorrections', run: 'answer' },
        edits: [{ kind: 'relabel', id: '1', label: 'dog' }],
      });
      const stored = await store.of('shelf');
      assert.deepEqual(
        stored.map(({ source, basedOn, detections = [] }) => [source, basedOn, detections[0]?.label]),
        [
          [undefined, undefined, 'cat'],
          ['person', ['answer'], 'dog'],
        ],
      );
      assert.deepEqual(
        told.map(({ id }) => id),
        [stored[1]?.id],
      );
      assert.deepEqual([memory.draftsOf(image.toString()), memory.givenLabels], [[], ['dog']]);
    } finally {
      store.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
