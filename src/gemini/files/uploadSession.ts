import { randomUUID } from 'node:crypto';
import { changed, InspectorError } from '../../core/base/failure.ts';
import { recordOf } from '../../core/base/shape.ts';
import { addressAt } from '../http/addressAt.ts';
import { HttpError } from '../http/httpError.ts';
import { stalled, Timeout } from '../http/timeout.ts';
import { ChunkBody } from './chunkBody.ts';
import { type RemoteFile, readRemoteFile } from './remoteFile.ts';
import { type FilesAccess, getFile } from './remoteFiles.ts';
import { SentHash, type UploadSource } from './sentHash.ts';

/** The server knows nothing of the upload any more: it has to begin anew. */
export class SessionLost extends Error {}

/** What the API takes in one request; also the unit of all but the last, unless the server names another. */
const CHUNK = 8 * 1024 * 1024;
/** A server that wants larger pieces than this is not Google's. */
const LARGEST_CHUNK = 64 * 1024 * 1024;
/** The API takes 512, and it is not known how it counts what lies outside the basic plane. */
const LONGEST_NAME = 256;

/** What the server says of an upload: `active`, `final` or `cancelled`, and how many bytes it has. */
interface Reply {
  status: string | null;
  received?: number;
  file?: RemoteFile;
}

/** Statuses that a piece may be refused with for not being the one that comes next. */
const MISPLACED: readonly number[] = [400, 409, 412, 416];

/**
 * One upload by Google's resumable protocol: `start` gets an address, `upload` sends pieces there, `query` asks how far it got.
 * Throws what the transport throws; each request ends when it stalls.
 */
export class UploadSession {
  readonly #access: FilesAccess;
  readonly #content: UploadContent;
  readonly #stall: number;
  /** Holds the id of the upload, with which anybody could go on with it: never logged. */
  readonly #address: string;
  /** Chosen by us, so that a file whose last answer was lost can be found. */
  readonly #name: string;
  readonly #chunk: number;
  readonly #hash: SentHash;
  /** Bytes that may have gone out. */
  #sent = 0;
  /** Bytes that the server has for certain. */
  offset = 0;

  private constructor(access: FilesAccess, content: UploadContent, stall: number, begun: { address: string; name: string; chunk: number }) {
    this.#access = access;
    this.#content = content;
    this.#hash = new SentHash(content.body);
    this.#stall = stall;
    this.#address = begun.address;
    this.#name = begun.name;
    this.#chunk = begun.chunk;
  }

  static async start(access: FilesAccess, content: UploadContent, stall: number): Promise<UploadSession> {
    const { baseUrl, apiKey, transport } = access;
    const { mimeType, displayName, body } = content;
    const name = `files/${randomUUID()}`;
    const file = {
      name,
      displayName: Array.from(displayName.toWellFormed()).slice(0, LONGEST_NAME).join(''),
      mimeType,
      sizeBytes: String(body.size),
    };
    using timeout = new Timeout(access.signal, stall, stalled);
    const response = await transport(`${baseUrl}/upload/v1beta/files`, {
      method: 'POST',
      headers: {
        'x-goog-api-key': apiKey,
        'content-type': 'application/json',
        'x-goog-upload-protocol': 'resumable',
        'x-goog-upload-command': 'start',
        'x-goog-upload-header-content-length': String(body.size),
        'x-goog-upload-header-content-type': mimeType,
      },
      body: JSON.stringify({ file }),
      signal: timeout.signal,
    }).catch((error: unknown) => timeout.rethrow(error));
    await response.arrayBuffer();
    return new UploadSession(access, content, stall, {
      address: addressAt(response.headers.get('x-goog-upload-url'), baseUrl),
      name,
      chunk: chunkSize(response.headers.get('x-goog-upload-chunk-granularity')),
    });
  }

