import { changed } from '../../core/base/failure.ts';
import type { ByteSource } from './byteSource.ts';

/** A part of a body: bytes of its own, or a range of the file that it is made from. */
export type BodyPiece = Uint8Array | { offset: number; length: number };

/** What is sent, as plain data that need not hold a large file in memory. */
export interface Body {
  /** In bytes. */
  size: number;
  pieces: readonly BodyPiece[];
}

/** A body put together piece by piece. */
export class BodyBuilder {
  readonly #pieces: BodyPiece[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Takes the bytes of the file from `offset` to `end`. */
  keep(offset: number, end: number): void {
    if (end <= offset) return;
    const last = this.#pieces.at(-1);
    this.#size += end - offset;
    if (last !== undefined && !(last instanceof Uint8Array) && last.offset + last.length === offset) last.length += end - offset;
    else this.#pieces.push({ offset, length: end - offset });
  }

  add(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#size += bytes.length;
  }

  body(): Body {
    return { size: this.#size, pieces: this.#pieces };
  }
}

/** A body of bytes that are in memory. */
export function memoryBody(bytes: Uint8Array): Body {
  return { size: bytes.length, pieces: [bytes] };
}

/** True if the body is a file of `size` bytes as it is. */
export function isWholeFile({ pieces: [first, ...others] }: Body, size: number): boolean {
  return others.length === 0 && first !== undefined && !(first instanceof Uint8Array) && first.offset === 0 && first.length === size;
}

/** The bytes of a body, read where they are. `source`: the file that it was made from; reading rejects if it has become shorter since. */
export function bodySource(body: Body, source: ByteSource): ByteSource {
  return isWholeFile(body, source.size) ? source : { size: body.size, read: (offset, length) => readPieces(body, source, offset, length) };
}

async function readPieces({ size, pieces }: Body, source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  const end = Math.min(size, offset + length);
  const result = new Uint8Array(Math.max(0, end - offset));
  let start = 0;
  for (const piece of pieces) {
    const from = Math.max(offset, start);
    const to = Math.min(end, start + piece.length);
    if (from < to) {
      const bytes =
        piece instanceof Uint8Array ? piece.subarray(from - start, to - start) : await source.read(piece.offset + from - start, to - from);
      if (bytes.length < to - from) throw changed(new RangeError('The file has become shorter.'));
      result.set(bytes, from - offset);
    }
    start += piece.length;
    if (start >= end) break;
  }
  return result;
}
