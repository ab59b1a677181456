import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import * as vscode from 'vscode';
import { EXPORT_FORMATS } from '../../src/core/exports/exportImage.ts';
import type { Detection, Inspection } from '../../src/core/inspection/inspection.ts';
import { type Conflict, writeFiles } from '../../src/host/export/exportTarget.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { mapPng } from '../fixtures/exportImages.ts';
import { type PlannedFile, plannedExport } from '../fixtures/plannedExport.ts';

const MAP = `data:image/png;base64,${mapPng(16, 16, (x, y) => (x + y < 15 ? 255 : 0))}`;
const MASKED = JSON.stringify([
  { box_2d: [100, 200, 600, 700], mask: MAP, label: '../cat' },
  { box_2d: [0, 0, 1000, 1000], mask: MAP, label: '=dog' },
]);

/** Files in memory, in folders that need no making. */
class MemoryFiles implements vscode.FileSystemProvider {
  readonly contents = new Map<string, Uint8Array>();
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const size = this.contents.get(path)?.length;
    if (size !== undefined) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size };
    // VS Code looks whether a file's folder is there before it writes.
    if (/\.\w+$/.test(path)) throw vscode.FileSystemError.FileNotFound(path);
    return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    const content = this.contents.get(path);
    if (content === undefined) throw vscode.FileSystemError.FileNotFound(path);
    return content;
  }

  writeFile({ path }: vscode.Uri, content: Uint8Array): void {
    this.contents.set(path, content);
  }

  createDirectory(): void {}

  readDirectory(): never {
    throw new Error('not needed');
  }

  delete(): never {
    throw new Error('not needed');
  }

  rename(): never {
    throw new Error('not needed');
  }
}

