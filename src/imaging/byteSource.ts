import { open, stat } from 'node:fs/promises';
import { InspectorError } from '../core/failure.ts';
import { t } from '../core/l10n.ts';

/** Bytes that can be read in pieces, so that a header costs no more than a header. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Where the bytes are on disk, if they are: another thread can read them there by itself. */
  readonly path?: string;
  /** Up to `length` bytes from `offset`; fewer only at the end. Rejects when the source has gone. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Reads from `offset` into memory at hand, as much as fits into it and is there; resolves to the number of bytes. Not every source can. */
  readInto?(target: Uint8Array, offset: number): Promise<number>;
}

/** More bytes than this would need more memory than an editor may take. */
const MOST_BYTES = 1.2e9;

/** All bytes of a source. Rejects with `tooLarge` when they are too many. */
export async function readWhole(source: ByteSource): Promise<Uint8Array> {
  if (source.size > MOST_BYTES) {
    const megabytes = Math.floor(source.size / 1e6).toLocaleString();
    throw new InspectorError('tooLarge', t('The file is too large: {0} MB.', megabytes), {
      detail: t('At most {0} MB can be worked with.', (MOST_BYTES / 1e6).toLocaleString()),
    });
  }
  return source.read(0, source.size);
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
    path,
    async read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      return bytes.subarray(0, await fill(path, bytes, offset));
    },
    readInto: (target, offset) => fill(path, target.subarray(0, Math.max(0, size - offset)), offset),
  };
}

async function fill(path: string, target: Uint8Array, offset: number): Promise<number> {
  const file = await open(path, 'r');
  try {
    let filled = 0;
    while (filled < target.length) {
      const { bytesRead } = await file.read(target, filled, target.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  } finally {
    await file.close();
  }
}
