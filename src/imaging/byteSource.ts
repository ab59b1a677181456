import { open, stat } from 'node:fs/promises';

/** Bytes that can be read in pieces, so that a header costs no more than a header. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Up to `length` bytes from `offset`; fewer only at the end. Rejects when the source has gone. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** The bytes at hand as a source. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

/** A file on disk, opened for each read, so that nothing has to be closed and a replaced file is noticed. */
export async function fileSource(path: string): Promise<ByteSource> {
  const { size } = await stat(path);
  return {
    size,
    async read(offset, length) {
      const file = await open(path, 'r');
      try {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
        let filled = 0;
        while (filled < bytes.length) {
          const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, offset + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return bytes.subarray(0, filled);
      } finally {
        await file.close();
      }
    },
  };
}
