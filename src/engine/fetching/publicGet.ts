import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { ClientRequest, type IncomingMessage } from 'node:http';
import { BlockList, connect as connectSocket, isIP, type LookupFunction, type Socket } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { connect as connectEncrypted } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { isPublicAddress } from '../../core/base/publicAddress.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { REQUEST_HEADERS, type WebGet, type WebReply } from './webReply.ts';

/** An address of a server, by number. */
export interface ServerAddress {
  address: string;
  family: number;
}

/** How server names become numbers, and which of those are allowed. */
export interface ServerLookup {
  resolve: (host: string) => Promise<ServerAddress[]>;
  isPublic: (address: string) => boolean;
}

const INTERNET: ServerLookup = { resolve: (host) => lookup(host, { all: true }), isPublic: isPublicAddress };

/**
 * Fetches from public servers only. The name is resolved once, every number it has must be public, and the connection is made to those very
 * numbers, so that a name which leads elsewhere a moment later gains nothing. No proxy: behind one nobody could say where a name leads.
 */
export function publicGet(serverLookup: ServerLookup = INTERNET): WebGet {
  return async (address, signal) => {
    const servers = await publicServers(address, serverLookup, signal);
    const message = await ask(address, servers, serverLookup, signal);
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

/** Asks on a socket of its own: an agent, or what has been put in place of Node's `get`, may lead through a proxy. */
async function ask(
  address: URL,
  servers: readonly ServerAddress[],
  serverLookup: ServerLookup,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const socket = await connect(address, servers, serverLookup, signal);
  return new Promise((resolve, reject) => {
    const headers = { ...REQUEST_HEADERS, host: address.host, 'accept-encoding': 'gzip, br' };
    const { auth, path } = urlToHttpOptions(address);
    const request = new ClientRequest({ auth, path, headers, signal, createConnection: () => socket });
    request.on('response', resolve);
    request.on('error', reject);
    request.end();
  });
}

/** A connection to one of the servers, encrypted where the address says so. Not a byte is written before it is known who is at the other end. */
async function connect(
  { hostname, port, protocol }: URL,
  servers: readonly ServerAddress[],
  { isPublic }: ServerLookup,
  signal: AbortSignal,
): Promise<Socket> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const [first] = servers as [ServerAddress];
  const lookup: LookupFunction = (_host, { all }, callback) =>
    all === true ? callback(null, [...servers]) : callback(null, first.address, first.family);
  const isEncrypted = protocol === 'https:';
  const socket = connectSocket({ host, port: Number(port || (isEncrypted ? 443 : 80)), lookup, signal });
  await arrived(socket, 'connect', signal);
  const { remoteAddress = '' } = socket;
  // Should something have put itself in between after all.
  if (!isPublic(remoteAddress) || !servers.some((server) => isSame(server.address, remoteAddress))) {
    socket.destroy();
    throw notPublic(hostname);
  }
  if (!isEncrypted) return socket;
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const encrypted = connectEncrypted({ socket, host, ...servername, ALPNProtocols: ['http/1.1'] });
  await arrived(encrypted, 'secureConnect', signal);
  return encrypted;
}

/** Waits for an event of a socket; rejects with why it broke off before. */
async function arrived(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  // Nobody may listen at the moment when it breaks: whoever reads or writes next hears of it.
  socket.on('error', () => undefined);
  try {
    await once(socket, event, { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Whether two ways of writing a number mean the same. */
function isSame(one: string, other: string): boolean {
  const list = new BlockList();
  list.addAddress(one, isIP(one) === 6 ? 'ipv6' : 'ipv4');
  return list.check(other, isIP(other) === 6 ? 'ipv6' : 'ipv4');
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
  return new InspectorError('network', t('{0} is not on the public internet.', sanitizeForUi(host)), {
    detail: t('Only an address that you type yourself may access your local network: use "{0}".', t('Inspect Image from URL…')),
  });
}
