import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Evaluation } from '../../src/core/scoring/evaluation.ts';
import type { SetResult } from '../../src/core/sets/inspectionSet.ts';
import type { TryRow } from '../../src/tryProtocol.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { png } from '../fixtures/images.ts';

suite('several ways to ask, and a set, against labels', () => {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const folder = vscode.Uri.joinPath(root, 'tried');
  const at = (name: string) => vscode.Uri.joinPath(folder, name);
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  const run = <Result>(command: string, options: object) => vscode.commands.executeCommand<Result>(`imageInspector.${command}`, options);
  const reasonOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => 'resolved',
      ({ reason }: { reason?: string }) => reason,
    );
  const JAR = { box_2d: [100, 100, 600, 500], label: 'jar' };
  const LID = { box_2d: [700, 600, 900, 900], label: 'lid' };
  let server: GeminiServer;

  suiteSetup(async () => {
    server = await startGeminiServer();
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
    process.env.GEMINI_API_KEY = 'test-key';
    mkdirSync(folder.fsPath, { recursive: true });
    for (const [index, name] of ['a.png', 'b.png'].entries()) writeFileSync(at(name).fsPath, png(400 + index, 300));
    const images = ['a.png', 'b.png'].map((file_name, id) => ({ id, file_name, width: 400 + id, height: 300 }));
    const annotations = images.flatMap(({ id, width }) => [
      { image_id: id, category_id: 1, bbox: [0.1 * width, 30, 0.4 * width, 150] },
      { image_id: id, category_id: 2, bbox: [0.6 * width, 210, 0.3 * width, 60] },
    ]);
    const categories = ['jar', 'lid'].map((name, id) => ({ id: id + 1, name }));
    writeFileSync(at('_annotations.coco.json').fsPath, JSON.stringify({ images, categories, annotations }));
  });

  setup(() => {
    server.reset();
    server.respondWhen(({ model, images }) => images.length > 0 && model?.includes('lite') === true, { text: JSON.stringify([JAR]) });
    server.respondWhen(({ model, images }) => images.length > 0 && model?.includes('lite') === false, { text: JSON.stringify([JAR, LID]) });
  });

  suiteTeardown(async () => {
    await run('clearResults', {});
    for (const key of ['baseUrl', 'confirmBeforeSending']) await set(key, undefined);
    delete process.env.GEMINI_API_KEY;
    await server.close();
  });

  test('models are tried on images with labels, and measured by these', async () => {
    const rows = await run<TryRow[]>('tryModels', {
      uris: [at('a.png'), at('b.png')],
      models: ['gemini-3.8-flash', 'gemini-3.5-flash-lite'],
      queries: ['jars and lids'],
    });
    assert.deepEqual(
      rows.map(({ model, query, f1, recall, answered, measured, failures }) => ({
        model,
        query,
        f1,
        recall,
        answered,
        measured,
        failures,
      })),
      [
        { model: 'gemini-3.8-flash', query: 'jars and lids', f1: 1, recall: 1, answered: 2, measured: 2, failures: [] },
        { model: 'gemini-3.5-flash-lite', query: 'jars and lids', f1: 2 / 3, recall: 0.5, answered: 2, measured: 2, failures: [] },
      ],
    );
    assert.ok((rows[0]?.costUsd ?? 0) > (rows[1]?.costUsd ?? 0) && (rows[1]?.costUsd ?? 0) > 0);
    assert.equal(await reasonOf(run('tryModels', { uri: at('a.png'), task: 'caption' })), 'unsupported');
  });

  test('a set is scored against the labels that stand in its folder', async () => {
    const { id } = await run<SetResult>('inspectFolder', { uri: folder, task: 'detect', model: 'gemini-3.5-flash-lite' });
    const { images, labels, truePositives, falseNegatives, confusion } = await run<Evaluation>('evaluate', { set: id });
    assert.deepEqual([images, labels, truePositives, falseNegatives], [2, 4, 2, 2]);
    assert.deepEqual(confusion, [
      { label: 'jar', as: 'jar', count: 2 },
      { label: 'lid', as: null, count: 2 },
    ]);
    assert.equal(await reasonOf(run('evaluate', { set: id, file: at('gone.json') })), 'unreadableFile');
    assert.equal(await reasonOf(run('evaluate', { set: 'no-such-set' })), 'notFound');
  });
});
