import { randomUUID } from 'node:crypto';
import { setImmediate as others } from 'node:timers/promises';

/** Bytes that are encoded at a time: a number that base64 needs no padding for. Long strings lie outside of V8's heap, which then looks for garbage at every request. */
const SLICE = 3 * 16 * 1024;
/** Bytes that are encoded before others have a turn: a few milliseconds. */
const TURN = 40 * SLICE;

/**
 * Puts the data of images into requests behind the SDK's back. What the SDK is given is a mark, and the mark in the body that it makes becomes the data: the
 * body would otherwise be searched for what JSON escapes, and encoded, as text, which takes longer than all else for an image of some megabytes.
 */
export class ImagesInBody {
  readonly #images = new Map<string, Uint8Array>();

  /** The mark that stands for these bytes, in base64. */
  mark(bytes: Uint8Array): string {
    const mark = `image-${randomUUID()}`;
    this.#images.set(mark, bytes);
    return mark;
  }

  /** The fetch that the SDK is given. */
  through(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (input, init) => {
      if (this.#images.size === 0 || typeof init?.body !== 'string') return fetch(input, init);
      const body = await this.#filled(init.body);
      const headers = new Headers(init.headers);
      // Without it a stream would be sent in HTTP's own chunks.
      headers.set('content-length', String(body.length));
      return fetch(input, { ...init, headers, body: asStream(body), duplex: 'half' } as RequestInit);
    };
  }

  async #filled(body: string): Promise<Uint8Array<ArrayBuffer>> {
    const pieces = body.split(/(image-[0-9a-f-]{36})/).map((piece) => this.#images.get(piece) ?? piece);
    const lengths = pieces.map((piece) => (typeof piece === 'string' ? Buffer.byteLength(piece) : 4 * Math.ceil(piece.length / 3)));
    const filled = Buffer.allocUnsafeSlow(lengths.reduce((sum, length) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) at += typeof piece === 'string' ? filled.write(piece, at) : await writeBase64(filled, at, piece);
    return filled;
  }
}

/** Bytes as fetch sends them without making two copies of them first. */
function asStream(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      pull(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Writes bytes as base64 at a place, and tells how many characters that took. */
async function writeBase64(target: Buffer, at: number, bytes: Uint8Array): Promise<number> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let written = 0;
  for (let from = 0; from < all.length; from += SLICE) {
    if (from > 0 && from % TURN === 0) await others();
    written += target.write(all.toString('base64', from, from + SLICE), at + written, 'latin1');
  }
  return written;
}
