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
    bytes: undefined,
  }));
  // Handed over instead of copied, where nothing else lies in the same memory.
  const transfer = bytes !== undefined && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer as ArrayBuffer] : [];
  parentPort?.postMessage(reply, transfer);
});

async function answer({ task, source, options }: WorkerRequest): Promise<{ reply: WorkerReply; bytes: Uint8Array | undefined }> {
  const bytes = 'path' in source ? await fileSource(source.path) : memorySource(source.bytes);
  if (task === 'prepare') {
    const result = await prepare(bytes, options as PrepareOptions);
    return { reply: { ok: true, result }, bytes: result.bytes };
  }
  const result = await view(bytes);
  return { reply: { ok: true, result }, bytes: result.picture?.bytes };
}
