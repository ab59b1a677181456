import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import type { Evaluation } from '../../src/core/scoring/evaluation.ts';
import { noisePng } from '../fixtures/images.ts';

suite('Labels out of files', () => {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const folder = vscode.Uri.joinPath(root, 'labeled');
  const at = (path: string) => vscode.Uri.joinPath(folder, path);
  const image = at('images/a.png');
  const run = <T>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(`imageInspector.${command}`, ...args);
  const reasonOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => assert.fail('it did not fail'),
      ({ reason }: { reason?: string }) => reason,
    );
  const BBOX = [20, 30, 100, 60];
  const coco = (name: string) =>
    JSON.stringify({
      images: [
        { id: 1, file_name: name, width: 200, height: 100 },
        { id: 2, file_name: 'other.png', width: 10, height: 10 },
      ],
      categories: [{ id: 3, name: 'cat' }],
      annotations: [
        { id: 1, image_id: 1, category_id: 3, bbox: BBOX },
        { id: 2, image_id: 2, category_id: 3, bbox: [1, 1, 2, 2] },
      ],
    });

  suiteSetup(async () => {
    await vscode.extensions.getExtension('image-inspector.gemini-image-inspector')?.activate();
    for (const name of ['images', 'labels', 'sets']) mkdirSync(at(name).fsPath, { recursive: true });
    writeFileSync(image.fsPath, noisePng(200, 100, 91));
    writeFileSync(at('images/b.png').fsPath, noisePng(200, 100, 92));
    writeFileSync(at('labels/a.txt').fsPath, '1 0.5 0.5 0.25 0.5\n0 0.1 0.1 0.2\n');
    writeFileSync(at('data.yaml').fsPath, 'names: [dog, cat]\n');
    writeFileSync(at('sets/coco.json').fsPath, coco('images/a.png'));
    writeFileSync(at('sets/others.json').fsPath, coco('x.png'));
    // Of the same name as an image, and not about it.
    writeFileSync(at('images/a.json').fsPath, '{"dear": "diary"}');
    writeFileSync(at('sets/diary.json').fsPath, '{"dear": "diary"}');
  });

  suiteTeardown(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  test('those of a file that holds many become a result of the image, marked as from a file', async () => {
    const { source, task, prompt, model, tokens, images, detections, complete } = await run<Inspection>('openLabels', {
      uri: image,
      file: at('sets/coco.json'),
    });
    assert.deepEqual([source, task, prompt, model, tokens, complete], ['file', 'detect', '', '', { estimated: 0 }, true]);
    assert.deepEqual([images[0]?.uri, images[0]?.width, images[0]?.height, images[0]?.sent], [image.toString(), 200, 100, undefined]);
    assert.deepEqual(
      detections?.map(({ label, pixelBox }) => [label, pixelBox]),
      [['cat', { x: 20, y: 30, width: 100, height: 60 }]],
    );
  });

  test('without a file they are found where they usually stand, with the names of their classes; a row that cannot be read is told', async () => {
    const { detections, dropped } = await run<Inspection>('openLabels', { uri: image });
    assert.deepEqual(
      detections?.map(({ label, pixelBox }) => [label, pixelBox]),
      [['cat', { x: 75, y: 25, width: 50, height: 50 }]],
    );
    assert.match(dropped[0]?.reason ?? '', /^line 2: /);
  });

  test('those of a large file, which has a thread of its own; reading it can be canceled', async () => {
    const row = (name: string) => `${name},cat,20,30,100,60\n`;
    // Each of more bytes than are read in the extension host.
    writeFileSync(at('sets/large.json').fsPath, coco('images/a.png').replace('{', `{${' '.repeat(33e6)}`));
    writeFileSync(at('sets/large.csv').fsPath, `image,label,x,y,width,height\n${row('other.png').repeat(30_000)}${row('a.png')}`);
    for (const file of [at('sets/large.json'), at('sets/large.csv')]) {
      const { source, detections } = await run<Inspection>('openLabels', { uri: image, file });
      assert.equal(source, 'file');
      assert.deepEqual(
        detections?.map(({ label, pixelBox }) => [label, pixelBox]),
        [['cat', { x: 20, y: 30, width: 100, height: 60 }]],
      );
      const canceled = new vscode.CancellationTokenSource();
      const opened = run('openLabels', { uri: image, file, token: canceled.token });
      canceled.cancel();
      assert.equal(await reasonOf(opened), 'cancelled');
    }
  });

  test('reasons', async () => {
    assert.equal(await reasonOf(run('openLabels', { uri: image, file: at('sets/others.json') })), 'notFound');
    assert.equal(await reasonOf(run('openLabels', { uri: image, file: at('sets/diary.json') })), 'unreadableFile');
    assert.equal(await reasonOf(run('openLabels', { uri: image, file: at('gone.json') })), 'unreadableFile');
    assert.equal(await reasonOf(run('openLabels', { uri: at('images/b.png') })), 'notFound');
    assert.equal(await reasonOf(run('evaluate', { uri: at('images/b.png'), file: at('sets/coco.json') })), 'notFound');
    assert.equal(await reasonOf(run('evaluate', { uri: image, iou: 2 })), 'server');
  });

  test('a result is scored against them', async () => {
    await run('showReply', {
      uri: image,
      reply: '[{"box_2d": [300, 100, 900, 600], "label": "cat"}, {"box_2d": [0, 0, 100, 100], "label": "dog"}]',
    });
    const evaluation = await run<Evaluation>('evaluate', { uri: image, file: at('sets/coco.json') });
    assert.deepEqual(
      [
        evaluation.images,
        evaluation.labels,
        evaluation.truePositives,
        evaluation.falsePositives,
        evaluation.falseNegatives,
        evaluation.precision,
        evaluation.recall,
      ],
      [1, 1, 1, 1, 0, 0.5, 1],
    );
    assert.deepEqual(evaluation.confusion, [
      { label: 'cat', as: 'cat', count: 1 },
      { label: null, as: 'dog', count: 1 },
    ]);
  });
});
