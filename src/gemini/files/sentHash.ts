import { createHash, type Hash } from 'node:crypto';

/** Bytes that are read at a time. */
const PIECE = 256 * 1024;

/** The hash of all bytes up to where an upload stands. What goes out again after a break counts as it is then. */
export class SentHash {
  readonly #source: UploadSource;
  /** As it was where the last part began: what lies before is with the server. */
  #before: PartHash;
  #part: PartHash;

  constructor(source: UploadSource) {
    this.#source = source;
    this.#before = new PartHash(source);
    this.#part = this.#before;
  }

  /** For a part that begins there. Reads what lies before only where the last part broke off. */
  async begin(offset: number): Promise<PartHash> {
    if (this.#part.at === offset) this.#before = this.#part.copy();
    else {
      if (this.#before.at > offset) this.#before = new PartHash(this.#source);
      if (this.#source.checkedSha256 !== undefined) this.#before.at = offset;
      const { at } = this.#before;
      for (let from = at; from < offset; from += PIECE) this.#before.add(await this.#source.read(from, Math.min(PIECE, offset - from)));
    }
    this.#part = this.#before.copy();
    return this.#part;
  }
}

/**
 * The hash of all bytes up to a place within a part. Each part has its own: the network may still ask for a piece of one that has ended. Of a source that is
 * checked as it is read nothing is hashed again.
 */
export class PartHash {
  readonly #source: UploadSource;
  readonly #hash: Hash | undefined;
  /** Bytes so far, from the beginning of the source. */
  at: number;

  constructor(source: UploadSource, hash = source.checkedSha256 === undefined ? createHash('sha256') : undefined, at = 0) {
    this.#source = source;
    this.#hash = hash;
    this.at = at;
  }

  /** Takes in the bytes that go out next. */
  add(bytes: Uint8Array): void {
    this.#hash?.update(bytes);
    this.at += bytes.length;
  }

  copy(): PartHash {
    return new PartHash(this.#source, this.#hash?.copy(), this.at);
  }

  /** True unless the source ends here and was not what was meant. `sha256`: hexadecimal. */
  mayEnd(sha256: string): boolean {
    return this.at < this.#source.size || (this.#source.checkedSha256 ?? this.#hash?.copy().digest('hex')) === sha256;
  }
}

/** Bytes to be uploaded, read piece by piece. */
export interface UploadSource {
  /** In bytes. */
  readonly size: number;
  /** Of all bytes, hexadecimal, where no others are given: reading rejects instead. */
  readonly checkedSha256?: string;
  /** Up to `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}
