import { createHash, randomBytes } from 'node:crypto';
import type { WireFile } from './wire.ts';

/** A file as the stand-in keeps it. */
export interface StoredFile {
  /** `files/…` */
  name: string;
  displayName: string;
  mimeType: string;
  size: number;
  /** The content, or as much of it as is kept. */
  bytes: Buffer;
  /** Of the whole content, hexadecimal. */
  sha256: string;
  /** Nobody else sees the file. */
  key: string;
  createdAt: number;
  expiresAt: number;
  /** Looks (`files.get`) after which it is ready. */
  processing: number;
  failed: boolean;
  /** Made by the API itself: only such a file can be fetched back. */
  generated?: true;
}

/** An upload that is not finished, or was. */
export interface OpenUpload {
  id: string;
  key: string;
  name: string;
  displayName: string;
  mimeType: string;
  /** As declared at its start, if it was. */
  size: number | undefined;
  /** Bytes that have come. */
  received: number;
  kept: Buffer[];
  hash: ReturnType<typeof createHash>;
  status: 'active' | 'final' | 'cancelled';
}

/** What is kept of a file's content: enough for any picture that a request may name. */
const MOST_KEPT = 64e6;
const LIFETIME = 48 * 3600e3;
const QUOTA = 21_474_836_480;

/** The files that were uploaded to the stand-in. A file that has expired, was deleted or belongs to another key is not there. */
export class FileStore {
  readonly #files = new Map<string, StoredFile>();
  readonly #uploads = new Map<string, OpenUpload>();
  /** Milliseconds since 1970. */
  now: () => number = Date.now;
  /** For the files to come: looks after which they are ready. */
  processing = 0;
  /** For the files to come: the API cannot make use of them. */
  failing = false;
  /** Bytes of all files of a key, by the message of a recorded refusal. */
  quota = QUOTA;
  /** As what the API takes a file of requests: reports differ. */
  jsonlType: 'application/jsonl' | 'jsonl' = 'application/jsonl';
  /** Where downloads are to be had: at the address of the SDK; there by a redirect; at the one of the documentation only. */
  downloads: 'plain' | 'redirected' | 'elsewhere' = 'plain';
  /** Names that are longer than the API allows for uploads cannot be deleted either. */
  keepsLongNames = false;
  /** So many downloads to come break in the middle. */
  brokenDownloads = 0;
  /** So many downloads to come find no file. */
  missedDownloads = 0;

  /** Newest first, those of the key only. */
  all(key: string): StoredFile[] {
    return [...this.#files.values()].filter((file) => this.#isThere(file, key)).reverse();
  }

  get(name: string, key: string): StoredFile | undefined {
    const file = this.#files.get(name);
    return file && this.#isThere(file, key) ? file : undefined;
  }

  /** Removes files as time or another program would. */
  delete(name: string): void {
    this.#files.delete(name);
  }

  clear(): void {
    this.#files.clear();
    this.#uploads.clear();
    this.processing = 0;
    this.failing = false;
    this.quota = QUOTA;
    this.jsonlType = 'application/jsonl';
    this.downloads = 'plain';
    this.keepsLongNames = false;
    this.brokenDownloads = 0;
    this.missedDownloads = 0;
    this.now = Date.now;
  }

  /** True if the key has no room for so many bytes more. */
  isFull(key: string, more: number): boolean {
    let bytes = more;
    for (const file of this.#files.values()) if (this.#isThere(file, key)) bytes += file.size;
    return bytes > this.quota;
  }

  /** A file that the API makes. */
  generate(name: string, key: string, bytes: Buffer): void {
    const createdAt = this.now();
    this.#files.set(name, {
      name,
      displayName: '',
      mimeType: 'application/jsonl',
      size: bytes.length,
      key,
      bytes,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      createdAt,
      expiresAt: createdAt + LIFETIME,
      processing: 0,
      failed: false,
      generated: true,
    });
  }

  isTaken(name: string): boolean {
    return this.#files.has(name);
  }

  begin(about: Pick<OpenUpload, 'key' | 'displayName' | 'mimeType' | 'size'> & { name?: string | undefined }): OpenUpload {
    const upload: OpenUpload = {
      ...about,
      id: randomBytes(24).toString('base64url'),
      name: about.name ?? `files/${randomBytes(6).toString('hex')}`,
      received: 0,
      kept: [],
      hash: createHash('sha256'),
      status: 'active',
    };
    this.#uploads.set(upload.id, upload);
    return upload;
  }

  upload(id: string): OpenUpload | undefined {
    return this.#uploads.get(id);
  }

  /** The server loses all uploads that are not finished. */
  forgetUploads(): void {
    this.#uploads.clear();
  }

  take(upload: OpenUpload, bytes: Buffer): void {
    upload.received += bytes.length;
    upload.hash.update(bytes);
    if ((upload.size ?? upload.received) <= MOST_KEPT) upload.kept.push(Buffer.from(bytes));
  }

  finish(upload: OpenUpload): StoredFile {
    upload.status = 'final';
    const { name, displayName, mimeType, received: size, key } = upload;
    const createdAt = this.now();
    const file: StoredFile = {
      name,
      displayName,
      mimeType,
      size,
      key,
      bytes: Buffer.concat(upload.kept),
      sha256: upload.hash.digest('hex'),
      createdAt,
      expiresAt: createdAt + LIFETIME,
      processing: this.processing,
      failed: this.failing,
    };
    upload.kept = [];
    this.#files.set(name, file);
    return file;
  }

  #isThere(file: StoredFile, key: string): boolean {
    return file.key === key && this.now() < file.expiresAt;
  }
}

/** The file as the API describes it, by a recorded answer. */
export function wireFile(file: StoredFile): WireFile {
  const created = new Date(file.createdAt).toISOString();
  return {
    name: file.name,
    ...(file.displayName !== '' && { displayName: file.displayName }),
    mimeType: file.mimeType,
    sizeBytes: String(file.size),
    createTime: created,
    updateTime: created,
    expirationTime: new Date(file.expiresAt).toISOString(),
    // Base64 of the digits, not of the bytes.
    sha256Hash: Buffer.from(file.sha256).toString('base64'),
    uri: `https://generativelanguage.googleapis.com/v1beta/${file.name}`,
    state: file.processing > 0 ? 'PROCESSING' : file.failed ? 'FAILED' : 'ACTIVE',
    source: file.generated ? 'GENERATED' : 'UPLOADED',
    ...(file.generated && { downloadUri: `https://generativelanguage.googleapis.com/v1beta/${file.name}:download?alt=media` }),
    ...(file.failed && file.processing <= 0 && { error: { code: 3, message: 'The file could not be processed.' } }),
  };
}
