import { open, stat } from 'node:fs/promises';
import { InspectorError } from '../../core/base/failure.ts';
import { formatBytes } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';

/** Bytes that can be read in pieces, so that a header costs no more than a header. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Where the bytes are on disk, if they are: another thread can read them there by itself. */
  readonly path?: string;
  /** Which file it was, and when it was last changed, as its file system tells it: where that is the same, its bytes most likely are. */
  readonly stamp?: string;
  /** Of all bytes, hexadecimal, where no others are given: reading rejects instead. */
  readonly checkedSha256?: string;
  /** Up to `length` bytes from `offset`; fewer only at the end. Rejects when the source has gone. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Reads from `offset` into memory at hand, as much as fits into it and is there; resolves to the number of bytes. Not every source can. */
  readInto?(target: Uint8Array, offset: number): Promise<number>;
}

/** The API takes no larger files, and nothing reads larger ones. */
const MOST_FILE_BYTES = 2e9;
/** More bytes than this would need more memory than an editor may take. */
const MOST_BYTES = 1.2e9;

/** All bytes of a source. Rejects with `tooLarge` when they are too many. */
export async function readWhole(source: ByteSource): Promise<Uint8Array> {
  assertAtMost(source, MOST_BYTES);
  return source.read(0, source.size);
}

/** Throws `tooLarge` for a file that is too large for anything to be done with it. */
export function assertReadable(source: Pick<ByteSource, 'size'>): void {
  assertAtMost(source, MOST_FILE_BYTES);
}

function assertAtMost({ size }: Pick<ByteSource, 'size'>, most: number): void {
  if (size <= most) return;
  throw new InspectorError('tooLarge', t('The file is too large: {0}.', formatBytes(size)), {
    detail: t('At most {0} can be worked with.', formatBytes(most)),
  });
}

/** The bytes at hand as a source. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Bytes that are read at a time to be held. */
const STEP = 1024 * 1024;

/**
 * A source that is read once and then held, a step further than it is asked for: that is read while the reader looks at what is there. One read at a time.
 * Throws `tooLarge` when that would be too much.
 * @param onRead called with all bytes in their order, as they come
 */
export function heldSource(source: ByteSource, onRead: (bytes: Uint8Array) => void = () => undefined): ByteSource {
  assertAtMost(source, MOST_BYTES);
  const { size } = source;
  const held = new Uint8Array(size);
  let filled = 0;
  let next: Promise<number> | undefined;
  const readOn = async (): Promise<number> => {
    const target = held.subarray(filled, filled + STEP);
    if (source.readInto !== undefined) return source.readInto(target, filled);
    const bytes = await source.read(filled, target.length);
    target.set(bytes);
    return bytes.length;
  };
  return {
    size,
    async read(offset, length) {
      const end = Math.min(size, offset + length);
      while (filled < end) {
        const count = await (next ?? readOn());
        next = undefined;
        if (count === 0) break;
        const came = held.subarray(filled, filled + count);
        filled += count;
        if (filled < size) {
          next = readOn();
          // It may be that nobody asks for it.
          next.catch(() => undefined);
        }
        onRead(came);
      }
      return held.subarray(offset, Math.max(offset, Math.min(end, filled)));
    },
  };
}

/**
 * A file on disk, opened for each read, so that nothing has to be closed and a replaced file is noticed. Rejects with `unreadableImage` for what is no file:
 * opening a pipe waits for someone to write into it, and devices never end.
 */
export async function fileSource(path: string): Promise<ByteSource> {
  const stats = await stat(path, { bigint: true });
  if (stats.isDirectory()) throw outOfReach(t('It is a folder.'));
  if (!stats.isFile()) throw outOfReach(t('It is a pipe, a socket or a device.'));
  const size = Number(stats.size);
  return {
    size,
    path,
    stamp: [path, stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join('\n'),
    async read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      return bytes.subarray(0, await fill(path, bytes, offset));
    },
    readInto: (target, offset) => fill(path, target.subarray(0, Math.max(0, size - offset)), offset),
  };
}

/** The failure for a file whose content cannot be had, so that it cannot be opened as text either. */
export function outOfReach(detail: string, cause?: unknown): InspectorError {
  return new InspectorError('unreadableImage', t('The file is not a readable image.'), { detail, cause });
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
