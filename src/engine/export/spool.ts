import { type FileHandle, open, rm } from 'node:fs/promises';
import { partBeside } from '../files/wholeFile.ts';

/** Characters that are gathered before they are written: what is no longer comes to be in a file at its end, or never. */
const PIECE = 2 * 1024 * 1024;
/** Bytes that are copied at a time. */
const COPIED = 256 * 1024;

/** A file that text is added to, for as long as an export is being made. It is there from the first piece on that is written. */
export class Spool {
  readonly path: string;
  #file: FileHandle | undefined;
  #texts: string[] = [];
  #characters = 0;
  /** The same as bytes, once a part of them was asked for. */
  #bytes: Buffer | undefined;
  /** When all that was to be written is. */
  #flushed: Promise<void> = Promise.resolve();

  /** @param folder in which it is */
  constructor(folder: string) {
    this.path = partBeside(folder);
  }

  async add(text: string): Promise<void> {
    this.#texts.push(text);
    this.#bytes = undefined;
    this.#characters += text.length;
    if (this.#characters >= PIECE) await this.#flush();
  }

  /** Adds `length` bytes from `start` on, else all, to another. Characters are not to be cut by that. */
  async copyTo(other: Spool, start = 0, length = Number.POSITIVE_INFINITY): Promise<void> {
    await this.#flushed;
    if (this.#file === undefined) {
      if (start === 0 && length === Number.POSITIVE_INFINITY) {
        for (const text of this.#texts) await other.add(text);
        return;
      }
      this.#bytes ??= Buffer.from(this.#texts.join(''));
      await other.add(this.#bytes.toString('utf8', start, start + length));
      return;
    }
    await this.#flush();
    await other.#flush();
    const file = await other.#opened();
    const piece = Buffer.allocUnsafe(Math.min(COPIED, length));
    for (let done = 0; done < length; ) {
      const { bytesRead } = await this.#file.read(piece, 0, Math.min(piece.length, length - done), start + done);
      if (bytesRead === 0) return;
      await file.appendFile(piece.subarray(0, bytesRead));
      done += bytesRead;
    }
  }

  /** Writes what is not written yet: the file is there then, and whole. */
  async close(): Promise<void> {
    await this.#flush();
    await (await this.#opened()).close();
  }

  /** Takes the file away, if there is one. */
  async remove(): Promise<void> {
    await this.#flushed.catch(() => undefined);
    if (this.#file === undefined) return;
    await this.#file.close();
    await rm(this.path, { force: true });
  }

  #flush(): Promise<void> {
    const text = this.#texts.join('');
    this.#texts = [];
    this.#bytes = undefined;
    this.#characters = 0;
    if (text !== '') this.#flushed = this.#flushed.then(async () => (await this.#opened()).appendFile(text));
    return this.#flushed;
  }

  async #opened(): Promise<FileHandle> {
    this.#file ??= await open(this.path, 'wx+');
    return this.#file;
  }
}
