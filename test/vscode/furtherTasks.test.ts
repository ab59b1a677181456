import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { jpeg, png } from '../fixtures/images.ts';

suite('asking, reading, classifying and comparing from code', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const file = (name: string) => vscode.Uri.joinPath(folder, name);
  let server: GeminiServer;

  const run = <Result = Inspection>(task: string, ...args: unknown[]) =>
    vscode.commands.executeCommand<Result>(`imageInspector.${task}`, ...args);
  const failureOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => ({ reason: 'resolved', message: '' }),
      (error: { reason?: string; message: string }) => error,
    );
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  /** Who says what in the last request; images by their size. */
  const turns = () => {
    const request = server.requests.at(-1);
    const images = [...(request?.images ?? [])];
    return request?.body?.contents?.map(({ role, parts = [] }) => [
      role,
      ...parts.map(({ text, inlineData }) => (inlineData ? images.shift()?.bytes.length : text?.split('\n')[0])),
    ]);
  };
  const CAT = png(640, 480);
  const DOG = jpeg(300, 200);

  suiteSetup(async () => {
    server = await startGeminiServer();
    writeFileSync(file('talk cat.png').fsPath, CAT);
    mkdirSync(file('other').fsPath, { recursive: true });
    writeFileSync(file('other/talk dog.jpg').fsPath, DOG);
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

  const cat = file('talk cat.png');
  const dog = file('other/talk dog.jpg');

  test('a question is answered in words; without one a general one is asked', async () => {
    server.respondWith({ text: 'thought\nA **grey** cat.' });
    const inspection = await run('ask', cat, undefined, { query: 'Which colour?' });
    assert.deepEqual([inspection.task, inspection.prompt, inspection.text], ['ask', 'Which colour?', 'A grey cat.']);
    assert.deepEqual(turns(), [['user', CAT.length, 'Answer this question about this image: "Which colour?"']]);
    assert.equal((await run('ask', cat, undefined, {})).prompt, 'What is in this image?');
  });

  test('a question that follows sends the conversation so far, the image once', async () => {
    server.respondWith({ text: 'A cat.' }, { text: 'Grey.' }, { text: 'Green.' });
    const first = await run('ask', cat, undefined, { query: 'What is it?' });
    const second = await run('ask', cat, undefined, { query: 'Which colour?', follow: first.id });
    const third = await run('ask', cat, undefined, { query: 'And its eyes?', follow: second.id });
    assert.deepEqual([first.follows, second.follows, third.follows], [undefined, first.id, second.id]);
    assert.deepEqual(turns(), [
      ['user', CAT.length, 'Answer this question about this image: "What is it?"'],
      ['model', 'A cat.'],
      ['user', 'Answer this next question about this image: "Which colour?"'],
      ['model', 'Grey.'],
      ['user', 'Answer this next question about this image: "And its eyes?"'],
    ]);
    server.reset();
    for (const follow of ['none', '../../x', third.id]) {
      const uri = follow === third.id ? dog : cat;
      assert.equal((await failureOf(run('ask', uri, undefined, { query: 'Why?', follow }))).reason, 'noImage', follow);
    }
    assert.deepEqual(server.requests, []);
  });

  test('what was blacked out stays so in the questions that follow', async () => {
    const redactions = [{ x: 0, y: 0, width: 0.5, height: 0.5 }];
    const first = await run('ask', cat, undefined, { query: 'What is it?', redactions });
    const sent = server.requests[0]?.images[0]?.sha256;
    await run('ask', cat, undefined, { query: 'Why?', follow: first.id });
    assert.notEqual(sent, undefined);
    assert.equal(server.requests[1]?.images[0]?.sha256, sent);
  });

  test('the text of an image keeps its layout, and no text is an empty one', async () => {
    server.respondWith({ text: '```\n  MENU\n\nTea   2.50\n```' }, { text: '<no-text/>' });
    assert.equal((await run('readText', cat, undefined, {})).text, '  MENU\n\nTea   2.50');
    const nothing = await run('readText', cat, undefined, {});
    assert.deepEqual([nothing.text, nothing.dropped, nothing.complete], ['', [], true]);
  });

  test('labels of the user are asked for, and others dropped; confidences as the model gave them', async () => {
    server.respondWith(
      { text: '[{"label": "CAT", "confidence": 0.9}, {"label": "lion"}]' },
      { text: '```json\n{"cat": 97, "pet": 3}\n```' },
    );
    const chosen = await run('classify', cat, undefined, { labels: ['cat', 'dog', ' Cat'] });
    assert.match(server.requests[0]?.text ?? '', /\["cat","dog"\]/);
    assert.deepEqual(chosen.labels, [{ label: 'cat', confidence: 0.9 }]);
    assert.deepEqual(
      chosen.dropped.map(({ index, reason }) => [index, reason]),
      [[1, 'The label is not in your list.']],
    );
    assert.equal(chosen.prompt, 'cat, dog');
    const free = await run('classify', cat, undefined, {});
    assert.deepEqual(free.labels, [
      { label: 'cat', confidence: 0.97 },
      { label: 'pet', confidence: 0.03 },
    ]);
    server.respondWith({ text: 'I would rather not say what kind of picture this is, sorry.' });
    const unreadable = await run('classify', cat, undefined, {});
    assert.deepEqual([unreadable.labels, unreadable.dropped.length], [[], 1]);
  });

  test('several images are compared in one request, in their order, without their file names', async () => {
    const boxes = '[{"image": 2, "box_2d": [0, 0, 500, 500], "label": "dog"}, {"image": 1, "box_2d": [0, 0, 500, 500], "label": "cat"}]';
    server.respondWith({ text: `Image 1 shows a cat, Image 2 a dog.\n\n\`\`\`json\n${boxes}\n\`\`\`` });
    const inspection = await run('compare', cat, [cat, dog], {});
    assert.equal(server.requests.length, 1);
    assert.deepEqual(turns(), [
      ['user', 'Image 1:', CAT.length, 'Image 2:', DOG.length, 'Compare these images: what is different, and what is the same?'],
    ]);
    assert.doesNotMatch(JSON.stringify(server.requests[0]?.json), /talk (cat|dog)/);
    assert.equal(inspection.text, 'Image 1 shows a cat, Image 2 a dog.');
    assert.deepEqual(
      inspection.images.map(({ uri, width }) => [uri, width]),
      [
        [cat.toString(), 640],
        [dog.toString(), 300],
      ],
    );
    assert.deepEqual(
      inspection.detections?.map(({ label, imageIndex, pixelBox: { width, height } }) => [label, imageIndex, width, height]),
      [
        ['dog', 1, 150, 100],
        ['cat', 0, 320, 240],
      ],
    );
    assert.ok(inspection.tokens.estimated > 2000, 'of both images');
    const asked = await run('ask', cat, undefined, { query: 'Which is larger?', follow: inspection.id });
    assert.deepEqual(
      asked.images.map(({ uri }) => uri),
      [cat.toString(), dog.toString()],
    );
    assert.equal(turns()?.[0]?.length, 6);
  });

  test('one image cannot be compared', async () => {
    for (const selected of [undefined, [cat]]) {
      const failure = await failureOf(run('compare', cat, selected, {}));
      assert.deepEqual([failure.reason, failure.message], ['noImage', 'Select two or more images to compare.']);
    }
    assert.deepEqual(server.requests, []);
  });

  test('a comparison sends nothing if one of its images must not or cannot be sent', async () => {
    await set('exclude', ['*dog*']);
    try {
      assert.equal((await failureOf(run('compare', cat, [cat, dog], {}))).reason, 'excluded');
    } finally {
      await set('exclude', undefined);
    }
    assert.equal((await failureOf(run('compare', cat, [cat, file('other/none.png')], {}))).reason, 'unreadableImage');
    assert.deepEqual(server.requests, []);
  });

  test('system instruction, safety settings and language go with every task', async () => {
    await set('systemInstruction', 'Be brief.');
    await set('safetySettings', { HARM_CATEGORY_HARASSMENT: 'BLOCK_ONLY_HIGH' });
    await set('outputLanguage', 'French');
    try {
      for (const task of ['caption', 'readText', 'ask', 'classify', 'detect', 'segment', 'compare']) {
        await run(task, cat, task === 'compare' ? [cat, dog] : undefined, { query: 'x' });
        const { body, text = '' } = server.requests.at(-1) ?? {};
        assert.equal(body?.systemInstruction?.parts?.[0]?.text, 'Be brief.', task);
        assert.deepEqual(body?.safetySettings, [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' }], task);
        // Text is wanted in its own language, labels as the user wrote them.
        assert.equal(/"French"/.test(text), task !== 'readText' && task !== 'classify', task);
      }
    } finally {
      await Promise.all(['systemInstruction', 'safetySettings', 'outputLanguage'].map((key) => set(key, undefined)));
    }
  });

  test('a refusal names the categories that were blocked', async () => {
    const safetyRatings = [
      { category: 'HARM_CATEGORY_HARASSMENT', probability: 'NEGLIGIBLE' },
      { category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true },
    ];
    server.respondWith({ text: '', finishReason: 'SAFETY', safetyRatings });
    const failure = (await failureOf(run('ask', cat, undefined, { query: 'x' }))) as { reason?: string; message: string; detail?: string };
    assert.equal(failure.reason, 'blocked');
    assert.match(failure.message, /SAFETY/);
    assert.match(failure.detail ?? '', /DANGEROUS_CONTENT/);
    assert.doesNotMatch(failure.detail ?? '', /HARASSMENT/);
  });

  test('a saved prompt runs by its name; one of the workspace needs a yes, also where code or a key calls it', async () => {
    const settings = vscode.workspace.getConfiguration('imageInspector');
    await set('prompts', [
      { name: 'Damage', task: 'ask', query: 'Is anything broken?' },
      { name: 'Kind', task: 'classify', labels: ['cat', 'dog'] },
    ]);
    await settings.update(
      'prompts',
      [{ name: 'Theirs', task: 'ask', query: 'What is the password?' }],
      vscode.ConfigurationTarget.Workspace,
    );
    try {
      assert.equal((await run('runSavedPrompt', cat, undefined, { name: 'Damage' })).prompt, 'Is anything broken?');
      assert.equal((await run('runSavedPrompt', { uri: cat, name: 'Kind' })).prompt, 'cat, dog');
      server.reset();
      for (const name of ['Theirs', 'None']) {
        assert.equal((await failureOf(run('runSavedPrompt', cat, undefined, { name }))).reason, 'notConfirmed', name);
      }
      assert.deepEqual(server.requests, [], 'a dialog that cannot be shown is no yes');
    } finally {
      await set('prompts', undefined);
      await settings.update('prompts', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('asked from a menu, a question waits for its words in the inspector; nothing is sent', async () => {
    assert.equal(await run('ask', cat), undefined);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputCustom && input.viewType === 'imageInspector.editor');
    assert.deepEqual(server.requests, []);
  });
});
