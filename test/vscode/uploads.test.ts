import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection.ts';
import type { UploadedFile } from '../../src/core/uploadList.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { noisePng, png } from '../fixtures/images.ts';

suite('large images', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const large = vscode.Uri.joinPath(folder, '大きい 🐈.png');
  const small = vscode.Uri.joinPath(folder, 'small.png');
  let server: GeminiServer;

  const caption = (image: vscode.Uri) => vscode.commands.executeCommand<Inspection>('imageInspector.caption', image, undefined, {});
  const listed = () => vscode.commands.executeCommand<UploadedFile[]>('imageInspector.manageUploads', {});
  const uploadCount = () => server.requests.filter(({ endpoint }) => endpoint === 'startUpload').length;
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);

  suiteSetup(async () => {
    server = await startGeminiServer({ inlineLimitBytes: 1e6 });
    writeFileSync(large.fsPath, noisePng(1200, 1000));
    writeFileSync(small.fsPath, png());
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
    await set('inlineLimitMB', 1);
    process.env.GEMINI_API_KEY = 'test-key';
  });

  suiteTeardown(async () => {
    for (const key of ['baseUrl', 'confirmBeforeSending', 'inlineLimitMB']) await set(key, undefined);
    delete process.env.GEMINI_API_KEY;
    await server.close();
  });

  test('what does not fit into a request is uploaded, once; what fits is not', async () => {
    const [image] = (await caption(large)).images;
    assert.equal(image?.sent.via, 'file');
    assert.deepEqual(
      [server.requests.at(-1)?.images[0]?.via, server.requests.at(-1)?.images[0]?.bytes.length],
      ['file', image?.sent.bytes],
    );
    assert.equal((await caption(large)).images[0]?.sent.via, 'file');
    assert.equal((await caption(small)).images[0]?.sent.via, 'inline');
    assert.equal(uploadCount(), 1);
    assert.deepEqual(server.violations, []);
  });

  test('the uploaded files are listed for code, and one that has vanished is uploaded again unnoticed', async () => {
    const [file, ...others] = await listed();
    assert.deepEqual(
      [file?.displayName, file?.mimeType, file?.state, file?.fromHere, others.length],
      ['大きい 🐈.png', 'image/png', 'ACTIVE', true, 0],
    );
    server.files.delete(file?.name ?? '');
    assert.equal((await caption(large)).images[0]?.sent.via, 'file');
    assert.equal(uploadCount(), 2);
    server.files.delete((await listed())[0]?.name ?? '');
    // What the list does not hold is forgotten, so the next request does not even ask for it.
    assert.deepEqual(await listed(), []);
    const asked = server.requests.length;
    await caption(large);
    assert.equal(server.requests[asked]?.endpoint, 'startUpload');
  });
});
