import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { png } from '../fixtures/images.ts';

const HOSTILE_NAME = '[x](command:workbench.action.quit).png';

suite('images named in a text', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const file = (name: string) => vscode.Uri.joinPath(folder, name);
  let server: GeminiServer;
  let outside: string;
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);

  let texts = 0;

  /** Shows a new text with the cursor at `|`, alone in the window. `name`: a folder, or nothing, and the ending of its name. */
  async function show(name: string, textWithCursor: string): Promise<vscode.TextEditor> {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // VS Code keeps closed texts for a while, as they were
    const uri = file(name.replace('*', `text${++texts}`));
    writeFileSync(uri.fsPath, textWithCursor.replace('|', ''));
    const document = await vscode.workspace.openTextDocument(uri);
    const cursor = document.positionAt(textWithCursor.indexOf('|'));
    return vscode.window.showTextDocument(document, { selection: new vscode.Range(cursor, cursor), preview: false });
  }

  /** What our hover says over the place marked with `|`; undefined where it says nothing. */
  async function hoverOver(name: string, textWithCursor: string): Promise<string | undefined> {
    const { document, selection } = await show(name, textWithCursor);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, selection.active);
    const texts = hovers.flatMap(({ contents }) => contents).map((content) => (typeof content === 'string' ? content : content.value));
    return texts.find((text) => /≈|not a readable image/.test(text));
  }

  const fromMenu = (command: string, text: vscode.Uri, ...more: unknown[]) =>
    vscode.commands.executeCommand<Inspection>(`imageInspector.${command}`, text, ...more);
  const failureOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => assert.fail('it did not fail'),
      ({ reason, message }: { reason?: string; message: string }) => `${reason}: ${message}`,
    );

  suiteSetup(async () => {
    server = await startGeminiServer();
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
    process.env.GEMINI_API_KEY = 'test-key';
    outside = mkdtempSync(join(tmpdir(), 'outside-'));
    writeFileSync(join(outside, 'secret.png'), png(30, 20));
    mkdirSync(file('docs/img').fsPath, { recursive: true });
    writeFileSync(file('docs/img/my cat.png').fsPath, png(640, 480));
    writeFileSync(file('top.png').fsPath, png(64, 48));
    writeFileSync(file('broken.png').fsPath, 'no image at all');
    writeFileSync(file(HOSTILE_NAME).fsPath, png(30, 20));
    symlinkSync(join(outside, 'secret.png'), file('linked.png').fsPath);
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await Promise.all(['baseUrl', 'confirmBeforeSending'].map((key) => set(key, undefined)));
    delete process.env.GEMINI_API_KEY;
    rmSync(outside, { recursive: true });
    rmSync(file('linked.png').fsPath);
    await server.close();
  });

  setup(() => server.reset());

  test('the menu item opens the image under the cursor beside the text', async () => {
    const { document } = await show('docs/*.md', 'A ![cat](img/my%20|cat.png).');
    await fromMenu('open', document.uri);
    const [left, right] = vscode.window.tabGroups.all;
    assert.ok(left?.activeTab?.input instanceof vscode.TabInputText);
    assert.ok(right?.activeTab?.input instanceof vscode.TabInputCustom);
    assert.equal(right.activeTab.input.viewType, 'imageInspector.editor');
    assert.equal(right.activeTab.input.uri.toString(), file('docs/img/my cat.png').toString());
  });

  test('a task runs on the image under the cursor, in every language of texts', async () => {
    const named: [name: string, text: string][] = [
      ['docs/*.md', '[cat]: <img/my |cat.png>'],
      ['docs/*.md', '![](/docs/img/my%20|cat.png)'],
      ['docs/*.html', '<img src="img/my |cat.png?v=2#top">'],
      ['docs/*.css', 'a { background: url("img/my |cat.png") }'],
      ['docs/*.scss', 'a { background: url("img/my |cat.png") }'],
      ['docs/*.less', 'a { background: url("img/my |cat.png") }'],
    ];
    for (const [name, text] of named) {
      const { document } = await show(name, text);
      const inspection = await fromMenu('caption', document.uri, undefined, {});
      assert.equal(inspection.images[0]?.uri, file('docs/img/my cat.png').toString(), text);
    }
    assert.equal(server.requests.length, named.length);
  });

  test('a task from the menu shows its result beside the text', async () => {
    const { document } = await show('docs/*.md', '![cat](|../top.png)');
    const inspection = await fromMenu('caption', document.uri);
    assert.equal(inspection.images[0]?.uri, file('top.png').toString());
    assert.equal(vscode.window.tabGroups.all.length, 2);
  });

  test('without an image path under the cursor nothing happens but a clear message', async () => {
    const { document } = await show('docs/*.md', 'A |cat. ![cat](img/my%20cat.png)');
    assert.equal(await failureOf(fromMenu('caption', document.uri, undefined, {})), 'noImage: There is no image path under the cursor.');
    assert.deepEqual(server.requests, []);
  });

  test('an image on the web is fetched from public addresses only, and never by a hover', async () => {
    const { document } = await show('docs/*.md', `![cat](${server.url}/ca|t.png)`);
    assert.match(await failureOf(fromMenu('open', document.uri, undefined, {})), /^network: 127\.0\.0\.1 is not on the public internet\./);
    assert.equal(await hoverOver('docs/*.md', `![cat](${server.url}/ca|t.png)`), undefined);
    assert.deepEqual(server.requests, []);
  });

  test('an image path that leads to no file says so', async () => {
    const { document } = await show('docs/*.md', '![cat](img/none|.png)');
    assert.match(await failureOf(fromMenu('caption', document.uri, undefined, {})), /^unreadableImage: /);
  });

  test("over a path: size, tokens and what can be done; the thumbnail is VS Code's own", async () => {
    const hover = await hoverOver('docs/*.md', '![cat](img/my%20|cat.png)');
    assert.match(hover ?? '', /640 × 480 pixels · ≈ 1,0\d\d tok/);
    assert.doesNotMatch(hover ?? '', /!\[/);
    assert.match(
      hover ?? '',
      /^\[Open in Inspector\]\(command:imageInspector\.open\?[^()\s]*\) · \[Describe Image\]\(command:imageInspector\.caption\?[^()\s]*\)$/m,
    );
    assert.match((await hoverOver('docs/*.css', 'a { background: url(../to|p.png) }')) ?? '', /64 × 48 pixels/);
    assert.match((await hoverOver('docs/*.html', '<img srcset="../top.png 1x, img/my%20c|at.png 2x">')) ?? '', /640 × 480 pixels/);
    assert.deepEqual(server.requests, []);
  });

  test('a broken image says so', async () => {
    assert.match((await hoverOver('*.md', '![](brok|en.png)')) ?? '', /not a readable image/);
  });

  test('a file name in a hover is no link', async () => {
    const hover = await hoverOver('*.md', `![](<${HOSTILE_NAME.replace('.png', '|.png')}>)`);
    assert.match(hover ?? '', /30 × 20 pixels/);
    assert.deepEqual((hover ?? '').match(/command:[\w.]+/g), ['command:imageInspector.open', 'command:imageInspector.caption']);
    assert.doesNotMatch(hover ?? '', /\?[^\s)]*[()[\]][^\s)]/, 'nothing of the name ends a link');
  });

  test('nothing is said of files outside the workspace, of missing ones and of other text', async () => {
    const way = relative(folder.fsPath, join(outside, 'secret.png'));
    assert.equal(await hoverOver('*.md', `![](|${way})`), undefined, 'by dots');
    assert.equal(await hoverOver('*.md', '![](lin|ked.png)'), undefined, 'by a link');
    assert.equal(await hoverOver('*.md', `![](file://${outside}/sec|ret.png)`), undefined, 'by address');
    assert.equal(await hoverOver('*.md', '![](no|ne.png)'), undefined);
    assert.equal(await hoverOver('*.md', 'to|p.png'), undefined);
  });
});
