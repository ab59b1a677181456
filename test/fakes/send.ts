import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RawAnswer, ReplyAnswer, ScriptedAnswer, StatusAnswer } from './script.ts';

/** One request on its way to be answered. */
export interface Exchange {
  response: ServerResponse;
  /** Aborted once the connection is closed. */
  gone: AbortSignal;
  /** Breaks the connection because the script says so, not the client. `reset` does it with a TCP reset. */
  breakOff(how: 'destroy' | 'reset'): void;
}

/** Waits as long as the answer says before its headers. False if the client went away meanwhile. */
export async function holdBack(answer: ScriptedAnswer, { gone }: Exchange): Promise<boolean> {
  if (answer.delayMs !== undefined) await sleep(answer.delayMs, undefined, { signal: gone }).catch(() => undefined);
  if (!('holdAfterChunks' in answer)) await held(answer, gone);
  return !gone.aborted;
}

/** Sends a body, objects in Google's layout. */
export function sendStatus({ response }: Exchange, { status, body, headers }: StatusAnswer): void {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body, null, 2)}\n`;
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers });
  response.end(text);
}

/** Sends a reply in one piece, or breaks off in its middle. */
export async function sendWhole(exchange: Exchange, reply: object, answer: ReplyAnswer): Promise<void> {
  if (answer.cutAfterChunks === undefined) return sendStatus(exchange, { status: 200, body: reply });
  const text = JSON.stringify(reply, null, 2);
  exchange.response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
  await write(exchange.response, text.slice(0, text.length / 2));
  exchange.breakOff('destroy');
}

/** Sends a body in pieces, each by itself. */
export async function sendPieces(
  exchange: Exchange,
  contentType: string,
  pieces: readonly (string | Buffer)[],
  answer: ReplyAnswer | RawAnswer,
): Promise<void> {
  const { response, gone } = exchange;
  response.writeHead(200, { 'content-type': contentType });
  response.flushHeaders();
  for (let sent = 0; sent <= pieces.length; sent += 1) {
    if (sent === answer.holdAfterChunks) await held(answer, gone);
    if (gone.aborted) return;
    if (sent === answer.cutAfterChunks) return exchange.breakOff('destroy');
    const piece = pieces[sent];
    if (piece !== undefined) await write(response, piece);
  }
  response.end();
}

async function held({ hold }: ScriptedAnswer, gone: AbortSignal): Promise<void> {
  if (!hold || gone.aborted) return;
  await Promise.race([hold, once(gone, 'abort')]);
}

/** A short pause behind each write keeps the network from joining it with the next. */
async function write(response: ServerResponse, text: string | Buffer): Promise<void> {
  await new Promise((resolve) => response.write(text, resolve));
  await sleep(2);
}
