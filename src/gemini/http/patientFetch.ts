import type { IncomingMessage, RequestOptions } from 'node:http';
import { createRequire } from 'node:module';
import { pipeline, Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';

/**
 * So many milliseconds without headers, or without a piece of the body, Node's fetch waits (undici's headersTimeout and bodyTimeout), whatever signal it is
 * given. A dispatcher with other limits is no way out in VS Code: its fetch puts an agent of its own in the place of one, for its proxies and certificates.
 */
export const FETCH_PATIENCE = 300_000;

/** A sign of life for routers and firewalls between here and there, which forget silent connections: as often as fetch does it. */
const KEEP_ALIVE_MS = 60_000;

/** By these names, without `node:`, VS Code gives its extensions modules that know its proxies and certificates. */
const load = createRequire(import.meta.url);

/**
 * A fetch without limits of its own, for requests that may stay silent for longer than that of Node bears: only the signal ends it. As much of `fetch` as
 * is used: a method, headers, and a body that is text, bytes or a stream of bytes. Redirects are reported, never followed.
 */
export const patientFetch: typeof globalThis.fetch = async (input, init = {}) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const { request } = load(url.protocol === 'http:' ? 'http' : 'https') as typeof import('node:https');
  const { method = 'GET', headers, body, signal } = init;
  const options: RequestOptions = { method, headers: Object.fromEntries(new Headers(headers)), ...(signal ? { signal } : {}) };
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const asking = request(url, options, resolve);
    asking.on('error', reject);
    asking.on('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS));
    if (!(body instanceof ReadableStream)) asking.end(body ?? undefined);
    // What breaks the stream breaks the request with it, unless that has been answered already.
    else pipeline(Readable.fromWeb(body as NodeStream), asking, (error) => error && reject(error));
  });
  return responseOf(message);
};

function responseOf(message: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '' } = message;
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(message.headersDistinct)) for (const value of values) headers.append(name, value);
  const isEmpty = status === 204 || status === 205 || status === 304;
  if (isEmpty) message.resume();
  const body = isEmpty ? null : (Readable.toWeb(message) as NodeStream<Uint8Array<ArrayBuffer>> as ReadableStream<Uint8Array<ArrayBuffer>>);
  return new Response(body, { status, statusText, headers });
}
