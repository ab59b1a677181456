import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { build } from 'esbuild';
import {
  circles,
  crowdedFolders,
  fileGraph,
  type House,
  importsOf,
  lengthOf,
  longFiles,
  missingRooms,
  readSources,
  roomGraph,
  type Sources,
  strangers,
  wrongWays,
} from '../../tools/house.ts';
import { PROJECT } from '../../tools/project.ts';

/**
 * The map of the house, from the ground up. A room imports from the rooms to its left in its layer, and from all rooms of the layers that its layer is
 * `on`; from nowhere else, not even types.
 */
const HOUSE: House = {
  core: {
    on: '',
    rooms:
      'base inspection models masks editing usage failures drawing request markdown reply/scanning reply/items reply documents pasted exports labels scoring snippets sets tools',
  },
  gemini: { on: 'core', rooms: 'http files batches api' },
  imaging: { on: 'core', rooms: 'reading svg colours formats png plain pixels difference worker' },
  engine: {
    on: 'core gemini imaging',
    rooms: 'files labels difference fetching sending task checking segmenting usage export sets/storage sets trying tools',
  },
  'protocol.ts': { on: 'core' },
  'setProtocol.ts': { on: 'core' },
  'tryProtocol.ts': { on: 'core' },
  host: {
    on: 'core gemini imaging engine protocol.ts setProtocol.ts tryProtocol.ts',
    rooms:
      'base web pictures session badges editor clipboard export difference checking segmenting sourceControl pasted editing status labels sets commands trying documents agents start',
  },
  'extension.ts': { on: 'core host' },
  cli: {
    on: 'core imaging engine',
    rooms:
      'exitCode.ts cliArguments.ts help.ts stateFile.ts roots.ts terminal.ts program.ts estimates.ts results.ts setCommand.ts altCache.ts altDocuments.ts altReport.ts checkCommand.ts taskCommand.ts mcpServer.ts main.ts cli.ts',
  },
  webview: {
    on: 'core protocol.ts setProtocol.ts tryProtocol.ts',
    rooms:
      'text result state widgets viewer/drawing viewer liveText editing panel/messages difference panel/objects panel/comparison panel/review panel/prompt panel/results panel/tools paste page set trying',
  },
};
const MOST_FILES = 20;
const MOST_LINES = 350;
const MOST_CSS_LINES = 300;
const MOST_LINES_OF_ACTIVATE = 40;

const src = join(PROJECT, 'src');
const sources = readSources(src);

