import { lookup } from 'node:dns/promises';
import { type ClientRequest, get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { InspectorError } from '../../core/failure.ts';
import { t } from '../../core/l10n.ts';
import { plain } from '../../core/plain.ts';
import { isPublicAddress } from '../../core/publicAddress.ts';
import { REQUEST_HEADERS, type WebGet, type WebReply } from './webReply.ts';

/** An address of a server, by number. */
export interface ServerAddress {
  address: string;
  family: number;
}

/** How server names become numbers, and which of those are allowed. */
export interface PublicWorld {
  resolve: (host: string) => Promise<ServerAddress[]>;
  isPublic: (address: string) => boolean;
}

const INTERNET: PublicWorld = { resolve: (host) => lookup(host, { all: true }), isPublic: isPublicAddress };

/**
 * Fetches from public servers only. The name is resolved once, every number it has must be public, and the connection is made to those very
 * numbers, so that a name which leads elsewhere a moment later gains nothing. No proxy: behind one nobody could say where a name leads.
 */
export function publicGet(world: PublicWorld = INTERNET): WebGet {
  return async (address, signal) => {
    const servers = await publicServers(address, world, signal);
    const message = await connect(address, servers, world, signal);
    return replyOf(message);
  };
}

/** The numbers of an address's server. Rejects with `network` when one of them is not public. */
export async function publicServers({ hostname }: URL, { resolve, isPublic } = INTERNET, signal?: AbortSignal): Promise<ServerAddress[]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const servers = family === 0 ? await orAborted(resolve(host), signal) : [{ address: host, family }];
  if (servers.length === 0 || !servers.every((server) => isPublic(server.address))) throw notPublic(hostname);
  return servers;
}

function connect(
  address: URL,
  servers: readonly ServerAddress[],
  { isPublic }: PublicWorld,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const [first] = servers as [ServerAddress];
  const toServers: LookupFunction = (_host, { all }, callback) =>
    all === true ? callback(null, [...servers]) : callback(null, first.address, first.family);
  return new Promise((resolve, reject) => {
    const get = address.protocol === 'https:' ? getHttps : getHttp;
    const headers = { ...REQUEST_HEADERS, 'accept-encoding': 'gzip, br' };
    const request: ClientRequest = get(address, { agent: false, headers, lookup: toServers, signal }, resolve);
    request.on('error', reject);
    request.on('socket', (socket) =>
      socket.on('connect', () => {
        // Should something have put itself in between after all.
        if (!isPublic(socket.remoteAddress ?? '')) request.destroy(notPublic(address.hostname));
      }),
    );
  });
}

function replyOf(message: IncomingMessage): WebReply {
  return {
    status: message.statusCode ?? 0,
    header: (name) => {
      const value = message.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    get body() {
      return decoded(message);
    },
    close: () => message.destroy(),
  };
}

function decoded(message: IncomingMessage): Readable {
  const encoding = (message.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return message;
  const decoder = encoding === 'br' ? createBrotliDecompress() : createGunzip();
  // Whoever reads what is decoded hears of the failure there.
  return pipeline(message, decoder, () => undefined);
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}

function notPublic(host: string): InspectorError {
  return new InspectorError('network', t('{0} is not on the public internet.', plain(host)), {
    detail: t('Only an address that you type yourself may lead into your own network: use "{0}".', t('Inspect Image from URL…')),
  });
}
