import type { ByteSource } from './byteSource.ts';

/** Holds nearly every header; what lies behind it is read piece by piece, where the header points to. */
const FIRST_READ = 16 * 1024;
/** Far more than any header needs: only a file that was made to lead readers astray gets there. */
const MOST_READ = 1024 * 1024;
/** Bytes that could be read in the time that one read takes by itself. */
const READ_COST = 512;

/** The header of an image file: its beginning, and whatever else of the file that refers to. */
export class HeaderBytes {
  /** The first bytes: the whole file if it is short. */
  readonly head: Uint8Array;
  /** Of the file, in bytes. */
  readonly size: number;
  readonly #source: ByteSource;
  #read: number;

  private constructor(source: ByteSource, head: Uint8Array) {
    this.#source = source;
    this.size = source.size;
    this.head = head;
    this.#read = head.length;
  }

  static async open(source: ByteSource): Promise<HeaderBytes> {
    return new HeaderBytes(source, await source.read(0, FIRST_READ));
  }

  /** The first bytes, so many of them as there are. */
  async beginning(length: number): Promise<Uint8Array> {
    return length <= this.head.length || this.head.length === this.size ? this.head.subarray(0, length) : this.#source.read(0, length);
  }

  /** So many bytes from `offset`. Rejects with RangeError when the file ends before them or the header is endless, and when the source has gone. */
  async at(offset: number, length: number): Promise<DataView> {
    if (!(offset >= 0 && offset + length <= this.size)) throw new RangeError(`The header leads to ${offset}, beyond the end.`);
    return viewOf(offset + length <= this.head.length ? this.head.subarray(offset, offset + length) : await this.#more(offset, length));
  }

  async #more(offset: number, length: number): Promise<Uint8Array> {
    this.#read += Math.max(length, READ_COST);
    if (this.#read > MOST_READ) throw new RangeError('The header has no end.');
    const bytes = await this.#source.read(offset, length);
    if (bytes.length < length) throw new RangeError('The file has become shorter.');
    return bytes;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
