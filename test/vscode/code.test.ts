import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { png } from '../fixtures/images.ts';

suite('a request as source text', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const cat = vscode.Uri.joinPath(folder, 'code cat.png');
  let server: GeminiServer;

  const code = (...args: unknown[]) => vscode.commands.executeCommand<string | undefined>('imageInspector.copyAsCode', ...args);
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);

  suiteSetup(async () => {
    server = await startGeminiServer();
    writeFileSync(cat.fsPath, png(640, 480));
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
    process.env.GEMINI_API_KEY = 'test-key';
  });

  setup(async () => {
    server.reset();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.env.clipboard.writeText('mine');
  });

  suiteTeardown(async () => {
    await Promise.all(['baseUrl', 'confirmBeforeSending', 'systemInstruction'].map((key) => set(key, undefined)));
    delete process.env.GEMINI_API_KEY;
    await server.close();
  });

  test('from code it is returned, says what a task would send, and touches neither network nor clipboard', async () => {
    const query = 'cats "of" the house';
    const text = (await code(cat, undefined, { language: 'python', task: 'detect', query })) ?? '';
    assert.equal(server.requests.length, 0);
    assert.equal(await vscode.env.clipboard.readText(), 'mine');
    assert.match(text, /open\("code cat\.png", "rb"\)/);
    assert.ok(text.includes(server.url));
    await vscode.commands.executeCommand('imageInspector.detect', cat, undefined, { query });
    const lines = server.requests[0]?.text.split('\n') ?? [];
    assert.ok(lines.length > 2);
    for (const line of lines) assert.ok(text.includes(JSON.stringify(line).slice(1, -1)), line);
  });

  test('the speed of the settings, or of the call, is in it', async () => {
    await set('speed', 'flex');
    assert.match((await code(cat, undefined, { language: 'python' })) ?? '', /service_tier="flex"/);
    await set('speed', undefined);
    assert.doesNotMatch((await code(cat, undefined, { language: 'go' })) ?? '', /flex/);
    assert.match((await code(cat, undefined, { language: 'go', speed: 'flex' })) ?? '', /genai\.ServiceTier\("flex"\)/);
  });

  test('a key that stands in a prompt is not in the text, and an unknown language is refused', async () => {
    process.env.GEMINI_API_KEY = 'a-key-that-someone-pasted';
    await set('systemInstruction', 'My key is a-key-that-someone-pasted.');
    for (const language of ['python', 'javascript', 'go', 'shell']) {
      const text = (await code(cat, undefined, { language })) ?? '';
      assert.match(text, /My key is \*\*\*/);
      assert.ok(!text.includes('someone-pasted'));
    }
    process.env.GEMINI_API_KEY = 'test-key';
    await set('systemInstruction', undefined);
    await assert.rejects(Promise.resolve(code(cat, undefined, { language: 'cobol' })), /cobol/);
    await assert.rejects(Promise.resolve(code(cat, undefined, { task: 'paint' })), /paint/);
  });

  test('an image on the web is named by its address; nothing is fetched', async () => {
    const text = (await code({ uri: `${server.url.replace('http://', 'http://me:secret@')}/a.webp`, language: 'javascript' })) ?? '';
    assert.ok(text.includes(`{ fileData: { fileUri: "${server.url}/a.webp", mimeType: "image/webp" } }`));
    assert.equal(server.requests.length, 0);
  });

  test('what makes a request too large is uploaded by the program', async () => {
    await set('inlineLimitMB', 1);
    const large = vscode.Uri.joinPath(folder, 'large.bmp');
    // Grey noise of 24 bits: what is sent is a PNG above the limit.
    const side = 800;
    const header = Buffer.alloc(54);
    header.write('BM');
    for (const [at, value] of [
      [2, 54 + side * side * 3],
      [10, 54],
      [14, 40],
      [18, side],
      [22, side],
    ] as const)
      header.writeUInt32LE(value, at);
    header.writeUInt16LE(1, 26);
    header.writeUInt16LE(24, 28);
    const noise = randomBytes(side * side * 3);
    writeFileSync(large.fsPath, Buffer.concat([header, noise]));
    const text = (await code(large, undefined, { language: 'python' })) ?? '';
    await set('inlineLimitMB', undefined);
    assert.match(text, /client\.files\.upload\(file=io\.BytesIO\(render\("large\.bmp", "PNG"\)\)/);
  });

  test('from the menu it asks for task and language, and the text is on the clipboard', async () => {
    let text: string | undefined | null = null;
    const done = code(cat).then((result) => {
      text = result;
    });
    // The first entry of both lists. Nothing happens where no list is open yet.
    while (text === null) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await Promise.race([done, sleep(50)]);
    }
    assert.match(text, /GEMINI_API_KEY/);
    assert.equal(await vscode.env.clipboard.readText(), text);
    assert.equal(server.requests.length, 0);
  });
});
