import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import type { UploadedFile } from '../../src/core/request/uploadList.ts';
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
    assert.equal(image?.sent?.via, 'file');
    assert.deepEqual(
      [server.requests.at(-1)?.images[0]?.via, server.requests.at(-1)?.images[0]?.bytes.length],
      ['file', image?.sent.bytes],
    );
    assert.equal((await caption(large)).images[0]?.sent?.via, 'file');
    assert.equal((await caption(small)).images[0]?.sent?.via, 'inline');
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
    assert.equal((await caption(large)).images[0]?.sent?.via, 'file');
    assert.equal(uploadCount(), 2);
    server.files.delete((await listed())[0]?.name ?? '');
    // What the list does not hold is forgotten, so the next request does not even ask for it.
    assert.deepEqual(await listed(), []);
    const asked = server.requests.length;
    await caption(large);
    assert.equal(server.requests[asked]?.endpoint, 'startUpload');
  });

  suite('managed by a user', () => {
    const window = vscode.window as unknown as Record<string, unknown>;
    const { createQuickPick, showWarningMessage } = vscode.window;
    let list: List;
    let questions: string[];

    /** The user presses a button of the question that begins so, or none. */
    const answer = (button: string | undefined) => {
      window.showWarningMessage = async (question: string, _: unknown, ...buttons: { title: string }[]) => {
        // A modal question takes the focus from the list, which closes.
        list.hides.fire();
        questions.push(question);
        return buttons.find(({ title }) => title === button);
      };
    };
    const row = (text: string) => list.items.find(({ label }) => label.includes(text)) as vscode.QuickPickItem;

    setup(() => {
      server.reset();
      questions = [];
      list = new List();
      window.createQuickPick = () => list;
    });

    teardown(() => Object.assign(window, { createQuickPick, showWarningMessage }));

    test('files of others are told apart and can be left alone; one goes by its button, all only after a question', async () => {
      await caption(large);
      const add = (displayName: string) => {
        const upload = server.files.begin({ key: 'test-key', displayName, mimeType: 'image/png', size: 3 });
        server.files.take(upload, Buffer.from('abc'));
        server.files.finish(upload);
      };
      add('[x](command:y) $(trash)');
      add('other.png');
      const names = () => server.files.all('test-key').map(({ displayName }) => displayName);
      let closed: Thenable<unknown> | undefined;
      await list.after(() => {
        closed = vscode.commands.executeCommand('imageInspector.manageUploads');
      });
      assert.deepEqual(
        list.items.map(({ label }) => label.replaceAll('\u200b', '|')),
        ['uploaded from here', '大きい 🐈.png', 'others of this key', 'other.png', '[x]|(command:y) $|(trash)', '', '$(trash) Delete All…'],
      );
      assert.match(row('大きい').description ?? '', /^1\.2 MB · 0 min old · 47 h left$/);

      await list.after(() => list.itemButtons.fire({ item: row('command:y') }));
      assert.deepEqual(names(), ['other.png', '大きい 🐈.png']);

      answer(undefined);
      await list.accept(row('Delete All'));
      assert.deepEqual([questions, names().length], [['Delete 2 uploaded files?'], 2]);

      answer('Delete Those Uploaded from Here');
      await list.accept(row('Delete All'));
      assert.deepEqual(names(), ['other.png']);

      answer('Delete');
      await list.accept(row('other.png'));
      assert.deepEqual(names(), []);
      assert.deepEqual(
        list.items.map(({ label }) => label),
        ['No uploaded files'],
      );
      list.hides.fire();
      await closed;
    });
  });
});

/** Stands in for a list of VS Code's, without anything to be seen. */
class List {
  readonly hides = new vscode.EventEmitter<void>();
  readonly accepts = new vscode.EventEmitter<void>();
  readonly itemButtons = new vscode.EventEmitter<{ item: vscode.QuickPickItem }>();
  readonly onDidHide = this.hides.event;
  readonly onDidAccept = this.accepts.event;
  readonly onDidTriggerItemButton = this.itemButtons.event;
  selectedItems: readonly vscode.QuickPickItem[] = [];
  busy = false;
  #items: readonly vscode.QuickPickItem[] = [];
  readonly #changes = new vscode.EventEmitter<void>();

  get items(): readonly vscode.QuickPickItem[] {
    return this.#items;
  }

  set items(items: readonly vscode.QuickPickItem[]) {
    this.#items = items;
    this.#changes.fire();
  }

  show(): void {}

  dispose(): void {}

  /** Resolves when the list has been filled anew after that. */
  async after(action: () => void): Promise<void> {
    const changed = new Promise((resolve) => this.#changes.event(resolve));
    action();
    await changed;
  }

  async accept(item: vscode.QuickPickItem): Promise<void> {
    this.selectedItems = [item];
    await this.after(() => this.accepts.fire());
  }
}
