import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { noisePng } from '../fixtures/images.ts';

const SETTINGS = ['baseUrl', 'confirmBeforeSending', 'backend', 'project', 'location'];

suite('Check Objects', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const image = vscode.Uri.joinPath(folder, 'verify', 'noise.png');
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  const run = <T>(command: string, options: object = {}) =>
    vscode.commands.executeCommand<T>(`imageInspector.${command}`, { uri: image, ...options });
  const reasonOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => 'resolved',
      (error: { reason?: string; message: string }) => error.reason ?? error.message,
    );
  let server: GeminiServer;

  suiteSetup(async () => {
    await vscode.extensions.getExtension('image-inspector.gemini-image-inspector')?.activate();
    server = await startGeminiServer();
    process.env.GEMINI_API_KEY = 'test-key';
    mkdirSync(vscode.Uri.joinPath(image, '..').fsPath, { recursive: true });
    writeFileSync(image.fsPath, noisePng(320, 240, 77));
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
  });

  suiteTeardown(async () => {
    delete process.env.GEMINI_API_KEY;
    await Promise.all(SETTINGS.map((key) => set(key, undefined)));
    await server.close();
  });

  test('without a result there is nothing to check', async () => {
    assert.equal(await reasonOf(run('verify')), 'notFound');
    assert.deepEqual(server.requests, []);
  });

  test('the newest objects are checked, or those of a result by its id', async () => {
    const first = await run<Inspection>('detect');
    const checked = await run<Inspection>('verify');
    assert.deepEqual(checked.basedOn, [first.id]);
    assert.deepEqual(
      checked.detections,
      first.detections?.map((detection) => ({ ...detection, confidence: 0.93 })),
    );
    assert.deepEqual([checked.model, checked.complete, checked.dropped], ['gemini-decision-1', true, []]);
    assert.ok((checked.tokens.costUsd ?? 0) > 0);
    assert.deepEqual(server.violations, []);
    assert.deepEqual((await run<Inspection>('verify', { id: first.id })).basedOn, [first.id]);
    assert.equal(await reasonOf(run('verify', { id: 'none' })), 'notFound');
  });

  test('on Vertex AI it is refused by name, and nothing is sent', async () => {
    server.reset();
    await set('backend', 'vertexAi');
    assert.equal(await reasonOf(run('verify')), 'unsupported');
    assert.deepEqual(server.requests, []);
    await set('backend', undefined);
  });
});
