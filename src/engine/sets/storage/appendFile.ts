import { type FileHandle, open } from 'node:fs/promises';

/** Text that waits to be written, and who waits for it. */
interface Pending {
  bytes: Buffer;
  resolve: (at: number) => void;
  reject: (error: unknown) => void;
}

/**
 * A file that only ever grows. What is added while a write is under way goes out together with the next one: a single write, then the disk is told to keep it.
 * A write that fails leaves nothing behind.
 */
export class AppendFile {
  readonly #file: FileHandle;
  /** Bytes that are on disk. */
  #size: number;
  #pending: Pending[] = [];
  #writing: Promise<void> | undefined;
  #isTorn = false;

  private constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** Opens a file, made where there is none. What lies behind `size` bytes is cut off. */
  static async open(path: string, size?: number): Promise<AppendFile> {
    // Not for appending: after a failed write the place is ours to choose.
    const file = await open(path, 'r+').catch(() => open(path, 'w+'));
    try {
      const there = (await file.stat()).size;
      if (size !== undefined && size < there) await file.truncate(size);
      return new AppendFile(file, Math.min(size ?? there, there));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Bytes that are on disk. */
  get size(): number {
    return this.#size;
  }

  /** Resolves to the place of its first byte once it is on disk. */
  append(text: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ bytes: Buffer.from(text), resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    // All that is added in this turn goes together.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      const group = this.#pending;
      this.#pending = [];
      const start = this.#size;
      try {
        if (this.#isTorn) await this.#file.truncate(start);
        this.#isTorn = true;
        await writeFully(this.#file, Buffer.concat(group.map(({ bytes }) => bytes)), start);
        await this.#file.datasync();
        this.#isTorn = false;
      } catch (error) {
        for (const { reject } of group) reject(error);
        continue;
      }
      for (const { bytes, resolve } of group) {
        resolve(this.#size);
        this.#size += bytes.length;
      }
    }
    this.#writing = undefined;
  }

  /** Bytes of the file from a place. */
  async read(at: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await this.#file.read(bytes, 0, length, at);
    return bytes.subarray(0, bytesRead);
  }

  /** Closes it once all is written. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }
}

async function writeFully(file: FileHandle, bytes: Buffer, start: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done, bytes.length - done, start + done)).bytesWritten;
}
