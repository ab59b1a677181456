import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request. */
export type WebAnswer = (response: ServerResponse, message: IncomingMessage) => void;

/** A web server on this machine that answers by path; anything else is 404. */
export interface WebServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Every request, as it came. */
  readonly requests: IncomingMessage[];
  readonly answers: Map<string, WebAnswer>;
  close(): Promise<void>;
}

export async function startWebServer(): Promise<WebServer> {
  const requests: IncomingMessage[] = [];
  const answers = new Map<string, WebAnswer>();
  const server = createServer((message, response) => {
    requests.push(message);
    const answer = answers.get(new URL(message.url ?? '/', 'http://localhost').pathname);
    if (answer === undefined) response.writeHead(404).end('secret words of the server');
    else answer(response, message);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    answers,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
