import { constants, createDeflateRaw, type DeflateRaw } from 'node:zlib';

/** How hard deflate tries. */
export interface Effort {
  level: number;
  strategy: number;
}

/** Bytes of a piece of a result: most pieces are smaller. */
const CHUNK = 128 * 1024;

/** Deflates one piece of bytes after the other, on a thread of Node's own. Nothing in a piece looks back beyond its beginning. */
class Deflater {
  readonly #stream: DeflateRaw;
  #found: Uint8Array[] = [];

  constructor(effort: Effort) {
    // Flushed with each piece: a flush of its own would be one more way to the other thread.
    this.#stream = createDeflateRaw({ ...effort, chunkSize: CHUNK, flush: constants.Z_FULL_FLUSH });
    this.#stream.on('data', (bytes: Uint8Array) => this.#found.push(bytes));
  }

  deflate(bytes: Uint8Array): Promise<Uint8Array[]> {
    return new Promise((resolve, reject) => {
      this.#stream.once('error', reject);
      this.#stream.write(bytes, () => {
        this.#stream.off('error', reject);
        resolve(this.#found);
        this.#found = [];
      });
    });
  }
}

/** Those that are idle, by their effort: setting one up takes as long as compressing tens of kilobytes. They go with the thread. */
const idle = new Map<string, Deflater[]>();

/** Deflates bytes without an end, so that others may follow. The result comes in parts. */
export async function deflated(bytes: Uint8Array, effort: Effort): Promise<Uint8Array[]> {
  const key = `${effort.level} ${effort.strategy}`;
  const free = idle.get(key) ?? [];
  idle.set(key, free);
  const deflater = free.pop() ?? new Deflater(effort);
  const parts = await deflater.deflate(bytes);
  free.push(deflater);
  return parts;
}
