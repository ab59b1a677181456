import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { type AgentAnswer, agentAnswers, CALL_TOOL, packageAgent } from './agentExtension.ts';
import { useVsCode } from './harness.ts';

const BOXES = JSON.stringify([{ box_2d: [680, 150, 870, 400], label: 'yellow car' }]);

suite('an agent in VS Code', () => {
  let gemini: GeminiServer;
  let folder: string;
  let agent: string;
  before(async () => {
    gemini = await startGeminiServer();
    folder = await mkdtemp(join(tmpdir(), 'agent-'));
    agent = await packageAgent(folder);
  });
  after(async () => {
    await gemini.close();
    await rm(folder, { recursive: true, force: true });
  });
  const useCode = useVsCode(() => ({
    extensions: [agent],
    settings: { 'imageInspector.baseUrl': gemini.url, 'chat.disableAIFeatures': false },
    env: { GEMINI_API_KEY: 'test-key', AGENT_FOLDER: folder },
  }));

  async function call(name: string, input: object): Promise<void> {
    const code = useCode();
    await code.runCommand(CALL_TOOL);
    await code.answerInput(JSON.stringify([`imageInspector_${name}`, input]));
  }

  /** The dialog that comes, once it has these words. */
  async function dialogWith(words: string | RegExp): Promise<string> {
    const dialog = useCode().dialog().filter({ hasText: words });
    await dialog.waitFor();
    return dialog.innerText();
  }

  async function answer(count: number): Promise<AgentAnswer> {
    for (;;) {
      const answers = await agentAnswers(folder);
      if (answers.length >= count) return answers[count - 1] as AgentAnswer;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  test("VS Code's own approval is no consent: the dialog of the extension asks, and a no sends nothing", async () => {
    const code = useCode();
    await call('locate', { path: 'street.png', query: 'cars' });
    assert.match(
      await dialogWith('Input cost'),
      /Send street\.png to Gemini\?\s+To: http:\/\/127\.0\.0\.1:\d+\s+Input cost: about [\d,]+ tokens/,
    );
    await code.answerDialog('Yes');
    const ours = await dialogWith('Location, camera, and date metadata are not sent.');
    assert.match(ours, /Model: gemini-3\.8-flash/);
    assert.match(ours, new RegExp(`To: ${new URL(gemini.url).host}`));
    await code.answerDialog('Cancel');
    assert.deepEqual(await answer(1), { error: 'notConfirmed: Not sent.' });
    assert.deepEqual(gemini.requests, []);
  });

  test('a yes sends, and who gets the picture is asked once', async () => {
    const code = useCode();
    gemini.respondWith({ text: BOXES }, { text: BOXES });
    await call('locate', { path: 'street.png', query: 'cars' });
    await dialogWith('Input cost');
    await code.answerDialog('Yes');
    await dialogWith('Location, camera, and date metadata are not sent.');
    assert.deepEqual(gemini.requests, []);
    await code.answerDialog('Send');
    await dialogWith("The chat's model receives them, not Gemini");
    await code.answerDialog('Give Pictures');
    const first = await answer(2);
    assert.ok(Array.isArray(first));
    const [text, picture] = first;
    assert.deepEqual(JSON.parse(text as string).objects, [{ label: 'yellow car', box: { x: 180, y: 489, width: 300, height: 137 } }]);
    assert.ok(typeof picture === 'object' && picture.mimeType === 'image/png' && picture.bytes > 1000);
    await call('locate', { path: 'street.png', query: 'cars' });
    await code.answerDialog('Yes');
    assert.ok(Array.isArray(await answer(3)));
    assert.equal(gemini.requests.length, 2);
  });

  test('what it found is in the history of the image, and goes to the chat from there', async () => {
    const code = useCode();
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Open in Inspector');
    const row = code.inspector().locator('object-row').filter({ hasText: 'yellow car' });
    await row.click();
    // A server is a remote window for VS Code, which attaches no picture there.
    await row.press('Shift+F10');
    await code.chooseInMenu('Send to Chat');
    await code.notifications('paste it into the chat').waitFor();
    await code.page.locator('.statusbar').getByText('Crop of "yellow car" copied').waitFor();
  });
});
