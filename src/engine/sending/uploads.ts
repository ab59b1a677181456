import { InspectorError } from '../../core/base/failure.ts';
import { vertexAt } from '../../core/models/vertex.ts';
import { type GeminiRequest, partsOf } from '../../core/request/request.ts';
import { planTransfer, type Transfer, withFiles } from '../../core/request/transfer.ts';
import { mergeUploads, type UploadedFile } from '../../core/request/uploadList.ts';
import type { Gemini } from '../../gemini/api/api.ts';
import type { RemoteFile } from '../../gemini/files/remoteFile.ts';
import type { Timeout } from '../../gemini/http/timeout.ts';
import type { OutgoingImage } from './outgoing.ts';
import type { Endpoint, UploadCache } from './uploadCache.ts';

/** A connection on which images are uploaded. */
export interface UploadConnection {
  gemini: Gemini;
  endpoint: Endpoint;
  timeout: Timeout;
  /** Milliseconds without a byte moving after which the connection is taken for broken. */
  stall: number;
  /** Called with the share of all bytes to be uploaded that has gone out, from 0 to 1. */
  onProgress: (share: number) => void;
}

/** Brings images to the API: inside a request, or as files that were uploaded before or are now. */
export class Uploads {
  readonly #cache: UploadCache;
  readonly #inlineLimit: () => number;

  /** @param inlineLimit bytes of a whole request above which images are uploaded */
  constructor(cache: UploadCache, inlineLimit: () => number) {
    this.#cache = cache;
    this.#inlineLimit = inlineLimit;
  }

  /** Decides how the images go. Sends nothing. */
  async plan(request: GeminiRequest, images: readonly OutgoingImage[], endpoint: Endpoint): Promise<Transfer> {
    const known = new Map<number, string>();
    for (const part of partsOf(request)) {
      const image = part.kind === 'image' ? images[part.image] : undefined;
      if (part.kind !== 'image' || part.source.kind !== 'inline' || image === undefined) continue;
      const file = await this.#cache.find(endpoint, { sha256: image.sha256, mimeType: part.mimeType });
      if (file !== undefined) known.set(part.image, file.uri);
    }
    // What does not fit is then refused by its size.
    const limit = vertexAt(endpoint.destination) === undefined ? this.#inlineLimit() : Number.POSITIVE_INFINITY;
    return planTransfer(request, limit, known);
  }

  /** Uploads what has to be, and gives the request as it goes out then. */
  async complete({ request, uploads }: Transfer, images: readonly OutgoingImage[], connection: UploadConnection): Promise<GeminiRequest> {
    const total = uploads.reduce((sum, place) => sum + (images[place]?.body.size ?? 0), 0);
    const uris = new Map<number, string>();
    let done = 0;
    for (const place of uploads) {
      const image = images[place];
      const part = partsOf(request).find((one) => one.kind === 'image' && one.image === place);
      if (image === undefined || part?.kind !== 'image') throw new Error(`there is no image ${place}`);
      uris.set(place, await this.#uploaded(image, part.mimeType, connection, (bytes) => connection.onProgress((done + bytes) / total)));
      done += image.body.size;
    }
    return withFiles(request, uris);
  }

  /** The address of an image that is not with the API, as far as is known: the same image may have gone there in the meantime. */
  async #uploaded(
    image: OutgoingImage,
    mimeType: string,
    connection: UploadConnection,
    onProgress: (bytes: number) => void,
  ): Promise<string> {
    const { gemini, endpoint, timeout, stall } = connection;
    const { body, sha256, name } = image;
    const known = await this.#cache.find(endpoint, { sha256, mimeType });
    if (known !== undefined) return known.uri;
    onProgress(0);
    const file = await gemini.upload(
      { body, mimeType, displayName: name, sha256 },
      {
        signal: timeout.signal,
        stall,
        onProgress: (bytes) => {
          timeout.restart();
          onProgress(bytes);
        },
      },
    );
    timeout.restart();
    await this.#cache.remember(endpoint, sha256, { ...file, mimeType });
    return file.uri;
  }

  /** What the API lists, with what is remembered of it; what it does not list is forgotten. */
  async merged(listed: readonly RemoteFile[], endpoint: Endpoint): Promise<UploadedFile[]> {
    const remembered = await this.#cache.of(endpoint);
    const names = new Set(listed.map(({ name }) => name));
    const gone = remembered.filter(({ name }) => !names.has(name));
    if (gone.length > 0) await this.forget(gone.map(({ name }) => name));
    return mergeUploads(listed, remembered);
  }

  /** @param names `files/…` */
  async forget(names: readonly string[]): Promise<void> {
    await this.#cache.forget(names);
  }

  /**
   * Forgets those of a request's files that the API no longer has, if that may be why the request failed. Resolves to true if another try is worth it.
   */
  async forgetGone(error: unknown, { known }: Transfer, { gemini, endpoint, timeout }: UploadConnection): Promise<boolean> {
    // A 404 does not always say what it is that was not found.
    const mayBeGone = error instanceof InspectorError && (error.uploadExpired || error.reason === 'modelNotFound');
    if (!mayBeGone || known.size === 0) return false;
    const used = (await this.#cache.of(endpoint)).filter(({ uri }) => [...known.values()].includes(uri));
    const gone: string[] = [];
    for (const { name } of used) if (await isGone(gemini, name, timeout)) gone.push(name);
    // The API has said so, even if it still lists the file.
    if (gone.length === 0 && error.uploadExpired) gone.push(...used.map(({ name }) => name));
    await this.forget(gone);
    return gone.length > 0;
  }
}

async function isGone(gemini: Gemini, name: string, timeout: Timeout): Promise<boolean> {
  timeout.restart();
  try {
    return (await gemini.getFile(name, { signal: timeout.signal })).state !== 'ACTIVE';
  } catch (error) {
    timeout.signal.throwIfAborted();
    return error instanceof InspectorError && error.uploadExpired;
  }
}