suite('the house', () => {
  test('imports go one way, between rooms and between layers', () => {
    assert.deepEqual(wrongWays(sources, HOUSE), []);
    assert.deepEqual(missingRooms(sources, HOUSE), []);
  });

  test('no files and no rooms import each other in a circle', () => {
    assert.deepEqual(circles(fileGraph(sources)), []);
    assert.deepEqual(circles(roomGraph(sources)), []);
  });

  test(`no folder has more than ${MOST_FILES} modules, no file more than ${MOST_LINES} lines`, () => {
    assert.deepEqual(crowdedFolders(sources, MOST_FILES), []);
    assert.deepEqual(longFiles(sources, MOST_LINES), []);
    assert.deepEqual(longFiles(new Map([...sources].filter(([path]) => path.endsWith('.css'))), MOST_CSS_LINES), []);
  });

  test('VS Code is known to the host only, and the SDK to the clients only', () => {
    assert.deepEqual(strangers(sources, 'vscode', /^(host\/|extension\.ts$)/), []);
    assert.deepEqual(strangers(sources, '@google/genai', /^gemini\//), []);
  });

  test('the start is a list of parts', () => {
    assert.ok(lengthOf(sources.get('extension.ts') ?? '', 'activate') <= MOST_LINES_OF_ACTIVATE);
  });

  test('the engine runs in plain Node: it bundles without VS Code', async () => {
    assert.deepEqual(await bundlingErrors('engine/', 'node'), []);
  });

  test('the core runs anywhere: it bundles for the browser with nothing left outside', async () => {
    assert.deepEqual(await bundlingErrors('core/', 'browser'), []);
  });
});

suite('what breaks the house is found', () => {
  const house: House = { core: { on: '', rooms: 'base models' }, host: { on: 'core', rooms: 'editor' } };
  const of = (files: Record<string, string>): Sources => new Map(Object.entries(files));

  test('a way up, to a layer that is not beneath, or into a room that nobody knows', () => {
    const right = { 'core/base/a.ts': '', 'core/models/b.ts': "import { a } from '../base/a.ts';", 'host/editor/c.ts': '' };
    assert.deepEqual(wrongWays(of(right), house), []);
    assert.deepEqual(wrongWays(of({ ...right, 'core/base/a.ts': "import type { B } from '../models/b.ts';" }), house), [
      'core/base imports from core/models',
    ]);
    assert.deepEqual(wrongWays(of({ ...right, 'core/base/a.ts': "const c = await import('../../host/editor/c.ts');" }), house), [
      'core/base imports from host/editor',
    ]);
    assert.deepEqual(wrongWays(of({ ...right, 'core/attic/d.ts': '' }), house), ['core/attic is not in the table']);
    assert.deepEqual(missingRooms(of({ 'core/base/a.ts': '', 'host/editor/c.ts': '' }), house), ['core/models']);
  });

  test('a circle of files, of types too, and one of rooms', () => {
    const files = of({
      'core/base/a.ts': "import type { B } from './b.ts';",
      'core/base/b.ts': "import type { C } from './c.ts';",
      'core/base/c.ts': "export type { A } from './a.ts';",
    });
    assert.equal(circles(fileGraph(files))[0], 'core/base/a.ts -> core/base/b.ts -> core/base/c.ts -> core/base/a.ts');
    const rooms = of({
      'core/base/a.ts': "import { b } from '../models/b.ts';",
      'core/models/b.ts': '',
      'core/models/c.ts': "import { d } from '../base/d.ts';",
      'core/base/d.ts': '',
    });
    assert.deepEqual(circles(fileGraph(rooms)), []);
    assert.equal(circles(roomGraph(rooms))[0], 'core/base -> core/models -> core/base');
  });

  test('too many files, too many lines, a long start', () => {
    const files = of({ 'core/base/a.ts': '\n\n', 'core/base/b.ts': '\n', 'core/base/b.css': '\n' });
    assert.deepEqual(crowdedFolders(files, 1), ['core/base: 2 files']);
    assert.deepEqual(crowdedFolders(files, 2), []);
    assert.deepEqual(longFiles(files, 1), ['core/base/a.ts: 2 lines']);
    assert.equal(lengthOf('//\nexport function activate(context) {\n  a();\n}\n', 'activate'), 3);
    assert.ok(Number.isNaN(lengthOf('export const activate = 1;', 'activate')));
  });

  test('a package where it does not belong', () => {
    assert.deepEqual(strangers(of({ 'core/a.ts': "import type { Uri } from 'vscode';" }), 'vscode', /^host\//), ['core/a.ts']);
    assert.deepEqual(strangers(of({ 'core/a.ts': "import('@google/genai/web')" }), '@google/genai', /^gemini\//), ['core/a.ts']);
    assert.deepEqual(strangers(of({ 'host/a.ts': "import 'vscode';" }), 'vscode', /^host\//), []);
    assert.deepEqual(importsOf("export * from 'a';\nimport {\n  b,\n} from 'c';\nimport 'd';"), ['a', 'c', 'd']);
  });
});

/** What keeps the modules of a layer from being bundled for a platform with all that they need. */
async function bundlingErrors(layer: string, platform: 'node' | 'browser'): Promise<string[]> {
  const entryPoints = [...sources.keys()].filter((path) => path.startsWith(layer) && path.endsWith('.ts')).map((path) => join(src, path));
  return build({ entryPoints, bundle: true, write: false, platform, format: 'esm', outdir: 'unused', logLevel: 'silent' }).then(
    () => [],
    ({ errors }: { errors: { text: string }[] }) => errors.map(({ text }) => text),
  );
}
