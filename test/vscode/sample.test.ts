import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';

suite('the sample', () => {
  let server: GeminiServer;
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  const openSample = (...args: unknown[]) => vscode.commands.executeCommand<Inspection>('imageInspector.openSample', ...args);
  const openTabs = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);

  suiteSetup(async () => {
    server = await startGeminiServer();
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
  });

  setup(async () => {
    server.reset();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await Promise.all(['baseUrl', 'confirmBeforeSending'].map((key) => set(key, undefined)));
    await server.close();
  });

  test('from code it is an inspection with masks, without editor, key or request', async () => {
    const inspection = await openSample({});
    assert.equal(inspection.version, 1);
    assert.equal(inspection.task, 'segment');
    assert.ok((inspection.detections?.length ?? 0) >= 10);
    assert.ok(inspection.detections?.every(({ mask }) => mask !== undefined));
    assert.deepEqual(openTabs(), []);
    assert.deepEqual(server.requests, []);
  });

  test('its image is the picture that is shipped', async () => {
    const { images } = await openSample({});
    const uri = vscode.Uri.parse(images[0]?.uri ?? '');
    assert.equal((await vscode.workspace.fs.stat(uri)).type, vscode.FileType.File);
    assert.match(uri.path, /\/media\/sample\/Sample\.png$/);
  });

  test('from the palette it opens in the inspector, once', async () => {
    await openSample();
    await openSample();
    const [tab, ...others] = openTabs();
    assert.deepEqual(others, []);
    assert.ok(tab?.input instanceof vscode.TabInputCustom);
    assert.equal(tab.input.viewType, 'imageInspector.editor');
    assert.match(tab.input.uri.path, /\/media\/sample\/Sample\.png$/);
    assert.deepEqual(server.requests, []);
  });

  test('from code it opens when that is asked for', async () => {
    await openSample({ reveal: true });
    assert.equal(openTabs().length, 1);
  });

  test('a task on its picture is a task like any other', async () => {
    const sample = await openSample({});
    process.env.GEMINI_API_KEY = 'test-key';
    try {
      server.respondWith({ text: 'A drawn street.' });
      const inspection = await vscode.commands.executeCommand<Inspection>('imageInspector.caption', { uri: sample.images[0]?.uri });
      assert.equal(inspection.text, 'A drawn street.');
      assert.equal(server.requests[0]?.images[0]?.sha256, sample.images[0]?.sha256);
    } finally {
      delete process.env.GEMINI_API_KEY;
    }
  });
});
