import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { StatusAnswer } from '../fakes/script.ts';

export const FAULTS = ['refused', 'reset', 'stalled', 'wrong status', 'cut stream', 'half upload'] as const;
export type FaultKind = (typeof FAULTS)[number];

/** What goes wrong with one request. */
export interface Fault {
  kind: FaultKind;
  /** From 0 to 1: how far the request or its answer gets. */
  at: number;
  /** Whether it happens on the way there or on the way back, where both can be. */
  onTheWay: 'there' | 'back';
  /** Instead of the answer, for `wrong status`. */
  answer?: StatusAnswer;
}

export interface FaultyLine {
  /** Where requests go that are to meet faults. */
  readonly url: string;
  /** The fetch of a client, which asks for the fault of each request. */
  fetch: (next: (request: { url: string; method: string }) => Fault | undefined) => typeof globalThis.fetch;
  close(): Promise<void>;
}

const FAULT = 'x-fault';

/** A line to a server on which requests break, at any byte there and back. */
export async function openFaultyLine(target: string): Promise<FaultyLine> {
  const faults = new Map<string, Fault>();
  const closed = await closedPort();
  const to = new URL(target);

  async function carry(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { [FAULT]: id, ...headers } = message.headers;
    const fault = faults.get(String(id));
    faults.delete(String(id));
    const passed = fault === undefined ? await forward(message, headers) : await breakThere(fault, message, headers, response);
    if (passed === undefined) return;
    if (fault?.kind === 'wrong status' && fault.answer !== undefined) return answerInstead(fault.answer, response);
    const body = await buffer(passed);
    const { 'content-length': _, 'transfer-encoding': __, ...rest } = passed.headers;
    response.writeHead(passed.statusCode ?? 502, rest);
    if (fault === undefined || fault.kind === 'wrong status') {
      response.end(body);
      return;
    }
    response.write(body.subarray(0, Math.floor(fault.at * body.length)));
    await new Promise(setImmediate);
    if (fault.kind === 'cut stream') {
      if (fault.onTheWay === 'back') response.destroy();
      // A proxy that ends an answer in good order before its time.
      else response.end();
    } else if (fault.kind === 'reset') response.socket?.resetAndDestroy();
  }

  /** The request goes to the server, until it breaks; undefined once it has. */
  async function breakThere(fault: Fault, message: IncomingMessage, headers: object, response: ServerResponse) {
    const there = fault.kind === 'half upload' || (fault.onTheWay === 'there' && (fault.kind === 'reset' || fault.kind === 'stalled'));
    if (!there) return forward(message, headers);
    const most = Math.floor(fault.at * Number(message.headers['content-length'] ?? 0));
    const half = httpRequest({
      host: to.hostname,
      port: to.port,
      path: message.url,
      method: message.method,
      headers: headers as Record<string, string>,
    });
    half.on('error', () => undefined);
    let seen = 0;
    for await (const chunk of message) {
      const piece = (chunk as Buffer).subarray(0, most - seen);
      seen += piece.length;
      half.write(piece);
      if (seen >= most) break;
    }
    if (fault.kind === 'stalled') {
      response.on('close', () => half.destroy());
      return undefined;
    }
    // The server has half of it before the line breaks.
    await new Promise((resolve) => setTimeout(resolve, 5));
    half.destroy();
    response.socket?.resetAndDestroy();
    return undefined;
  }

  function forward(message: IncomingMessage, headers: object): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const onward = httpRequest(
        { host: to.hostname, port: to.port, path: message.url, method: message.method, headers: headers as Record<string, string> },
        resolve,
      );
      onward.on('error', reject);
      message.on('error', () => onward.destroy());
      message.pipe(onward);
    });
  }

  const server = createServer((message, response) => {
    response.on('error', () => undefined);
    carry(message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let sequence = 0;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fetch: (next) => (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      const fault = next({ url, method: init?.method ?? 'GET' });
      if (fault === undefined) return fetch(input, init);
      if (fault.kind === 'refused') {
        const nowhere = new URL(url);
        nowhere.port = String(closed);
        return fetch(nowhere, init);
      }
      const id = String(++sequence);
      faults.set(id, fault);
      const headers = new Headers(init?.headers);
      headers.set(FAULT, id);
      return fetch(input, { ...init, headers });
    },
    close: async () => {
      const ended = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await ended;
    },
  };
}

function answerInstead({ status, body, headers }: StatusAnswer, response: ServerResponse): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json', ...headers }).end(text);
}

/** A port at which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
