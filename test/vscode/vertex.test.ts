import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { startVertexLogin, VERTEX_TOKEN, type VertexLogin } from '../fakes/vertexLogin.ts';
import { noisePng, png } from '../fixtures/images.ts';

const SETTINGS = ['baseUrl', 'confirmBeforeSending', 'backend', 'project', 'location', 'inlineLimitMB'];

suite('Vertex AI', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const image = vscode.Uri.joinPath(folder, 'vertex', 'wide.png');
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  const run = <T>(command: string, options: object = {}) =>
    vscode.commands.executeCommand<T>(`imageInspector.${command}`, image, undefined, options);
  const reasonOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => 'resolved',
      (error: { reason?: string; message: string }) => error.reason ?? error.message,
    );
  const { fetch } = globalThis;
  let server: GeminiServer;
  let login: VertexLogin;

  suiteSetup(async () => {
    await vscode.extensions.getExtension('image-inspector.gemini-image-inspector')?.activate();
    server = await startGeminiServer();
    login = await startVertexLogin();
    mkdirSync(vscode.Uri.joinPath(image, '..').fsPath, { recursive: true });
    writeFileSync(image.fsPath, png(960, 540));
    const file = vscode.Uri.joinPath(folder, 'vertex', 'credentials.json').fsPath;
    writeFileSync(file, JSON.stringify(login.credentials));
    process.env.GOOGLE_APPLICATION_CREDENTIALS = file;
    globalThis.fetch = login.through(fetch);
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
    await set('backend', 'vertexAi');
  });

  suiteTeardown(async () => {
    globalThis.fetch = fetch;
    delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
    await Promise.all(SETTINGS.map((key) => set(key, undefined)));
    await Promise.all([server.close(), login.close()]);
  });

  test('without a project and a location nothing is sent', async () => {
    assert.equal(await reasonOf(run('caption')), 'permissionDenied');
    await set('project', 'my-project');
    assert.equal(await reasonOf(run('caption')), 'permissionDenied');
    await set('location', 'us-central1');
    assert.deepEqual(server.requests, []);
  });

  test('a task and a count go there without a key', async () => {
    const { complete, tokens, images } = await run<Inspection>('detect');
    assert.equal(complete, true);
    assert.ok((tokens.costUsd ?? 0) > 0);
    assert.equal(images[0]?.sent?.via, 'inline');
    assert.equal(await run<number>('countTokens'), 1100);
    assert.deepEqual(
      server.requests.map(({ vertex, headers }) => [vertex, headers.authorization]),
      Array.from({ length: 2 }, () => ['projects/my-project/locations/us-central1', `Bearer ${VERTEX_TOKEN}`]),
    );
    assert.deepEqual(server.violations, []);
  });

  test('what is too large for a request is refused, and there are no uploads to be listed', async () => {
    const requests = server.requests.length;
    const large = vscode.Uri.joinPath(folder, 'vertex', 'large.png');
    writeFileSync(large.fsPath, noisePng(1200, 1000));
    await set('inlineLimitMB', 1);
    assert.equal(await reasonOf(vscode.commands.executeCommand('imageInspector.caption', large, undefined, {})), 'tooLarge');
    await set('inlineLimitMB', undefined);
    assert.equal(await reasonOf(run('manageUploads')), 'permissionDenied');
    assert.equal(server.requests.length, requests);
  });

  test('a workspace cannot choose where images go', async () => {
    for (const key of ['backend', 'project', 'location']) {
      const change = vscode.workspace.getConfiguration('imageInspector').update(key, 'x', vscode.ConfigurationTarget.Workspace);
      assert.match(await reasonOf(change), /application|not support|Unable/i, key);
    }
  });
});