  /** Sends the piece that comes next. Resolves to the file once it is whole, else moves `offset`. */
  async send(onProgress: (bytes: number) => void): Promise<RemoteFile | undefined> {
    const { offset } = this;
    const { size } = this.#content.body;
    const length = Math.min(this.#chunk, size - offset);
    const last = offset + length === size;
    const command = length === 0 ? 'finalize' : last ? 'upload, finalize' : 'upload';
    if (length === 0) await this.#assertWhole();
    this.#sent = Math.max(this.#sent, offset + length);
    let reply: Reply;
    try {
      reply = await this.#request(command, { offset, length, onProgress });
    } catch (error) {
      if (!(error instanceof HttpError && MISPLACED.includes(error.refused.status))) throw error;
      return await this.#afterRefusal(error);
    }
    if (reply.status === 'final' || reply.file !== undefined) return this.#finished(reply.file);
    if (reply.status === 'cancelled') throw new SessionLost();
    // Without a word of the server's own, or with an odd one about the last piece, it has to be asked.
    if (last || reply.status !== 'active') return this.ask();
    this.offset = offset + length;
    return undefined;
  }

  /** Asks the server how far it got, and goes on from there. Resolves to the file if it is whole. */
  async ask(): Promise<RemoteFile | undefined> {
    const reply = await this.#request('query').catch((error: unknown) => {
      throw error instanceof HttpError && MISPLACED.includes(error.refused.status) ? new SessionLost() : error;
    });
    if (reply.status === 'final') return this.#finished(reply.file);
    const received = reply.received ?? Number.NaN;
    // What we never sent it cannot have.
    if (reply.status !== 'active' || !Number.isSafeInteger(received) || received < 0 || received > this.#sent) throw new SessionLost();
    this.offset = received;
    return undefined;
  }

  /** The server has all bytes, in part from before a break, and is about to be told that they are the file. */
  async #assertWhole(): Promise<void> {
    const { body, sha256 } = this.#content;
    const all = await this.#hash.begin(body.size).catch((error: unknown) => {
      throw error instanceof InspectorError ? error : changed(error);
    });
    if (!all.mayEnd(sha256)) throw changed();
  }

  /** A piece that the server refused is a matter of its place if the server stands elsewhere than we think; else the refusal holds. */
  async #afterRefusal(refusal: HttpError): Promise<RemoteFile | undefined> {
    const { offset } = this;
    try {
      const file = await this.ask();
      if (file === undefined && this.offset === offset) throw refusal;
      return file;
    } catch (error) {
      throw error instanceof SessionLost ? refusal : error;
    }
  }

  /** The file of an upload that the server calls finished; it may have told so in an answer that was lost. */
  async #finished(file: RemoteFile | undefined): Promise<RemoteFile> {
    if (file !== undefined) return file;
    try {
      return await getFile(this.#access, this.#name);
    } catch (error) {
      if (error instanceof HttpError && (error.refused.status === 403 || error.refused.status === 404)) throw new SessionLost();
      throw error;
    }
  }

  async #request(
    command: 'upload' | 'upload, finalize' | 'finalize' | 'query',
    part?: { offset: number; length: number; onProgress: (bytes: number) => void },
  ): Promise<Reply> {
    const { apiKey, transport, signal } = this.#access;
    using timeout = new Timeout(signal, this.#stall, stalled);
    const body =
      part === undefined || part.length === 0
        ? undefined
        : new ChunkBody(this.#content, part, this.#hash, (taken) => {
            timeout.restart();
            part.onProgress(part.offset + taken);
          });
    try {
      const response = await transport(this.#address, {
        method: 'POST',
        headers: {
          'x-goog-api-key': apiKey,
          'x-goog-upload-command': command,
          ...(part === undefined ? {} : { 'x-goog-upload-offset': String(part.offset) }),
          // Without it a stream would be sent in HTTP's own chunks, whose size the server learns only at their end.
          ...(body === undefined ? {} : { 'content-length': String(part?.length) }),
        },
        ...(body === undefined ? {} : { body: body.stream, duplex: 'half' }),
        signal: timeout.signal,
      });
      const received = response.headers.get('x-goog-upload-size-received');
      const file = fileIn(await response.text());
      return {
        status: response.headers.get('x-goog-upload-status'),
        ...(received === null ? {} : { received: Number(received) }),
        ...(file === undefined ? {} : { file }),
      };
    } catch (error) {
      if (body?.problem !== undefined) throw body.problem;
      if (error instanceof HttpError && (error.refused.status === 404 || error.refused.status === 410)) throw new SessionLost();
      return timeout.rethrow(error);
    }
  }
}

/** As many whole units of the server as fit into the usual size; one, if it is larger. */
function chunkSize(granularity: string | null): number {
  const unit = Number(granularity);
  if (!Number.isSafeInteger(unit) || unit < 1 || unit > LARGEST_CHUNK) return CHUNK;
  return Math.max(1, Math.floor(CHUNK / unit)) * unit;
}

function fileIn(text: string): RemoteFile | undefined {
  let reply: unknown;
  try {
    reply = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { file, error } = recordOf(reply);
  // A type that is not taken has been answered with a status of 200.
  if (file === undefined && error !== undefined) throw new HttpError({ status: 200, body: text });
  return file === undefined ? undefined : readRemoteFile(file);
}

/** What is uploaded. */
export interface UploadContent {
  body: UploadSource;
  mimeType: string;
  /** For people, in any script; what is too long is cut. */
  displayName: string;
  /** Of the body, hexadecimal. */
  sha256: string;
}
