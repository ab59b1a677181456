import type { ByteSource } from './byteSource.ts';

/** Bytes held at a time. */
const WINDOW = 1024 * 1024;
/** The same, and looks into them, between two pauses: at most some milliseconds of work, of which each look is some microseconds. */
const BETWEEN_PAUSES = { bytes: 128 * 1024, looks: 500 };

/** Reads a file of any size from its beginning to its end, of which never more than a window is held. What it gives holds only until it is asked again. */
export class ByteWindow {
  /** Of the file, in bytes. */
  readonly size: number;
  readonly #source: ByteSource;
  readonly #pause: (() => Promise<unknown>) | undefined;
  #looks = 0;
  #memory: Uint8Array | undefined;
  #start = 0;
  #held: Uint8Array = new Uint8Array();

  /** @param pause is waited for again and again, where other work of the thread is to have its turn */
  constructor(source: ByteSource, pause?: () => Promise<unknown>) {
    this.#source = source;
    this.#pause = pause;
    this.size = source.size;
  }

  /** So many bytes from `offset`, at most 64 kB; fewer only at the end. */
  async at(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    this.#looks += 1;
    if (this.#pause !== undefined && this.#looks % BETWEEN_PAUSES.looks === 0) await this.#pause();
    if (offset < this.#start || end > this.#start + this.#held.length) await this.#move(offset);
    return this.#held.subarray(offset - this.#start, end - this.#start);
  }

  /** A view of so many bytes; undefined when the file ends before. */
  async view(offset: number, length: number): Promise<DataView | undefined> {
    const bytes = await this.at(offset, length);
    return bytes.length < length ? undefined : new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  /** The bytes from `offset` to `end` piece by piece. */
  async *pieces(offset: number, end: number): AsyncGenerator<Uint8Array> {
    for (let at = offset; at < Math.min(end, this.size); ) {
      if (at < this.#start || at >= this.#start + this.#held.length) await this.#move(at);
      const piece = this.#held.subarray(at - this.#start, Math.min(this.#held.length, end - this.#start));
      if (piece.length === 0) return;
      yield piece;
      at += piece.length;
    }
  }

  async #move(offset: number): Promise<void> {
    await this.#pause?.();
    this.#held = await this.#read(offset);
    this.#start = offset;
  }

  /** Into the same memory each time, where that can be: else it would pile up until it is collected. */
  async #read(offset: number): Promise<Uint8Array> {
    const source = this.#source;
    const length = this.#pause === undefined ? WINDOW : BETWEEN_PAUSES.bytes;
    if (source.readInto === undefined) return source.read(offset, length);
    this.#memory ??= new Uint8Array(Math.min(length, this.size));
    return this.#memory.subarray(0, await source.readInto(this.#memory, offset));
  }
}
