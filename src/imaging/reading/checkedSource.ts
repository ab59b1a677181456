import { createHash, type Hash } from 'node:crypto';
import { changed } from '../../core/base/failure.ts';
import type { ByteSource } from './byteSource.ts';

/** Bytes of a block: one is held at a time and the next one read, and what all bytes up to its end come to is known. */
export const BLOCK = 1024 * 1024;
/** Bytes of a hash. */
const DIGEST = 32;

/** Hashes bytes that come piece by piece, each once: all of them, and all up to the end of each block. */
export class BlockHashes {
  readonly #hash = createHash('sha256');
  readonly #blocks: Buffer[] = [];
  /** Bytes of the current block. */
  #filled = 0;

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + BLOCK - this.#filled);
      this.#hash.update(part);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === BLOCK) this.#endBlock();
    }
  }

  /**
   * To be called once, after the last byte. `sha256`: of all, hexadecimal; `blocks`: the hashes of all bytes up to the end of each block one after the other,
   * 32 bytes each.
   */
  digest(): { sha256: string; blocks: Uint8Array } {
    if (this.#filled > 0) this.#endBlock();
    return { sha256: this.#hash.digest('hex'), blocks: Uint8Array.from(Buffer.concat(this.#blocks)) };
  }

  #endBlock(): void {
    this.#blocks.push(this.#hash.copy().digest());
    this.#filled = 0;
  }
}

/**
 * A source that gives only the bytes that were hashed: a file may be overwritten between the moment when the user agrees to a picture and the one when it is
 * read. Of what does not match, and of what follows it, nothing is given: reading rejects. No byte is read twice where it is read from its beginning to its
 * end; where reading begins further on, what lies before is read first.
 * @param expected as of `BlockHashes`
 * @param onChanged called when something else is found
 */
export function checkedSource(
  source: ByteSource,
  { sha256, blocks }: ReturnType<BlockHashes['digest']>,
  onChanged: () => void = () => undefined,
): ByteSource {
  const { size } = source;
  /** The last block that was read in part: what follows is most likely asked for next. */
  let held: { start: number; bytes: Uint8Array } | undefined;

  /** The block behind that one, which is read while its last bytes go out. */
  let ahead: { start: number; bytes: Promise<Uint8Array> } | undefined;

  const readOn = (start: number): void => {
    if (start >= size || ahead?.start === start) return;
    ahead = { start, bytes: source.read(start, Math.min(BLOCK, size - start)) };
    // It may be that nobody asks for it.
    ahead.bytes.catch(() => undefined);
  };

  /** The hashes of all that lies before each block, as far as it was read and was the same. */
  const before: Hash[] = [createHash('sha256')];

  const blockAt = async (start: number): Promise<Uint8Array> => {
    if (held?.start === start) return held.bytes;
    await readUpTo(start);
    const length = Math.min(BLOCK, size - start);
    const bytes = await (ahead?.start === start ? ahead.bytes : source.read(start, length));
    ahead = undefined;
    assertSame(start, bytes, length);
    return bytes;
  };

  const partOf = async (start: number, from: number, end: number): Promise<Uint8Array> => {
    const bytes = await blockAt(start);
    const part = bytes.subarray(from - start, end - start);
    const isUsedUp = from + part.length === start + bytes.length;
    held = isUsedUp ? undefined : { start, bytes };
    readOn(start + BLOCK);
    return part;
  };

  const readUpTo = async (start: number): Promise<void> => {
    for (let at = (before.length - 1) * BLOCK; at < start; at += BLOCK) assertSame(at, await source.read(at, BLOCK), BLOCK);
  };

  /** To be asked only when all before `start` was read. */
  const assertSame = (start: number, bytes: Uint8Array, length: number) => {
    const block = start / BLOCK;
    const expected = blocks.subarray(block * DIGEST, (block + 1) * DIGEST);
    const all = before[block]?.copy().update(bytes);
    if (bytes.length === length && all?.copy().digest().equals(expected)) {
      before[block + 1] = all;
      return;
    }
    onChanged();
    throw changed();
  };

  /** Reads whole blocks to where they are wanted; resolves to how many bytes these are. */
  const readBlocks = async (target: Uint8Array, start: number): Promise<number> => {
    if (source.readInto === undefined || start % BLOCK !== 0 || held?.start === start) return 0;
    const length = start + target.length === size ? target.length : target.length - (target.length % BLOCK);
    if (length > 0) await readUpTo(start);
    for (let at = 0; at < length; at += BLOCK) {
      const wanted = target.subarray(at, Math.min(length, at + BLOCK));
      const filled = await source.readInto(wanted, start + at);
      assertSame(start + at, wanted.subarray(0, filled), wanted.length);
    }
    return length;
  };

  return {
    size,
    checkedSha256: sha256,
    async read(offset, length) {
      const end = Math.min(size, offset + length);
      const block = offset - (offset % BLOCK);
      // Of one block nothing is copied.
      if (offset < end && end <= block + BLOCK) return partOf(block, offset, end);
      const result = new Uint8Array(Math.max(0, end - offset));
      for (let at = offset + (await readBlocks(result, offset)); at < end; ) {
        const part = await partOf(at - (at % BLOCK), at, end);
        result.set(part, at - offset);
        at += part.length;
      }
      return result;
    },
  };
}
