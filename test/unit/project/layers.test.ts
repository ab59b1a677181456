import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { build } from 'esbuild';

const src = new URL('../../../src/', import.meta.url);
const files = (await readdir(src, { recursive: true })).filter((path) => path.endsWith('.ts'));

/** The folders that a folder of `src` may import from. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  'protocol.ts': ['core'],
  imaging: ['imaging', 'core'],
  gemini: ['gemini', 'core'],
  engine: ['engine', 'gemini', 'imaging', 'core', 'host'],
  host: ['host', 'engine', 'gemini', 'imaging', 'core', 'protocol.ts'],
  webview: ['webview', 'core', 'protocol.ts'],
  'extension.ts': ['host', 'engine', 'gemini', 'imaging', 'core', 'protocol.ts'],
};

test('each folder imports only what is below it', async () => {
  for (const file of files) {
    const from = file.split('/')[0] as string;
    for (const imported of await importsOf(file)) {
      if (!imported.startsWith('.')) continue;
      const target = new URL(imported, new URL(file, src)).pathname.slice(src.pathname.length).split('/')[0] as string;
      assert.ok(ALLOWED[from]?.includes(target), `${file} imports ${imported}`);
    }
  }
});

test('the SDK is imported in one folder only, and vscode only by the host', async () => {
  for (const file of files) {
    for (const imported of await importsOf(file)) {
      if (imported.startsWith('@google/genai')) assert.match(file, /^gemini\//, file);
      if (imported === 'vscode') assert.match(file, /^(host\/|engine\/|extension\.ts)/, file);
    }
  }
});

test('the core runs anywhere: it bundles for the browser with nothing left outside', async () => {
  const entryPoints = files.filter((file) => file.startsWith('core/')).map((file) => new URL(file, src).pathname);
  const { errors } = await build({
    entryPoints,
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    outdir: 'unused',
    logLevel: 'silent',
  });
  assert.deepEqual(errors, []);
});

async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(new URL(file, src), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] as string);
}
