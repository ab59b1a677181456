import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { noisePng } from '../fixtures/images.ts';

const SETTINGS = ['baseUrl', 'confirmBeforeSending', 'tools.enabled', 'tools.maxUsdPerSession', 'exclude'];

suite('tools for agents', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const image = vscode.Uri.joinPath(folder, 'agents', 'noise.png');
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  const messageOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => 'resolved',
      (error: { message: string }) => error.message,
    );
  let server: GeminiServer;

  /** What a tool answers, as its model gets it. */
  async function call(name: string, input: object): Promise<Record<string, unknown>> {
    const { content } = await vscode.lm.invokeTool(`imageInspector_${name}`, { input, toolInvocationToken: undefined });
    const [text] = content as [vscode.LanguageModelTextPart];
    return JSON.parse(text.value) as Record<string, unknown>;
  }

  suiteSetup(async () => {
    await vscode.extensions.getExtension('image-inspector.gemini-image-inspector')?.activate();
    server = await startGeminiServer();
    process.env.GEMINI_API_KEY = 'test-key';
    mkdirSync(vscode.Uri.joinPath(image, '..').fsPath, { recursive: true });
    writeFileSync(image.fsPath, noisePng(320, 240, 88));
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
  });

  suiteTeardown(async () => {
    delete process.env.GEMINI_API_KEY;
    await Promise.all(SETTINGS.map((key) => set(key, undefined)));
    await server.close();
  });

  test('are offered by VS Code', () => {
    const ours = vscode.lm.tools.filter(({ name }) => name.startsWith('imageInspector_'));
    assert.deepEqual(ours.map(({ name }) => name.replace('imageInspector_', '')).sort(), [
      'ask',
      'compare',
      'crop',
      'describe',
      'locate',
      'readText',
      'tokens',
    ]);
  });

  test('say what an image costs, and send nothing', async () => {
    const answer = await call('tokens', { path: 'agents/noise.png' });
    assert.ok((answer.tokens as number) > 200);
    assert.deepEqual(server.requests, []);
  });

  test('answer in words, and what they found is in the history of the image', async () => {
    server.respondWith({ text: 'Only noise.' });
    assert.deepEqual((await call('ask', { path: image.fsPath, query: 'What is it?' })).text, ['Only noise.']);
    assert.equal(server.requests.length, 1);
    const files = (await vscode.commands.executeCommand<vscode.Uri[]>('imageInspector.export', {
      uri: image,
      format: 'json',
      target: vscode.Uri.joinPath(folder, 'agents', 'out'),
    })) as vscode.Uri[];
    assert.ok(files[0] !== undefined && existsSync(files[0].fsPath));
  });

  test('send nothing without consent, though VS Code approves all tools by itself while it runs tests', async () => {
    const before = server.requests.length;
    await set('confirmBeforeSending', 'always');
    // VS Code refuses to show a dialog while it runs tests: nobody says yes.
    assert.match(await messageOf(call('describe', { path: 'agents/noise.png' })), /\bnotConfirmed: /);
    await set('confirmBeforeSending', 'never');
    assert.equal(server.requests.length, before);
  });

  test('tell an agent what is wrong, by its reason', async () => {
    const before = server.requests.length;
    assert.match(await messageOf(call('describe', { path: 'agents/none.png' })), /unreadableImage/);
    assert.match(await messageOf(call('describe', {})), /unsupported: The input "path" is missing/);
    await set('exclude', ['**/agents/**']);
    assert.match(await messageOf(call('describe', { path: 'agents/noise.png' })), /excluded/);
    await set('exclude', undefined);
    await set('tools.maxUsdPerSession', 0);
    assert.match(await messageOf(call('describe', { path: 'agents/noise.png' })), /overBudget/);
    await set('tools.maxUsdPerSession', undefined);
    await set('tools.enabled', false);
    assert.match(await messageOf(call('describe', { path: 'agents/noise.png' })), /unsupported|disabled|not/i);
    await set('tools.enabled', undefined);
    assert.equal(server.requests.length, before);
  });

  test('other agents find them by a configuration, which runs the installed command line', async () => {
    const text = await vscode.commands.executeCommand<string>('imageInspector.copyToolConfiguration', { for: 'claude' });
    const { args, command } = (JSON.parse(text) as { mcpServers: Record<string, { command: string; args: string[] }> }).mcpServers[
      'image-inspector'
    ] as { command: string; args: string[] };
    assert.equal(command, 'node');
    assert.deepEqual(args.slice(1, 4), ['mcp', '--root', folder.fsPath]);
    assert.ok(args.includes('--base-url') && args.includes(server.url));
    assert.ok(!text.includes('test-key'));
    const [program = ''] = args;
    const { stdout } = await promisify(execFile)(process.execPath, [program, '--version'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    const toml = await vscode.commands.executeCommand<string>('imageInspector.copyToolConfiguration', { for: 'codex' });
    assert.match(toml, /^\[mcp_servers\.image-inspector\]\ncommand = "node"\nargs = \["/);
    assert.match(await messageOf(vscode.commands.executeCommand('imageInspector.copyToolConfiguration', { for: 'none' })), /none of these/);
  });
});
