/** The thread in which images are read whole, decoded and encoded. It answers one request after the other. */

import { parentPort, workerData } from 'node:worker_threads';
import { setTranslations } from '../core/l10n.ts';
import { fileSource, memorySource } from './byteSource.ts';
import { type PrepareOptions, prepare } from './prepare.ts';
import { view } from './view.ts';
import { packFailure, type WorkerReply, type WorkerRequest } from './workerProtocol.ts';

setTranslations(workerData);

parentPort?.on('message', async (request: WorkerRequest) => {
  const { reply, bytes } = await answer(request).catch((error: unknown) => ({
    reply: { ok: false as const, failure: packFailure(error) },
    bytes: [],
  }));
  // Handed over instead of copied, where nothing else lies in the same memory.
  const own = bytes.filter(({ byteLength, buffer }) => byteLength === buffer.byteLength);
  parentPort?.postMessage(
    reply,
    own.map(({ buffer }) => buffer as ArrayBuffer),
  );
});

async function answer({ task, source, options }: WorkerRequest): Promise<{ reply: WorkerReply; bytes: readonly Uint8Array[] }> {
  const bytes = 'path' in source ? await fileSource(source.path) : memorySource(source.bytes);
  if (task === 'prepare') {
    const result = await prepare(bytes, options as PrepareOptions);
    return { reply: { ok: true, result }, bytes: result.body.pieces.filter((piece) => piece instanceof Uint8Array) };
  }
  const result = await view(bytes);
  return { reply: { ok: true, result }, bytes: result.picture === undefined ? [] : [result.picture.bytes] };
}