suite('export', () => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const folder = vscode.Uri.joinPath(workspace, 'export');
  const file = (name: string) => vscode.Uri.joinPath(folder, name);
  let server: GeminiServer;
  let target: string;

  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  const run = (task: string, ...args: unknown[]) => vscode.commands.executeCommand<Inspection>(`imageInspector.${task}`, ...args);
  const exported = (...args: unknown[]) => vscode.commands.executeCommand<vscode.Uri[]>('imageInspector.export', ...args);
  const failureOf = (promise: Thenable<unknown>) =>
    promise.then(
      () => ({ reason: 'resolved', detail: '' }),
      ({ reason, detail }: { reason: string; detail: string }) => ({ reason, detail }),
    );
  const written = () => readdirSync(target, { recursive: true, encoding: 'utf8' }).sort();

  /** A picture of its own, so that results of other tests are not its own. */
  function draw(name: string, red: number): vscode.Uri {
    const picture = new PNG({ width: 100, height: 80 });
    picture.data.fill(255);
    for (let at = 0; at < picture.data.length; at += 4) picture.data[at] = red;
    writeFileSync(file(name).fsPath, PNG.sync.write(picture));
    return file(name);
  }

  suiteSetup(async () => {
    server = await startGeminiServer();
    await set('baseUrl', server.url);
    await set('confirmBeforeSending', 'never');
    process.env.GEMINI_API_KEY = 'test-key';
    mkdirSync(folder.fsPath, { recursive: true });
    draw('cats.png', 10);
    draw('dogs.png', 20);
    draw('none.png', 30);
    for (const name of ['cats.png', 'dogs.png']) {
      server.respondWith({ text: MASKED });
      await run('segment', file(name), undefined, {});
    }
  });

  setup(async () => {
    server.reset();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    target = mkdtempSync(join(tmpdir(), 'export-'));
  });

  teardown(() => rmSync(target, { recursive: true }));

  suiteTeardown(async () => {
    await Promise.all(['baseUrl', 'confirmBeforeSending'].map((key) => set(key, undefined)));
    delete process.env.GEMINI_API_KEY;
    rmSync(folder.fsPath, { recursive: true });
    await server.close();
  });

  test('writes every format into the folder it is given, sends nothing, opens nothing', async () => {
    // Objects are no lines of text.
    const formats = EXPORT_FORMATS.filter((format) => format !== 'hocr');
    const expected: Record<(typeof formats)[number], string[]> = {
      coco: ['cats.coco-rle.json', 'cats.coco.json'],
      yolo: ['data.yaml', 'labels', 'labels/cats.txt', 'segment', 'segment/data.yaml', 'segment/labels', 'segment/labels/cats.txt'],
      voc: ['cats.xml'],
      labelme: ['cats.json'],
      csv: ['cats.csv'],
      svg: ['cats.svg'],
      masks: [
        '_cat_0_mask.png',
        '_cat_0_mask_full.png',
        '_cat_0_overlay.png',
        '=dog_1_mask.png',
        '=dog_1_mask_full.png',
        '=dog_1_overlay.png',
      ],
      overlay: ['cats_overlay.png'],
      json: ['cats.inspection.json'],
    };
    const images = readdirSync(folder.fsPath);
    for (const format of formats) {
      const files = await exported(file('cats.png'), undefined, { format, target: vscode.Uri.file(target) });
      assert.deepEqual(written(), [...expected[format]].sort(), format);
      assert.deepEqual(
        files.map(({ fsPath }) => fsPath.slice(target.length + 1)).sort(),
        expected[format].filter((path) => /\.\w+$/.test(path)).sort(),
      );
      for (const { fsPath } of files.filter(({ path }) => /_full|_overlay/.test(path))) {
        const { width, height } = PNG.sync.read(readFileSync(fsPath));
        assert.deepEqual([width, height], [100, 80], fsPath);
      }
      for (const path of written()) rmSync(join(target, path), { recursive: true, force: true });
    }
    assert.deepEqual(server.requests, []);
    assert.equal(vscode.window.tabGroups.activeTabGroup.tabs.length, 0);
    assert.deepEqual(readdirSync(folder.fsPath), images);
  });

  test('the JSON is the inspection that the task gave; the mask is where the model put it', async () => {
    server.respondWith({ text: MASKED });
    const inspection = await run('segment', file('cats.png'), undefined, {});
    const [json] = await exported({ uri: file('cats.png'), target });
    assert.deepEqual(JSON.parse(readFileSync((json as vscode.Uri).fsPath, 'utf8')), inspection);
    const [, full] = await exported({ uri: file('cats.png'), format: 'masks', target });
    const { data } = PNG.sync.read(readFileSync((full as vscode.Uri).fsPath));
    const [cat] = inspection.detections as Detection[];
    const { x, y, width, height } = (cat as Detection).pixelBox;
    const at = (column: number, row: number) => data[(row * 100 + column) * 4];
    assert.deepEqual([at(x, y), at(x + width - 1, y + height - 1), at(0, 0)], [255, 0, 0]);
  });

  test('the results of several images are one dataset; an image without is passed over', async () => {
    const files = await exported(file('cats.png'), [file('cats.png'), file('none.png'), file('dogs.png')], { format: 'coco', target });
    const coco = JSON.parse(readFileSync((files[0] as vscode.Uri).fsPath, 'utf8'));
    assert.deepEqual(
      coco.images.map(({ file_name, width, height }: Record<string, unknown>) => [file_name, width, height]),
      [
        ['cats.png', 100, 80],
        ['dogs.png', 100, 80],
      ],
    );
    assert.equal(coco.annotations.length, 4);
    await exported(file('cats.png'), [file('cats.png'), file('dogs.png')], { format: 'masks', target });
    assert.ok(written().includes(join('dogs', '_cat_0_mask.png')));
  });

  test('nothing is overwritten: a file takes another name, a set a folder of its own', async () => {
    const uri = file('cats.png');
    writeFileSync(join(target, 'cats.csv'), 'mine');
    const names: string[] = [];
    for (const format of ['csv', 'csv', 'coco', 'coco', 'coco']) {
      const [first] = await exported({ uri, format, target });
      names.push((first as vscode.Uri).fsPath.slice(target.length + 1));
    }
    assert.deepEqual(names, [
      'cats_2.csv',
      'cats_3.csv',
      'cats.coco.json',
      join('coco', 'cats.coco.json'),
      join('coco_2', 'cats.coco.json'),
    ]);
    assert.equal(readFileSync(join(target, 'cats.csv'), 'utf8'), 'mine');
  });

  test('without a folder the files go beside the image', async () => {
    const [only, ...others] = await exported(file('cats.png'), undefined, { format: 'voc' });
    assert.equal(only?.toString(), file('cats.xml').toString());
    assert.deepEqual(others, []);
    rmSync(file('cats.xml').fsPath);
  });

  test('a comparison is exported with all of its images', async () => {
    const before = draw('before.png', 40);
    const after = draw('after.png', 50);
    server.respondWith({
      text: JSON.stringify([
        { image: 1, box_2d: [0, 0, 500, 500], label: 'cat' },
        { image: 2, box_2d: [0, 500, 500, 1000], label: 'dog' },
      ]),
    });
    const { detections = [] } = await run('compare', before, [before, after], { query: 'Box what differs.' });
    assert.deepEqual(
      detections.map(({ label, imageIndex }) => [label, imageIndex]),
      [
        ['cat', 0],
        ['dog', 1],
      ],
    );
    await exported(before, undefined, { format: 'voc', target: vscode.Uri.file(target) });
    const files = written();
    assert.deepEqual(
      files.filter((name) => name.endsWith('.xml')).map((name) => name.split('/').at(-1)),
      ['after.xml', 'before.xml'],
    );
    const textOf = (name: string) => readFileSync(join(target, files.find((path) => path.endsWith(name)) ?? name), 'utf8');
    assert.match(textOf('before.xml'), /<name>cat<\/name>/);
    assert.doesNotMatch(textOf('before.xml'), /<name>dog<\/name>/);
    assert.match(textOf('after.xml'), /<name>dog<\/name>/);
  });

  suite('asked for by a user', () => {
    const window = vscode.window as unknown as Record<string, unknown>;
    const { showQuickPick, showOpenDialog, showInformationMessage, showErrorMessage } = vscode.window;
    let offered: string[];
    let told: string[];

    setup(() => {
      offered = [];
      told = [];
      const tell = async (text: string) => void told.push(text);
      window.showOpenDialog = async () => [vscode.Uri.file(target)];
      window.showInformationMessage = tell;
      window.showErrorMessage = tell;
    });

    teardown(() => Object.assign(window, { showQuickPick, showOpenDialog, showInformationMessage, showErrorMessage }));

    /** A user who chooses a format by its name, or closes the list. */
    const choose = (label?: string) => {
      window.showQuickPick = async (items: vscode.QuickPickItem[]) => {
        offered = items.map((item) => item.label);
        return items.find((item) => item.label === label);
      };
    };

    test('format, then folder; the message names the images without results', async () => {
      choose('YOLO');
      const files = await exported(file('cats.png'), [file('cats.png'), file('none.png'), file('dogs.png')]);
      // All but hOCR, which is for lines of text.
      assert.equal(offered.length, EXPORT_FORMATS.length - 1);
      assert.equal(files.length, 6);
      assert.match(told.join(), /^Exported 6 files to "[^"]+"\. Without results: none\.png\.$/);
    });

    test('nothing is written when the list of formats is closed', async () => {
      choose();
      assert.equal(await exported(file('cats.png')), undefined);
      assert.deepEqual([written(), told], [[], []]);
    });

    test('only formats that there is something for are offered, and without a result none', async () => {
      server.respondWith({ text: JSON.stringify([{ box_2d: [0, 0, 500, 500], label: 'bird' }]) });
      const bird = draw('bird.png', 40);
      await run('detect', bird, undefined, {});
      choose('CSV');
      await exported(bird);
      assert.ok(offered.includes('COCO') && !offered.includes('Masks'));
      assert.match(told.splice(0).join(), /^Exported bird\.csv to "[^"]+"\.$/);
      assert.equal(await exported(draw('new.png', 50)), undefined);
      assert.deepEqual(told, ['There is no result to export yet. Run a task first.']);
    });
  });

  suite('where files are already there', () => {
    const planned = (path: string, make: PlannedFile['make'] = async () => new TextEncoder().encode('new')): PlannedFile => ({
      path,
      make,
    });
    const write = (files: PlannedFile[], conflict: Conflict) =>
      writeFiles({
        folder: vscode.Uri.file(target),
        name: 'yolo',
        ...plannedExport(files),
        onConflict: async (existing) => {
          asked.push(existing);
          return conflict;
        },
      });
    const content = (path: string) => readFileSync(join(target, path), 'utf8');
    let asked: number[];

    setup(() => {
      asked = [];
      mkdirSync(join(target, 'labels'));
      writeFileSync(join(target, 'labels/a.txt'), 'mine');
    });

    test('they are overwritten if the user wants that', async () => {
      const files = await write([planned('data.yaml'), planned('labels/a.txt')], 'overwrite');
      assert.deepEqual([asked, files.length, content('labels/a.txt')], [[1], 2, 'new']);
    });

    test('nothing is written if not', async () => {
      const files = await write([planned('data.yaml'), planned('labels/a.txt')], undefined);
      assert.deepEqual([asked, files, content('labels/a.txt')], [[1], [], 'mine']);
      assert.deepEqual(written(), ['labels', join('labels', 'a.txt')]);
    });

    test('to keep both, a set goes into a folder of its own', async () => {
      await write([planned('data.yaml'), planned('labels/a.txt')], 'keepBoth');
      assert.deepEqual([content('labels/a.txt'), content('yolo/labels/a.txt'), content('yolo/data.yaml')], ['mine', 'new', 'new']);
    });

    test('nobody is asked where there is nothing', async () => {
      await write([planned('b.txt'), planned('empty.txt', async () => undefined)], undefined);
      assert.deepEqual([asked, content('b.txt')], [[], 'new']);
      assert.ok(!written().includes('empty.txt'));
    });

    test('a failure takes away what was new', async () => {
      const broken = planned('c.txt', () => Promise.reject(new Error('broken')));
      await assert.rejects(write([planned('b.txt'), planned('labels/a.txt'), broken], 'overwrite') as Promise<unknown>, /broken/);
      assert.deepEqual(written(), ['labels', join('labels', 'a.txt')]);
    });
  });

  test('an image that is nowhere on disk, and a folder that is not either', async () => {
    const files = new MemoryFiles();
    const provider = vscode.workspace.registerFileSystemProvider('memory', files);
    try {
      const picture = vscode.Uri.parse('memory:/pictures/猫 1.png');
      await vscode.workspace.fs.writeFile(picture, readFileSync(file('cats.png').fsPath));
      const [overlay] = await exported({ uri: picture, format: 'overlay' });
      assert.equal(overlay?.toString(), vscode.Uri.parse('memory:/pictures/猫 1_overlay.png').toString());
      assert.equal(PNG.sync.read(Buffer.from(files.contents.get('/pictures/猫 1_overlay.png') as Uint8Array)).width, 100);
      const [shapes] = await exported({ uri: picture, format: 'labelme', target: vscode.Uri.parse('memory:/labels/a') });
      assert.equal(
        JSON.parse(new TextDecoder().decode(files.contents.get((shapes as vscode.Uri).path))).imagePath,
        '../../pictures/猫 1.png',
      );
    } finally {
      provider.dispose();
    }
  });

  test('the sample is not written beside: its folder is the extension’s', async () => {
    const sample = await vscode.commands.executeCommand<Inspection>('imageInspector.openSample', {});
    const [csv] = await exported({ uri: sample.images[0]?.uri, format: 'csv' });
    assert.equal(csv?.toString(), vscode.Uri.joinPath(workspace, 'Sample.csv').toString());
    await vscode.workspace.fs.delete(csv as vscode.Uri);
  });

  test('says why there is nothing to write', async () => {
    assert.deepEqual(await failureOf(exported({ uri: file('none.png'), target })), { reason: 'emptyReply', detail: 'Run a task first.' });
    assert.equal((await failureOf(exported({ target }))).reason, 'noImage');
    assert.equal((await failureOf(exported({ uri: file('gone.png'), target }))).reason, 'unreadableImage');
    assert.equal((await failureOf(exported({ uri: file('cats.png'), format: 'excel', target }))).reason, 'unsupportedImage');
    server.respondWith({ text: 'A red field.' });
    await run('caption', file('none.png'), undefined, {});
    assert.match((await failureOf(exported({ uri: file('none.png'), format: 'coco', target }))).detail, /^Run Detect Objects/);
    assert.deepEqual(written(), []);
    const blocked = join(target, 'file');
    writeFileSync(blocked, '');
    assert.equal((await failureOf(exported({ uri: file('cats.png'), target: blocked }))).reason, 'permissionDenied');
  });
});
