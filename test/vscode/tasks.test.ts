import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { writeSparse } from '../bench/longHeaders.ts';
import * as errors from '../fakes/errors.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { jpeg, png } from '../fixtures/images.ts';
import { largeImages } from '../fixtures/largeImages.ts';

const CATS = JSON.stringify([
  { box_2d: [100, 200, 300, 400], label: 'cat' },
  { box_2d: [0, 0, 1000, 1000], label: '<img src=x onerror=alert(1)>' },
  { box_2d: [1, 2, 3], label: 'half a cat' },
]);

suite('tasks called from code', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const file = (name: string) => vscode.Uri.joinPath(folder, name);
  let server: GeminiServer;

  const run = (task: string, ...args: unknown[]) => vscode.commands.executeCommand<Inspection>(`imageInspector.${task}`, ...args);
  const reasonOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => 'resolved',
      (error: { reason?: string; message: string }) => error.reason ?? error.message,
    );
  const set = (key: string, value: unknown, target = vscode.ConfigurationTarget.Global) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, target);

  suiteSetup(async () => {
    server = await startGeminiServer();
    writeFileSync(file('cat.png').fsPath, png(640, 480));
    writeFileSync(file('dog.jpg').fsPath, jpeg(300, 200));
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
    process.env.GEMINI_API_KEY = 'test-key';
  });

  setup(async () => {
    server.reset();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  suiteTeardown(async () => {
    await Promise.all(['baseUrl', 'confirmBeforeSending'].map((key) => set(key, undefined)));
    delete process.env.GEMINI_API_KEY;
    await server.close();
  });

  test('detect gives boxes in fractions and pixels, counts what it dropped, and opens no editor', async () => {
    server.respondWith({ text: CATS });
    const inspection = await run('detect', file('cat.png'), undefined, {});
    assert.deepEqual(
      inspection.detections?.map(({ id, label, box, pixelBox }) => ({ id, label, box, pixelBox })),
      [
        {
          id: '1',
          label: 'cat',
          box: { x: 0.2, y: 0.1, width: 0.2, height: 0.19999999999999998 },
          pixelBox: { x: 128, y: 48, width: 128, height: 96 },
        },
        {
          id: '2',
          label: '<img src=x onerror=alert(1)>',
          box: { x: 0, y: 0, width: 1, height: 1 },
          pixelBox: { x: 0, y: 0, width: 640, height: 480 },
        },
      ],
    );
    assert.deepEqual(
      inspection.dropped.map(({ index, reason }) => ({ index, reason })),
      [{ index: 2, reason: 'The box has 3 numbers, 4 are needed.' }],
    );
    assert.equal(inspection.version, 1);
    assert.equal(inspection.task, 'detect');
    assert.equal(inspection.raw, CATS);
    assert.equal(inspection.complete, true);
    assert.equal(inspection.finishReason, 'STOP');
    const [image] = inspection.images;
    assert.equal(image?.uri, file('cat.png').toString());
    assert.deepEqual(image?.sent, { mimeType: 'image/png', width: 640, height: 480, bytes: png(640, 480).length, via: 'inline' });
    assert.ok((inspection.tokens.image ?? 0) > 0 && (inspection.tokens.total ?? 0) > 0);
    assert.equal(vscode.window.tabGroups.activeTabGroup.tabs.length, 0);
    assert.deepEqual(inspection, JSON.parse(JSON.stringify(inspection)), 'it is plain JSON');
  });

  test('the image goes out as it is, before the words, with the key in its header only', async () => {
    await run('caption', { uri: file('cat.png'), query: 'the ears' });
    const [request] = server.requests;
    assert.equal(server.requests.length, 1);
    assert.deepEqual(Buffer.from(request?.images[0]?.bytes as Uint8Array), Buffer.from(png(640, 480)));
    const { contents } = (request?.body ?? {}) as { contents: { parts: object[] }[] };
    assert.deepEqual(
      contents[0]?.parts.map((part) => Object.keys(part)),
      [['inlineData'], ['text']],
    );
    assert.match(JSON.stringify(contents), /the ears/);
    assert.deepEqual(server.violations, []);
  });

  test('a caption comes back as text', async () => {
    server.respondWith({ text: 'A cat.\n\nIt sits on a [mat](command:workbench.action.quit).' });
    const inspection = await run('caption', file('cat.png'), undefined, {});
    assert.equal(inspection.text, 'A cat.\n\nIt sits on a mat (command:workbench.action.quit).');
    assert.deepEqual(inspection.dropped, []);
  });

  test('several images give an inspection each, in their order', async () => {
    const inspections = await vscode.commands.executeCommand<Inspection[]>(
      'imageInspector.caption',
      file('cat.png'),
      [file('cat.png'), file('dog.jpg')],
      {},
    );
    assert.deepEqual(
      inspections.map(({ images }) => images[0]?.uri),
      [file('cat.png').toString(), file('dog.jpg').toString()],
    );
  });

  test('one image in a selection gives one inspection', async () => {
    const inspection = await run('caption', file('cat.png'), [file('cat.png')], {});
    assert.equal(inspection.task, 'caption');
  });

  test('without an image the one in the active tab is taken, in VS Code’s own preview too', async () => {
    await vscode.commands.executeCommand('vscode.open', file('cat.png'));
    const inspection = await run('caption', {});
    assert.equal(inspection.images[0]?.uri, file('cat.png').toString());
  });

  test('without an image and none open, code is told', async () => {
    assert.equal(await reasonOf(run('caption', {})), 'noImage');
  });

  test('reveal opens the inspector', async () => {
    await run('caption', file('cat.png'), undefined, { reveal: true });
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.viewType, 'imageInspector.editor');
  });

  test('a model in the options is the model that is asked', async () => {
    const inspection = await run('caption', file('cat.png'), undefined, { model: 'gemini-2.5-flash' });
    assert.equal(inspection.model, 'gemini-2.5-flash');
    assert.equal(server.requests[0]?.model, 'gemini-2.5-flash');
  });

  test('bad input is refused with its reason, and nothing is sent', async () => {
    const bad: Record<string, Uint8Array | string> = {
      'empty.png': '',
      'truncated.png': png(64, 64).subarray(0, 60),
      'renamed.jpg': 'only some words',
      'pointer.png': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
    };
    for (const [name, content] of Object.entries(bad)) {
      writeFileSync(file(name).fsPath, content);
      assert.equal(await reasonOf(run('detect', file(name), undefined, {})), 'unreadableImage', name);
    }
    mkdirSync(file('folder.png').fsPath, { recursive: true });
    assert.equal(await reasonOf(run('detect', file('folder.png'), undefined, {})), 'unreadableImage', 'a folder');
    rmSync(file('empty.png').fsPath);
    assert.equal(await reasonOf(run('detect', file('empty.png'), undefined, {})), 'unreadableImage', 'deleted meanwhile');
    writeFileSync(file('animated.gif').fsPath, 'GIF89a\x04\0\x03\0\0\0\0;', 'latin1');
    assert.equal(await reasonOf(run('detect', file('animated.gif'), undefined, {})), 'unreadableImage', 'a GIF without a frame');
    assert.equal(
      await reasonOf(run('detect', file('cat.png'), undefined, { region: { x: 0, y: 0, width: 0, height: 0.5 } })),
      'unsupportedImage',
    );
    assert.deepEqual(server.requests, []);
  });

  test('of a region only the crop is sent, and the results are places in the whole image', async () => {
    server.respondWith({ text: JSON.stringify([{ box_2d: [0, 500, 1000, 1000], label: 'cat' }]) });
    const region = { x: 0.25, y: 0.5, width: 0.5, height: 0.25 };
    const options = { region, maxDimension: 160, redactions: [{ x: 0.25, y: 0.5, width: 0.1, height: 0.1 }] };
    const { images, detections } = await run('detect', file('cat.png'), undefined, options);
    assert.deepEqual([images[0]?.width, images[0]?.height], [640, 480]);
    const { width, height, region: sent } = images[0]?.sent ?? {};
    assert.deepEqual({ width, height, region: sent }, { width: 160, height: 60, region });
    assert.deepEqual(detections?.[0]?.pixelBox, { x: 320, y: 240, width: 160, height: 120 });
  });

  test('an image of more than 30 MB is not sent unless the call says how large', async () => {
    const { file: large } = largeImages(31_000_000).jpeg;
    await writeSparse(file('large.jpg').fsPath, large);
    assert.equal(await reasonOf(run('caption', file('large.jpg'), undefined, {})), 'tooLarge');
    assert.deepEqual(server.requests, []);
    server.respondWith({ text: 'A large picture.' });
    const { images } = await run('caption', file('large.jpg'), undefined, { maxDimension: 0 });
    assert.deepEqual([images[0]?.sent?.bytes, images[0]?.sent?.via], [largeImages(31_000_000).jpeg.sent, 'file']);
    rmSync(file('large.jpg').fsPath);
  });

  test('what a setting of any level excludes is not sent', async () => {
    await set('exclude', ['dog.*']);
    await set('exclude', ['private/**'], vscode.ConfigurationTarget.Workspace);
    try {
      mkdirSync(file('private').fsPath, { recursive: true });
      writeFileSync(file('private/cat.png').fsPath, png());
      assert.equal(await reasonOf(run('caption', file('dog.jpg'), undefined, {})), 'excluded');
      assert.equal(await reasonOf(run('caption', file('private/cat.png'), undefined, {})), 'excluded');
      assert.deepEqual(server.requests, []);
      assert.equal(await reasonOf(run('caption', file('cat.png'), undefined, {})), 'resolved');
    } finally {
      await set('exclude', undefined);
      await set('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('without consent nothing is sent: a dialog that cannot be shown is a refusal', async () => {
    await set('confirmBeforeSending', 'always');
    try {
      assert.equal(await reasonOf(run('caption', file('cat.png'), undefined, {})), 'notConfirmed');
      assert.deepEqual(server.requests, []);
    } finally {
      await set('confirmBeforeSending', 'never');
    }
  });

  test('a missing and a wrong key are told apart', async () => {
    delete process.env.GEMINI_API_KEY;
    try {
      assert.equal(await reasonOf(run('caption', file('cat.png'), undefined, {})), 'noApiKey');
      process.env.GOOGLE_API_KEY = 'another-key';
      assert.equal(await reasonOf(run('caption', file('cat.png'), undefined, {})), 'invalidApiKey');
    } finally {
      delete process.env.GOOGLE_API_KEY;
      process.env.GEMINI_API_KEY = 'test-key';
    }
  });

  test('an address that is neither https nor of this computer is not used', async () => {
    await set('baseUrl', 'http://example.com');
    try {
      assert.equal(await reasonOf(run('caption', file('cat.png'), undefined, {})), 'network');
    } finally {
      await set('baseUrl', server.url);
    }
  });

  test('errors of the API become reasons', async () => {
    const expected: [Parameters<GeminiServer['respondWith']>[0], string][] = [
      [errors.rateLimited(3600), 'rateLimited'],
      [errors.dailyQuotaExhausted(), 'quotaExhausted'],
      [{ text: '' }, 'emptyReply'],
      [{ promptFeedback: { blockReason: 'SAFETY' } }, 'blocked'],
    ];
    for (const [answer, reason] of expected) {
      server.respondWith(answer);
      assert.equal(await reasonOf(run('caption', file('cat.png'), undefined, {})), reason);
    }
    assert.equal(await reasonOf(run('caption', file('cat.png'), undefined, { model: 'gemini-9-none' })), 'modelNotFound');
  });

  test('what may pass is tried again, up to a limit', async () => {
    const soon = (answer: typeof overloaded) => ({ ...answer, headers: { ...answer.headers, 'retry-after': '0' } });
    const overloaded = errors.overloaded();
    server.respondWith(soon(overloaded), { drop: true }, soon(errors.internalError()), errors.rateLimited(0), { text: 'A cat.' });
    assert.equal((await run('caption', file('cat.png'), undefined, {})).text, 'A cat.');
    assert.equal(server.requests.length, 5);
    server.reset();
    server.respondWith(...Array.from({ length: 5 }, () => soon(overloaded)), { text: 'too late' });
    assert.equal(await reasonOf(run('caption', file('cat.png'), undefined, {})), 'overloaded');
    assert.equal(server.requests.length, 5);
  });

  test('whatever is wrong with a call, the failure has a reason, and says all in its message', async () => {
    const failureOf = (...args: unknown[]) =>
      run('classify', ...args).then(
        () => ['resolved', ''],
        ({ reason, message }) => [reason, message],
      );
    writeFileSync(file('empty.png').fsPath, '');
    assert.deepEqual(await failureOf({ uri: file('empty.png') }), ['unreadableImage', 'The file is not a readable image. It is empty.']);
    for (const uri of [42, {}, '', [file('cat.png')]]) assert.equal((await failureOf({ uri }))[0], 'unreadableImage', JSON.stringify(uri));
    assert.deepEqual((await failureOf({ uri: null }))[0], 'noImage');
    const { reason, message } = await run('caption', { uri: file('cat.png'), model: 42 }).then(
      () => ({ reason: 'resolved', message: '' }),
      (error) => error,
    );
    assert.deepEqual([reason, message.split('. ')[0]], ['modelNotFound', '"42" is not the id of a model']);
    assert.deepEqual(await failureOf({ uri: file('cat.png'), mediaResolution: 'huge' }), [
      'server',
      '"huge" is none of these: default, low, medium, high, ultraHigh.',
    ]);
    // VS Code shows the message of a call that came from a key as it is.
    assert.match(
      (await failureOf({ uri: file('cat.png'), model: '[x](command:y) $(trash)' }))[1],
      /\[x\]\u200b\(command:y\) \$\u200b\(trash\)/,
    );
    assert.deepEqual(server.requests, []);
  });

  test('of several images the one that failed is named', async () => {
    writeFileSync(file('[x](command:y) $(trash).png').fsPath, 'no image');
    const failure = await run('caption', file('cat.png'), [file('cat.png'), file('[x](command:y) $(trash).png')], {}).then(
      () => ({ reason: 'resolved', message: '' }),
      (error) => error,
    );
    assert.equal(failure.reason, 'unreadableImage');
    const named = '1 of 2 images failed. The first is [x]\u200b(command:y) $\u200b(trash).png: The file is not a readable image.';
    assert.equal(failure.message.slice(0, named.length), named);
  });

  test('the image may be named by its path or address, and labels by their list', async () => {
    const cat = file('cat.png');
    for (const uri of [cat.fsPath, cat.toString(), JSON.parse(JSON.stringify(cat))]) {
      for (const args of [[uri, undefined, { labels: 'cat, dog' }], [{ uri, labels: ['cat', 'dog'] }]]) {
        const inspection = await run('classify', ...args);
        assert.deepEqual([inspection.images[0]?.uri, inspection.prompt], [cat.toString(), 'cat, dog']);
      }
    }
  });

  test('words instead of boxes are no empty result', async () => {
    server.respondWith({ text: 'Segmentation is not supported.' });
    const inspection = await run('segment', file('cat.png'), undefined, {});
    assert.deepEqual(inspection.detections, []);
    assert.equal(inspection.dropped.length, 1);
    assert.match(inspection.dropped[0]?.raw ?? '', /not supported/);
  });

  test('a stream that breaks off keeps what was whole', async () => {
    server.respondWith({ chunks: ['[{"box_2d": [1, 2, 300, 400], "label": "a"}, ', '{"box_2d": [5, 6,', ' 700'], cutAfterChunks: 2 });
    const inspection = await run('detect', file('cat.png'), undefined, {});
    assert.deepEqual(
      inspection.detections?.map(({ label }) => label),
      ['a'],
    );
    assert.equal(inspection.complete, false);
  });

  test('other extensions can ask for an estimate', async () => {
    const api = await vscode.extensions.getExtension('image-inspector.gemini-image-inspector')?.activate();
    assert.equal((await api.estimateTokens({ width: 597, height: 566 })).tokens, 1088);
    assert.equal((await api.estimateTokens({ width: 960, height: 540 }, { model: 'gemini-2.5-flash-lite' })).tokens, 1548);
    assert.equal((await api.estimateTokens(file('cat.png'))).rule, 'observed');
    await assert.rejects(api.estimateTokens({ width: 10, height: 10 }, { mediaResolution: 'huge' }), RangeError);
    await assert.rejects(api.estimateTokens({ width: 0, height: 10 }), RangeError);
  });
});

suite('recorded replies', () => {
  const corpus = process.env.IMAGE_INSPECTOR_CORPUS;
  const unless = corpus === undefined ? ' (skipped: IMAGE_INSPECTOR_CORPUS is not set)' : '';
  (corpus === undefined ? test.skip : test)(`the boxes of the socks and the masks of the cupcakes${unless}`, async () => {
    const { readFileSync } = await import('node:fs');
    const server = await startGeminiServer();
    const settings = vscode.workspace.getConfiguration('imageInspector');
    await settings.update('baseUrl', server.url, vscode.ConfigurationTarget.Global);
    await settings.update('confirmBeforeSending', 'never', vscode.ConfigurationTarget.Global);
    process.env.GEMINI_API_KEY = 'test-key';
    try {
      const at = (...path: string[]) => join(corpus as string, ...path);
      const socks = readFileSync(at('replies/2.5-flash-preview-05-20_socks_boxes.txt'), 'utf8');
      server.respondWith({ text: socks });
      const found = await vscode.commands.executeCommand<Inspection>(
        'imageInspector.detect',
        vscode.Uri.file(at('images/socks_4080x3072.jpg')),
        undefined,
        {},
      );
      const numbers = [...socks.matchAll(/\[\s*(\d+),\s*(\d+),\s*(\d+),\s*(\d+)\s*\]/g)].map((match) => match.slice(1).map(Number));
      assert.equal(found.detections?.length, numbers.length);
      found.detections?.forEach(({ pixelBox: { x, y, width, height } }, index) => {
        const [top, left, bottom, right] = numbers[index] as [number, number, number, number];
        const expected = [(left / 1000) * 4080, (top / 1000) * 3072, (right / 1000) * 4080, (bottom / 1000) * 3072];
        for (const [side, edge] of [x, y, x + width, y + height].entries()) assert.ok(Math.abs(edge - (expected[side] as number)) <= 1);
      });
      const cupcakes = readFileSync(at('replies/2.5-flash-preview-05-20_cupcakes_masks15.txt'), 'utf8');
      server.respondWith({ text: cupcakes });
      const masked = await vscode.commands.executeCommand<Inspection>(
        'imageInspector.segment',
        vscode.Uri.file(at('images/cupcakes_620x620.png')),
        undefined,
        {},
      );
      const maps = [...cupcakes.matchAll(/data:image\/png;base64,([^"]+)"/g)].map((match) => match[1]);
      assert.equal(maps.length, 15);
      assert.deepEqual(
        masked.detections?.map(({ mask }) => (mask?.kind === 'bitmap' ? mask.png : undefined)),
        maps,
      );
      assert.deepEqual(masked.dropped, []);
    } finally {
      delete process.env.GEMINI_API_KEY;
      await settings.update('baseUrl', undefined, vscode.ConfigurationTarget.Global);
      await settings.update('confirmBeforeSending', undefined, vscode.ConfigurationTarget.Global);
      await server.close();
    }
  });
});
