import { type FileHandle, open, rm } from 'node:fs/promises';
import { partBeside } from '../files/wholeFile.ts';

/** Characters that are gathered before they are written, and bytes that are copied at a time. */
const PIECE = 256 * 1024;

/** A file that text is added to, for as long as an export is being made. */
export class Spool {
  readonly path: string;
  readonly #file: FileHandle;
  #texts: string[] = [];
  #characters = 0;
  /** When all that was to be written is. */
  #flushed: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** A new one in a folder. */
  static async in(folder: string): Promise<Spool> {
    const path = partBeside(folder);
    return new Spool(path, await open(path, 'wx+'));
  }

  async add(text: string): Promise<void> {
    this.#texts.push(text);
    this.#characters += text.length;
    if (this.#characters >= PIECE) await this.#flush();
  }

  /** Adds `length` bytes from `start` on, else all, to another. */
  async copyTo(other: Spool, start = 0, length = Number.POSITIVE_INFINITY): Promise<void> {
    await this.#flush();
    await other.#flush();
    const piece = Buffer.allocUnsafe(Math.min(PIECE, length));
    for (let done = 0; done < length; ) {
      const { bytesRead } = await this.#file.read(piece, 0, Math.min(piece.length, length - done), start + done);
      if (bytesRead === 0) return;
      await other.#file.appendFile(piece.subarray(0, bytesRead));
      done += bytesRead;
    }
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#file.close();
  }

  async remove(): Promise<void> {
    await this.#file.close();
    await rm(this.path, { force: true });
  }

  #flush(): Promise<void> {
    const text = this.#texts.join('');
    this.#texts = [];
    this.#characters = 0;
    if (text !== '') this.#flushed = this.#flushed.then(() => this.#file.appendFile(text));
    return this.#flushed;
  }
}
