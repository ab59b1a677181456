import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { build, type Metafile } from 'esbuild';
import { startInTwoChunks } from '../../../startChunk.mjs';
import { PROJECT } from '../../tools/project.ts';

let outputs: Metafile['outputs'];

before(async () => {
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: { extension: 'src/extension.ts', cli: 'src/cli/cli.ts' },
    outdir: 'unused',
    bundle: true,
    minify: true,
    target: 'node22',
    legalComments: 'none',
    splitting: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    external: ['vscode'],
    plugins: [startInTwoChunks('src/extension.ts')],
  });
  outputs = metafile.outputs;
});

/** The file of `src` as it is shipped, and the chunks that it imports at once. */
function chunksOf(source: string): string[] {
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint?.replace(/^(lazy|shared):/, '') === source);
  assert.ok(entry !== undefined, `${source} has no chunk of its own`);
  const chunks = new Set([entry]);
  for (const chunk of chunks) {
    for (const { path, kind } of outputs[chunk]?.imports ?? []) if (kind === 'import-statement' && path in outputs) chunks.add(path);
  }
  return [...chunks];
}

/** All files that an entry may ever load. */
function reachedFrom(source: string): Set<string> {
  const reached = new Set(chunksOf(source));
  for (const path of reached) for (const imported of outputs[path]?.imports ?? []) if (imported.path in outputs) reached.add(imported.path);
  return reached;
}

/** The sources that are loaded with a file of `src`: those of its chunk and of all that this imports at once. */
function loadedWith(source: string): string[] {
  return chunksOf(source).flatMap((chunk) => Object.keys(outputs[chunk]?.inputs ?? {}));
}

/** Minified, before the first command. */
const MOST_BYTES_AT_START = 60_000;
const MOST_FILES_AT_START = 4;
/** Minified, of files that the extension has no use for. */
const MOST_BYTES_OF_COMMAND_LINE = 500_000;
const SDK = /@google\/genai\//;
const GOOGLE_CLOUD = /google-auth-library|gaxios|@google\/genai\/dist\/node/;

test('the start loads no SDK', () => {
  const loaded = loadedWith('src/extension.ts');
  assert.ok(loaded.includes('src/host/commands/register.ts'));
  assert.deepEqual(
    loaded.filter((path) => SDK.test(path) || GOOGLE_CLOUD.test(path)),
    [],
  );
});

test(`the start loads less than ${MOST_BYTES_AT_START / 1000} kB in at most ${MOST_FILES_AT_START} files`, () => {
  const files = chunksOf('src/extension.ts');
  const bytes = files.reduce((sum, chunk) => sum + (outputs[chunk]?.bytes ?? 0), 0);
  assert.ok(bytes > 0 && bytes < MOST_BYTES_AT_START, `${bytes} bytes`);
  assert.ok(files.length <= MOST_FILES_AT_START, files.join(', '));
});

test('the libraries of Google Cloud are loaded for Vertex AI only', () => {
  const gemini = loadedWith('src/gemini/api/gemini.ts');
  assert.ok(gemini.some((path) => SDK.test(path)));
  assert.deepEqual(
    gemini.filter((path) => GOOGLE_CLOUD.test(path)),
    [],
  );
  const vertex = loadedWith('src/gemini/api/vertex.ts');
  assert.ok(vertex.some((path) => /google-auth-library/.test(path)));
  assert.ok(!vertex.some((path) => /@google\/genai\/dist\/web/.test(path)));
  assert.ok(!loadedWith('src/engine/sending/connect.ts').some((path) => SDK.test(path) || GOOGLE_CLOUD.test(path)));
});

test('the command line loads nothing of VS Code, and its help little', () => {
  const reached = [...reachedFrom('src/cli/cli.ts')];
  assert.ok(reached.flatMap((path) => Object.keys(outputs[path]?.inputs ?? {})).includes('src/engine/task/taskRunner.ts'));
  assert.deepEqual(
    reached.filter((path) => outputs[path]?.imports.some((imported) => imported.path === 'vscode')),
    [],
  );
  const help = [...chunksOf('src/cli/cli.ts'), ...chunksOf('src/cli/main.ts')];
  assert.ok(help.reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0) < MOST_BYTES_AT_START, help.join(', '));
});

test(`the command line adds less than ${MOST_BYTES_OF_COMMAND_LINE / 1000} kB to the files of the extension`, () => {
  const common = reachedFrom('src/extension.ts');
  const own = [...reachedFrom('src/cli/cli.ts')].filter((path) => !common.has(path));
  const bytes = own.reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
  assert.ok(bytes > 100_000 && bytes < MOST_BYTES_OF_COMMAND_LINE, `${bytes} bytes`);
});
