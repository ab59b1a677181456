import { createHmac, randomBytes } from 'node:crypto';
import { hasShape, isFigure, isText } from '../../core/base/shape.ts';
import type { RemoteFile } from '../../gemini/files/remoteFile.ts';

/** Where files go: an address, and the key whose files they are. */
export interface Endpoint {
  destination: string;
  key: string;
}

/** A file that was uploaded from here. */
export interface Remembered extends Pick<RemoteFile, 'name' | 'uri' | 'displayName' | 'mimeType' | 'bytes'> {
  /** Of the content, hexadecimal. */
  sha256: string;
  /** A hash of the endpoint to which it went: neither address nor key can be read from it. */
  way: string;
  /** Milliseconds since 1970. */
  uploadedAt: number;
  expiresAt: number;
}

/** What is needed of VS Code's memory. */
export interface Memory {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): Thenable<void>;
}

const FILES = 'uploads';
const SALT = 'uploads.salt';
/** Oldest out. */
const MOST = 500;
/** Milliseconds: what the documentation says, for answers that do not. */
const LIFETIME = 48 * 3600e3;
/** Milliseconds before its end from which a file is not used any more: it has to outlast the request. */
const MARGIN = 15 * 60e3;

/** The files that were uploaded, by the hash of their bytes, until they expire. Of a key only a salted hash is kept. */
export class UploadCache {
  readonly #memory: Memory;
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(memory: Memory, now: () => number = Date.now) {
    this.#memory = memory;
    this.#now = now;
  }

  async find(endpoint: Endpoint, { sha256, mimeType }: { sha256: string; mimeType: string }): Promise<Remembered | undefined> {
    return (await this.of(endpoint)).find((file) => file.sha256 === sha256 && file.mimeType === mimeType);
  }

  /** All that can still be used, newest first. */
  async of(endpoint: Endpoint): Promise<Remembered[]> {
    const hash = await this.#hashOf(endpoint);
    return this.#usable().filter((file) => file.way === hash);
  }

  async remember(endpoint: Endpoint, sha256: string, file: RemoteFile): Promise<void> {
    const { name, uri, displayName, mimeType, bytes, expiresAt = this.#now() + LIFETIME } = file;
    const entry: Remembered = {
      name,
      uri,
      displayName,
      mimeType,
      bytes,
      sha256,
      way: await this.#hashOf(endpoint),
      uploadedAt: this.#now(),
      expiresAt,
    };
    const others = this.#usable().filter((other) => other.name !== name);
    await this.#memory.update(FILES, [entry, ...others].slice(0, MOST));
  }

  /** @param names `files/…` */
  async forget(names: readonly string[]): Promise<void> {
    await this.#memory.update(
      FILES,
      this.#usable().filter(({ name }) => !names.includes(name)),
    );
  }

  #usable(): Remembered[] {
    const files = this.#memory.get<unknown>(FILES);
    return Array.isArray(files) ? files.filter(isRemembered).filter(({ expiresAt }) => expiresAt - MARGIN > this.#now()) : [];
  }

  async #hashOf({ destination, key }: Endpoint): Promise<string> {
    const kept = this.#memory.get<unknown>(SALT);
    const salt = typeof kept === 'string' ? kept : randomBytes(32).toString('hex');
    if (salt !== kept) await this.#memory.update(SALT, salt);
    return createHmac('sha256', salt).update(`${destination}\n${key}`).digest('hex');
  }
}

const hasAll = hasShape({
  name: isText,
  uri: isText,
  displayName: isText,
  mimeType: isText,
  bytes: isFigure,
  sha256: isText,
  way: isText,
  uploadedAt: isFigure,
  expiresAt: isFigure,
});

function isRemembered(value: unknown): value is Remembered {
  return hasAll(value);
}
