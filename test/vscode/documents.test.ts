import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { noisePng } from '../fixtures/images.ts';

suite('alt text in documents', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const docs = vscode.Uri.joinPath(folder, 'altText');
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  let server: GeminiServer;

  async function open(name: string, text: string): Promise<vscode.TextDocument> {
    const uri = vscode.Uri.joinPath(docs, name);
    writeFileSync(uri.fsPath, text);
    return vscode.workspace.openTextDocument(uri);
  }

  const insert = (options: object) => vscode.commands.executeCommand<number>('imageInspector.insertAltText', { context: 0, ...options });

  suiteSetup(async () => {
    await vscode.extensions.getExtension('image-inspector.gemini-image-inspector')?.activate();
    server = await startGeminiServer();
    process.env.GEMINI_API_KEY = 'test-key';
    mkdirSync(docs.fsPath, { recursive: true });
    writeFileSync(vscode.Uri.joinPath(docs, 'a.png').fsPath, noisePng(320, 240, 19));
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
  });

  suiteTeardown(async () => {
    delete process.env.GEMINI_API_KEY;
    await Promise.all(['baseUrl', 'confirmBeforeSending', 'altText.check', 'exclude'].map((key) => set(key, undefined)));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await server.close();
  });

  test('is written at a place, and undone in one step', async () => {
    const text = '# T\r\n\r\n![](a.png) <img src="a.png">\r\n';
    const document = await open('one.md', text);
    await vscode.window.showTextDocument(document);
    server.respondWith({ text: 'A "red" barn.' });
    assert.equal(await insert({ uri: document.uri, position: { line: 2, character: 14 } }), 1);
    assert.equal(document.getText(), text.replace('<img src="a.png">', '<img src="a.png" alt="A &quot;red&quot; barn.">'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  test('an image that is used several times is described once', async () => {
    const document = await open('all.vue', '<template><img src="a.png"><p><img src="./a.png" alt="kept"><img src="a.png"/></p></template>');
    const before = server.requests.length;
    server.respondWith({ text: 'A barn & more.' });
    assert.equal(await insert({ uri: document.uri, all: true }), 2);
    assert.equal(server.requests.length, before + 1);
    assert.equal(
      document.getText(),
      '<template><img src="a.png" alt="A barn & more."><p><img src="./a.png" alt="kept"><img src="a.png" alt="A barn & more."/></p></template>',
    );
  });

  test('no words of an excluded document go along', async () => {
    await set('exclude', ['**/secret.md']);
    const document = await open('secret.md', 'Secret words ![](a.png)');
    server.respondWith({ text: 'A barn.' });
    assert.equal(await insert({ uri: document.uri, context: 1000 }), 1);
    assert.ok(!JSON.stringify(server.requests.at(-1)).includes('Secret words'));
    await set('exclude', undefined);
  });

  test('the light bulb offers a fix where it is missing, a refactoring else, and nothing on code', async () => {
    const document = await open('page.html', '<img src="a.png"><img src="a.png" alt="b"><img src="a.png" alt="">');
    const offered = async (character: number) => {
      const at = new vscode.Range(0, character, 0, character);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, at);
      return actions.filter(({ title }) => /Alt Text|Decorative/.test(title)).map(({ title, kind }) => `${title} ${kind?.value}`);
    };
    assert.deepEqual(await offered(3), ['Write Alt Text quickfix', 'Mark as Decorative quickfix']);
    assert.deepEqual(await offered(20), ['Improve Alt Text refactor.rewrite', 'Mark as Decorative refactor.rewrite']);
    assert.deepEqual(await offered(50), ['Write Alt Text refactor.rewrite']);
  });

  test('what is missing is a problem where the setting says so', async () => {
    const document = await open('problems.md', '![](a.png) <img src="a.png" alt=""> ![a.png](a.png)');
    const ours = () => vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Image Inspector');
    assert.deepEqual(ours(), []);
    const changed = new Promise<void>((resolve) => {
      const listener = vscode.languages.onDidChangeDiagnostics(() => {
        if (ours().length === 0) return;
        listener.dispose();
        resolve();
      });
    });
    await set('altText.check', 'all');
    await changed;
    assert.deepEqual(
      ours().map(({ code }) => code),
      ['alt-missing', 'alt-file-name'],
    );
  });

  test('so is what could not be read', async () => {
    await set('altText.check', 'missing');
    const document = await open('long.md', `# Long\n\n${'![a](a.png) '.repeat(5000)}\n`);
    const ours = () => vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Image Inspector');
    const changed = new Promise<void>((resolve) => {
      const listener = vscode.languages.onDidChangeDiagnostics(() => {
        if (ours().length === 0) return;
        listener.dispose();
        resolve();
      });
    });
    if (ours().length === 0) await changed;
    assert.deepEqual(
      ours().map(({ code, message }) => [code, message]),
      [['alt-unread', '1 part of this document is too long to be read.']],
    );
  });

  test('missing alt text of a folder is written from code, once for each language; what is complete is left alone', async () => {
    const folder = vscode.Uri.joinPath(docs, 'folder');
    mkdirSync(folder.fsPath, { recursive: true });
    await open('folder/en.html', '<html lang="en"><img src="../a.png"><img src="../a.png" alt="">');
    await open('folder/also.html', '<html lang="en"><img src="../a.png">');
    const german = await open('folder/de.html', '<html lang="de"><img src="../a.png">');
    const before = server.requests.length;
    server.respondWith({ text: 'A barn.' }, { text: 'A barn.' });
    assert.equal(await vscode.commands.executeCommand('imageInspector.writeMissingAltText', { uri: folder, context: 0 }), 3);
    assert.equal(server.requests.length, before + 2);
    assert.equal(server.requests.slice(before).filter((request) => JSON.stringify(request).includes('German')).length, 1);
    assert.equal(german.getText(), '<html lang="de"><img src="../a.png" alt="A barn.">');
  });

  test('a place without an image is named as that', async () => {
    const document = await open('none.md', 'Words');
    await assert.rejects(
      async () => insert({ uri: document.uri, position: { line: 0, character: 1 } }),
      ({ message }: Error) => message.includes('There is no image at this place.'),
    );
    assert.equal(await insert({ uri: document.uri, all: true }), 0);
  });
});
