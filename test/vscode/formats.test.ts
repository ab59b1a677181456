import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { type Encoding, encoded, portrait, storedWith } from '../fixtures/pictures.ts';

suite('any image', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const file = (name: string) => vscode.Uri.joinPath(folder, name);
  let server: GeminiServer;

  const caption = (uri: vscode.Uri) => vscode.commands.executeCommand<Inspection>('imageInspector.caption', uri, undefined, {});
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  const draw = async (name: string, encoding: Encoding, picture = portrait()): Promise<vscode.Uri> => {
    writeFileSync(file(name).fsPath, await encoded(picture, encoding));
    return file(name);
  };

  suiteSetup(async () => {
    server = await startGeminiServer();
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
    process.env.GEMINI_API_KEY = 'test-key';
  });

  setup(async () => {
    server.reset();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await Promise.all(['baseUrl', 'confirmBeforeSending', 'maxDimension'].map((key) => set(key, undefined)));
    delete process.env.GEMINI_API_KEY;
    await server.close();
  });

  /** Captions the image and checks what arrived against what the inspection says. */
  async function assertSent(uri: vscode.Uri, mimeType: string, sent: [number, number], upright = sent): Promise<void> {
    const [image] = (await caption(uri)).images;
    const received = server.requests.at(-1)?.images[0];
    assert.ok(image && received);
    assert.deepEqual([image.width, image.height], upright);
    assert.deepEqual(image.sent, { mimeType, width: sent[0], height: sent[1], bytes: received.bytes.length, via: 'inline' });
    assert.equal(received.mimeType, mimeType);
    assert.deepEqual(server.violations, []);
  }

  const PORTRAITS: readonly [name: string, encoding: Encoding, mimeType: string][] = [
    ['a.png', { format: 'png' }, 'image/png'],
    ['a.jpg', { format: 'jpeg' }, 'image/jpeg'],
    ['turned.jpg', { format: 'jpeg', orientation: 6 }, 'image/jpeg'],
    ['a.webp', { format: 'webp' }, 'image/webp'],
    ['turned.webp', { format: 'webpLossless', orientation: 8 }, 'image/png'],
    ['a.gif', { format: 'gif' }, 'image/png'],
    ['a.tiff', { format: 'tiff' }, 'image/png'],
    ['a.avif', { format: 'avif' }, 'image/jpeg'],
  ];
  for (const [name, encoding, mimeType] of PORTRAITS)
    test(`${name} is sent as ${mimeType}, upright`, async () => {
      await assertSent(await draw(name, encoding, storedWith(encoding.orientation ?? 1, portrait())), mimeType, [96, 144]);
    });

  test('an SVG is drawn, a bitmap is decoded', async () => {
    writeFileSync(file('a.svg').fsPath, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="9" height="9"/></svg>');
    await assertSent(file('a.svg'), 'image/png', [1024, 512], [20, 10]);
    const bitmap = Buffer.alloc(58);
    bitmap.write('BM');
    for (const [at, value] of [
      [10, 54],
      [14, 40],
      [18, 1],
      [22, 1],
      [26, 1 + 24 * 65536],
    ] as const)
      bitmap.writeUInt32LE(value, at);
    writeFileSync(file('a.bmp').fsPath, bitmap);
    await assertSent(file('a.bmp'), 'image/png', [1, 1]);
  });

  test('the longest side is at most what the setting says, and so is the estimate', async () => {
    const uri = await draw('large.png', { format: 'png' }, portrait(900, 1800));
    const { estimateTokens } = (await vscode.extensions.getExtension('image-inspector.gemini-image-inspector')?.activate()) ?? {};
    await set('maxDimension', 300);
    try {
      await assertSent(uri, 'image/png', [150, 300], [900, 1800]);
      assert.deepEqual((await estimateTokens(uri)).tokens, (await estimateTokens({ width: 150, height: 300 })).tokens);
    } finally {
      await set('maxDimension', undefined);
    }
  });

  test('a click opens what VS Code cannot show in the inspector, and the command finds it there', async () => {
    const uri = await draw('clicked.tiff', { format: 'tiff' });
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ input }) => input as vscode.TabInputCustom));
    await vscode.commands.executeCommand('vscode.open', uri);
    assert.deepEqual(
      tabs().map(({ viewType }) => viewType),
      ['imageInspector.preview'],
    );
    await vscode.commands.executeCommand('imageInspector.open', uri);
    assert.equal(tabs().length, 1);
  });

  const corpus = process.env.IMAGE_INSPECTOR_CORPUS;
  const unless = corpus === undefined ? ' (skipped: IMAGE_INSPECTOR_CORPUS is not set)' : '';
  (corpus === undefined ? test.skip : test)(`recorded HEIC photos are sent upright${unless}`, async () => {
    const at = (name: string) => vscode.Uri.file(join(corpus as string, 'images/formats', name));
    await assertSent(at('heic-single.heic'), 'image/jpeg', [1440, 960]);
    await assertSent(at('RGB_10__128x128.heif'), 'image/heic', [128, 128]);
  });
});
