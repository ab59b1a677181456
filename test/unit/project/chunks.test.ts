import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { build, type Metafile } from 'esbuild';
import { startInOneChunk } from '../../../startChunk.mjs';
import { PROJECT } from '../../tools/project.ts';

let outputs: Metafile['outputs'];

before(async () => {
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: ['src/extension.ts'],
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
    plugins: [startInOneChunk('src/extension.ts')],
  });
  outputs = metafile.outputs;
});

/** The file of `src` as it is shipped, and the chunks that it imports at once. */
function chunksOf(source: string): string[] {
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint?.replace('lazy:', '') === source);
  assert.ok(entry !== undefined, `${source} has no chunk of its own`);
  const chunks = new Set([entry]);
  for (const chunk of chunks) {
    for (const { path, kind } of outputs[chunk]?.imports ?? []) if (kind === 'import-statement' && path in outputs) chunks.add(path);
  }
  return [...chunks];
}

/** The sources that are loaded with a file of `src`: those of its chunk and of all that this imports at once. */
function loadedWith(source: string): string[] {
  return chunksOf(source).flatMap((chunk) => Object.keys(outputs[chunk]?.inputs ?? {}));
}

/** Minified, before the first command. */
const MOST_BYTES_AT_START = 60_000;
const MOST_FILES_AT_START = 4;
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
