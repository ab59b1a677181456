import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as vscode from 'vscode';
import type { SetLine, SetPlan, SetResult } from '../../src/core/sets/inspectionSet.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { png } from '../fixtures/images.ts';

suite('a folder of images from code', () => {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const folder = vscode.Uri.joinPath(root, 'set of images');
  const set = (section: string, key: string, value: unknown) =>
    vscode.workspace.getConfiguration(section).update(key, value, vscode.ConfigurationTarget.Global);
  const run = <Result>(command: string, options: object) => vscode.commands.executeCommand<Result>(`imageInspector.${command}`, options);
  const inspect = (options: object) => run<SetResult>('inspectFolder', { uri: folder, task: 'detect', query: 'jars', ...options });
  const failureOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => ({ reason: 'resolved' }),
      (error: { reason?: string }) => error,
    );
  const linesOf = ({ results }: SetResult) =>
    readFileSync(fileURLToPath(results), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as SetLine)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  const write = (name: string, bytes: Uint8Array | string) => {
    const path = vscode.Uri.joinPath(folder, name).fsPath;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  };
  let server: GeminiServer;

  suiteSetup(async () => {
    server = await startGeminiServer();
    await set('imageInspector', 'baseUrl', server.url);
    await set('imageInspector', 'confirmBeforeSending', 'never');
    await set('imageInspector', 'exclude', ['**/private/**']);
    await set('files', 'exclude', { '**/hidden': true });
    process.env.GEMINI_API_KEY = 'test-key';
    write('a.png', png(640, 480));
    write('b.png', png(320, 200));
    write('deep/c.png', png(300, 300));
    write('deep/copy of a.png', png(640, 480));
    write('private/d.png', png(100, 100));
    write('hidden/e.png', png(120, 100));
    write('node_modules/f.png', png(130, 100));
    write('broken.png', 'no image');
    write('readme.md', '# nothing');
  });

  setup(() => server.reset());

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('imageInspector.clearResults');
    for (const key of ['baseUrl', 'confirmBeforeSending', 'exclude']) await set('imageInspector', key, undefined);
    await set('files', 'exclude', undefined);
    delete process.env.GEMINI_API_KEY;
    await server.close();
  });

  test('the plan alone sends nothing', async () => {
    const plan = (await inspect({ start: false })) as unknown as SetPlan;
    const { speeds, ...counts } = plan;
    assert.deepEqual(counts, { images: 6, new: 3, done: 0, excluded: 1, unsupported: 0, broken: 1, duplicates: 1 });
    assert.deepEqual(
      speeds.map(({ speed }) => speed),
      ['standard', 'flex', 'batch'],
    );
    for (const { inputTokens, costUsd, hours } of speeds) {
      assert.ok(inputTokens > 0 && hours[0] <= hours[1]);
      assert.ok(costUsd !== undefined && costUsd[0] > 0 && costUsd[0] <= costUsd[1]);
    }
    assert.equal(server.requests.length, 0);
  });

  test('every image is asked about once, and has a line of results', async () => {
    const result = await inspect({});
    assert.deepEqual([result.version, result.task, result.speed, result.ended], [1, 'detect', 'standard', true]);
    assert.deepEqual(result.counts, { waiting: 0, done: 4, failed: 0, skipped: 2, cancelled: 0 });
    assert.equal(server.requests.filter(({ images }) => images.length > 0).length, 3);
    const lines = linesOf(result);
    assert.deepEqual(
      lines.map(({ key, state }) => [key, state]),
      [
        ['a.png', 'done'],
        ['b.png', 'done'],
        ['broken.png', 'skipped'],
        ['deep/c.png', 'done'],
        ['deep/copy of a.png', 'done'],
        ['private/d.png', 'skipped'],
      ],
    );
    assert.ok(lines[0]?.inspection?.detections !== undefined && lines[0].sha256 === lines[4]?.sha256);
    assert.deepEqual(await run<SetResult>('openSet', { id: result.id, reveal: false }), result);
  });

  test('what is done is left out, unless all is wanted', async () => {
    const plan = (await inspect({ start: false })) as unknown as SetPlan;
    assert.deepEqual([plan.new, plan.done], [0, 4]);
    const all = (await inspect({ start: false, onlyNew: false })) as unknown as SetPlan;
    assert.deepEqual([all.new, all.done, all.duplicates], [3, 0, 1]);
  });

  test('a glob and a limit choose among the images', async () => {
    const deep = (await inspect({ start: false, onlyNew: false, include: 'deep/**' })) as unknown as SetPlan;
    assert.equal(deep.images, 2);
    const two = await inspect({ onlyNew: false, limit: 2, query: 'two' });
    assert.equal(two.counts.done, 2);
  });

  test('what cannot be done is refused with its reason', async () => {
    assert.equal((await failureOf(inspect({ task: 'compare' }))).reason, 'unsupported');
    assert.equal((await failureOf(run('inspectFolder', { task: 'detect' }))).reason, 'noImage');
    assert.equal((await failureOf(inspect({ maxUsd: 1e-9, onlyNew: false, query: 'dear' }))).reason, 'overBudget');
    assert.equal((await failureOf(run('openSet', { id: '../../etc' }))).reason, 'notFound');
  });

  test('without waiting it goes on by itself, and its view shows it', async () => {
    const begun = await inspect({ wait: false, onlyNew: false, query: 'later' });
    const end = async (): Promise<SetResult> => {
      const now = await run<SetResult>('openSet', { id: begun.id });
      if (now.ended) return now;
      // Else nothing but this would run.
      await new Promise(setImmediate);
      return end();
    };
    assert.equal((await end()).counts.done, 4);
    const tabs = vscode.window.tabGroups.all.flatMap(({ tabs: each }) => each.map(({ input }) => input));
    assert.equal(
      tabs.filter((input) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('imageInspector.set')).length,
      1,
    );
  });

  test('a token cancels it; what is done is kept', async () => {
    const source = new vscode.CancellationTokenSource();
    let release = () => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.respondWhen(() => true, { hold });
    const running = inspect({ onlyNew: false, query: 'never', token: source.token });
    await server.waitForRequest();
    source.cancel();
    const outcome = await running.then(
      ({ counts }) => counts.cancelled > 0,
      (error: { reason?: string }) => error.reason === 'cancelled',
    );
    release();
    assert.ok(outcome);
  });

  test('results that are cleared take the sets along', async () => {
    const result = await inspect({ onlyNew: false, query: 'gone' });
    await vscode.commands.executeCommand('imageInspector.clearResults');
    assert.equal((await failureOf(run('openSet', { id: result.id }))).reason, 'notFound');
  });
});
