import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { copyVendored } from '../../../vendor.mjs';
import { PROJECT } from '../../tools/project.ts';

test('the decoder of JPEG that ships is whole: without it the pixel library would take its place, and nobody would see it', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'vendor-'));
  context.after(() => rm(folder, { recursive: true }));
  await copyVendored(PROJECT, folder);
  const { resolve } = createRequire(join(folder, 'imageWorker.js'));
  const [code, wasm] = ['decodewasmjs', 'decodewasm'].map((name) => resolve(`@cornerstonejs/codec-libjpeg-turbo-8bit/${name}`));
  for (const path of [code, wasm]) assert.ok(path?.startsWith(folder), path);
  const { default: start } = (await import(
    pathToFileURL(code ?? '').href
  )) as typeof import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
  const { JPEGDecoder } = await start({ wasmBinary: await readFile(wasm ?? ''), printErr: () => undefined });
  assert.throws(() => new JPEGDecoder().decode());
});
