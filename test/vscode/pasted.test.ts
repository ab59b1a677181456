import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { noisePng } from '../fixtures/images.ts';

const LIST = '[\n  {"box_2d": [100, 200, 500, 600], "label": "cat"},\n  {"box_2d": [0, 0, 250, 250], "label": "dog"}\n]';

suite('Show on Image', () => {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const folder = vscode.Uri.joinPath(root, 'pasted');
  const image = vscode.Uri.joinPath(folder, 'shelf 3.png');
  const text = vscode.Uri.joinPath(folder, 'replies.json');
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  const run = <T>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(`imageInspector.${command}`, ...args);
  const failureOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => assert.fail('it did not fail'),
      ({ reason, message }: { reason?: string; message: string }) => `${reason}: ${message}`,
    );
  /** Takes the first entry of the picker as soon as it is there. */
  /** Where the picker is accepted before it has rows, it closes without a choice: then once more. */
  async function takingTheFirst<T>(start: () => Thenable<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      let done = false;
      const result = Promise.resolve(start()).finally(() => {
        done = true;
      });
      while (!done) {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        await Promise.race([result.catch(() => undefined), wait(100)]);
      }
      const chosen = await result;
      if (chosen !== undefined || attempt === 10) return chosen;
    }
  }
  let server: GeminiServer;

  suiteSetup(async () => {
    await vscode.extensions.getExtension('image-inspector.gemini-image-inspector')?.activate();
    server = await startGeminiServer();
    mkdirSync(folder.fsPath, { recursive: true });
    writeFileSync(image.fsPath, noisePng(320, 240, 78));
    writeFileSync(vscode.Uri.joinPath(folder, 'another.png').fsPath, noisePng(32, 24, 79));
    writeFileSync(text.fsPath, `{"image": "shelf 3.png",\n"objects": ${LIST}}\n`);
    await set('baseUrl', server.url);
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await set('baseUrl', undefined);
    await server.close();
  });

  test('a reply from code becomes a result of its image; no key, nothing is sent', async () => {
    const inspection = await run<Inspection>('showReply', { uri: image, reply: `Here it is:\n\`\`\`json\n${LIST}\n\`\`\`` });
    const { source, task, model, prompt, tokens, complete, images, detections } = inspection;
    assert.deepEqual([source, task, model, prompt, tokens, complete], ['pasted', 'detect', '', '', { estimated: 0 }, true]);
    assert.deepEqual(
      images.map(({ uri, width, height, sent }) => [uri, width, height, sent]),
      [[image.toString(), 320, 240, undefined]],
    );
    assert.deepEqual(
      detections?.map(({ label, pixelBox }) => [label, pixelBox.x, pixelBox.y, pixelBox.width, pixelBox.height]),
      [
        ['cat', 64, 24, 128, 96],
        ['dog', 0, 0, 80, 60],
      ],
    );
    assert.deepEqual(server.requests, []);
  });

  test('it is exported like any result, without a model', async () => {
    const target = vscode.Uri.joinPath(folder, 'out');
    const files = await run<vscode.Uri[]>('export', { uri: image, format: 'csv', target });
    const [table] = files;
    assert.ok(table);
    const csv = new TextDecoder().decode(await vscode.workspace.fs.readFile(table));
    assert.deepEqual(
      csv
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => [line.split(',')[4], line.split(',').at(-1)]),
      [
        ['cat', ''],
        ['dog', ''],
      ],
    );
  });

  test('its objects cannot be checked: nothing of it was ever sent', async () => {
    assert.match(await failureOf(run('verify', { uri: image })), /^notFound: /);
    assert.deepEqual(server.requests, []);
  });

  test('with nothing to draw it is refused, and nothing is kept', async () => {
    const before = (await run<vscode.Uri[]>('export', { uri: image, format: 'json', target: vscode.Uri.joinPath(folder, 'a') })).length;
    assert.equal(
      await failureOf(run('showReply', { uri: image, reply: 'A cat on a mat.' })),
      'unreadableFile: There is nothing to draw in this text. It has words, and no list of objects. A reply to draw has "box_2d", "point", "mask" or "polygon".',
    );
    assert.match(await failureOf(run('showReply', { uri: image })), /^unreadableFile: .*The text is empty/);
    assert.match(await failureOf(run('showReply', { uri: text, reply: LIST })), /^unreadableImage: /);
    const after = (await run<vscode.Uri[]>('export', { uri: image, format: 'json', target: vscode.Uri.joinPath(folder, 'b') })).length;
    assert.equal(after, before);
  });

  test('selected text is drawn on the image that it names, which is offered first', async () => {
    const editor = await vscode.window.showTextDocument(text);
    const end = editor.document.positionAt(editor.document.getText().length);
    editor.selection = new vscode.Selection(new vscode.Position(0, 0), end);
    const inspection = await takingTheFirst(() => run<Inspection>('showReply', text));
    assert.equal(inspection.images[0]?.uri, image.toString());
    assert.equal(inspection.detections?.length, 2);
    assert.ok(
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(({ input }) => input instanceof vscode.TabInputCustom && input.uri.toString() === image.toString()),
    );
  });

  test('a light bulb offers it where the text has places, and nowhere else', async () => {
    const { document } = await vscode.window.showTextDocument(text, { viewColumn: vscode.ViewColumn.One });
    const offered = async (uri: vscode.Uri, at: vscode.Position) =>
      (await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, new vscode.Range(at, at)))
        .map(({ title }) => title)
        .filter((title) => title.includes('Image'));
    assert.deepEqual(await offered(document.uri, new vscode.Position(2, 5)), ['Show on Image…']);
    const plain = await vscode.workspace.openTextDocument({ language: 'markdown', content: 'The point: a mask, a polygon, "a box_2d".' });
    assert.deepEqual(await offered(plain.uri, new vscode.Position(0, 6)), []);
  });

  test('the reply around the cursor is taken where nothing is selected, on the image named before it', async () => {
    const editor = await vscode.window.showTextDocument(text, { viewColumn: vscode.ViewColumn.One });
    const cursor = new vscode.Position(2, 8);
    editor.selection = new vscode.Selection(cursor, cursor);
    const inspection = await takingTheFirst(() => run<Inspection>('showReply', text));
    assert.deepEqual([inspection.images[0]?.uri, inspection.raw], [image.toString(), LIST]);
  });

  test('the clipboard is drawn, and the value of a variable', async () => {
    await vscode.env.clipboard.writeText(`shelf 3.png: ${LIST}`);
    const pasted = await takingTheFirst(() => run<Inspection>('showClipboard'));
    assert.deepEqual([pasted.source, pasted.detections?.length, pasted.images[0]?.uri], ['pasted', 2, image.toString()]);
    const value = `'{"file": "shelf 3.png", "boxes": ${LIST.replaceAll('\n', '\\n')}}'`;
    const drawn = await takingTheFirst(() =>
      run<Inspection>('showVariable', { sessionId: 'gone', container: {}, variable: { name: 'reply', value, variablesReference: 0 } }),
    );
    assert.deepEqual([drawn.detections?.length, drawn.images[0]?.uri], [2, image.toString()]);
    assert.deepEqual(server.requests, []);
  });
});
