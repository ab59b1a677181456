import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import type { TokenEstimate } from '../../src/core/usage/tokens.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { jpeg, png } from '../fixtures/images.ts';

interface Api {
  estimateTokens(image: vscode.Uri | { width: number; height: number }, options?: object): Promise<TokenEstimate>;
}

const SETTINGS = ['baseUrl', 'confirmBeforeSending', 'prices', 'budget.warnAtUsd', 'budget.stopAtUsd', 'maxDimension', 'exclude', 'model'];

suite('tokens and money', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const file = (name: string) => vscode.Uri.joinPath(folder, 'counted', name);
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  const run = <T>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(`imageInspector.${command}`, ...args);
  const count = (...args: unknown[]) => run<number>('countTokens', ...args);
  const reasonOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => 'resolved',
      (error: { reason?: string; message: string }) => error.reason ?? error.message,
    );
  const countRequests = () => server.requests.filter(({ endpoint }) => endpoint === 'countTokens');
  let server: GeminiServer;
  let api: Api;

  suiteSetup(async () => {
    api = (await vscode.extensions.getExtension<Api>('image-inspector.gemini-image-inspector')?.activate()) as Api;
    server = await startGeminiServer();
    mkdirSync(file('').fsPath, { recursive: true });
    writeFileSync(file('wide.png').fsPath, png(960, 540));
    writeFileSync(file('photo.jpg').fsPath, jpeg(300, 200));
    writeFileSync(file('secret.png').fsPath, png(30, 20));
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
    process.env.GEMINI_API_KEY = 'test-key';
  });

  setup(async () => {
    server.reset();
    await run('resetCalibration');
  });

  suiteTeardown(async () => {
    await run('resetCalibration');
    await Promise.all(SETTINGS.map((key) => set(key, undefined)));
    delete process.env.GEMINI_API_KEY;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await server.close();
  });

  test('a count asks the API for a request with just the image, at the chosen resolution', async () => {
    assert.equal(await count(file('wide.png'), undefined, { mediaResolution: 'low' }), 264);
    const [request, ...others] = countRequests();
    assert.deepEqual(others, []);
    assert.equal(request?.text, '');
    assert.equal(request?.images.length, 1);
    assert.equal(request?.images[0]?.mediaResolution, 'MEDIA_RESOLUTION_LOW');
    assert.deepEqual(server.violations, []);
  });

  test('a count is asked for once for the same content and settings', async () => {
    const model = 'gemini-3.5-flash';
    assert.equal(await count(file('wide.png'), undefined, { model }), 1100);
    assert.equal(await count(file('wide.png'), undefined, { model }), 1100);
    assert.equal(countRequests().length, 1);
    await count(file('wide.png'), undefined, { model, mediaResolution: 'medium' });
    await count(file('wide.png'), undefined, { model: 'gemini-3.7-flash' });
    assert.equal(countRequests().length, 3);
    await set('maxDimension', 300);
    await count(file('wide.png'), undefined, { model });
    await set('maxDimension', undefined);
    writeFileSync(file('wide.png').fsPath, png(961, 540));
    await count(file('wide.png'), undefined, { model });
    writeFileSync(file('wide.png').fsPath, png(960, 540));
    assert.equal(countRequests().length, 5);
  });

  test('an estimate is that of the picture as it would be sent', async () => {
    const estimate = () => api.estimateTokens(file('wide.png'), { model: 'gemini-2.0-flash' });
    assert.equal((await estimate()).tokens, 1548);
    await set('maxDimension', 384);
    assert.equal((await estimate()).tokens, 258);
    await set('maxDimension', undefined);
    assert.equal((await estimate()).tokens, 1548);
  });

  test('of several images the sum', async () => {
    const sum = await count(file('wide.png'), [file('wide.png'), file('photo.jpg')], { model: 'gemini-2.5-flash-lite' });
    assert.equal(sum, 516);
    assert.equal(countRequests().length, 2);
  });

  test('a count asks for permission like a task', async () => {
    await set('exclude', ['**/secret.png']);
    assert.equal(await reasonOf(count(file('secret.png'), undefined, {})), 'excluded');
    assert.equal(
      await reasonOf(count(file('photo.jpg'), [file('photo.jpg'), file('secret.png')], { model: 'gemini-3.1-flash-lite' })),
      'excluded',
    );
    await set('exclude', undefined);
    delete process.env.GEMINI_API_KEY;
    assert.equal(await reasonOf(count(file('photo.jpg'), undefined, { model: 'gemini-4-argon' })), 'noApiKey');
    process.env.GEMINI_API_KEY = 'test-key';
    assert.equal(await reasonOf(count({ model: 'gemini-4-argon' })), 'noImage');
    assert.ok(!countRequests().some(({ images }) => images.some(({ sniffed }) => sniffed.accepted && sniffed.size?.width === 30)));
  });

  test('estimates follow what was billed, and say so, until that is reset', async () => {
    const estimate = () => api.estimateTokens(file('wide.png'), { model: 'gemini-2.5-flash-lite' });
    const rule = await estimate();
    assert.deepEqual([rule.tokens, rule.rule], [1548, 'documented']);
    for (let i = 0; i < 5; i++)
      await run('caption', file(i % 2 === 0 ? 'wide.png' : 'photo.jpg'), undefined, { model: 'gemini-2.5-flash-lite' });
    const { tokens, rule: how, documented, observed, calls } = await estimate();
    assert.deepEqual(
      { tokens, how, documented, observed, calls },
      { tokens: 258, how: 'calibrated', documented: 1548, observed: 258, calls: 5 },
    );
    assert.equal((await api.estimateTokens({ width: 3000, height: 2000 }, { model: 'gemini-2.5-flash-lite' })).tokens, 258);
    assert.equal((await api.estimateTokens(file('wide.png'), { model: 'gemini-2.0-flash' })).rule, 'documented', 'another model');
    const inspection = await run<Inspection>('caption', file('wide.png'), undefined, { model: 'gemini-2.5-flash-lite' });
    assert.equal(inspection.tokens.estimated, 258);
    await run('resetCalibration');
    assert.deepEqual(await estimate(), rule);
  });

  test('a bill without image tokens is kept as such, and teaches nothing', async () => {
    const usage = {
      promptTokenCount: 62,
      totalTokenCount: 70,
      candidatesTokenCount: 8,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 62 }],
    };
    for (let i = 0; i < 6; i++) {
      server.respondWith({ text: 'A cat.', usage });
      const { tokens } = await run<Inspection>('caption', file('wide.png'), undefined, {});
      assert.deepEqual([tokens.image, tokens.prompt], [0, 62]);
    }
    assert.equal((await api.estimateTokens(file('wide.png'))).rule, 'observed');
  });

  test('prices of one’s own count', async () => {
    await set('prices', { 'gemini-3.8-flash': { input: 1000, output: 0 } });
    const { tokens } = await run<Inspection>('caption', file('wide.png'), undefined, {});
    assert.equal(tokens.costUsd, ((tokens.prompt ?? 0) * 1000) / 1e6);
    await set('prices', undefined);
  });

  test('the model that answered is the one that is billed', async () => {
    server.respondWith({ text: 'A cat.', modelVersion: 'gemini-3.5-flash-lite' });
    const { model, modelVersion, tokens } = await run<Inspection>('caption', file('wide.png'), undefined, {});
    assert.deepEqual([model, modelVersion], ['gemini-3.8-flash', 'gemini-3.5-flash-lite']);
    const { prompt = 0, output = 0, thoughts = 0, costUsd = 0 } = tokens;
    assert.ok(Math.abs(costUsd - (prompt * 0.3 + (output + thoughts) * 2.5) / 1e6) < 1e-12);
  });

  test('a model is chosen from code: asked by tasks and counts, also one that nobody knows; what cannot be an id is refused', async () => {
    const select = (options: object) => run<string>('selectModel', undefined, undefined, options);
    const holding = () => vscode.workspace.getConfiguration('imageInspector').get('model');
    assert.equal(await select({}), 'gemini-3.8-flash');
    assert.equal(holding(), 'gemini-3.8-flash');
    assert.equal(await select({ model: 'models/gemini-3.7-flash' }), 'gemini-3.7-flash');
    assert.equal((await run<Inspection>('caption', file('wide.png'), undefined, {})).model, 'gemini-3.7-flash');
    assert.equal(await reasonOf(select({ model: '../files/x' })), 'modelNotFound');
    assert.equal(holding(), 'gemini-3.7-flash');
    assert.equal(await select({ model: 'my-own-model' }), 'my-own-model');
    assert.equal(await reasonOf(count(file('wide.png'), undefined, {})), 'modelNotFound');
    assert.equal(server.requests.at(-1)?.model, 'my-own-model');
    await set('model', 'no model');
    const requests = server.requests.length;
    assert.equal(await reasonOf(run('caption', file('wide.png'), undefined, {})), 'modelNotFound');
    assert.equal(server.requests.length, requests, 'nothing was sent');
    await set('model', undefined);
  });

  test('the hard limit stops tasks and nothing that is free', async () => {
    await set('budget.stopAtUsd', 0.000001);
    const requests = server.requests.length;
    assert.equal(await reasonOf(run('caption', file('wide.png'), undefined, {})), 'overBudget');
    assert.equal(server.requests.length, requests, 'nothing was sent');
    assert.equal(await count(file('photo.jpg'), undefined, { model: 'gemini-3.7-flash' }), 1080);
    await set('budget.stopAtUsd', undefined);
    assert.equal(await reasonOf(run('caption', file('wide.png'), undefined, {})), 'resolved');
  });

  test('a workspace can set neither limits nor prices', async () => {
    for (const key of ['budget.stopAtUsd', 'budget.warnAtUsd', 'prices']) {
      const change = vscode.workspace.getConfiguration('imageInspector').update(key, 1, vscode.ConfigurationTarget.Workspace);
      assert.match(await reasonOf(change), /application|not support|Unable/i, key);
    }
  });

  test('the budget opens as a page, once', async () => {
    const pages = () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ input }) => input instanceof vscode.TabInputWebview);
    const opened = new Promise<void>((resolve) => {
      const listener = vscode.window.tabGroups.onDidChangeTabs(() => {
        if (pages().length === 0) return;
        listener.dispose();
        resolve();
      });
    });
    await run('showBudget');
    await opened;
    await run('showBudget');
    assert.deepEqual(
      pages().map(({ label }) => label),
      ['Image Inspector: Budget'],
    );
  });
});
