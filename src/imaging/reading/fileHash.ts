import { createHash } from 'node:crypto';
import { assertReadable, type ByteSource } from './byteSource.ts';

const PIECE = 4 * 1024 * 1024;

/** SHA-256 of a file, hexadecimal, read piece by piece. Rejects with the signal's reason when it is aborted, with `tooLarge` before anything is read. */
export async function fileHash(source: ByteSource, signal?: AbortSignal): Promise<string> {
  assertReadable(source);
  const hash = createHash('sha256');
  for (let at = 0; at < source.size; at += PIECE) {
    hash.update(await source.read(at, PIECE));
    signal?.throwIfAborted();
  }
  return hash.digest('hex');
}
